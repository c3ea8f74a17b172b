"""Divisions that own lines of the budget, who drafts for them, and enterprises with budgets of their own."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.budget import commands, queries
from khlang.budget.forms.divisions import named_form, user_number
from khlang.identity import queries as identity
from khlang.identity.access import allowed, page
from khlang.identity.rules import PersonView
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction


@require_GET
@page(act="budget.read")
def divisions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every division with who drafts for it, and every enterprise."""
    return _list_page(request, actor)


def _list_page(request: HttpRequest, actor: Actor, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    now = timezone.now()
    members = queries.division_members(at=now)
    names = identity.names_of(user_ids={user for found in members.values() for user in found})
    rows = [
        (each, sorted(names.get(user, "-") for user in members.get(each.division, ())))
        for each in queries.divisions(with_closed=True)
    ]
    context = {
        "rows": rows,
        "enterprises": queries.enterprises(),
        "may_manage": allowed(actor, "budget.manage_divisions"),
        "typed": request.POST,
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/divisions.html", context, status=status)


@require_POST
@page(act="budget.manage_divisions")
def add_division(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a division."""
    form = named_form(request.POST.dict())
    return _added(
        request,
        actor,
        lambda: commands.set_division(actor=actor, division=form.code, name_th=form.name_th),
        said=_("Division {name} was added.").format(name=form.name_th),
    )


@require_POST
@page(act="budget.manage_divisions")
def add_enterprise(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make an enterprise, or give it another name."""
    form = named_form(request.POST.dict())
    return _added(
        request,
        actor,
        lambda: commands.set_enterprise(actor=actor, enterprise=form.code, name_th=form.name_th),
        said=_("Enterprise {name} was saved.").format(name=form.name_th),
        prefix="enterprise_",
    )


def _added(
    request: HttpRequest, actor: Actor, command: Callable[[], None], *, said: str, prefix: str = ""
) -> HttpResponse:
    try:
        command()
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            placed = tuple(each.at(f"{prefix}{each.where}") for each in refused.refusals)
            return _list_page(request, actor, placed)
    messages.success(request, said)
    return redirect("budget:divisions", entity_code=actor.entity_code)


@require_GET
@page(act="budget.read")
def division(request: HttpRequest, actor: Actor, *, division: str) -> HttpResponse:
    """One division: its name, whether it is open, who drafts for it."""
    return _division_page(request, actor, division)


def _division_page(request: HttpRequest, actor: Actor, code: str, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    found = next((each for each in queries.divisions(with_closed=True) if each.division == code), None)
    if found is None:
        raise Http404
    now = timezone.now()
    members = queries.division_members(at=now).get(code, [])
    names = identity.names_of(user_ids=members)
    may_manage = allowed(actor, "budget.manage_divisions")
    others = _who_may_draft(members) if may_manage else []
    context = {
        "division": found,
        "members": sorted((names.get(user, "-"), user) for user in members),
        "others": others,
        "may_manage": may_manage,
        "typed": request.POST,
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/division.html", context, status=status)


def _who_may_draft(members: list[int]) -> list[PersonView]:
    """People whose role lets them draft and who do not do so for this division."""
    found = identity.people_who_may(act="budget.draft", at=timezone.now())
    return [each for each in found if each.user_id not in members]


@require_POST
@page(act="budget.manage_divisions")
def save_division(request: HttpRequest, actor: Actor, *, division: str) -> HttpResponse:
    """Name it otherwise, close it for new lines, or open it again."""
    form = named_form(request.POST.dict())
    try:
        commands.set_division(actor=actor, division=division, name_th=form.name_th, is_open=form.is_open)
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _division_page(request, actor, division, refused.refusals)
    messages.success(request, _("Saved."))
    return redirect("budget:division", entity_code=actor.entity_code, division=division)


@require_POST
@page(act="budget.manage_divisions")
def set_member(request: HttpRequest, actor: Actor, *, division: str) -> HttpResponse:
    """Let somebody draft for it from now on, or no longer."""
    user, is_member = user_number(request.POST.dict()), request.POST.get("do") != "remove"
    try:
        commands.set_division_member(
            actor=actor, division=division, user_id=user, is_member=is_member, at=timezone.now()
        )
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _division_page(request, actor, division, refused.refusals)
    said = _("She drafts for this division from now on.") if is_member else _("She no longer drafts for this division.")
    messages.success(request, said)
    return redirect("budget:division", entity_code=actor.entity_code, division=division)
