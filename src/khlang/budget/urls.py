"""Addresses of the budget, under /<entity code>/. A fiscal year is written in the Buddhist era."""

from django.urls import path

from khlang.budget.views import board, grant_form, grants

app_name = "budget"
_YEAR = "budget/<int:fiscal_year>"
_GRANT = f"{_YEAR}/grants/<uuid:grant_id>"
urlpatterns = [
    path("budget/", board.home, name="home"),
    path(f"{_YEAR}/", board.board, name="board"),
    path("budget/grants/", grants.grants_home, name="grants-home"),
    path(f"{_YEAR}/grants/", grants.grants, name="grants"),
    path(f"{_YEAR}/grants.xlsx", grants.grants_workbook, name="grants-workbook"),
    path(f"{_YEAR}/grants/new/", grant_form.new_grant, name="new-grant"),
    path(f"{_GRANT}/", grants.grant, name="grant"),
    path(f"{_GRANT}/edit/", grant_form.edit_grant, name="edit-grant"),
    path(f"{_GRANT}/open/", grants.open_grant, name="open-grant"),
    path(f"{_GRANT}/cancel/", grants.cancel_grant, name="cancel-grant"),
    path(f"{_GRANT}/money/", grants.grant_money, name="grant-money"),
    path(f"{_GRANT}/extend/", grants.extend_grant, name="extend-grant"),
    path(f"{_GRANT}/return/", grants.return_grant, name="return-grant"),
]
