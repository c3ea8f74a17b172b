"""Pure values of oversight: where a document's key leads, when a review is due, the record as text."""

from khlang.oversight.rules.exports import COLUMNS, as_record, csv_lines, json_lines, safe_cell
from khlang.oversight.rules.links import document_link
from khlang.oversight.rules.reviews import REVIEW_DAYS, is_overdue, review_due

__all__ = [
    "COLUMNS",
    "REVIEW_DAYS",
    "as_record",
    "csv_lines",
    "document_link",
    "is_overdue",
    "json_lines",
    "review_due",
    "safe_cell",
]
