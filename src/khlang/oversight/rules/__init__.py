"""Pure values of oversight: where a document's key leads, and when a review is due."""

from khlang.oversight.rules.links import document_link
from khlang.oversight.rules.reviews import REVIEW_DAYS, is_overdue, review_due

__all__ = ["REVIEW_DAYS", "document_link", "is_overdue", "review_due"]
