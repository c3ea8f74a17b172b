"""Addresses of reports and posted journals, under /<entity code>/."""

from django.urls import path

from khlang.reporting import views
from khlang.reporting.rules.requests import REPORTS

app_name = "reporting"
urlpatterns = [
    path("reports/", views.index, name="index"),
    *(path(f"reports/<int:fiscal_year>/{code}/", views.report, {"report": code}, name=code) for code in REPORTS),
    path("reports/<int:fiscal_year>/<slug:report>/lines/<slug:line>/", views.line, name="line"),
    path("reports/<int:fiscal_year>/<slug:report>.<slug:extension>", views.download, name="download"),
    path("journals/", views.journal_list, name="journals"),
    path("journals/journals.xlsx", views.journal_workbook, name="journals-workbook"),
    path("journals/<int:fiscal_year>/<int:sequence_no>/", views.journal, name="journal"),
]
