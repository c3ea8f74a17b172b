"""What one act looks like, and the text its hash is taken from."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class ActView:
    """One row of the record of acts. `authority` is the list of hats the person wore then, as JSON; see identity_hats()."""

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
    version: int
    authority: str
    address: str


@dataclass(frozen=True, slots=True)
class ActFilter:
    """What a list of acts is narrowed by; days are of Thai time, `before` is an act's number."""

    document: str = ""
    act: str = ""
    actor_id: int | None = None
    search: str = ""
    start: date | None = None
    end: date | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the whole chain found: acts that hold, the hash of the last of them, the first that does not."""

    acts: int
    last_hash: str
    first_broken: int | None

    @property
    def holds(self) -> bool:
        """Whether every act is in its place and unchanged."""
        return self.first_broken is None


def act_hash(act: ActView) -> bytes:
    """The hash that audit_record() must have written for this act."""
    at = act.acted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields: tuple[object, ...] = (
        f"khlang-audit-{act.version}",
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
    if act.version > 1:
        fields += (act.authority, act.address)
    text = SEPARATOR.join(str(field) for field in fields)
    return hashlib.sha256(act.previous_hash + text.encode()).digest()
