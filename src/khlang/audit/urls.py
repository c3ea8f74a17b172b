"""Addresses of the record of acts, under /<entity code>/."""

from django.urls import path

from khlang.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.act_list, name="acts"),
    path("audit/acts.xlsx", views.act_workbook, name="acts-workbook"),
]
