"""Addresses of the chart of accounts and of fiscal years, under /<entity code>/."""

from django.urls import path

from khlang.ledger import views

app_name = "ledger"
urlpatterns = [
    path("accounts/", views.account_list, name="accounts"),
    path("accounts/chart.xlsx", views.account_workbook, name="accounts-workbook"),
    path("accounts/<slug:account>/", views.account_detail, name="account"),
    path("accounts/<slug:account>/sub-accounts/", views.save_sub_account, name="save-sub-account"),
    path("accounts/<slug:account>/sub-accounts/close/", views.close_sub_account, name="close-sub-account"),
    path("periods/", views.period_list, name="periods"),
    path("periods/open/", views.open_fiscal_year, name="open-fiscal-year"),
    path("periods/<int:fiscal_year>/", views.period_list, name="periods-of-year"),
    path("periods/<int:fiscal_year>/carry-forward/", views.carry_forward, name="carry-forward"),
    path("periods/<int:fiscal_year>/<int:period>/", views.period_change, name="change-period"),
    path("periods/<int:fiscal_year>/<int:period>/reopen/", views.ask_reopening, name="ask-reopening"),
    path("periods/reopenings/<uuid:request_id>/", views.reopening, name="reopening"),
]
