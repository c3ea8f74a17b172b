"""Addresses of the doors: `door_patterns` before an entity is chosen, the others under /<entity code>/."""

from django.urls import URLPattern, path

from khlang.authentication.views import log_in

door_patterns = [
    path("login/", log_in.log_in, name="login"),
    path("logout/", log_in.log_out, name="logout"),
    path("session/", log_in.session, name="session"),
]

app_name = "authentication"
urlpatterns: list[URLPattern] = []
