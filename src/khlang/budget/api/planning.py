"""Endpoints of what outlives its year and of what owns lines: commitments, carry-overs, divisions, moving over."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from khlang.budget import commands, queries
from khlang.budget.api.reading import acting, reading
from khlang.budget.schemas.changes import (
    CarryDecisionIn,
    CarryExtensionIn,
    CarryIn,
    CarryOut,
    ClaimOut,
    CommitmentIn,
    CommitmentOut,
    DivisionIn,
    DivisionOut,
    KeyIn,
    MemberIn,
    NameIn,
)
from khlang.budget.schemas.moving_over import OpeningIn, RemainingOut, WorkbookIn
from khlang.budget.schemas.ordinances import MovedOut
from khlang.budget.schemas.values import Year, amount_of
from khlang.identity.access import actor_of
from khlang.kernel.fiscal_calendar import year_end, year_start

router = Router(tags=["budget"])
_BUDGET = "/{entity_code}/budget"
_YEAR = "/{entity_code}/budget/{int:fiscal_year}"


@router.get(f"{_YEAR}/claims-of-earlier-years", response=list[ClaimOut])
def claims(request: HttpRequest, entity_code: str, fiscal_year: Year) -> list[ClaimOut]:
    """What commitments over several years take of this year before it is drafted (R117)."""
    with reading(request, entity_code):
        found = queries.committed_by_earlier_years(fiscal_year=fiscal_year)
    return [ClaimOut(title=title, amount=str(amount)) for title, amount in found]


@router.get(f"{_YEAR}/commitments", response=list[CommitmentOut])
def commitments(request: HttpRequest, entity_code: str, fiscal_year: Year) -> list[CommitmentOut]:
    """Commitments over several years that begin in this year or claim a share of it (R117)."""
    with reading(request, entity_code):
        return [CommitmentOut.of_commitment(each) for each in queries.commitments(fiscal_year=fiscal_year)]


@router.put(f"{_YEAR}/commitments/{{uuid:commitment_id}}", response=None)
def put_commitment(
    request: HttpRequest, entity_code: str, fiscal_year: Year, commitment_id: UUID, body: CommitmentIn
) -> None:
    """Record the council's leave to commit over several years; the same id again records it once."""
    commands.record_commitment(
        actor=acting(request, entity_code, "budget.record_council"),
        commitment_id=commitment_id,
        fiscal_year=fiscal_year,
        line_id=body.line_id,
        draft=body.draft(),
        at=timezone.now(),
    )


@router.get(f"{_YEAR}/carry-overs", response=list[CarryOut])
def carry_overs(request: HttpRequest, entity_code: str, fiscal_year: Year, state: str = "") -> list[CarryOut]:
    """Money of a year that goes on after it, or is proposed to (R187, R197)."""
    with reading(request, entity_code):
        return [CarryOut.of_carry(each) for each in queries.carry_overs(fiscal_year=fiscal_year, state=state)]


@router.put(f"{_YEAR}/carry-overs/{{uuid:carry_id}}", response=None)
def put_carry(request: HttpRequest, entity_code: str, fiscal_year: Year, carry_id: UUID, body: CarryIn) -> None:
    """Propose that money goes on after its year; the same id again proposes it once."""
    commands.propose_carry(
        actor=acting(request, entity_code, "budget.carry"),
        carry_id=carry_id,
        fiscal_year=fiscal_year,
        line_id=body.line_id,
        kind=body.kind,
        amount=amount_of(body.amount, "amount"),
        from_hold_id=body.from_hold_id,
        reason=body.reason,
        at=timezone.now(),
    )


@router.post(f"{_BUDGET}/carry-overs/{{uuid:carry_id}}/decide", response=MovedOut | None)
def decide_carry(request: HttpRequest, entity_code: str, carry_id: UUID, body: CarryDecisionIn) -> MovedOut | None:
    """Approve a carry-over, which moves its money apart, or refuse it; the same key again does it once."""
    moved = commands.decide_carry(
        actor=actor_of(request, entity_code), carry_id=carry_id, **body.dict(), at=timezone.now()
    )
    return None if moved is None else MovedOut.of_moved(moved)


@router.post(f"{_BUDGET}/carry-overs/{{uuid:carry_id}}/extend", response=CarryOut)
def extend_carry(request: HttpRequest, entity_code: str, carry_id: UUID, body: CarryExtensionIn) -> CarryOut:
    """Give carried money a later end: by the council, or by the executive as the contract binds."""
    extended = commands.extend_carry(
        actor=actor_of(request, entity_code), carry_id=carry_id, **body.dict(), at=timezone.now()
    )
    return CarryOut.of_carry(extended)


@router.post(f"{_BUDGET}/carry-overs/{{uuid:carry_id}}/lapse", response=MovedOut)
def lapse_carry(request: HttpRequest, entity_code: str, carry_id: UUID, body: KeyIn) -> MovedOut:
    """Let what is left after the last day fall into savings (R195)."""
    moved = commands.lapse_carry(
        actor=actor_of(request, entity_code),
        carry_id=carry_id,
        idempotency_key=body.idempotency_key,
        at=timezone.now(),
    )
    return MovedOut.of_moved(moved)


@router.get(f"{_BUDGET}/divisions", response=list[DivisionOut])
def divisions(request: HttpRequest, entity_code: str) -> list[DivisionOut]:
    """Divisions that own lines, closed ones included."""
    with reading(request, entity_code):
        return [DivisionOut.of_division(each) for each in queries.divisions(with_closed=True)]


@router.put(f"{_BUDGET}/divisions/{{division}}", response=None)
def put_division(request: HttpRequest, entity_code: str, division: str, body: DivisionIn) -> None:
    """Make a division, name it otherwise, close it for new lines."""
    commands.set_division(
        actor=actor_of(request, entity_code), division=division, name_th=body.name_th, is_open=body.is_open
    )


@router.put(f"{_BUDGET}/divisions/{{division}}/members/{{int:user_id}}", response=None)
def put_member(request: HttpRequest, entity_code: str, division: str, user_id: int, body: MemberIn) -> None:
    """Let a person draft the lines of a division from now on, or no longer."""
    commands.set_division_member(
        actor=actor_of(request, entity_code),
        division=division,
        user_id=user_id,
        is_member=body.is_member,
        at=timezone.now(),
    )


@router.put(f"{_BUDGET}/enterprises/{{enterprise}}", response=None)
def put_enterprise(request: HttpRequest, entity_code: str, enterprise: str, body: NameIn) -> None:
    """Make an enterprise with a budget of its own (R70), or name it otherwise."""
    commands.set_enterprise(actor=actor_of(request, entity_code), enterprise=enterprise, name_th=body.name_th)


@router.post(f"{_YEAR}/moving-over/preview", response=RemainingOut)
def preview_remaining(request: HttpRequest, entity_code: str, fiscal_year: Year, body: WorkbookIn) -> RemainingOut:
    """Read the workbook of remaining budget of New e-LAAS and say everything about it. Nothing is written."""
    actor = acting(request, entity_code, "budget.read")
    with body.file() as path:
        return RemainingOut.of_book(commands.preview_remaining(actor=actor, path=path, fiscal_year=fiscal_year))


@router.post(f"{_YEAR}/moving-over", response=MovedOut)
def open_from_remaining(request: HttpRequest, entity_code: str, fiscal_year: Year, body: OpeningIn) -> MovedOut:
    """Open the year from the workbook, all of it or nothing; the same id again opens it once."""
    actor = acting(request, entity_code, "budget.move_over")
    today = timezone.localdate()
    with body.file() as path:
        book = commands.preview_remaining(actor=actor, path=path, fiscal_year=fiscal_year)
    moved = commands.open_from_remaining(
        actor=actor,
        book=book,
        divisions=body.divisions,
        ordinance_id=body.ordinance_id,
        effective_on=max(min(today, year_end(fiscal_year)), year_start(fiscal_year)),
        at=timezone.now(),
    )
    return MovedOut.of_moved(moved)
