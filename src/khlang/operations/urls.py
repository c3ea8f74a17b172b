"""Addresses of operations, under /<entity code>/."""

from django.urls import path

from khlang.operations import views

app_name = "operations"
urlpatterns = [
    path("operations/modes/", views.modes, name="modes"),
    path("operations/modes/set/", views.set_mode, name="set-mode"),
    path("operations/modes/<int:number>/call-off/", views.call_off_mode, name="call-off-mode"),
]
