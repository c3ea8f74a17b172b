"""The reads of reporting: a statement, the accounts behind one of its lines, and what a reader may choose from."""

from khlang.reporting.queries.choices import ReportChoices, choices
from khlang.reporting.queries.statements import line_statement, statement

__all__ = ["ReportChoices", "choices", "line_statement", "statement"]
