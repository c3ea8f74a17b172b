"""Addresses of the record of acts and of exceptions, under /<entity code>/."""

from django.urls import path

from khlang.oversight import views

app_name = "oversight"
urlpatterns = [
    path("audit/", views.act_list, name="acts"),
    path("audit/acts.xlsx", views.act_workbook, name="acts-workbook"),
    path("exceptions/", views.exception_list, name="exceptions"),
    path("exceptions/exceptions.xlsx", views.exception_workbook, name="exceptions-workbook"),
    path("exceptions/review/", views.review_selected, name="review-exceptions"),
    path("exceptions/<uuid:use_id>/", views.exception_detail, name="exception"),
]
