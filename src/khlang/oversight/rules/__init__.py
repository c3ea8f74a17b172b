"""Pure values of oversight: where a document's key leads, when a review is due, the record as text."""

from khlang.oversight.rules.exports import csv_lines, json_lines
from khlang.oversight.rules.links import document_link
from khlang.oversight.rules.reviews import REVIEW_DAYS, is_overdue, review_due

__all__ = [
    "REVIEW_DAYS",
    "csv_lines",
    "document_link",
    "is_overdue",
    "json_lines",
    "review_due",
]
