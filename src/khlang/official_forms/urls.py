"""Addresses of printed forms, under /<entity code>/."""

from django.urls import path

from khlang.official_forms import views

app_name = "official_forms"
urlpatterns = [
    path("reports/<int:fiscal_year>/<slug:report>.pdf", views.statement, name="statement"),
    path("journals/<int:fiscal_year>/<int:sequence_no>.pdf", views.journal, name="journal"),
    path("vouchers/<uuid:voucher_id>.pdf", views.voucher, name="voucher"),
]
