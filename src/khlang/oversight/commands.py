"""What those who check leave behind: that the record was verified, and what came of it."""

from collections.abc import Callable

from khlang.audit import commands as audit
from khlang.audit import queries
from khlang.audit.rules import ChainReport
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.toolkit.tenancy import entity_transaction


def verify_record(*, actor: Actor, progress: Callable[[int], None] = lambda _done: None) -> ChainReport:
    """Recompute the whole chain of the entity as it stands now, and keep the result as an act of its own."""
    require(actor, "audit.read")
    with entity_transaction(actor.entity_id, read_only=True):
        report = queries.verified_chain(progress=progress)
    facts = {"acts": report.acts, "last_hash": report.last_hash, "first_broken": report.first_broken}
    with entity_transaction(actor.entity_id):
        audit.record(actor=actor, act="audit.verify", document="record", facts=facts)
    return report
