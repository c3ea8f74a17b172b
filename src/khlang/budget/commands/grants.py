"""Grants outside the ordinance: recorded from the letter, opened line by line, paid for, extended, the rest given back."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.movements import move
from khlang.budget.commands.ordinances import new_lines
from khlang.budget.models import Grant, GrantClock
from khlang.budget.queries.grants import views
from khlang.budget.rules import (
    Clock,
    ControlLine,
    Document,
    Extension,
    ExtensionLimits,
    GrantDraft,
    GrantFacts,
    GrantLineDraft,
    GrantState,
    GrantView,
    Kind,
    LineFacts,
    LineIdentity,
    Move,
    Moved,
    Place,
    check_grant,
)
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME, year_start
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Fact, Refusal, Refused, refuse_any
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

_ITEM = "item"


def save_grant(*, actor: Actor, grant_id: UUID, revision: int, draft: GrantDraft, at: datetime) -> GrantView:
    """Keep a grant while it is written from its letter (revision 0: new); the same content again changes nothing.

    Refuses budget.code_unknown, budget.grant_belongs_in_ordinance, budget.changed_meanwhile, budget.not_open_to_drafts.
    """
    require(actor, "budget.grant")
    with entity_transaction(actor.entity_id):
        kind = {each.code: each for each in reference.grant_kinds(fiscal_year=draft.fiscal_year)}.get(draft.kind)
        if kind is None:
            unknown: dict[str, Fact] = {"list": "grant_kind", "code": draft.kind or "-"}
            raise Refused(Refusal("budget.code_unknown", unknown, "kind"))
        if kind.in_ordinance:
            raise Refused(Refusal("budget.grant_belongs_in_ordinance", {"kind": kind.name_th}, "kind"))
        if draft.clock.obligate_by > draft.clock.spend_by or draft.amount < ZERO:
            refuse_any(_unkeepable(draft))
        row = Grant.objects.select_for_update().filter(entity_id=actor.entity_id, id=grant_id).first()
        if row is None:
            row = Grant(entity_id=actor.entity_id, id=grant_id, revision=0, made_by=actor.user_id)
            row.made_by_name = actor.name
        else:
            before = views([row])[0]
            if before.draft == draft:
                return before
            _refuse_changed(row, revision)
        _write(row, draft, kind.fund_source, at)
        row.save(force_insert=row.revision == 1)
        told = {"letter": row.letter_number, "amount": str(draft.amount)}
        audit.record(actor=actor, act="budget.save_grant", document=f"grant:{grant_id}", facts=told)
        return views([row])[0]


def _unkeepable(draft: GrantDraft) -> list[Refusal]:
    """What not even a draft may hold."""
    clock = draft.clock
    days = {"obligate_by": clock.obligate_by.isoformat(), "spend_by": clock.spend_by.isoformat()}
    late = clock.obligate_by > clock.spend_by
    found = [Refusal("budget.grant_clock_not_right", days, "obligate_by")] if late else []
    if draft.amount < ZERO:
        found.append(Refusal("budget.amount_not_right", {"amount": str(draft.amount)}, "amount"))
    return found


def _refuse_changed(row: Grant, revision: int) -> None:
    if row.state != GrantState.DRAFT:
        raise Refused(Refusal("budget.not_open_to_drafts", {"state": row.state}, "state"))
    if row.revision != revision:
        told: dict[str, Fact] = {"line": row.title, "who": row.made_by_name, "revision": row.revision}
        raise Refused(Refusal("budget.changed_meanwhile", {**told, "kept": "-", "sent": "-"}, "revision"))


def _write(row: Grant, draft: GrantDraft, fund_source: str, at: datetime) -> None:
    for name in ("fiscal_year", "kind", "letter_on", "notified_on", "returns_left_over"):
        setattr(row, name, getattr(draft, name))
    for name in ("title", "agency", "letter_number"):
        setattr(row, name, getattr(draft, name).strip())
    row.fund_source, row.amount, row.place = fund_source, draft.amount.amount, str(draft.place)
    row.obligate_by, row.spend_by = draft.clock.obligate_by, draft.clock.spend_by
    row.conditions = {name: text for name, text in draft.conditions.items() if text}
    row.lines = [line.as_json() for line in draft.lines]
    row.revision += 1
    row.saved_at = at


def cancel_grant(*, actor: Actor, grant_id: UUID, reason: str) -> GrantView:
    """Strike a grant that was not opened; it is kept. Refuses budget.reason_missing, budget.not_open_to_drafts."""
    require(actor, "budget.grant")
    if not reason.strip():
        raise Refused(Refusal("budget.reason_missing", where="reason"))
    with entity_transaction(actor.entity_id):
        row = locked_grant(actor, grant_id)
        if row.state == GrantState.CANCELLED:
            return views([row])[0]
        _refuse_changed(row, row.revision)
        row.state = str(GrantState.CANCELLED)
        row.save()
        told = {"reason": reason.strip()}
        audit.record(actor=actor, act="budget.cancel_grant", document=f"grant:{grant_id}", facts=told)
        return views([row])[0]


def open_grant(*, actor: Actor, grant_id: UUID, opened_on: date, idempotency_key: UUID, at: datetime) -> Moved:
    """Open a grant: its lines come into force under the one control of the budget, and both clocks start (R199, R203).

    All of it or nothing, once: the same key answers the same. Refuses all that check_grant yields.
    """
    require(actor, "budget.open_grant")
    with entity_transaction(actor.entity_id):
        row = locked_grant(actor, grant_id)
        if row.idempotency_key == idempotency_key and row.entry_no is not None:
            return Moved(row.fiscal_year, row.entry_no, replayed=True)
        _refuse_changed(row, row.revision)
        draft, today = views([row])[0].draft, grant_today(at)
        facts = queries.line_facts(fiscal_year=draft.fiscal_year)
        kinds = {each.code: each for each in reference.grant_kinds(fiscal_year=draft.fiscal_year)}
        refuse_any(check_grant(draft, GrantFacts(facts, kinds, today)))
        if opened_on > today:
            raise Refused(Refusal("budget.step_in_future", {"date": opened_on.isoformat()}, "opened_on"))
        sql.rows("SELECT budget_lock(%s)", (actor.entity_id,))
        for layer in Place:
            paper = Extension(layer, draft.clock, row.letter_number, row.letter_on, "")
            set_clock(actor, row, paper, Version(1, uuid5(grant_id, "clock"), at))
        moved = _give(actor, row, draft, opened_on, idempotency_key)
        row.state, row.entry_no, row.idempotency_key = str(GrantState.OPEN), moved.entry_no, idempotency_key
        row.opened_by_name = actor.name
        row.save()
        return moved


def _give(actor: Actor, row: Grant, draft: GrantDraft, on: date, key: UUID) -> Moved:
    facts = queries.line_facts(fiscal_year=row.fiscal_year)
    wanted = [_control_line(line, row.fund_source, facts) for line in draft.lines]
    ids = {line.identity: drafted.line_id for line, drafted in zip(wanted, draft.lines, strict=True)}
    opened = new_lines(wanted, ids, facts, row.fiscal_year)
    return move(
        actor=actor,
        act="budget.open_grant",
        document=grant_document(row),
        fiscal_year=row.fiscal_year,
        on=on,
        moves=[Move(line.line_id, Kind.APPROVE, line.amount) for line in draft.lines],
        idempotency_key=key,
        lines=[{**line, "grant_id": str(row.id)} for line in opened],
        explanations=[
            {"line_id": str(line.line_id), "content": {"text": line.item, **line.explanation.as_json()}}
            for line in draft.lines
        ],
    )


def _control_line(line: GrantLineDraft, fund_source: str, facts: LineFacts) -> ControlLine:
    """A line of a grant is counted by its item, whatever its type: the letter names items (R199)."""
    identity = LineIdentity(line.division, line.work, line.budget_type, fund_source, line.item.strip())
    treated = facts.treatment(budget_type=line.budget_type, is_project=False)
    if treated is None:
        raise ValueError(f"no line kind for {line.budget_type}")
    return ControlLine(identity, replace(treated, control_level=_ITEM), False, line.amount, (line.explanation,))


def grant_document(row: Grant) -> Document:
    """The letter as the document behind movements."""
    return Document("grant", row.id, row.letter_number)


@dataclass(frozen=True, slots=True)
class Version:
    """Which setting of a clock, under which id, when."""

    number: int
    id: UUID
    at: datetime


def set_clock(actor: Actor, row: Grant, paper: Extension, version: Version) -> None:
    """Keep one setting of a clock."""
    GrantClock.objects.create(
        entity_id=actor.entity_id,
        grant_id=row.id,
        layer=str(paper.layer),
        version_no=version.number,
        id=version.id,
        obligate_by=paper.clock.obligate_by,
        spend_by=paper.clock.spend_by,
        document_number=paper.document_number.strip(),
        document_on=paper.document_on,
        reason=paper.reason.strip(),
        contract=paper.contract.strip(),
        recorded_by=actor.user_id,
        recorded_by_name=actor.name,
        recorded_at=version.at,
    )


def extension_limits(fiscal_year: int) -> ExtensionLimits:
    """How far the clocks of grants of a fiscal year (B.E.) may be extended."""
    day = year_start(fiscal_year)
    return ExtensionLimits(
        int(reference.parameter(name="grant_state_extension_months", on_date=day).value),
        int(reference.parameter(name="grant_own_extension_years", on_date=day).value),
    )


def first_clock(fiscal_year: int) -> Clock:
    """The usual deadlines of a grant of a fiscal year (B.E.), where the letter names none (R204)."""
    value = reference.parameter(name="grant_deadline", on_date=year_start(fiscal_year)).value
    month, day = (int(part) for part in value.split("-"))
    last = date(year_start(fiscal_year).year + 1, month, day)
    return Clock(last, last)


def locked_grant(actor: Actor, grant_id: UUID) -> Grant:
    """The grant's row, held until the end of the transaction. Refuses budget.grant_unknown {grant}."""
    row = Grant.objects.select_for_update().filter(entity_id=actor.entity_id, id=grant_id).first()
    if row is None:
        raise Refused(Refusal("budget.grant_unknown", {"grant": str(grant_id)}))
    return row


def opened_grant(actor: Actor, grant_id: UUID) -> Grant:
    """The row of an open grant. Refuses budget.grant_not_open {state}."""
    row = locked_grant(actor, grant_id)
    if row.state != GrantState.OPEN:
        raise Refused(Refusal("budget.grant_not_open", {"state": row.state}, "state"))
    return row


def grant_today(at: datetime) -> date:
    """The Thai day of a moment."""
    return at.astimezone(THAI_TIME).date()
