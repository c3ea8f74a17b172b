"""Addresses of the budget, under /<entity code>/. A fiscal year is written in the Buddhist era."""

from django.urls import path

from khlang.budget.views import board

app_name = "budget"
_YEAR = "budget/<int:fiscal_year>"
urlpatterns = [
    path("budget/", board.home, name="home"),
    path(f"{_YEAR}/", board.board, name="board"),
]
