"""What one act looks like, and the text its hash is taken from."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class ActView:
    """One row of the record of acts."""

    entity_id: int
    sequence_no: int
    act: str
    document: str
    facts: str
    actor_id: int
    actor_name: str
    request_id: str
    acted_at: datetime
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class ActFilter:
    """What a list of acts is narrowed by; `act` is the beginning of a name, `before` an act's number."""

    document: str = ""
    act: str = ""
    search: str = ""
    start: date | None = None
    end: date | None = None
    before: int | None = None
    limit: int = 50


def act_hash(act: ActView) -> bytes:
    """The hash that audit_record() must have written for this act."""
    at = act.acted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = (
        "khlang-audit-1",
        act.entity_id,
        act.sequence_no,
        act.act,
        act.document,
        act.facts,
        act.actor_id,
        act.actor_name,
        act.request_id,
        at,
    )
    text = SEPARATOR.join(str(field) for field in fields)
    return hashlib.sha256(act.previous_hash + text.encode()).digest()
