"""Moving over from New e-LAAS in mid-year: send the workbook, look at it, name the divisions, open the year."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from uuid6 import uuid7

from khlang.budget import commands, queries, readers
from khlang.budget.forms.changes import days_of
from khlang.budget.forms.moving_over import divisions_form
from khlang.budget.rules import MovingOverView
from khlang.budget.rules.old_tree import tree
from khlang.budget.rules.remaining_budget import RemainingBook, divisions_missing
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import uploads
from khlang.toolkit.page_keys import uuid_of
from khlang.toolkit.tenancy import entity_transaction


@require_GET
@page(act="budget.read")
def moving_overs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Workbooks sent, and where to send one."""
    return _list_page(request, actor)


def _list_page(request: HttpRequest, actor: Actor, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    context = {
        "rows": queries.moving_overs(),
        "moving_id": uuid7(),
        "may_send": allowed(actor, "budget.draft_all"),
        "megabytes": readers.BYTES_MAX // 1_000_000,
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/moving_overs.html", context, status=status)


@require_POST
@page(act="budget.draft_all")
def send_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Keep the workbook sent, and show what is in it."""
    sent = request.FILES.get("file")
    moving_id = uuid_of(request.POST.get("moving_id", "")) or uuid7()
    try:
        commands.keep_workbook(
            actor=actor,
            moving_id=moving_id,
            file_name=(sent.name if sent else "") or "-",
            chunks=sent.chunks() if sent else [],
            at=timezone.now(),
        )
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _list_page(request, actor, refused.refusals)
    return redirect("budget:moving-over", entity_code=actor.entity_code, moving_id=moving_id)


@require_GET
@page(act="budget.read")
def moving_over(request: HttpRequest, actor: Actor, *, moving_id: UUID) -> HttpResponse:
    """The workbook as it was read: its tree, what does not hold, what was guessed, whose each work is."""
    return _page(request, actor, moving_id)


def _page(request: HttpRequest, actor: Actor, moving_id: UUID, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    view = queries.moving_over(moving_id=moving_id)
    if view is None:
        raise Http404
    book = commands.read_workbook(actor=actor, moving_id=moving_id)
    divisions = queries.divisions()
    missing = divisions_missing(book, view.divisions, [each.division for each in divisions])
    context = {
        "view": view,
        "book": book,
        "nodes": _nodes(book, view),
        "total": _totals(book),
        "divisions": divisions,
        "general": view.divisions.get("", ""),
        "missing": missing,
        "faults": book.all_faults,
        "guesses": book.guesses,
        "effective_on": timezone.localdate(),
        "may_name": allowed(actor, "budget.draft_all") and view.ordinance_id is None,
        "may_open": allowed(actor, "budget.move_over") and view.ordinance_id is None,
        "is_open": view.ordinance_id is not None,
        "ready": not book.all_faults and not missing,
        "ask": "open" if request.GET.get("ask") == "open" or request.POST.get("effective_on") else "",
        "typed": request.POST,
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/moving_over.html", context, status=status)


def _nodes(book: RemainingBook, view: MovingOverView) -> list[tuple[object, str]]:
    """The tree, each work with the division named for it."""
    names = queries.names(fiscal_year=book.fiscal_year or view.year_of_making)
    return [(node, view.divisions.get(node.work, "") if node.work else "") for node in tree(book.rows, names)]


def _totals(book: RemainingBook) -> dict[str, object]:
    names = ("approved", "transferred_in", "transferred_out", "obligated", "disbursed", "remaining")
    return {name: sum((getattr(row, name) for row in book.rows), ZERO) for name in names}


@require_POST
@page(act="budget.draft_all")
def name_divisions(request: HttpRequest, actor: Actor, *, moving_id: UUID) -> HttpResponse:
    """Keep whose each work is, as far as it was chosen."""
    try:
        commands.name_divisions(actor=actor, moving_id=moving_id, divisions=divisions_form(request.POST.dict()))
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _page(request, actor, moving_id, refused.refusals)
    messages.success(request, _("The divisions were kept."))
    return redirect("budget:moving-over", entity_code=actor.entity_code, moving_id=moving_id)


@require_POST
@page(act="budget.move_over")
def open_year(request: HttpRequest, actor: Actor, *, moving_id: UUID) -> HttpResponse:
    """Open the year from the workbook, all of it or nothing."""
    days = days_of(request.POST.dict(), "effective_on", today=timezone.localdate())
    try:
        moved = commands.open_from_workbook(
            actor=actor, moving_id=moving_id, effective_on=days.day("effective_on"), at=timezone.now()
        )
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _page(request, actor, moving_id, refused.refusals)
    messages.success(
        request, _("The budget of {year} is open, with every figure of the old system.").format(year=moved.fiscal_year)
    )
    return redirect("budget:board", entity_code=actor.entity_code, fiscal_year=moved.fiscal_year)


@require_GET
@page(act="budget.read")
def workbook_file(request: HttpRequest, actor: Actor, *, moving_id: UUID) -> HttpResponseBase:  # noqa: ARG001
    """The workbook exactly as it was sent."""
    view = queries.moving_over(moving_id=moving_id)
    if view is None:
        raise Http404
    return uploads.download(queries.workbook_path(view), name=view.file_name)
