"""Write one act into the record, in the transaction of the act itself."""

import json
from collections.abc import Mapping
from typing import Any

from khlang.kernel.actors import Actor
from khlang.toolkit import sql


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
