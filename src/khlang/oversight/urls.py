"""Addresses of the record of acts and of exceptions, under /<entity code>/."""

from django.urls import path

from khlang.oversight import views

app_name = "oversight"
urlpatterns = [
    path("audit/", views.act_list, name="acts"),
    path("audit/<int:sequence_no>/", views.act_detail, name="act"),
    path("audit/acts.<slug:extension>", views.act_file, name="acts-file"),
    path("audit/verify/", views.verify, name="verify"),
    path("audit/witness/", views.witness, name="witness"),
    path("readings/", views.reading_list, name="readings"),
    path("visits/", views.visit_list, name="visits"),
    path("visits/begin/", views.visit, name="visit"),
    path("visits/end/", views.end_visit, name="end-visit"),
    path("exceptions/", views.exception_list, name="exceptions"),
    path("exceptions/exceptions.xlsx", views.exception_workbook, name="exceptions-workbook"),
    path("exceptions/review/", views.review_selected, name="review-exceptions"),
    path("exceptions/<uuid:use_id>/", views.exception_detail, name="exception"),
]
