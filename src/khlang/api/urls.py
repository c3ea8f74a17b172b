"""Where the API lies."""

from django.urls import path

from khlang.api.api import api

urlpatterns = [path("api/v1/", api.urls)]
