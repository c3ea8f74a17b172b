"""Small plain makers, named as phrases; everything they make goes through the commands that users use."""

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from khlang.identity.access import PROVED_AT
from khlang.identity.commands import EntityDraft, add_entity, add_user, grant_role
from khlang.identity.models import Order, OrderLine, User
from khlang.identity.queries import operator
from khlang.identity.rules import EntityView, Role
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.money import ZERO, baht
from khlang.ledger import commands
from khlang.ledger.rules import JournalDraft, LineDraft, PostedJournal
from khlang.toolkit.tenancy import entity_transaction

YEAR = 2568
DAY = date(2024, 10, 3)
FUND = "FS01"
CASH, BANK, SAVINGS = "1101010101", "1101030101", "1101030102"
TAX, SALARY, FUEL = "4101010101", "5101010101", "5104010110"
RECEIVABLE, PAYABLE, ACCUMULATED = "1102030101", "2101010102", "3103010101"
HEADING = "1101000000"
OLD_CASH = "010"


def an_entity(*, kind: str = "subdistrict_administrative_organization", parent: str = "") -> EntityView:
    """An entity that no other test has: real commits of other tests may stand beside it."""
    code = uuid.uuid4().hex[:12].upper()
    return add_entity(draft=EntityDraft(code, kind, f"Practice {code}", province="12", parent=parent))


def an_actor(*roles: str, entity: EntityView | None = None) -> Actor:
    """Somebody in an entity; the operator of the command line when no role is named."""
    entity = entity or an_entity()
    if not roles:
        return operator(entity_code=entity.code)
    named = frozenset(Role(role) for role in roles)
    return Actor(7, "Somchai Jaidee", entity.entity_id, entity.code, entity.name_th, named, "127.0.0.1", "request-7")


def give_role(*, user_id: int, entity_code: str, role: str) -> None:
    """A role in an entity, given by the operator long ago: books of earlier years are made by today's people."""
    grant_role(
        actor=operator(entity_code=entity_code), user_id=user_id, role=role, at=datetime(2015, 10, 1, tzinfo=UTC)
    )


def sign_in(client, actor: Actor) -> None:
    """Log a test client in as somebody who has just proved who she is."""
    client.force_login(User.objects.get(pk=actor.user_id), "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVED_AT] = int(datetime.now(UTC).timestamp())
    session.save()


PASSWORD = "a long pass phrase 68"


def a_person(*roles: str, entity: EntityView, name: str = "Malee Srisuk") -> Actor:
    """Somebody who can log in (with PASSWORD), in these roles of an entity."""
    username = f"u{uuid.uuid4().hex[:16]}"
    user_id = add_user(username=username, full_name=name, password=PASSWORD)
    for role in roles:
        give_role(user_id=user_id, entity_code=entity.code, role=role)
    named = frozenset(Role(role) for role in roles)
    return Actor(user_id, name, entity.entity_id, entity.code, entity.name_th, named, "127.0.0.1", "request-7")


def a_fiscal_year(*, actor: Actor | None = None, year: int = YEAR) -> Actor:
    """An opened fiscal year; returns who opened it."""
    actor = actor or an_actor()
    commands.open_fiscal_year(actor=actor, fiscal_year=year)
    return actor


def a_line(account: str, *, debit: str = "0", credit: str = "0", fund: str = FUND, budget_type: str | None = None):
    """One side of a journal."""
    return LineDraft(account, fund, baht(debit), baht(credit), budget_type=budget_type)


def lines_of(amount: str = "100.00", *, debit: str = CASH, credit: str = TAX, fund: str = FUND):
    """Two lines that balance."""
    return (a_line(debit, debit=amount, fund=fund), a_line(credit, credit=amount, fund=fund))


def a_journal(
    *,
    amount: str = "100.00",
    day: date = DAY,
    lines: Iterable[LineDraft] | None = None,
    kind: str = "general",
    key: uuid.UUID | None = None,
    description: str = "Land and building tax received",
    **more,
) -> JournalDraft:
    """A journal that may be posted in the year of its day."""
    chosen = tuple(lines) if lines is not None else lines_of(amount)
    return JournalDraft(key or uuid.uuid4(), day, kind, description, chosen, **more)


def a_posted_journal(*, actor: Actor | None = None, **journal) -> PostedJournal:
    """A journal in the books; the year is opened when no actor with books is given."""
    draft = a_journal(**journal)
    actor = actor or a_fiscal_year(year=fiscal_year_of(draft.date))
    return commands.post_journal(actor=actor, journal=draft)


def totals(rows) -> tuple:
    """Both sides of some balance rows."""
    debit = sum((row.opening_debit + row.debit for row in rows), ZERO)
    credit = sum((row.opening_credit + row.credit for row in rows), ZERO)
    return debit, credit


def an_exception(*, person: Actor, reviewer: Actor, rule: str = "R331", number: str = "") -> str:
    """A written order, valid since yesterday: one person may take both steps of a rule, and another reviews it."""
    today = datetime.now(UTC).date()
    order_id = uuid.uuid4()
    with entity_transaction(person.entity_id):
        order = Order.objects.create(
            entity_id=person.entity_id,
            order_id=order_id,
            number=number or f"{order_id.hex[:6]}/2570",
            ordered_on=today,
            kind="exception",
            subject="One officer only",
            signed_by="Prasit",
            signed_as="Chief executive",
            recorded_by=0,
            recorded_at=datetime.now(UTC),
        )
        OrderLine.objects.create(
            entity_id=person.entity_id,
            order_id=order_id,
            line_no=1,
            user_id=person.user_id,
            rule=rule,
            reviewer_id=reviewer.user_id,
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=30),
        )
    return order.number
