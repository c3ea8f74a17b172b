"""Addresses of operations, under /<entity code>/."""

from django.urls import path

from khlang.operations import views

app_name = "operations"
urlpatterns = [
    path("operations/modes/", views.modes, name="modes"),
    path("operations/modes/set/", views.set_mode, name="set-mode"),
    path("operations/modes/<int:number>/call-off/", views.call_off_mode, name="call-off-mode"),
    path("announcements/", views.announcements, name="announcements"),
    path("announcements/<int:number>/", views.announcement, name="announcement"),
    path("announcements/<int:number>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("operations/announcements/", views.published, name="published"),
    path("operations/announcements/new/", views.new_announcement, name="new-announcement"),
    path("operations/announcements/publish/", views.publish, name="publish"),
    path("operations/announcements/<int:number>/receipts/", views.receipts, name="receipts"),
    path("operations/announcements/<int:number>/receipts.xlsx", views.receipts_workbook, name="receipts-workbook"),
]
