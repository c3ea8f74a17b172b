"""The reads of reporting: a statement, the accounts behind one of its lines, and what a reader may choose from, and the files."""

from khlang.reporting.queries.choices import ReportChoices, choices
from khlang.reporting.queries.files import CONTENT_TYPES, FileStyle, statement_file
from khlang.reporting.queries.statements import line_statement, statement

__all__ = [
    "CONTENT_TYPES",
    "FileStyle",
    "ReportChoices",
    "choices",
    "line_statement",
    "statement",
    "statement_file",
]
