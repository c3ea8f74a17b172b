"""Reads about ThaiD for those who only want to know how it does."""

from datetime import datetime, timedelta

from khlang.toolkit import sql


def thaid_condition(*, at: datetime) -> str | None:
    """How ThaiD does (working, slow, down), as the background work saw it; None when nobody looked within five minutes."""
    found = sql.row("SELECT condition, checked_at FROM authentication_thaid_state")
    return str(found[0]) if found and at - found[1] <= timedelta(minutes=5) else None
