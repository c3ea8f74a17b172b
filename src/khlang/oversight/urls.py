"""Addresses of the record of acts, under /<entity code>/."""

from django.urls import path

from khlang.oversight import views

app_name = "oversight"
urlpatterns = [
    path("audit/", views.act_list, name="acts"),
    path("audit/acts.xlsx", views.act_workbook, name="acts-workbook"),
]
