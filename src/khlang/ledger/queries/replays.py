"""Which keys are in the books already, and with what content: what a dry run needs to foretell a replay."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id


@dataclass(frozen=True, slots=True)
class PostedKey:
    """A journal posted under a key before: its number, the hash of its content, whether it was reversed since."""

    key: UUID
    label: str
    content_hash: bytes
    is_reversed: bool


def posted_keys(*, keys: Iterable[UUID]) -> dict[UUID, PostedKey]:
    """Those of the keys that are in the books of the entity."""
    found = sql.rows(
        "SELECT i.idempotency_key, k.prefix_th || ' ' || j.number || '/' || j.fiscal_year, i.content_hash,"
        " r.sequence_no IS NOT NULL"
        "  FROM ledger_idempotency i JOIN ledger_journal j USING (entity_id, fiscal_year, sequence_no)"
        "  JOIN reference_journal_kind k ON k.code = j.kind"
        "  LEFT JOIN ledger_reversal r USING (entity_id, fiscal_year, sequence_no)"
        " WHERE i.entity_id = %s AND i.idempotency_key = ANY (%s)",
        (required_entity_id(), list(keys)),
    )
    return {key: PostedKey(key, label, bytes(content), reversed_) for key, label, content, reversed_ in found}
