"""Pages of grants outside the ordinance: the list with its report, one grant with its clocks and cash, its acts (R199-R206)."""

from collections.abc import Iterator, Sequence
from datetime import date
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from uuid6 import uuid7

from khlang.budget import commands, queries, words
from khlang.budget.forms.grants import read_extension, read_money, read_return, text_of
from khlang.budget.rules import GrantFigures, GrantState, GrantView, GrantWhole, Place
from khlang.budget.views.board import year_or_404
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.refusals import Refused, refuse_any
from khlang.kernel.thai_dates import parse_date
from khlang.toolkit.page_keys import key_of
from khlang.toolkit.request_language import page_language
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

PAPERS: Final = {
    ("money", "document_number"): "money-paper",
    ("money", "kind"): "money-kind",
    ("return", "document_number"): "return-paper",
    ("return", "amount"): "return-paper",
    ("cancel", "reason"): "cancel-reason",
}


def as_of(request: HttpRequest) -> date:
    """The day of the report; today when none or nonsense is asked for."""
    try:
        return parse_date(request.GET.get("to", "")[:40], today=timezone.localdate()).day
    except Refused:
        return timezone.localdate()


@require_GET
@page(act="budget.read")
def grants_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The grants of the present year."""
    return _list(request, actor, fiscal_year_of(timezone.localdate()))


@require_GET
@page(act="budget.read")
def grants(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """Grants of a year with the report of each as of a day, and what is due."""
    return _list(request, actor, year_or_404(fiscal_year))


def _list(request: HttpRequest, actor: Actor, year: int) -> HttpResponse:
    day, today = as_of(request), timezone.localdate()
    figures = queries.grant_figures(fiscal_year=year, to=day)
    waiting = [each for each in queries.grants(fiscal_year=year) if each.entry_no is None]
    context = {
        "year": year,
        "years": sorted({*queries.years(), year, year - 1}),
        "day": day,
        "today": today,
        "rows": [(each, kind_name(each.grant), words.GRANT_STATES[each.grant.state]) for each in figures],
        "drafts": [(each, kind_name(each), words.GRANT_STATES[each.state]) for each in waiting],
        "total": total(figures),
        "tasks": queries.grant_tasks(fiscal_years=[year], today=today),
        "may_record": allowed(actor, "budget.grant"),
    }
    return render(request, "budget/grants.html", context)


def kind_name(grant: GrantView) -> str:
    """The kind of a grant in the language of the page."""
    return grant.kind_name_en if page_language() == "en" else grant.kind_name_th


def total(figures: Sequence[GrantFigures]) -> dict[str, object]:
    """The report added up."""
    names = ("given", "received", "obligated", "paid", "carried", "returned", "left")
    return {
        name: sum((getattr(each, name) for each in figures[1:]), getattr(figures[0], name)) for name in names if figures
    }


@require_GET
@page(act="budget.read")
def grants_workbook(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The report as a workbook, as of the same day as on the page."""
    year, day = year_or_404(fiscal_year), as_of(request)
    heads = [_("Letter"), _("Received notice"), _("Purpose"), _("Kind of grant"), _("Giver"), _("Given"), _("Received")]
    heads += [_("Obligated"), _("Paid"), _("Carried over its year"), _("Given back"), _("Left")]
    heads += [_("Obligate by"), _("Spend by"), _("State")]
    rows = list(_cells(queries.grant_figures(fiscal_year=year, to=day)))
    content = list_workbook(title=_("Grants"), headings=heads, rows=rows)
    return workbook_response(content=content, name=f"{actor.entity_code}-grants-{year}-{day:%Y%m%d}")


def _cells(figures: Sequence[GrantFigures]) -> Iterator[Sequence[Cell]]:
    for each in figures:
        draft, clock = each.grant.draft, each.grant.binding
        head = (draft.letter_number, draft.notified_on, draft.title, kind_name(each.grant), draft.agency)
        money = (each.given, each.received, each.obligated, each.paid, each.carried, each.returned, each.left)
        yield (*head, *money, clock.obligate_by, clock.spend_by, str(words.GRANT_STATES[each.grant.state][1]))


@require_GET
@page(act="budget.read")
def grant(request: HttpRequest, actor: Actor, *, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    """One grant: what binds, its lines, its cash, what may be done."""
    return _shown(request, actor, fiscal_year, grant_id)


def _shown(
    request: HttpRequest,
    actor: Actor,
    fiscal_year: int,
    grant_id: UUID,
    *,
    refused: Refused | None = None,
    fold: str = "",
) -> HttpResponse:
    found = queries.grant(grant_id=grant_id)
    if found is None or found.grant.draft.fiscal_year != fiscal_year:
        raise Http404
    view, today = found.grant, timezone.localdate()
    binding = view.binding
    context = {
        "year": fiscal_year,
        "found": found,
        "grant": view,
        "draft": view.draft,
        "kind": kind_name(view),
        "state": words.GRANT_STATES[view.state],
        "place": words.PLACES[view.draft.place],
        "binding": binding,
        "obligate_days": (binding.obligate_by - today).days,
        "spend_days": (binding.spend_by - today).days,
        "clocks": [(each, words.PLACES[each.layer]) for each in found.clocks],
        "cash": [(each, words.MONEY_KINDS[each.kind]) for each in found.movements],
        "layers": [(str(place), word) for place, word in words.PLACES.items()],
        "money_kinds": [(str(kind), word) for kind, word in words.RECORDED_MONEY.items()],
        "refusals": refused.refusals if refused else (),
        "fold": fold,
        "typed": request.POST if refused else {},
        "extension": request.POST if refused and fold == "extend" else {},
        "key": key_of(request.POST) if refused else uuid7(),
        "today": today,
        **_may(actor, found),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "budget/grant.html", context, status=status)


def _may(actor: Actor, found: GrantWhole) -> dict[str, bool]:
    """What this person may do with the grant as it stands."""
    view = found.grant
    is_open, is_draft = view.state is GrantState.OPEN, view.state is GrantState.DRAFT
    records, opens = allowed(actor, "budget.grant"), allowed(actor, "budget.open_grant")
    return {
        "may_write": is_draft and records,
        "may_open": is_draft and opens,
        "may_record": is_open and records and view.draft.place is Place.OWN,
        "may_extend": is_open and opens,
        "may_return": is_open and opens and bool(view.balance.available),
    }


def _refused(request: HttpRequest, actor: Actor, which: tuple[int, UUID], refused: Refused, fold: str) -> HttpResponse:
    # Three forms of the page ask for a paper; each says at its own what is wrong.
    placed = [each.at(PAPERS.get((fold, each.where), each.where)) for each in refused.refusals]
    with entity_transaction(actor.entity_id, read_only=True):
        return _shown(request, actor, *which, refused=Refused(*placed), fold=fold)


def _back(actor: Actor, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    return redirect("budget:grant", entity_code=actor.entity_code, fiscal_year=fiscal_year, grant_id=grant_id)


def fields_of(request: HttpRequest) -> dict[str, str]:
    """What was sent, as texts."""
    return {name: str(text) for name, text in request.POST.items()}


@require_POST
@page(act="budget.open_grant")
def open_grant(request: HttpRequest, actor: Actor, *, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    """Open a grant: its lines come into force today."""
    now = timezone.now()
    try:
        commands.open_grant(
            actor=actor,
            grant_id=grant_id,
            opened_on=timezone.localdate(now),
            idempotency_key=key_of(fields_of(request)),
            at=now,
        )
    except Refused as refused:
        return _refused(request, actor, (fiscal_year, grant_id), refused, "open")
    messages.success(request, _("The grant is open: its lines may be used within its deadlines."))
    return _back(actor, fiscal_year, grant_id)


@require_POST
@page(act="budget.grant")
def cancel_grant(request: HttpRequest, actor: Actor, *, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    """Strike a letter that was not opened."""
    try:
        commands.cancel_grant(actor=actor, grant_id=grant_id, reason=text_of(fields_of(request), "reason"))
    except Refused as refused:
        return _refused(request, actor, (fiscal_year, grant_id), refused, "cancel")
    messages.success(request, _("Struck; it is kept."))
    return _back(actor, fiscal_year, grant_id)


@require_POST
@page(act="budget.grant")
def grant_money(request: HttpRequest, actor: Actor, *, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    """Record cash of a grant."""
    typed, wrong = read_money(fields_of(request), today=timezone.localdate())
    try:
        refuse_any(wrong)
        commands.record_money(
            actor=actor,
            grant_id=grant_id,
            money_id=typed.key,
            kind=typed.kind,
            amount=typed.amount,
            happened_on=typed.happened_on,
            document_number=typed.document_number,
            note=typed.note,
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, actor, (fiscal_year, grant_id), refused, "money")
    messages.success(request, _("The cash is recorded."))
    return _back(actor, fiscal_year, grant_id)


@require_POST
@page(act="budget.open_grant")
def extend_grant(request: HttpRequest, actor: Actor, *, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    """Record the extension of one of the two clocks."""
    fields = fields_of(request)
    extension, wrong = read_extension(fields, today=timezone.localdate())
    try:
        refuse_any(wrong)
        commands.extend_grant(
            actor=actor,
            grant_id=grant_id,
            extension_id=key_of(fields),
            extension=extension,
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, actor, (fiscal_year, grant_id), refused, "extend")
    messages.success(request, _("The extension is recorded."))
    return _back(actor, fiscal_year, grant_id)


@require_POST
@page(act="budget.open_grant")
def return_grant(request: HttpRequest, actor: Actor, *, fiscal_year: int, grant_id: UUID) -> HttpResponse:
    """Give back what is left of a grant."""
    fields = fields_of(request)
    day, number, note, wrong = read_return(fields, today=timezone.localdate())
    try:
        refuse_any(wrong)
        commands.return_left(
            actor=actor,
            grant_id=grant_id,
            returned_on=day,
            document_number=number,
            note=note,
            idempotency_key=key_of(fields),
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, actor, (fiscal_year, grant_id), refused, "return")
    messages.success(request, _("What was left is given back."))
    return _back(actor, fiscal_year, grant_id)
