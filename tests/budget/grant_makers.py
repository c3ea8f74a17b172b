"""Grants for tests: a letter, an open grant with its cash. All through the commands."""

import uuid
from datetime import UTC, date, datetime

from khlang.budget import commands, queries
from khlang.budget.rules import Clock, Extension, GrantDraft, GrantLineDraft, MoneyKind, Place
from khlang.kernel.actors import Actor
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests.budget.makers import AT, ROAD, YEAR

NOTIFIED, LAST = date(2025, 11, 3), date(2026, 9, 30)
LATER = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)


def letter(amount: str = "100.00", *, lines: tuple[GrantLineDraft, ...] | None = None, **changes) -> GrantDraft:
    """A letter that gives one road, unless told otherwise."""
    one = (GrantLineDraft(uuid.uuid4(), "01", "00312", ROAD, "Road of the letter", baht(amount)),)
    told = {
        "fiscal_year": YEAR,
        "kind": "specific",
        "title": "Road to village 5",
        "agency": "Department",
        "letter_number": "0810.5/77",
        "letter_on": date(2025, 10, 30),
        "notified_on": NOTIFIED,
        "amount": baht(amount),
        "place": Place.OWN,
        "clock": Clock(LAST, LAST),
        "lines": one if lines is None else lines,
    }
    return GrantDraft(**{**told, **changes})


def a_draft_grant(actor: Actor, draft: GrantDraft | None = None) -> uuid.UUID:
    """A grant as written from its letter."""
    grant_id = uuid.uuid4()
    commands.save_grant(actor=actor, grant_id=grant_id, revision=0, draft=draft or letter(), at=AT)
    return grant_id


def opened(actor: Actor, grant_id: uuid.UUID, key: uuid.UUID | None = None):
    """Open a grant on the day of AT."""
    key = key or uuid.uuid4()
    return commands.open_grant(actor=actor, grant_id=grant_id, opened_on=AT.date(), idempotency_key=key, at=AT)


def an_open_grant(actor: Actor, *, received: str = "", **changes) -> tuple[uuid.UUID, uuid.UUID]:
    """An open grant and its first line; `received` of its cash came."""
    draft = letter(**changes)
    grant_id = a_draft_grant(actor, draft)
    opened(actor, grant_id)
    if received:
        money(actor, grant_id, received)
    return grant_id, draft.lines[0].line_id


def money(actor: Actor, grant_id: uuid.UUID, amount: str, kind: str = "received", *, number: str = "RV-1", key=None):
    """One movement of cash."""
    return commands.record_money(
        actor=actor,
        grant_id=grant_id,
        money_id=key or uuid.uuid4(),
        kind=MoneyKind(kind),
        amount=baht(amount),
        happened_on=AT.date(),
        document_number=number,
        at=AT,
    )


def extend(actor: Actor, grant_id: uuid.UUID, layer: str, spend_by: date, *, obligate_by: date = LAST, **changes):
    """Set one clock anew."""
    told = {"document_number": "0818/9", "document_on": date(2026, 9, 15), "reason": "Rain", **changes}
    extension = Extension(Place(layer), Clock(obligate_by, spend_by), **told)
    return commands.extend_grant(
        actor=actor, grant_id=grant_id, extension_id=uuid.uuid4(), extension=extension, at=LATER
    )


def give_back(actor: Actor, grant_id: uuid.UUID, *, key: uuid.UUID | None = None, **changes):
    """Give back all that is free."""
    told = {"returned_on": AT.date(), "document_number": "RB-1", "idempotency_key": key or uuid.uuid4(), "at": AT}
    return commands.return_left(actor=actor, grant_id=grant_id, **{**told, **changes})


def seen(actor: Actor, grant_id: uuid.UUID):
    """The grant as others see it."""
    with entity_transaction(actor.entity_id):
        return queries.grant(grant_id=grant_id)
