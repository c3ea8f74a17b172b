"""The page on which a transfer or a change of explanation is typed, its drafts, and its live effect."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from uuid6 import uuid7

from khlang.budget import commands, queries
from khlang.budget.forms.changes import kind_of, typed_fields, whole_number
from khlang.budget.rules import BoardFilter, ChangeKind, ChangeState, ChangeView, fields_of, rows_of, without_row
from khlang.budget.views import change_showing as showing
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Refusal, Refused, message, next_step
from khlang.toolkit.tenancy import entity_transaction

CONFLICT = "budget.changed_meanwhile"
_CHOICES_MAX = 20


@require_GET
@page(act="budget.transfer")
def new_change(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """A change has its address before the first letter, so that a reload loses nothing."""
    asked = request.GET.urlencode()
    to = redirect("budget:edit-change", entity_code=actor.entity_code, fiscal_year=fiscal_year, change_id=uuid7())
    return redirect(f"{to.url}?{asked}") if asked else to


@require_http_methods(["GET", "POST"])
@page(act="budget.transfer")
def edit_change(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> HttpResponse:
    """Show the form, or take it as sent: `do` says what for (save, submit, add-GROUP, delete-GROUP-N)."""
    if request.method == "POST":
        return _taken(request, actor, fiscal_year, change_id)
    view = queries.change(change_id=change_id)
    if view is None:
        given = {f"{side}.0.line": request.GET.get(side, "") for side in ("from", "to", "line") if side in request.GET}
        return _form_page(request, actor, fiscal_year, change_id, None, typed=typed_fields(given))
    if view.state is not ChangeState.DRAFT:
        return redirect(
            "budget:change", entity_code=actor.entity_code, fiscal_year=view.draft.fiscal_year, change_id=change_id
        )
    return _form_page(request, actor, view.draft.fiscal_year, change_id, view, typed=_typed(view))


def _typed(view: ChangeView) -> dict[str, str]:
    """The form as it was typed, or as it would have been."""
    if view.typed:
        return dict(view.typed)
    codes = {
        line_id: each.line.code for line_id, each in queries.board_lines(fiscal_year=view.draft.fiscal_year).items()
    }
    return fields_of(view.draft, codes)


def _taken(request: HttpRequest, actor: Actor, fiscal_year: int, change_id: UUID) -> HttpResponse:
    sent, do = request.POST.dict(), request.GET.get("do", "save")
    typed, at = _rows_changed(typed_fields(sent), do), timezone.now()
    kind = kind_of(sent.get("kind", ""))
    try:
        view, reading = commands.keep_change(
            actor=actor,
            change_id=change_id,
            kind=kind,
            fiscal_year=fiscal_year,
            revision=whole_number(sent.get("revision", "")),
            typed=typed,
            at=at,
        )
        if do == "submit":
            try:
                commands.submit_change(actor=actor, change_id=change_id, at=at)
            except Refused as refused:
                raise Refused(*map(reading.placed, refused.refusals)) from refused
    except Refused as refused:
        return _refused(request, actor, fiscal_year, change_id, typed=typed, refused=refused)
    code, year = actor.entity_code, view.draft.fiscal_year
    if do == "submit":
        messages.success(request, _("Sent. The list of what is left to do shows it to whoever must agree."))
        return redirect("budget:change", entity_code=code, fiscal_year=year, change_id=change_id)
    if do == "save":
        messages.success(request, _("Saved as a draft."))
        return redirect("budget:edit-change", entity_code=code, fiscal_year=year, change_id=change_id)
    with entity_transaction(actor.entity_id, read_only=True):
        return _form_page(request, actor, fiscal_year, change_id, view, typed=typed)


def _rows_changed(typed: dict[str, str], do: str) -> dict[str, str]:
    """Without scripts, rows are added and taken out by the server."""
    verb, _dash, rest = do.partition("-")
    group, _dash, number = rest.partition("-")
    if verb == "add" and group in showing.GROUPS:
        at = max(rows_of(typed, group), default=-1) + 1
        return typed | {f"{group}.{at}.{'budget_type' if group == 'new' else 'line'}": ""}
    if verb == "delete" and group in showing.GROUPS:
        return without_row(typed, group, whole_number(number))
    return typed


def _refused(
    request: HttpRequest, actor: Actor, fiscal_year: int, change_id: UUID, *, typed: dict[str, str], refused: Refused
) -> HttpResponse:
    """The same page with everything typed still there, and every reason at its place."""
    is_conflict = any(each.code == CONFLICT for each in refused.refusals)
    status = HTTPStatus.CONFLICT if is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    with entity_transaction(actor.entity_id, read_only=True):
        view = queries.change(change_id=change_id)
        return _form_page(
            request, actor, fiscal_year, change_id, view, typed=typed, refusals=refused.refusals, status=status
        )


def _form_page(
    request: HttpRequest,
    actor: Actor,
    fiscal_year: int,
    change_id: UUID,
    view: ChangeView | None,
    *,
    typed: Mapping[str, str],
    refusals: tuple[Refusal, ...] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    kind = view.draft.kind if view else kind_of(request.POST.get("kind", "") or request.GET.get("kind", ""))
    context = {
        "year": fiscal_year,
        "change_id": change_id,
        "view": view,
        "kind": str(kind),
        "is_transfer": kind is ChangeKind.TRANSFER,
        "revision": view.revision if view else 0,
        "typed": typed,
        "refusals": refusals,
        "theirs": _typed(view) if view and status is HTTPStatus.CONFLICT else None,
        **showing.grids(typed, kind=kind, fiscal_year=fiscal_year, refusals=refusals),
        **showing.effect(typed, kind=kind, fiscal_year=fiscal_year, entity_kind=showing.kind_of_entity(actor)),
    }
    return render(request, "budget/change_form.html", context, status=status)


@require_http_methods(["GET", "PUT"])
@page(act="budget.transfer")
def change_draft(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> JsonResponse:
    """Keep what a page has typed so far; 409 carries the version that stands now, nothing is overwritten."""
    if request.method == "GET":
        view = queries.change(change_id=change_id)
        return JsonResponse({"revision": view.revision if view else 0, "fields": _typed(view) if view else {}})
    try:
        sent = json.loads(request.body)
        revision = int(sent["revision"])
        fields = {str(name): str(text) for name, text in dict(sent["fields"]).items()}
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"code": "budget.request_incomplete"}, status=HTTPStatus.BAD_REQUEST)
    try:
        view, _reading = commands.keep_change(
            actor=actor,
            change_id=change_id,
            kind=kind_of(fields.get("kind", "")),
            fiscal_year=fiscal_year,
            revision=revision,
            typed=typed_fields(fields),
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused_draft(actor, change_id, fields, refused)
    return JsonResponse({"revision": view.revision, "saved_at": view.saved_at and view.saved_at.isoformat()})


def _refused_draft(actor: Actor, change_id: UUID, sent: dict[str, str], refused: Refused) -> JsonResponse:
    first = refused.refusals[0]
    said: dict[str, object] = {"code": first.code, "message": message(first), "next": next_step(first)}
    if first.code != CONFLICT:
        return JsonResponse(said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    with entity_transaction(actor.entity_id, read_only=True):
        view = queries.change(change_id=change_id)
        stands = _typed(view) if view else {}
    # Rows that only the sender has are empty in the version that stands.
    empty = dict.fromkeys(typed_fields(sent), "")
    said |= {"revision": view.revision if view else 0, "by": first.facts.get("who", ""), "fields": {**empty, **stands}}
    return JsonResponse(said, status=HTTPStatus.CONFLICT)


@require_POST
@page(act="budget.transfer")
def change_effect(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> HttpResponse:  # noqa: ARG001  (one address for all of a change)
    """What the change would do, as typed at this moment: sums, balances, who must agree, what is wrong. Nothing is kept."""
    typed, kind = typed_fields(request.POST.dict()), kind_of(request.POST.get("kind", ""))
    with entity_transaction(actor.entity_id, read_only=True):
        found = showing.effect(typed, kind=kind, fiscal_year=fiscal_year, entity_kind=showing.kind_of_entity(actor))
    return render(request, "budget/_change_effect.html", {"is_transfer": kind is ChangeKind.TRANSFER, **found})


@require_GET
@page(act="budget.read")
def line_choices(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> JsonResponse:  # noqa: ARG001
    """Lines of the year that match `q`, each with what is left of it; `free=1` only those with something left."""
    search = BoardFilter(search=request.GET.get("q", "").replace("\0", "")[:100])
    # Money of a grant is neither diverted nor carried over by these pages (R200, R203).
    lines = tuple(
        each for each in queries.board(fiscal_year=fiscal_year, chosen=search).lines if each.line.grant_id is None
    )
    if request.GET.get("free") == "1":
        lines = tuple(each for each in lines if each.balance.available > ZERO)
    return JsonResponse(
        {
            "results": [
                {
                    "value": each.line.code,
                    "label": showing.line_name(each.line),
                    "detail": _("left {amount}").format(amount=each.balance.available.display()),
                }
                for each in lines[:_CHOICES_MAX]
            ]
        }
    )
