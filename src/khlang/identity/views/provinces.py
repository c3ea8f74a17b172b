"""Roles of the provinces, for the department: who holds which in its offices, give and take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from khlang.identity import commands, queries, words
from khlang.identity.access import page
from khlang.identity.forms import person_number, province_filter, text_of
from khlang.identity.rules import Level, ProvinceHolder, ProvinceView, Role, chosen_provinces, roles_at
from khlang.identity.views.showing import hat_choices
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.sorting import headings
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import list_workbook, workbook_response

_ACT = "identity.manage_provinces"
COLUMNS: Final[dict[str, tuple[str | Promise, str]]] = {
    "name": (gettext_lazy("Office"), ""),
    "holders": (gettext_lazy("Who holds a role"), "wide"),
}


@require_GET
@page(act=_ACT)
def province_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every provincial office with those who hold roles there, narrowed and sorted as the address says."""
    chosen = province_filter(request.GET.dict())
    rows = _provinces(actor)
    context = {
        "chosen": chosen,
        "rows": [_shown(row) for row in chosen_provinces(rows, chosen)],
        "headings": headings(COLUMNS, chosen.order),
        "count": len(rows),
        "empty": sum(1 for row in rows if not row.holders),
        "is_narrowed": bool(chosen.search or chosen.is_empty),
    }
    return render(request, "identity/provinces.html", context)


@require_GET
@page(act=_ACT, reads="provinces")
def province_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list as narrowed, one row for each role that is held."""
    chosen = province_filter(request.GET.dict())
    rows = [
        (
            office.code,
            office.name,
            each.name,
            each.username,
            each.title,
            each.role,
            timezone.localtime(each.since).date(),
        )
        for office in map(_shown, chosen_provinces(_provinces(actor), chosen))
        for each in office.holders
    ]
    names = [_("Code"), _("Office"), _("First and family name"), _("User name"), _("Title"), _("Role"), _("Since")]
    response = workbook_response(
        content=list_workbook(title=_("Roles of the provinces"), headings=names, rows=rows),
        name=f"{actor.entity_code}-provinces",
    )
    response.personal_rows = len(rows)  # type: ignore[attr-defined]
    return response


def _provinces(actor: Actor) -> list[ProvinceView]:
    if queries.entity(code=actor.entity_code).level != Level.DEPARTMENT:
        raise Http404
    return queries.provinces()


@dataclass(frozen=True, slots=True)
class ShownOffice:
    """One office in the language of the page."""

    code: str
    name: str
    holders: tuple[ProvinceHolder, ...]


def _shown(row: ProvinceView) -> ShownOffice:
    name = row.name_en if words.english() and row.name_en else row.name_th
    return ShownOffice(row.code, name, row.holders)


@require_GET
@page(act=_ACT)
def province_detail(request: HttpRequest, actor: Actor, *, office_code: str) -> HttpResponse:
    """One office: who holds a role there, since when; the forms to give one and to take one back."""
    return _detail(request, actor, office_code, ask=request.GET.get("ask", ""))


def _detail(
    request: HttpRequest,
    actor: Actor,
    office_code: str,
    *,
    ask: str,
    refusals: Sequence[Refusal] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    office = next((each for each in _provinces(actor) if each.code == office_code), None)
    if office is None:
        raise Http404
    context = {
        "office": _shown(office),
        "holders": [(each, f"end-{each.user_id}-{each.role}") for each in office.holders],
        "roles": hat_choices(roles_at(Level.PROVINCE)),
        "ask": ask,
        "typed": {"role": str(Role.PROVINCE_OFFICER), **request.POST.dict()},
        "refusals": refusals,
    }
    return render(request, "identity/province.html", context, status=status)


@require_POST
@page(act=_ACT)
def give_role(request: HttpRequest, actor: Actor, *, office_code: str) -> HttpResponse:
    """Give somebody who has an account a role in the office."""
    fields = request.POST.dict()
    try:
        name = commands.grant_province_role(
            actor=actor,
            office_code=office_code,
            username=text_of(fields, "username"),
            role=text_of(fields, "role"),
            reason=text_of(fields, "reason"),
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, actor, office_code, refused, ask="give")
    messages.success(request, _("%(name)s holds the role now.") % {"name": name})
    return redirect("identity:province", entity_code=actor.entity_code, office_code=office_code)


@require_POST
@page(act=_ACT)
def end_role(request: HttpRequest, actor: Actor, *, office_code: str) -> HttpResponse:
    """Take a role back."""
    fields = request.POST.dict()
    number, role = text_of(fields, "user_id"), text_of(fields, "role")
    try:
        commands.end_province_role(
            actor=actor,
            office_code=office_code,
            user_id=person_number(number),
            role=role,
            reason=text_of(fields, "reason"),
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, actor, office_code, refused, ask=f"end-{number}-{role}")
    messages.success(request, _("The role ended."))
    return redirect("identity:province", entity_code=actor.entity_code, office_code=office_code)


def _refused(request: HttpRequest, actor: Actor, office_code: str, refused: Refused, *, ask: str) -> HttpResponse:
    with entity_transaction(actor.entity_id, read_only=True):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _detail(request, actor, office_code, ask=ask, refusals=refused.refusals, status=status)
