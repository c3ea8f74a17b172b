"""The idempotency key of a journal that came in a file without one: made from what the office itself calls it."""

from uuid import UUID, uuid5

# Named once, never changed: the same reference must give the same key for ever.
NAMESPACE = UUID("0f8d2f8e-6c3b-5a55-9a39-2d6f6b1f7a10")


def journal_key(*, entity_id: int, fiscal_year: int, reference: str, attempt: int = 1) -> UUID:
    """The key of a journal by its reference. `attempt` counts up when an earlier one was undone by reversal."""
    return uuid5(NAMESPACE, f"journal\x1f{entity_id}\x1f{fiscal_year}\x1f{reference}\x1f{attempt}")


def opening_key(*, entity_id: int, fiscal_year: int, attempt: int = 1) -> UUID:
    """The key of the opening balances of a year: an entity has one."""
    return uuid5(NAMESPACE, f"opening\x1f{entity_id}\x1f{fiscal_year}\x1f{attempt}")


def undo_key(*, batch_id: UUID) -> UUID:
    """The key under which a batch is undone, so that asking twice undoes once."""
    return uuid5(NAMESPACE, f"undo\x1f{batch_id}")
