"""The list of people and the page of one, and the list as a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from khlang.identity import queries, words
from khlang.identity.access import allowed, page
from khlang.identity.forms import people_list_form
from khlang.identity.rules import Duty, PersonRow, Role, chosen_people, roles_at
from khlang.identity.views.showing import Choice, hat_choices, hat_line, hats_in_words
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal
from khlang.toolkit.sorting import headings
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

COLUMNS: Final[dict[str, tuple[str | Promise, str]]] = {
    "name": (pgettext_lazy("person", "Name"), ""),
    "title": (gettext_lazy("Title"), ""),
    "hats": (gettext_lazy("Roles and duties now"), "wide"),
    "login": (gettext_lazy("Last log-in"), "hide-m"),
}


@require_GET
@page(act="identity.read_people")
def people_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """People of the entity, narrowed and sorted as the address says."""
    form = people_list_form(request.GET.dict())
    found = queries.people(form.chosen, at=timezone.now())
    context = {
        "form": form,
        "chosen": form.chosen,
        "page": found,
        "people": [(row, hats_in_words(row)) for row in found.rows],
        "headings": headings(COLUMNS, form.chosen.order, fixed=("hats",)),
        "hat_choices": hat_choices([*Role, *Duty]),
        "states": [Choice(state, str(label)) for state, label in words.PERSON_STATES.items()],
        "may_manage": allowed(actor, "identity.manage_people"),
    }
    return render(request, "identity/people.html", context)


@require_GET
@page(act="identity.read_people", reads="people")
def people_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list exactly as narrowed and sorted, whole, as a workbook."""
    chosen = people_list_form(request.GET.dict()).chosen
    rows = chosen_people(queries.all_people(at=timezone.now()), chosen)
    names = [_("User name"), _("First and family name"), _("Title"), _("Roles and duties now"), _("Last log-in")]
    content = list_workbook(
        title=_("People"),
        headings=[*names, _("On the list since"), _("Left")],
        rows=_cells(rows),
    )
    response = workbook_response(content=content, name=f"{actor.entity_code}-people")
    response.personal_rows = len(rows)  # type: ignore[attr-defined]
    return response


def _cells(rows: Sequence[PersonRow]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        hats = "; ".join(f"{line.name} ({line.basis_name})" for line in hats_in_words(row))
        login = timezone.localtime(row.last_login).date() if row.last_login else None
        left = timezone.localtime(row.left_at).date() if row.left_at else None
        yield (row.username, row.name, row.title, hats, login, timezone.localtime(row.added_at).date(), left)


@require_GET
@page(act="identity.read_people", reads="person:{user_id}")
def person_detail(request: HttpRequest, actor: Actor, *, user_id: int) -> HttpResponse:
    """One person with her hats over time; `ask` opens the form of an act."""
    return person_page(request, actor, user_id, ask=request.GET.get("ask", ""))


def person_page(
    request: HttpRequest,
    actor: Actor,
    user_id: int,
    *,
    ask: str = "",
    refusals: Sequence[Refusal] = (),
    typed: Mapping[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page of one person, also as the answer to an act that was refused, with what was typed."""
    row = queries.person(user_id=user_id, at=timezone.now())
    if row is None:
        raise Http404
    manages = allowed(actor, "identity.manage_people") and row.left_at is None
    level = queries.entity(code=actor.entity_code).level
    context = {
        "person": row,
        "hats": hats_in_words(row),
        "coming": [hat_line(held) for held in row.coming],
        "past": [hat_line(held) for held in reversed(row.past)],
        "former_names": queries.former_names(user_id=user_id),
        "home": "" if row.is_ours else queries.home_of(user_id=user_id),
        "roles": hat_choices([role for role in roles_at(level) if role not in _by_position(row)]),
        "may_manage": manages,
        "may_let_go": manages and user_id != actor.user_id,
        "shows_contact": manages or user_id == actor.user_id,
        "ask": ask,
        "typed": typed or {},
        "refusals": refusals,
    }
    return render(request, "identity/person.html", context, status=status)


def _by_position(row: PersonRow) -> set[str]:
    return {held.hat for held in row.hats if held.basis == "position"}
