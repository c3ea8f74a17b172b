"""A budget of the year we are in, for pages, which read the clock: opened from a workbook of the old system."""

import tempfile
import uuid
from pathlib import Path

from django.utils import timezone

from khlang.budget import commands
from khlang.identity.queries import entity as entity_named
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from tests.budget import makers
from tests.budget.makers import FUEL, ROAD, SUPPLIES
from tests.budget.old_workbooks import OldLine, write
from tests.builders import a_person


def code(budget_type: str, number: int = 1, work: str = "00111", year: int | None = None) -> str:
    """A printed code of this year."""
    return f"99{(year or this_year()) % 100:02d}{work[1:]}{budget_type[1:]}{number:02d}"


def this_year() -> int:
    """The fiscal year (B.E.) of today."""
    return fiscal_year_of(timezone.localdate())


def lines() -> list[OldLine]:
    """Supplies, fuel, a road."""
    return [
        OldLine(code(SUPPLIES), 10_000_000),
        OldLine(code(FUEL), 2_000_000),
        OldLine(code(ROAD, work="00312"), 50_000_000, item="Road to village 3"),
    ]


def a_house_now(*old: OldLine) -> Actor:
    """An office whose year was opened from the old system; returns its operator."""
    actor, year = makers.a_house(), this_year()
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "B_RemainedBudget.xlsx", list(old) or lines(), year=str(year))
        book = commands.preview_remaining(actor=actor, path=path, fiscal_year=year)
    commands.open_from_remaining(
        actor=actor,
        book=book,
        divisions={"": "01"},
        ordinance_id=uuid.uuid4(),
        effective_on=timezone.localdate(),
        at=timezone.now(),
    )
    return actor


def somebody(actor: Actor, *roles: str, name: str = "Somebody") -> Actor:
    """A person with these roles in the same office."""
    return a_person(*roles, entity=entity_named(code=actor.entity_code), name=name)
