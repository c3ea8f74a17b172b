"""Endpoints of transfers and changes of explanation: who must agree is computed, never sent (R98-R115)."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from khlang.budget import commands, queries
from khlang.budget.api.reading import acting, reading
from khlang.budget.schemas.changes import (
    ApprovalIn,
    ChangeIn,
    ChangeOut,
    ChangePreview,
    ChangeText,
    CloseIn,
    DayIn,
)
from khlang.budget.schemas.values import Year
from khlang.identity.access import actor_of
from khlang.kernel.refusals import Refusal, Refused

router = Router(tags=["budget changes"])
_YEAR = "/{entity_code}/budget/{int:fiscal_year}/changes"
_ONE = "/{entity_code}/budget/changes/{uuid:change_id}"


@router.get(_YEAR, response=list[ChangeOut])
def changes(
    request: HttpRequest, entity_code: str, fiscal_year: Year, kind: str = "", state: str = ""
) -> list[ChangeOut]:
    """Changes of a year: those with a number in its order, then what is still on its way."""
    with reading(request, entity_code):
        found = queries.changes(fiscal_year=fiscal_year, kind=kind, state=state)
    return [ChangeOut.of_change(each) for each in found]


@router.get(_ONE, response=ChangeOut)
def change(request: HttpRequest, entity_code: str, change_id: UUID) -> ChangeOut:
    """One change."""
    with reading(request, entity_code):
        found = queries.change(change_id=change_id)
    if found is None:
        raise Refused(Refusal("budget.change_unknown", {"change": str(change_id)}))
    return ChangeOut.of_change(found)


@router.put(f"{_ONE}/draft", response=ChangeOut)
def put_draft(request: HttpRequest, entity_code: str, change_id: UUID, body: ChangeIn) -> ChangeOut:
    """Keep a draft under an id that the caller makes; the same content again changes nothing."""
    kept = commands.save_change(
        actor=acting(request, entity_code, "budget.transfer"),
        change_id=change_id,
        revision=body.revision,
        draft=body.content.draft(),
        at=timezone.now(),
    )
    return ChangeOut.of_change(kept)


@router.post("/{entity_code}/budget/changes/preview", response=ChangePreview)
def preview(request: HttpRequest, entity_code: str, body: ChangeText) -> ChangePreview:
    """Who would have to agree, what each line would have, every reason why it could not be sent. Nothing is written."""
    found = commands.preview_change(
        actor=acting(request, entity_code, "budget.read"), draft=body.draft(), on=timezone.localdate()
    )
    return ChangePreview.of_found(*found)


@router.post(f"{_ONE}/submit", response=ChangeOut)
def submit(request: HttpRequest, entity_code: str, change_id: UUID) -> ChangeOut:
    """Send it to whom the rules name; sent twice it is sent once."""
    sent = commands.submit_change(actor=actor_of(request, entity_code), change_id=change_id, at=timezone.now())
    return ChangeOut.of_change(sent)


@router.post(f"{_ONE}/approve", response=ChangeOut)
def approve(request: HttpRequest, entity_code: str, change_id: UUID, body: ApprovalIn) -> ChangeOut:
    """Approve it: number, movements, new lines and explanations in one act; the same key again does it once."""
    approved = commands.approve_change(
        actor=actor_of(request, entity_code),
        change_id=change_id,
        approved_on=body.approved_on,
        resolution_number=body.resolution_number,
        resolved_on=body.resolved_on,
        idempotency_key=body.idempotency_key,
        at=timezone.now(),
    )
    return ChangeOut.of_change(approved)


@router.post(f"{_ONE}/close", response=ChangeOut)
def close(request: HttpRequest, entity_code: str, change_id: UUID, body: CloseIn) -> ChangeOut:
    """Take it back, strike it, or refuse it."""
    closed = commands.close_change(
        actor=actor_of(request, entity_code),
        change_id=change_id,
        state=body.state,
        reason=body.reason,
        at=timezone.now(),
    )
    return ChangeOut.of_change(closed)


@router.post(f"{_ONE}/announce", response=ChangeOut)
def announce(request: HttpRequest, entity_code: str, change_id: UUID, body: DayIn) -> ChangeOut:
    """The day on which it was announced at the office (R115)."""
    noted = commands.announce_change(
        actor=actor_of(request, entity_code), change_id=change_id, announced_on=body.day, at=timezone.now()
    )
    return ChangeOut.of_change(noted)


@router.post(f"{_ONE}/report", response=ChangeOut)
def report(request: HttpRequest, entity_code: str, change_id: UUID, body: DayIn) -> ChangeOut:
    """The day on which the supervising officer was told (R115)."""
    noted = commands.report_change(
        actor=actor_of(request, entity_code), change_id=change_id, notified_on=body.day, at=timezone.now()
    )
    return ChangeOut.of_change(noted)
