"""Ids that a page was made with and sends back: what makes a second click do nothing twice."""

from collections.abc import Mapping
from uuid import UUID, uuid4


def uuid_of(text: str) -> UUID | None:
    """An id made by the page, or None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def uuid_or_new(text: str) -> UUID:
    """An id made by the page; a new one when it was tampered away."""
    return uuid_of(text) or uuid4()


def key_of(fields: Mapping[str, str]) -> UUID:
    """The idempotency key the page was made with; a new one when it was tampered away."""
    return uuid_or_new(fields.get("idempotency_key", ""))
