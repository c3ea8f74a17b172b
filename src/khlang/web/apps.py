"""The shell: pages, navigation, components."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Everything a person sees around an area's page."""

    name = "khlang.web"
    label = "web"
