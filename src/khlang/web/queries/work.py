"""What is left to do, collected from every area that keeps work."""

from datetime import date
from typing import Final

from django.utils import timezone

from khlang.identity.rules import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.tasks import Task
from khlang.ledger import queries as ledger

SOURCES: Final = ()
_ORDER: Final = {"returned": 0, "overdue": 1, "due": 2, "todo": 3, "waiting": 4}


def working_year(today: date | None = None) -> int | None:
    """The fiscal year (B.E.) people work in: the present one when opened, else the latest opened; None without books."""
    opened = ledger.fiscal_years()
    present = fiscal_year_of(today or timezone.localdate())
    return present if present in opened else max(opened, default=None)


def tasks(*, actor: Actor) -> list[Task]:
    """Everything left to do in the entity for this actor, the gravest first; work of others last."""
    found = [task for area in SOURCES for task in area.tasks(actor=actor)]
    return sorted(found, key=lambda task: (_ORDER[task.urgency], task.due or date.max))
