"""Write one act into the record, in the transaction of the act itself."""

import json
from collections.abc import Mapping
from typing import Any

from khlang.kernel.actors import Actor
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction, writes_stay_open

READ_PERSONAL = "audit.read_personal"
"""The act of having read personal data in full, on a page or in a file."""


def record(*, actor: Actor, act: str, document: str, facts: Mapping[str, Any] | None = None) -> int:
    """Append one act of the actor to his entity's record; returns its number in the chain (R15).

    Call it last in a command: the record's own lock is taken after the tenant lock, never before.
    """
    text = json.dumps(facts or {}, ensure_ascii=False, sort_keys=True, default=str)
    number: int = sql.scalar(
        "SELECT audit_record(%s, %s, %s, %s, %s, %s, %s)",
        (actor.entity_id, act, document, text, actor.user_id, actor.name, actor.request_id),
    )
    return number


def record_reading(*, actor: Actor, document: str, page: str, rows: int = 1) -> int:
    """Append that the actor read personal data: of whom (`document`), on which page or in which file, how many rows.

    A write of its own, before anything is shown, and in every mode of the system: what cannot be recorded is not read.
    """
    with writes_stay_open(), entity_transaction(actor.entity_id):
        return record(actor=actor, act=READ_PERSONAL, document=document, facts={"page": page, "rows": rows})
