"""Transfers and changes of explanation: drafted, sent, approved by whom the rules name, announced, reported."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Max

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.movements import move
from khlang.budget.commands.ordinances import entity_kind, new_lines
from khlang.budget.models import Change
from khlang.budget.queries.changes import change_view, parts_of
from khlang.budget.rules import (
    ChangeDraft,
    ChangeFacts,
    ChangeKind,
    ChangePart,
    ChangeReading,
    ChangeState,
    ChangeView,
    ControlLine,
    Document,
    Kind,
    LineFacts,
    Move,
    Route,
    RouteFound,
    check_approval,
    check_change,
    notice_due,
    route_of,
)
from khlang.budget.rules.changes import CHANGE_MOVES
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Fact, Refusal, Refused, refuse_any
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction


def save_change(*, actor: Actor, change_id: UUID, revision: int, draft: ChangeDraft, at: datetime) -> ChangeView:
    """Keep a change while it is drafted (revision 0: new); the same content again changes nothing.

    Refuses budget.changed_meanwhile, budget.not_open_to_drafts {state}, budget.line_unknown, budget.line_exists.
    """
    require(actor, "budget.transfer")
    with entity_transaction(actor.entity_id):
        parts_of(draft, facts=queries.line_facts(fiscal_year=draft.fiscal_year))
        row = _to_write(actor, change_id, at)
        if row.revision and change_view(row).draft == draft:
            return change_view(row)
        return _written(actor, row, revision, draft, typed={}, at=at)


def keep_change(
    *,
    actor: Actor,
    change_id: UUID,
    kind: ChangeKind,
    fiscal_year: int,
    revision: int,
    typed: Mapping[str, str],
    at: datetime,
) -> tuple[ChangeView, ChangeReading]:
    """Keep the form of a change as typed, whatever of it can be read; the same text again changes nothing.

    Refuses budget.changed_meanwhile, budget.not_open_to_drafts {state}.
    """
    require(actor, "budget.transfer")
    with entity_transaction(actor.entity_id):
        row = _to_write(actor, change_id, at)
        kind, fiscal_year = (ChangeKind(row.kind), row.fiscal_year) if row.revision else (kind, fiscal_year)
        reading = queries.change_reading(typed, kind=kind, fiscal_year=fiscal_year)
        if row.revision and row.typed == dict(typed):
            return change_view(row), reading
        return _written(actor, row, revision, reading.draft, typed=typed, at=at), reading


def _to_write(actor: Actor, change_id: UUID, at: datetime) -> Change:
    """The row of a change, locked; or a new one of revision 0."""
    row = Change.objects.select_for_update().filter(entity_id=actor.entity_id, id=change_id).first()
    if row is not None:
        return row
    made = {"made_by": actor.user_id, "made_by_name": actor.name, "made_at": at}
    return Change(entity_id=actor.entity_id, id=change_id, revision=0, **made)


def _written(
    actor: Actor, row: Change, revision: int, draft: ChangeDraft, *, typed: Mapping[str, str], at: datetime
) -> ChangeView:
    if row.state != ChangeState.DRAFT:
        raise Refused(Refusal("budget.not_open_to_drafts", {"state": row.state}, "state"))
    if row.revision != revision:
        who, stands = row.saved_by_name or row.made_by_name, row.revision
        told: dict[str, Fact] = {"line": "-", "who": who, "revision": stands, "kept": "-", "sent": "-"}
        raise Refused(Refusal("budget.changed_meanwhile", told, "revision"))
    row.kind, row.fiscal_year = str(draft.kind), draft.fiscal_year
    row.reason, row.legal_answer = draft.reason.strip(), draft.legal_answer.strip()
    row.content, row.typed = [part.as_json() for part in draft.parts], dict(typed)
    row.revision += 1
    row.saved_at, row.saved_by_name = at, actor.name
    row.save(force_insert=row.revision == 1)
    audit.record(actor=actor, act="budget.save_change", document=f"change:{row.id}", facts={"kind": row.kind})
    return change_view(row)


def change_facts(*, actor: Actor, draft: ChangeDraft, on: date) -> ChangeFacts:
    """A change with what is true of its lines now; inside a transaction."""
    parts = parts_of(draft, facts=queries.line_facts(fiscal_year=draft.fiscal_year))
    kind = entity_kind(actor)
    return ChangeFacts(draft.kind, draft.fiscal_year, on, draft.reason, parts, kind, draft.legal_answer)


def preview_change(
    *, actor: Actor, draft: ChangeDraft, on: date
) -> tuple[RouteFound, list[Refusal], tuple[ChangePart, ...]]:
    """Who would have to agree, why it could not be sent, and each line with what it has; nothing is written."""
    require(actor, "budget.read")
    with entity_transaction(actor.entity_id):
        facts = change_facts(actor=actor, draft=draft, on=on)
        return route_of(facts.parts, kind=facts.kind), list(check_change(facts)), facts.parts


def submit_change(*, actor: Actor, change_id: UUID, at: datetime) -> ChangeView:
    """Send a change to whom the rules name (R98-R102, R112, R113). Refuses everything that check_change yields."""
    require(actor, "budget.transfer")
    with entity_transaction(actor.entity_id):
        row = _locked(actor, change_id)
        if row.state == ChangeState.SUBMITTED:
            return change_view(row)
        _allowed(row, ChangeState.SUBMITTED)
        view = change_view(row)
        unread = queries.change_reading(row.typed, kind=view.draft.kind, fiscal_year=row.fiscal_year).refusals
        facts = change_facts(actor=actor, draft=view.draft, on=_today(at))
        refuse_any([*unread, *check_change(facts)])
        found = route_of(facts.parts, kind=facts.kind)
        row.state, row.route, row.close_reason = str(ChangeState.SUBMITTED), str(found.route), ""
        row.saved_at = row.submitted_at = at
        row.save()
        told = {"route": str(found.route), "clause": found.clause, "line": found.line}
        audit.record(actor=actor, act="budget.submit_change", document=f"change:{change_id}", facts=told)
        return change_view(row)


def close_change(*, actor: Actor, change_id: UUID, state: ChangeState, reason: str, at: datetime) -> ChangeView:
    """Take a change back to its draft, cancel it, or refuse it, each with a reason. Refuses budget.reason_missing.

    Whoever drafts takes back and cancels; whoever would have to agree refuses.
    """
    require(actor, "budget.read")
    if not reason.strip():
        raise Refused(Refusal("budget.reason_missing", where="reason"))
    with entity_transaction(actor.entity_id):
        row = _locked(actor, change_id)
        of_council = row.route == Route.COUNCIL
        if state is ChangeState.REFUSED:
            require(actor, "budget.record_council" if of_council else "budget.approve_transfer")
        else:
            require(actor, "budget.transfer")
        if state not in (ChangeState.DRAFT, ChangeState.CANCELLED, ChangeState.REFUSED):
            raise Refused(Refusal("budget.step_not_allowed", {"state": row.state, "step": state}, "state"))
        _allowed(row, state)
        row.state, row.saved_at, row.close_reason = str(state), at, reason.strip()
        row.save()
        facts = {"reason": reason.strip(), "state": str(state)}
        audit.record(actor=actor, act="budget.close_change", document=f"change:{change_id}", facts=facts)
        return change_view(row)


def approve_change(
    *,
    actor: Actor,
    change_id: UUID,
    approved_on: date,
    resolution_number: str = "",
    resolved_on: date | None = None,
    idempotency_key: UUID,
    at: datetime,
) -> ChangeView:
    """Approve a change: number, movements, new lines and explanations in one act; the same key answers the same.

    The route is computed again from the lines as they are now. Its own executive approves, or the resolution of the
    council is recorded. Refuses budget.resolution_missing, budget.step_not_allowed, all that check_change yields, and
    whatever the database finds: budget.not_enough when the money is gone meanwhile.
    """
    require(actor, "budget.read")
    with entity_transaction(actor.entity_id):
        row = _locked(actor, change_id)
        if row.idempotency_key == idempotency_key and row.entry_no is not None:
            return change_view(row)
        # The lock comes before the balances are read and the number is given.
        sql.rows("SELECT budget_lock(%s)", (actor.entity_id,))
        draft = change_view(row).draft
        facts = change_facts(actor=actor, draft=draft, on=approved_on)
        route = route_of(facts.parts, kind=facts.kind).route
        require(actor, "budget.record_council" if route is Route.COUNCIL else "budget.approve_transfer")
        row.resolution_number, row.resolved_on, row.route = resolution_number.strip(), resolved_on, str(route)
        refuse_any(_approval_refusals(row, facts, _today(at)))
        balances = _carry_out(actor, row, facts, draft, idempotency_key)
        row.refresh_from_db()
        row.balances, row.idempotency_key, row.saved_at = balances, idempotency_key, at
        row.save()
        return change_view(row)


def _approval_refusals(row: Change, facts: ChangeFacts, today: date) -> list[Refusal]:
    found = list(
        check_approval(
            state=ChangeState(row.state),
            route=Route(row.route),
            resolution_number=row.resolution_number,
            resolved_on=row.resolved_on,
            approved_on=facts.on,
        )
    )
    if facts.on > today:
        found.append(Refusal("budget.step_in_future", {"date": facts.on.isoformat()}, "approved_on"))
    return [*found, *check_change(facts)]


def _carry_out(actor: Actor, row: Change, facts: ChangeFacts, draft: ChangeDraft, key: UUID) -> list[dict[str, str]]:
    """Give the number and move the money, in one act of the database; returns what each line had before and after."""
    same = Change.objects.filter(entity_id=actor.entity_id, fiscal_year=row.fiscal_year, kind=row.kind)
    number = 1 + (same.aggregate(last=Max("number"))["last"] or 0)
    parts = [replace(part, line_id=part.line_id or uuid5(row.id, repr(part.identity))) for part in facts.parts]
    projects = {part.where for part, drafted in zip(parts, draft.parts, strict=True) if drafted.is_project}
    move(
        actor=actor,
        act=f"budget.approve_{row.kind}",
        document=Document(row.kind, row.id, f"{number}/{row.fiscal_year}"),
        fiscal_year=row.fiscal_year,
        on=facts.on,
        moves=[each for part in parts for each in _moves(part)],
        idempotency_key=key,
        lines=_lines(parts, projects, queries.line_facts(fiscal_year=row.fiscal_year), row.fiscal_year),
        explanations=[
            {"line_id": str(part.line_id), "content": part.after.as_json()} for part in parts if part.after is not None
        ],
        change=_approval(row, number, facts.on),
    )
    return [
        {
            "line_id": str(part.line_id),
            "label": part.label,
            "before": str(part.available),
            "after": str(part.available + part.up - part.down),
        }
        for part in parts
    ]


def _approval(row: Change, number: int, on: date) -> dict[str, Any]:
    """What the database writes into the change as it moves the money."""
    due = notice_due(approved_on=on, days=_notice_days(on))
    return {
        "number": number,
        "route": row.route,
        "resolution_number": row.resolution_number,
        "resolved_on": row.resolved_on and row.resolved_on.isoformat(),
        "notice_due_on": due.isoformat(),
    }


def _moves(part: ChangePart) -> list[Move]:
    if part.line_id is None:
        return []
    sides = ((Kind.TRANSFER_OUT, part.down), (Kind.TRANSFER_IN, part.up))
    return [Move(part.line_id, kind, amount) for kind, amount in sides if amount]


def _lines(parts: Sequence[ChangePart], projects: set[str], facts: LineFacts, fiscal_year: int) -> list[dict[str, Any]]:
    opened = [part for part in parts if part.is_new and part.line_id]
    wanted = [
        ControlLine(part.identity, part.treatment, part.where in projects, part.up, (part.after,) if part.after else ())
        for part in opened
    ]
    return new_lines(wanted, {p.identity: p.line_id for p in opened if p.line_id}, facts, fiscal_year)


def announce_change(*, actor: Actor, change_id: UUID, announced_on: date, at: datetime) -> ChangeView:
    """Record the day an approved change was announced at the office (R115)."""
    return _note(actor, change_id, ChangeState.ANNOUNCED, announced_on, at)


def report_change(*, actor: Actor, change_id: UUID, notified_on: date, at: datetime) -> ChangeView:
    """Record the day the supervising officer was told of an announced change (R115)."""
    return _note(actor, change_id, ChangeState.REPORTED, notified_on, at)


def _note(actor: Actor, change_id: UUID, state: ChangeState, day: date, at: datetime) -> ChangeView:
    require(actor, "budget.transfer")
    with entity_transaction(actor.entity_id):
        row = _locked(actor, change_id)
        if row.state == state:
            return change_view(row)
        _allowed(row, state)
        before = row.announced_on if state is ChangeState.REPORTED else row.approved_on
        if before is not None and day < before:
            days = {"date": day.isoformat(), "before": before.isoformat()}
            raise Refused(Refusal("budget.step_before_the_last", days, "date"))
        if day > _today(at):
            raise Refused(Refusal("budget.step_in_future", {"date": day.isoformat()}, "date"))
        row.state, row.saved_at = str(state), at
        if state is ChangeState.REPORTED:
            row.notified_on = day
        else:
            row.announced_on = day
        row.save()
        facts = {"date": day.isoformat(), "state": str(state)}
        audit.record(actor=actor, act="budget.note_change", document=f"change:{change_id}", facts=facts)
        return change_view(row)


def _locked(actor: Actor, change_id: UUID) -> Change:
    row = Change.objects.select_for_update().filter(entity_id=actor.entity_id, id=change_id).first()
    if row is None:
        raise Refused(Refusal("budget.change_unknown", {"change": str(change_id)}))
    return row


def _allowed(row: Change, state: ChangeState) -> None:
    if state not in CHANGE_MOVES[ChangeState(row.state)]:
        raise Refused(Refusal("budget.step_not_allowed", {"state": row.state, "step": state}, "state"))


def _notice_days(day: date) -> int:
    return int(reference.parameter(name="transfer_notice_days", on_date=day).value)


def _today(at: datetime) -> date:
    return at.astimezone(THAI_TIME).date()
