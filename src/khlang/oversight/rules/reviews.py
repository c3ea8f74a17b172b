"""When the compensating review of an exception is due: daily (R333)."""

from datetime import date, timedelta

REVIEW_DAYS = 1


def review_due(*, used_on: date) -> date:
    """The day by whose end a use must be reviewed."""
    return used_on + timedelta(days=REVIEW_DAYS)


def is_overdue(*, used_on: date, today: date) -> bool:
    """Whether the day of the review has passed."""
    return today > review_due(used_on=used_on)
