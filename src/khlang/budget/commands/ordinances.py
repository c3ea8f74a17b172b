"""The way of an ordinance: its steps with numbers and days, and the one signed act that brings it into force."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.movements import move
from khlang.budget.models import Ordinance, OrdinanceStep
from khlang.budget.rules import (
    CHECKED,
    COUNCIL_STEPS,
    EXECUTIVE_STEPS,
    BoardLine,
    ControlLine,
    Document,
    DraftLineView,
    Kind,
    LineDraft,
    LineFacts,
    LineIdentity,
    Move,
    Moved,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    Step,
    StepFacts,
    budget_codes,
    check_force,
    check_line,
    check_ordinance,
    check_step,
    control_lines,
    submission_deadline,
)
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME, year_start
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import search_key
from khlang.reference import queries as reference
from khlang.toolkit.tenancy import entity_transaction


def take_step(*, actor: Actor, ordinance_id: UUID, step_id: UUID, step: Step, at: datetime) -> OrdinanceView:
    """Take an ordinance one step on its way (R86-R90); sent twice with one id it is taken once.

    Steps of the council are recorded by its secretary, those of the executive by the executive. Refuses what check_step
    and, before the whole ordinance goes on, check_ordinance yield.
    """
    require(actor, _act_of(step.state))
    with entity_transaction(actor.entity_id):
        row = locked(actor, ordinance_id)
        known = OrdinanceStep.objects.filter(entity_id=actor.entity_id, id=step_id).first()
        if known is not None:
            if (known.ordinance_id, known.state) != (ordinance_id, step.state):
                raise Refused(Refusal("budget.idempotency_conflict", {"document": known.state}))
            return _view(ordinance_id)
        before = _view(ordinance_id)
        refuse_any(check_step(step, _step_facts(actor, before, at)))
        if step.state in CHECKED:
            refuse_any(whole_refusals(actor=actor, ordinance=before))
        row.state = str(step.state)
        row.save()
        leave_step(actor=actor, before=before, step_id=step_id, step=step, at=at)
        facts = {"number": step.document_number, "date": step.happened_on, "note": step.note}
        audit.record(actor=actor, act=f"budget.{step.state}", document=f"ordinance:{ordinance_id}", facts=facts)
        return _view(ordinance_id)


def _act_of(state: OrdinanceState) -> str:
    if state in COUNCIL_STEPS:
        return "budget.record_council"
    return "budget.accept" if state in EXECUTIVE_STEPS else "budget.take_step"


def locked(actor: Actor, ordinance_id: UUID) -> Ordinance:
    """The ordinance's row, held until the end of the transaction."""
    row = Ordinance.objects.select_for_update().filter(entity_id=actor.entity_id, id=ordinance_id).first()
    if row is None:
        raise Refused(Refusal("budget.ordinance_unknown", {"ordinance": str(ordinance_id)}))
    return row


def _view(ordinance_id: UUID) -> OrdinanceView:
    found = queries.ordinance(ordinance_id=ordinance_id)
    if found is None:
        raise Refused(Refusal("budget.ordinance_unknown", {"ordinance": str(ordinance_id)}))
    return found


def _step_facts(actor: Actor, ordinance: OrdinanceView, at: datetime) -> StepFacts:
    first_day, kind = year_start(ordinance.fiscal_year), entity_kind(actor)
    month_day = reference.parameter(name="budget_submit_date", on_date=first_day, applies_to=kind).value
    days = reference.parameter(name="budget_approval_days", on_date=first_day, applies_to=kind).value
    return StepFacts(
        state=ordinance.state,
        fiscal_year=ordinance.fiscal_year,
        kind=ordinance.kind,
        today=at.astimezone(THAI_TIME).date(),
        last_step_on=ordinance.steps[-1].happened_on if ordinance.steps else None,
        submit_by=submission_deadline(fiscal_year=ordinance.fiscal_year, month_day=month_day),
        approval_days=int(days),
    )


def entity_kind(actor: Actor) -> str:
    """The kind of the actor's entity, for parameters and rules that differ by it (R4)."""
    return identity.entity(code=actor.entity_code).kind


def whole_refusals(
    *, actor: Actor, ordinance: OrdinanceView, lines: Sequence[DraftLineView] | None = None
) -> list[Refusal]:
    """Every reason why an ordinance cannot go on as it stands now; inside a transaction. `lines`: its lines, if read.

    An addition is judged with the year it is added to: the ceiling of personnel is one for the year (R14, R116).
    """
    facts = queries.line_facts(fiscal_year=ordinance.fiscal_year)
    found = queries.draft_lines(ordinance_id=ordinance.id) if lines is None else lines
    drafts = [each.draft for each in found]
    estimates = queries.estimate_drafts(ordinance_id=ordinance.id)
    limits = queries.limits(fiscal_year=ordinance.fiscal_year, entity_kind=entity_kind(actor))
    single = [r for n, each in enumerate(drafts) for r in check_line(each, facts, where=f"lines.{n}")]
    if single or ordinance.kind is not OrdinanceKind.SUPPLEMENTARY:
        return [*single, *check_ordinance(lines=drafts, estimates=estimates, facts=facts, limits=limits)]
    earlier = _year_so_far(ordinance.fiscal_year)
    own = check_ordinance(lines=drafts, estimates=estimates, facts=facts, limits=limits)
    both = check_ordinance(lines=[*drafts, *earlier], estimates=estimates, facts=facts, limits=limits)
    return [
        *(r for r in own if r.code != "budget.personnel_over_cap"),
        *(r for r in both if r.code == "budget.personnel_over_cap"),
        *([] if ordinance.money_source.strip() else [Refusal("budget.money_source_missing", where="money_source")]),
    ]


def _year_so_far(fiscal_year: int) -> list[LineDraft]:
    lines = queries.ordinance_lines(fiscal_year=fiscal_year).values()
    return [
        LineDraft(each.line.identity, each.balance.appropriation, is_project=each.line.is_project) for each in lines
    ]


def leave_step(*, actor: Actor, before: OrdinanceView, step_id: UUID, step: Step, at: datetime) -> None:
    """Keep one step of an ordinance."""
    OrdinanceStep.objects.create(
        entity_id=actor.entity_id,
        id=step_id,
        ordinance_id=before.id,
        place=len(before.steps) + 1,
        state=str(step.state),
        happened_on=step.happened_on,
        document_number=step.document_number.strip(),
        note=step.note.strip(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        at=at,
    )


def bring_into_force(
    *, actor: Actor, ordinance_id: UUID, effective_on: date, idempotency_key: UUID, at: datetime
) -> Moved:
    """Bring an announced ordinance into force: its lines, amounts and explanations, in one signed act (R91).

    All of it or nothing, once: the same key gives the first answer again. A provisional budget of the year is replaced,
    and what was used of it is charged to the new lines (R89). Refuses budget.not_ready_for_force {state, needed},
    budget.outside_year, budget.step_in_future, what check_ordinance yields, budget.not_enough where less is given than
    was used already.
    """
    require(actor, "budget.bring_into_force")
    with entity_transaction(actor.entity_id):
        row = locked(actor, ordinance_id)
        ordinance = _view(ordinance_id)
        if row.idempotency_key == idempotency_key and row.entry_no is not None:
            return Moved(row.fiscal_year, row.entry_no, replayed=True)
        today = at.astimezone(THAI_TIME).date()
        refuse_any(
            check_force(
                state=ordinance.state,
                kind=ordinance.kind,
                effective_on=effective_on,
                fiscal_year=ordinance.fiscal_year,
                today=today,
            )
        )
        if ordinance.kind in (OrdinanceKind.ANNUAL, OrdinanceKind.SUPPLEMENTARY):
            refuse_any(whole_refusals(actor=actor, ordinance=ordinance))
        moved = _give(actor, ordinance, effective_on, idempotency_key)
        row.state, row.entry_no = str(OrdinanceState.IN_FORCE), moved.entry_no
        row.idempotency_key = idempotency_key
        row.save()
        last = Step(OrdinanceState.IN_FORCE, effective_on)
        leave_step(actor=actor, before=ordinance, step_id=idempotency_key, step=last, at=at)
        _replace_provisional(actor, ordinance)
        return moved


def _give(actor: Actor, ordinance: OrdinanceView, on: date, key: UUID) -> Moved:
    facts = queries.line_facts(fiscal_year=ordinance.fiscal_year)
    drafts = [(str(each.id), each.draft) for each in queries.draft_lines(ordinance_id=ordinance.id)]
    refuse_any(r for n, (_, each) in enumerate(drafts) for r in check_line(each, facts, where=f"lines.{n}"))
    wanted = control_lines(drafts, facts)
    there = queries.ordinance_lines(fiscal_year=ordinance.fiscal_year)
    ids = {line.identity: _line_id(ordinance.id, line.identity, there) for line in wanted}
    return move(
        actor=actor,
        act="budget.bring_into_force",
        document=Document("ordinance", ordinance.id, f"{ordinance.number}/{ordinance.fiscal_year}"),
        fiscal_year=ordinance.fiscal_year,
        on=on,
        moves=_moves(ordinance, wanted, there, ids),
        idempotency_key=key,
        lines=new_lines([line for line in wanted if line.identity not in there], ids, facts, ordinance.fiscal_year),
        explanations=[{"line_id": str(ids[line.identity]), "content": line.explanation()} for line in wanted],
    )


def _line_id(ordinance_id: UUID, wanted: LineIdentity, there: dict[LineIdentity, BoardLine]) -> UUID:
    """The line that is there already, or an id that is the same whenever this ordinance is read."""
    return there[wanted].line.line_id if wanted in there else uuid5(ordinance_id, repr(wanted))


def _moves(
    ordinance: OrdinanceView,
    wanted: Sequence[ControlLine],
    there: dict[LineIdentity, BoardLine],
    ids: dict[LineIdentity, UUID],
) -> list[Move]:
    kind = Kind.SUPPLEMENT if ordinance.kind is OrdinanceKind.SUPPLEMENTARY else Kind.APPROVE
    given = [Move(ids[line.identity], kind, line.amount) for line in wanted if line.amount]
    if ordinance.kind is not OrdinanceKind.ANNUAL:
        return given
    # What a provisional budget had given is taken back in the same act; what was used of it stays used.
    taken = [
        Move(each.line.line_id, Kind.WITHDRAW, each.balance.approved)
        for each in there.values()
        if each.balance.approved
    ]
    return [*taken, *given]


def new_lines(
    wanted: Sequence[ControlLine], ids: dict[LineIdentity, UUID], facts: LineFacts, fiscal_year: int
) -> list[dict[str, Any]]:
    """Control lines to be opened, as the database function takes them, each with a printed code of its own."""
    codes = budget_codes(
        [line.identity for line in wanted], fiscal_year=fiscal_year, taken=queries.codes(fiscal_year=fiscal_year)
    )
    return [_new_line(line, ids[line.identity], code, facts) for line, code in zip(wanted, codes, strict=True)]


def _new_line(line: ControlLine, line_id: UUID, code: str, facts: LineFacts) -> dict[str, Any]:
    found = line.identity
    work_name, type_name = facts.works[found.work], facts.types[found.budget_type]
    return {
        "line_id": str(line_id),
        "code": code,
        "enterprise": found.enterprise,
        "division": found.division,
        "work": found.work,
        "budget_type": found.budget_type,
        "item": found.item,
        "fund_source": found.fund_source,
        "is_project": line.is_project,
        "control_level": line.treatment.control_level,
        "nature": line.treatment.nature,
        "work_name": work_name,
        "type_name": type_name,
        "search_key": search_key(f"{code} {found.item} {type_name} {work_name} {found.division}"),
    }


def _replace_provisional(actor: Actor, before: OrdinanceView) -> None:
    if before.kind is OrdinanceKind.ANNUAL:
        Ordinance.objects.filter(
            entity_id=actor.entity_id,
            fiscal_year=before.fiscal_year,
            kind=str(OrdinanceKind.PROVISIONAL),
            state=str(OrdinanceState.IN_FORCE),
        ).update(state=str(OrdinanceState.REPLACED))
