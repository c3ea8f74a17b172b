"""Budgets for tests: divisions, an ordinance on its whole way, lines in force, moves. All through the commands."""

import uuid
from datetime import UTC, date, datetime

from khlang.budget import commands, queries
from khlang.budget.rules import (
    Document,
    EstimateDraft,
    Explanation,
    Kind,
    LineDraft,
    LineIdentity,
    Move,
    OrdinanceKind,
    OrdinanceState,
    Step,
)
from khlang.kernel.actors import Actor
from khlang.kernel.money import Baht, baht
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import an_actor

YEAR = 2569
AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
DAY = date(2026, 1, 5)
SUPPLIES, FUEL, COMPUTER, ROAD, SALARY, AID = "5330100", "5330800", "5411600", "5421000", "5220100", "5110400"
PLAN = Explanation(text="As planned", plan_reference="page 12 no. 3")
NO_PLAN = Explanation(text="Not in the plan")
WAY = (
    (OrdinanceState.CONSOLIDATED, date(2025, 8, 1), ""),
    (OrdinanceState.EXEC_ACCEPTED, date(2025, 8, 4), ""),
    (OrdinanceState.SUBMITTED, date(2025, 8, 14), "72801/412"),
    (OrdinanceState.READING_1, date(2025, 8, 20), "1/2568"),
    (OrdinanceState.COMMITTEE, date(2025, 8, 21), ""),
    (OrdinanceState.READING_2, date(2025, 8, 29), "2/2568"),
    (OrdinanceState.READING_3, date(2025, 8, 29), "2/2568"),
    (OrdinanceState.SENT_FOR_APPROVAL, date(2025, 9, 1), "72801/450"),
    (OrdinanceState.APPROVED, date(2025, 9, 10), "0818/77"),
    (OrdinanceState.SIGNED, date(2025, 9, 15), "1/2568"),
    (OrdinanceState.ANNOUNCED, date(2025, 9, 16), "1/2568"),
)


def line(
    amount: str,
    *,
    budget_type: str = SUPPLIES,
    item: str = "",
    work: str = "00111",
    division: str = "01",
    fund: str = "FS01",
    enterprise: str = "",
    explanation: Explanation = PLAN,
    is_project: bool = False,
) -> LineDraft:
    """One line of a draft."""
    identity = LineIdentity(division, work, budget_type, fund, item, enterprise)
    return LineDraft(identity, baht(amount), explanation, is_project)


def a_house(*, actor: Actor | None = None) -> Actor:
    """An entity with two divisions and a waterworks; returns its operator."""
    actor = actor or an_actor()
    for division in ("01", "02"):
        commands.set_division(actor=actor, division=division, name_th=f"Division {division}")
    commands.set_enterprise(actor=actor, enterprise="WATER", name_th="Waterworks")
    return actor


def a_draft(
    *lines: LineDraft,
    actor: Actor,
    year: int = YEAR,
    kind: OrdinanceKind = OrdinanceKind.ANNUAL,
    revenue: str = "",
) -> uuid.UUID:
    """An ordinance with these lines, whose revenue covers them unless told otherwise."""
    ordinance_id = uuid.uuid4()
    commands.open_ordinance(actor=actor, ordinance_id=ordinance_id, kind=kind, fiscal_year=year, at=AT)
    saves = [commands.LineSave(uuid.uuid4(), 0, each) for each in lines]
    commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=saves, at=AT)
    needed: dict[str, Baht] = {}
    for each in lines:
        needed[each.identity.enterprise] = needed.get(each.identity.enterprise, Baht(0)) + each.amount
    if revenue:
        needed = {"": baht(revenue)}
    estimates = [EstimateDraft("411001", amount, enterprise) for enterprise, amount in needed.items()]
    commands.save_estimates(actor=actor, ordinance_id=ordinance_id, estimates=estimates, at=AT)
    if kind is OrdinanceKind.SUPPLEMENTARY:
        texts = {"money_source": "Taxes above the estimate"}
        commands.write_texts(actor=actor, ordinance_id=ordinance_id, texts=texts, revision=1, at=AT)
    return ordinance_id


def take(actor: Actor, ordinance_id: uuid.UUID, state: OrdinanceState, day: date, number: str = ""):
    """One step."""
    step = Step(state, day, number)
    return commands.take_step(actor=actor, ordinance_id=ordinance_id, step_id=uuid.uuid4(), step=step, at=AT)


def announced(actor: Actor, ordinance_id: uuid.UUID, *, shift: int = 0) -> uuid.UUID:
    """The whole way to the announcement; `shift` moves its days on by months."""
    for state, day, number in WAY:
        moved = day.replace(month=(day.month - 1 + shift) % 12 + 1, year=day.year + (day.month - 1 + shift) // 12)
        take(actor, ordinance_id, state, moved, number)
    return ordinance_id


def in_force(*lines: LineDraft, actor: Actor, year: int = YEAR) -> dict[str, uuid.UUID]:
    """A budget in force: the id of each line by its item, or by its type where types are counted."""
    ordinance_id = announced(actor, a_draft(*lines, actor=actor, year=year))
    commands.bring_into_force(
        actor=actor, ordinance_id=ordinance_id, effective_on=date(2025, 10, 1), idempotency_key=uuid.uuid4(), at=AT
    )
    return ids(actor, year)


def ids(actor: Actor, year: int = YEAR) -> dict[str, uuid.UUID]:
    """The lines in force by item or type."""
    with entity_transaction(actor.entity_id):
        found = queries.board(fiscal_year=year).lines
    return {each.line.identity.item or each.line.identity.budget_type: each.line.line_id for each in found}


def a_budget(amount: str = "120000.00") -> tuple[Actor, uuid.UUID]:
    """A budget of one line of office supplies."""
    actor = a_house()
    return actor, in_force(line(amount), actor=actor)[SUPPLIES]


def a_document(kind: str = "contract", label: str = "1/2569") -> Document:
    return Document(kind, uuid.uuid4(), label)


def use(actor: Actor, *moves: Move, on: date = DAY, key: uuid.UUID | None = None, document: Document | None = None):
    """One document that uses the budget."""
    return commands.use_budget(
        actor=actor,
        document=document or a_document(),
        fiscal_year=YEAR,
        on=on,
        moves=moves,
        idempotency_key=key or uuid.uuid4(),
    )


def a_move(line_id: uuid.UUID, kind: str, amount: str, *, takes: uuid.UUID | None = None) -> Move:
    """A move that opens a hold of its own, if its kind opens one."""
    opens = kind not in ("refund", "release", "cancel")
    return Move(line_id, Kind(kind), baht(amount), uuid.uuid4() if opens else None, takes)


def balance(actor: Actor, line_id: uuid.UUID, year: int = YEAR):
    with entity_transaction(actor.entity_id):
        return queries.board_lines(fiscal_year=year, line_ids=[line_id])[line_id].balance


def faults(actor: Actor, year: int = YEAR):
    with entity_transaction(actor.entity_id):
        return queries.faults(fiscal_year=year)
