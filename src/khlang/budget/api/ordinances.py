"""Endpoints of ordinances: begin, draft, estimate, write, copy, step by step, into force."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from khlang.budget import commands, queries
from khlang.budget.api.reading import acting, reading
from khlang.budget.rules import standing
from khlang.budget.schemas.ordinances import (
    CopyYearIn,
    CopyYearOut,
    DraftLineOut,
    EstimateOut,
    EstimatesIn,
    ForceIn,
    LinesIn,
    MovedOut,
    OpenIn,
    OrdinanceOut,
    OrdinanceWhole,
    ProvisionalIn,
    RevisionIn,
    StepIn,
    TextsIn,
)
from khlang.budget.schemas.values import Year
from khlang.identity.access import actor_of
from khlang.identity.queries import entity
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction

router = Router(tags=["budget ordinances"])
_ALL = "/{entity_code}/budget/ordinances"
_ONE = "/{entity_code}/budget/ordinances/{uuid:ordinance_id}"


@router.get(_ALL, response=list[OrdinanceOut])
def ordinances(request: HttpRequest, entity_code: str, fiscal_year: int | None = None) -> list[OrdinanceOut]:
    """Ordinances, newest year first; of one fiscal year (B.E.) when it is named."""
    with reading(request, entity_code):
        return [OrdinanceOut.of(each) for each in queries.ordinances(fiscal_year=fiscal_year)]


@router.get(_ONE, response=OrdinanceWhole)
def ordinance(request: HttpRequest, entity_code: str, ordinance_id: UUID) -> OrdinanceWhole:
    """One ordinance: texts, steps, lines, estimates with actuals of three years, balance and personnel ceiling."""
    with reading(request, entity_code) as actor:
        return _whole(actor, ordinance_id)


def _whole(actor: Actor, ordinance_id: UUID) -> OrdinanceWhole:
    view = queries.ordinance(ordinance_id=ordinance_id)
    if view is None:
        raise Refused(Refusal("budget.ordinance_unknown", {"ordinance": str(ordinance_id)}))
    lines = queries.draft_lines(ordinance_id=ordinance_id)
    found = standing(
        lines=[each.draft for each in lines],
        estimates=queries.estimate_drafts(ordinance_id=ordinance_id),
        facts=queries.line_facts(fiscal_year=view.fiscal_year),
        limits=queries.limits(fiscal_year=view.fiscal_year, entity_kind=entity(code=actor.entity_code).kind),
    )
    estimates = queries.estimates(ordinance_id=ordinance_id, fiscal_year=view.fiscal_year)
    return OrdinanceWhole.whole(view, lines, estimates, found)


@router.put(_ONE, response=OrdinanceOut)
def open_ordinance(request: HttpRequest, entity_code: str, ordinance_id: UUID, body: OpenIn) -> OrdinanceOut:
    """Begin an ordinance under an id that the caller makes; the same id again answers the same."""
    made = commands.open_ordinance(
        actor=actor_of(request, entity_code),
        ordinance_id=ordinance_id,
        kind=body.kind,
        fiscal_year=body.fiscal_year,
        at=timezone.now(),
    )
    return OrdinanceOut.of(made)


@router.put(f"{_ONE}/lines", response=list[DraftLineOut])
def put_lines(request: HttpRequest, entity_code: str, ordinance_id: UUID, body: LinesIn) -> list[DraftLineOut]:
    """Keep lines, all or none. A version somebody else saved meanwhile is never overwritten."""
    kept = commands.save_lines(
        actor=acting(request, entity_code, "budget.draft"),
        ordinance_id=ordinance_id,
        lines=body.saves(),
        at=timezone.now(),
    )
    return [DraftLineOut.of_line(each) for each in kept]


@router.post(f"{_ONE}/lines/{{uuid:line_id}}/remove", response=None)
def remove_line(request: HttpRequest, entity_code: str, ordinance_id: UUID, line_id: UUID, body: RevisionIn) -> None:
    """Take a line out of the draft; it is kept."""
    commands.remove_line(
        actor=actor_of(request, entity_code),
        ordinance_id=ordinance_id,
        line_id=line_id,
        revision=body.revision,
        at=timezone.now(),
    )


@router.put(f"{_ONE}/estimates", response=list[EstimateOut])
def put_estimates(request: HttpRequest, entity_code: str, ordinance_id: UUID, body: EstimatesIn) -> list[EstimateOut]:
    """Keep estimates of revenue, all or none."""
    actor = acting(request, entity_code, "budget.estimate")
    commands.save_estimates(actor=actor, ordinance_id=ordinance_id, estimates=body.drafts(), at=timezone.now())
    with entity_transaction(actor.entity_id, read_only=True):
        view = queries.ordinance(ordinance_id=ordinance_id)
        year = view.fiscal_year if view else 0
        found = queries.estimates(ordinance_id=ordinance_id, fiscal_year=year)
    return [EstimateOut.of_estimate(each) for each in found]


@router.put(f"{_ONE}/texts", response=OrdinanceOut)
def put_texts(request: HttpRequest, entity_code: str, ordinance_id: UUID, body: TextsIn) -> OrdinanceOut:
    """Write statement, principle, reason or source of money over the version one has seen."""
    written = commands.write_texts(
        actor=actor_of(request, entity_code),
        ordinance_id=ordinance_id,
        texts=body.texts(),
        revision=body.revision,
        at=timezone.now(),
    )
    return OrdinanceOut.of(written)


@router.post(f"{_ONE}/copy", response=CopyYearOut)
def copy(request: HttpRequest, entity_code: str, ordinance_id: UUID, body: CopyYearIn) -> CopyYearOut:
    """Copy the lines of the year before that are not there yet, each amount changed by a percentage."""
    report = commands.copy_year(
        actor=actor_of(request, entity_code),
        ordinance_id=ordinance_id,
        percent=body.percent,
        with_investment=body.with_investment,
        at=timezone.now(),
    )
    return CopyYearOut.of_report(report)


@router.post(f"{_ONE}/steps", response=OrdinanceOut)
def take_step(request: HttpRequest, entity_code: str, ordinance_id: UUID, body: StepIn) -> OrdinanceOut:
    """One step (R86): those of the council are recorded by its secretary, those of the executive by the executive."""
    taken = commands.take_step(
        actor=actor_of(request, entity_code),
        ordinance_id=ordinance_id,
        step_id=body.step_id,
        step=body.step(),
        at=timezone.now(),
    )
    return OrdinanceOut.of(taken)


@router.post(f"{_ONE}/force", response=MovedOut)
def bring_into_force(request: HttpRequest, entity_code: str, ordinance_id: UUID, body: ForceIn) -> MovedOut:
    """Bring an announced ordinance into force, all of it or nothing."""
    moved = commands.bring_into_force(
        actor=actor_of(request, entity_code),
        ordinance_id=ordinance_id,
        effective_on=body.effective_on,
        idempotency_key=body.idempotency_key,
        at=timezone.now(),
    )
    return MovedOut.of_moved(moved)


@router.post("/{entity_code}/budget/{int:fiscal_year}/provisional", response=MovedOut)
def provisional(request: HttpRequest, entity_code: str, fiscal_year: Year, body: ProvisionalIn) -> MovedOut:
    """Let last year's budget hold for the time being (R89)."""
    moved = commands.use_last_year_for_now(
        actor=actor_of(request, entity_code),
        ordinance_id=body.ordinance_id,
        fiscal_year=fiscal_year,
        idempotency_key=body.idempotency_key,
        at=timezone.now(),
    )
    return MovedOut.of_moved(moved)
