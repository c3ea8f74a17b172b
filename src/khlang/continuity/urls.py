"""Addresses of imports, under /<entity code>/."""

from django.urls import path

from khlang.continuity import views

app_name = "continuity"
urlpatterns = [
    path("imports/", views.import_list, name="list"),
    path("imports/new/", views.new_import, name="new"),
    path("imports/template.xlsx", views.template, name="template"),
    path("imports/<uuid:import_id>/", views.import_detail, name="detail"),
    path("imports/<uuid:import_id>/progress/", views.progress, name="progress"),
    path("imports/<uuid:import_id>/post/", views.post_import, name="post"),
    path("imports/<uuid:import_id>/check/", views.check_again, name="check"),
    path("imports/<uuid:import_id>/resume/", views.resume, name="resume"),
    path("imports/<uuid:import_id>/undo/", views.undo_import, name="undo"),
    path("imports/<uuid:import_id>/marked.xlsx", views.marked_workbook, name="marked"),
    path("imports/<uuid:import_id>/file/", views.sent_file, name="file"),
]
