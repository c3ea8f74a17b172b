"""How a cell reads to people: the same words on the page and on paper."""

from datetime import date

from khlang.kernel.money import Baht
from khlang.kernel.statements import Cell
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.reporting.rules.words import Language

NOTHING = "-"
"""A zero that was asked for; an empty cell stays empty."""


def shown(cell: Cell, language: Language) -> str:
    """Show one cell: amounts with commas and parentheses, days in the calendar of the language."""
    if cell is None:
        return ""
    if isinstance(cell, Baht):
        return cell.display() if cell else NOTHING
    if isinstance(cell, date):
        return thai_date(cell, "table") if language == "th" else english_date(cell, "table")
    return str(cell)
