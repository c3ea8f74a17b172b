"""The page on which a grant is written from its letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from uuid6 import uuid7

from khlang.budget import commands, queries, words
from khlang.budget.forms.grants import GrantTyped, read_grant, typed_grant, typed_of
from khlang.budget.rules import GrantState, GrantView, Place
from khlang.budget.views.board import Choice, board_names, year_or_404
from khlang.budget.views.grants import fields_of
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.reference import queries as reference
from khlang.toolkit.request_language import page_language
from khlang.toolkit.tenancy import entity_transaction

ROWS_AT_FIRST = 3


@dataclass(frozen=True, slots=True)
class LineRow:
    """One row of the form with what is wrong about it."""

    number: int
    prefix: str
    line: Mapping[str, str]
    reasons: tuple[Refusal, ...]

    @property
    def wrong(self) -> frozenset[str]:
        """The fields at which something is wrong."""
        return frozenset(each.where.rpartition(".")[2] for each in self.reasons)


@require_GET
@page(act="budget.grant")
def new_grant(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:  # noqa: ARG001
    """A new letter: its number is made here, so that sending it twice keeps one."""
    year = year_or_404(fiscal_year)
    return redirect("budget:edit-grant", entity_code=actor.entity_code, fiscal_year=year, grant_id=uuid7())


@require_http_methods(["GET", "POST"])
@page(act="budget.grant")
def edit_grant(request: HttpRequest, actor: Actor, *, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    """Write a grant from its letter, until it is opened."""
    year = year_or_404(fiscal_year)
    if request.method == "GET":
        found = queries.grant(grant_id=grant_id)
        if found and found.grant.draft.fiscal_year != year:
            raise Http404
        if found and found.grant.state is not GrantState.DRAFT:
            # What was opened is read, not written.
            return redirect("budget:grant", entity_code=actor.entity_code, fiscal_year=year, grant_id=grant_id)
        return _form(request, year, grant_id, _known(found.grant) if found else _blank(year))
    fields = fields_of(request)
    typed = typed_grant(fields)
    if "add" in request.GET:
        return _again(request, actor, (year, grant_id), typed, more=len(typed.rows) + 1)
    draft, wrong = read_grant(typed, grant_id=grant_id, fiscal_year=year, today=timezone.localdate())
    revision = typed.head["revision"]
    try:
        refuse_any(wrong)
        commands.save_grant(
            actor=actor,
            grant_id=grant_id,
            revision=int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 7 else 0,  # noqa: PLR2004
            draft=draft,
            at=timezone.now(),
        )
    except Refused as refused:
        return _again(request, actor, (year, grant_id), typed, refusals=refused.refusals)
    messages.success(request, _("Saved. It counts when it is opened."))
    return redirect("budget:grant", entity_code=actor.entity_code, fiscal_year=year, grant_id=grant_id)


def _known(view: GrantView) -> tuple[GrantTyped, Mapping[str, object]]:
    draft = view.draft
    days = {"letter_on": draft.letter_on, "notified_on": draft.notified_on}
    return typed_of(view), {**days, "obligate_by": draft.clock.obligate_by, "spend_by": draft.clock.spend_by}


def _blank(year: int) -> tuple[GrantTyped, Mapping[str, object]]:
    clock = commands.first_clock(year)
    head = {"kind": "specific", "place": str(Place.OWN), "left_over": "return", "revision": "0"}
    days = {"obligate_by": clock.obligate_by, "spend_by": clock.spend_by}
    return GrantTyped(head), days


def _again(
    request: HttpRequest,
    actor: Actor,
    which: tuple[int, UUID],
    typed: GrantTyped,
    *,
    refusals: Sequence[Refusal] = (),
    more: int = 0,
) -> HttpResponse:
    with entity_transaction(actor.entity_id, read_only=True):
        return _form(request, *which, (typed, {}), refusals=refusals, more=more)


def _form(
    request: HttpRequest,
    year: int,
    grant_id: UUID,
    shown: tuple[GrantTyped, Mapping[str, object]],
    *,
    refusals: Sequence[Refusal] = (),
    more: int = 0,
) -> HttpResponse:
    typed, days = shown
    facts, english = queries.line_facts(fiscal_year=year), page_language() == "en"
    names = board_names(year)
    kinds = [kind for kind in reference.grant_kinds(fiscal_year=year) if not kind.in_ordinance]
    context = {
        "year": year,
        "grant_id": grant_id,
        "typed": {**typed.head, **days},
        "rows": _rows(typed, refusals, more),
        "kinds": [Choice(kind.code, kind.name_en if english else kind.name_th) for kind in kinds],
        "places": [Choice(str(place), str(word)) for place, word in words.PLACES.items()],
        "divisions": [Choice(each.division, each.name_th) for each in queries.divisions()],
        "works": [Choice(code, names.get(code, name)) for code, name in sorted(facts.works.items())],
        "types": [Choice(code, names.get(code, name)) for code, name in sorted(facts.types.items())],
        "refusals": refusals,
        "is_new": typed.head.get("revision", "0") in ("", "0"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/grant_form.html", context, status=status)


def _rows(typed: GrantTyped, refusals: Sequence[Refusal], more: int) -> list[LineRow]:
    lines = list(typed.rows)
    blank: Mapping[str, str] = {}
    lines += [blank] * max(more - len(lines), ROWS_AT_FIRST - len(lines), 0)
    return [
        LineRow(
            index + 1,
            f"lines.{index}",
            line,
            tuple(each for each in refusals if each.where.startswith(f"lines.{index}.")),
        )
        for index, line in enumerate(lines)
    ]
