"""Appropriations, their changes, and what is left of them."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """Ordinances, control lines, movements and balances of the budget."""

    name = "khlang.budget"
    label = "budget"
