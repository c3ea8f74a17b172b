"""Endpoints of grants outside the ordinance: letter, opening, cash, clocks, giving back, report (R199-R206)."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from khlang.budget import commands, queries
from khlang.budget.api.reading import acting, reading
from khlang.budget.schemas.grants import (
    ExtensionIn,
    GrantIn,
    GrantMoneyIn,
    GrantOpenIn,
    GrantOut,
    GrantReportOut,
    GrantTaskOut,
    GrantWholeOut,
    ReturnIn,
    StrikeIn,
)
from khlang.budget.schemas.ordinances import MovedOut
from khlang.budget.schemas.values import Year
from khlang.identity.access import actor_of
from khlang.kernel.refusals import Refusal, Refused

router = Router(tags=["budget grants"])
_YEAR = "/{entity_code}/budget/{int:fiscal_year}/grants"
_ONE = "/{entity_code}/budget/grants/{uuid:grant_id}"


@router.get(_YEAR, response=list[GrantOut])
def grants(request: HttpRequest, entity_code: str, fiscal_year: Year) -> list[GrantOut]:
    """Grants of a year, the latest letter first."""
    with reading(request, entity_code):
        return [GrantOut.of_grant(each) for each in queries.grants(fiscal_year=fiscal_year)]


@router.get(f"{_YEAR}/report", response=list[GrantReportOut])
def report(request: HttpRequest, entity_code: str, fiscal_year: Year, to: date | None = None) -> list[GrantReportOut]:
    """Received, obligated, paid, carried over and returned of each grant, as of a day (today when none is named)."""
    with reading(request, entity_code):
        found = queries.grant_figures(fiscal_year=fiscal_year, to=to or timezone.localdate())
    return [GrantReportOut.of_figures(each) for each in found]


@router.get(f"{_YEAR}/tasks", response=list[GrantTaskOut])
def tasks(request: HttpRequest, entity_code: str, fiscal_year: Year) -> list[GrantTaskOut]:
    """Deadlines that come near with money still open, the nearest first."""
    with reading(request, entity_code):
        found = queries.grant_tasks(fiscal_years=[fiscal_year], today=timezone.localdate())
    return [GrantTaskOut.of_task(each) for each in found]


@router.get(_ONE, response=GrantWholeOut)
def grant(request: HttpRequest, entity_code: str, grant_id: UUID) -> GrantWholeOut:
    """One grant with its lines, clocks and cash."""
    with reading(request, entity_code):
        found = queries.grant(grant_id=grant_id)
    if found is None:
        raise Refused(Refusal("budget.grant_unknown", {"grant": str(grant_id)}))
    return GrantWholeOut.whole(found)


@router.put(f"{_ONE}/draft", response=GrantOut)
def put_draft(request: HttpRequest, entity_code: str, grant_id: UUID, body: GrantIn) -> GrantOut:
    """Keep a letter under an id that the caller makes; the same content again changes nothing."""
    kept = commands.save_grant(
        actor=acting(request, entity_code, "budget.grant"),
        grant_id=grant_id,
        revision=body.revision,
        draft=body.content.draft(),
        at=timezone.now(),
    )
    return GrantOut.of_grant(kept)


@router.post(f"{_ONE}/open", response=MovedOut)
def open_grant(request: HttpRequest, entity_code: str, grant_id: UUID, body: GrantOpenIn) -> MovedOut:
    """Open it: its lines come into force and both clocks start, all of it or nothing."""
    moved = commands.open_grant(
        actor=actor_of(request, entity_code), grant_id=grant_id, **body.dict(), at=timezone.now()
    )
    return MovedOut.of_moved(moved)


@router.post(f"{_ONE}/money", response=GrantOut)
def record_money(request: HttpRequest, entity_code: str, grant_id: UUID, body: GrantMoneyIn) -> GrantOut:
    """Cash that came clears what savings lent at once."""
    found = commands.record_money(
        actor=acting(request, entity_code, "budget.grant"),
        grant_id=grant_id,
        money_id=body.money_id,
        kind=body.kind,
        amount=body.baht(),
        happened_on=body.happened_on,
        document_number=body.document_number,
        note=body.note,
        at=timezone.now(),
    )
    return GrantOut.of_grant(found)


@router.post(f"{_ONE}/extend", response=GrantOut)
def extend(request: HttpRequest, entity_code: str, grant_id: UUID, body: ExtensionIn) -> GrantOut:
    """Set one of the two clocks anew; the same id again sets it once."""
    found = commands.extend_grant(
        actor=acting(request, entity_code, "budget.open_grant"),
        grant_id=grant_id,
        extension_id=body.extension_id,
        extension=body.extension(),
        at=timezone.now(),
    )
    return GrantOut.of_grant(found)


@router.post(f"{_ONE}/return", response=MovedOut)
def return_left(request: HttpRequest, entity_code: str, grant_id: UUID, body: ReturnIn) -> MovedOut:
    """Give back what is free; with nothing left the grant closes."""
    moved = commands.return_left(
        actor=acting(request, entity_code, "budget.open_grant"),
        grant_id=grant_id,
        returned_on=body.returned_on,
        document_number=body.document_number,
        note=body.note,
        amounts=body.parts(),
        idempotency_key=body.idempotency_key,
        at=timezone.now(),
    )
    return MovedOut.of_moved(moved)


@router.post(f"{_ONE}/cancel", response=GrantOut)
def cancel(request: HttpRequest, entity_code: str, grant_id: UUID, body: StrikeIn) -> GrantOut:
    """Strike a letter that was not opened; it is kept."""
    actor = actor_of(request, entity_code)
    return GrantOut.of_grant(commands.cancel_grant(actor=actor, grant_id=grant_id, reason=body.reason))
