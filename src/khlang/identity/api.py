"""Endpoints about people and rights, reading only. The shell gives log-in and the body of refusals."""

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from khlang.identity import queries
from khlang.identity.access import actor_of
from khlang.identity.forms import people_list_form
from khlang.identity.permissions import MATRIX, require
from khlang.identity.schemas import HatOut, PeoplePage, PersonOut, WhyOut
from khlang.toolkit.tenancy import entity_transaction

router = Router(tags=["people"])


@router.get("/{entity_code}/people", response=PeoplePage)
def people(request: HttpRequest, entity_code: str) -> PeoplePage:
    """People of the entity, fifty at a time. Narrowed as on the page: search, hat, state, order, page."""
    actor = actor_of(request, entity_code)
    require(actor, "identity.read_people")
    chosen = people_list_form({name: str(text) for name, text in request.GET.items()}).chosen
    with entity_transaction(actor.entity_id, read_only=True):
        found = queries.people(chosen, at=timezone.now())
    rows = [PersonOut.of(row) for row in found.rows]
    return PeoplePage(count=found.count, page=found.page, pages=found.pages, people=rows)


@router.get("/{entity_code}/hats", response=list[HatOut])
def hats(request: HttpRequest, entity_code: str) -> list[HatOut]:
    """The hats that the caller wears in the entity now."""
    actor = actor_of(request, entity_code)
    require(actor, "identity.read_permissions")
    return [HatOut.of_authority(each) for each in actor.authorities]


@router.get("/{entity_code}/why/{act}", response=WhyOut)
def why(request: HttpRequest, entity_code: str, act: str, document: str = "") -> WhyOut:
    """Why the caller may or may not do an act, on a document ("voucher:{id}") when one is named, and who can now."""
    actor = actor_of(request, entity_code)
    require(actor, "identity.read_permissions")
    if act not in MATRIX:
        raise Http404
    at = timezone.now()
    with entity_transaction(actor.entity_id, read_only=True):
        busy = {number for people in queries.hands_of(document=document).values() for number in people}
        people = [each for each in queries.people_who_may(act=act, at=at) if each.user_id not in busy]
        hindered_by = queries.hindrances(actor=actor, act=act, document=document, at=at)
    return WhyOut.of(actor, act, people, hindered_by)
