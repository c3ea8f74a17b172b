"""The table of rights, one's own rights, and why one may not do something and who can."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khlang.identity import queries, words
from khlang.identity.access import page
from khlang.identity.forms import text_of
from khlang.identity.permissions import MATRIX, PERMISSIONS, Permission, check, may
from khlang.identity.rules import GRANTABLE_ROLES, STEP_OF, Duty, Role, pairs_of
from khlang.identity.views.showing import hat_choices, hat_line
from khlang.kernel.actors import Actor, Authority
from khlang.kernel.thai_text import search_key
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

_HATS: tuple[str, ...] = tuple(hat for hat in [*Role, *Duty] if hat != Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class RightLine:
    """One act of the table in words: who may do it, and whether it asks for a new proof of identity."""

    act: str
    name: str
    hats: tuple[str, ...]
    step_up: bool
    mine: bool = False


def _line(permission: Permission, actor: Actor) -> RightLine:
    hats = tuple(words.hat(hat) for hat in _HATS if hat in permission.hats)
    return RightLine(permission.act, words.act(permission.act), hats, permission.step_up, may(actor, permission.act))


@require_GET
@page(act="identity.read_permissions")
def permission_matrix(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Acts and who may do them, narrowed to one hat or some words."""
    fields = request.GET.dict()
    hat, search = str(fields.get("hat", "")), text_of(fields, "search")
    context = {
        "lines": [_line(each, actor) for each in _narrowed(hat, search)],
        "hat_choices": hat_choices(_HATS),
        "hat": hat,
        "search": search,
        "is_narrowed": bool(search or hat in _HATS),
    }
    return render(request, "identity/permissions.html", context)


def _narrowed(hat: str, search: str) -> list[Permission]:
    key = search_key(search)
    return [
        each
        for each in PERMISSIONS
        if (hat not in _HATS or hat in each.hats) and key in search_key(f"{words.act(each.act)} {each.act}")
    ]


@require_GET
@page(act="identity.read_permissions")
def permission_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The table as a grid, acts by hats, narrowed as the page is."""
    fields = request.GET.dict()
    found = _narrowed(str(fields.get("hat", "")), text_of(fields, "search"))
    content = list_workbook(
        title=_("Table of rights"),
        headings=[_("Act"), _("Name in code"), _("Asks for a new proof"), *(words.hat(hat) for hat in _HATS)],
        rows=_grid(found),
        marks=len(_HATS),
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-permissions")


def _grid(found: Sequence[Permission]) -> Iterator[Sequence[Cell]]:
    for each in found:
        marks = ("●" if hat in each.hats else "" for hat in _HATS)
        yield (words.act(each.act), each.act, _("yes") if each.step_up else "", *marks)


@require_GET
@page(act="identity.read_permissions")
def my_rights(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the reader may do here now, and on what it rests."""
    row = queries.person(user_id=actor.user_id, at=timezone.now())
    context = {
        "authorities": [
            (words.hat(each.hat), words.hat_does(each.hat), _basis(each), each) for each in actor.authorities
        ],
        "coming": [hat_line(held) for held in row.coming] if row else [],
        "lines": [_line(each, actor) for each in PERMISSIONS],
    }
    return render(request, "identity/rights.html", context)


def _basis(authority: Authority) -> str:
    return str(words.BASES.get(authority.basis, authority.basis))


@require_GET
@page(act="identity.read_permissions")
def why(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Why the reader may not do an act, what is missing, and who can do it now."""
    act, document = request.GET.get("act", ""), request.GET.get("document", "")
    if act not in MATRIX:
        raise Http404
    at = timezone.now()
    permission, row = MATRIX[act], queries.person(user_id=actor.user_id, at=at)
    over = [held for held in (row.past if row else ()) if held.hat in permission.hats]
    context = {
        "act": act,
        "act_name": words.act(act),
        "may": may(actor, act),
        **_besides_roles(actor, act, document, at),
        "step_up": permission.step_up,
        "needs_proof": check(actor, act) is not None and check(replace(actor, fresh=True), act) is None,
        "authorities": [(words.hat(each.hat), _basis(each), each) for each in actor.authorities],
        "allowing": {each.hat for each in actor.authorities} & permission.hats,
        "roles": [words.hat(role) for role in Role if role in permission.roles & GRANTABLE_ROLES],
        "duties": [words.hat(duty) for duty in Duty if duty in permission.duties],
        "over": [hat_line(held) for held in over[-3:]],
        "coming": [hat_line(held) for held in (row.coming if row else ()) if held.hat in permission.hats],
        "keepers": queries.people_who_may(act="identity.manage_people", at=at),
        "exceptions": queries.separations(user_id=actor.user_id, day=timezone.localdate(at)),
    }
    return render(request, "identity/why.html", context)


def _besides_roles(actor: Actor, act: str, document: str, at: datetime) -> dict[str, object]:
    """What closes the act to everybody, which hands must differ on one document, and who is left to do it there."""
    hands, step = queries.hands_of(document=document), STEP_OF.get(act)
    busy = {actor.user_id, *(number for people in hands.values() for number in people)}
    return {
        "hindrances": queries.hindrances(actor=actor, act=act, document=document, at=at),
        "kept_apart": [(rule, words.RULES[rule]) for rule in dict.fromkeys(pair.rule for pair in pairs_of(step or ""))],
        "of_document": bool(hands),
        "people": [each for each in queries.people_who_may(act=act, at=at) if each.user_id not in busy],
    }
