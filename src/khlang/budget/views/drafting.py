"""Where divisions draft: the list of lines, one line with its explanation, what it does to the balance while typed."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from uuid6 import uuid7

from khlang.budget import commands, queries
from khlang.budget.forms.drafting import LineForm, fields_of, filter_form, line_form
from khlang.budget.forms.ordinances import whole
from khlang.budget.rules import OPEN_TO_BUDGET_OFFICER, OPEN_TO_DIVISIONS, DraftLineView, OrdinanceView, check_line
from khlang.budget.views import draft_showing as lines
from khlang.budget.views import ordinance_showing as showing
from khlang.budget.views import ordinance_words as words
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, message, next_step
from khlang.toolkit.page_keys import uuid_or_new
from khlang.toolkit.tenancy import entity_transaction

CONFLICT = "budget.changed_meanwhile"
_FIRST = "lines.0"


def may_write(actor: Actor, view: OrdinanceView) -> bool:
    """Whether this actor may write lines of the ordinance as it stands (R86)."""
    open_states = OPEN_TO_BUDGET_OFFICER if allowed(actor, "budget.draft_all") else OPEN_TO_DIVISIONS
    return allowed(actor, "budget.draft") and view.state in open_states


@require_GET
@page(act="budget.read")
def draft_lines(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """The lines of an ordinance by plan and work, narrowed as the address says."""
    view = showing.known(ordinance_id)
    chosen = filter_form(request.GET.dict())
    found = queries.draft_page(ordinance_id=ordinance_id, chosen=chosen)
    sums = queries.draft_sums(ordinance_id=ordinance_id)
    removed = _removed(view, request.GET.get("removed", ""))
    standing = queries.draft_standing(ordinance=view, entity_kind=showing.kind_of_entity(actor))
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "tone": words.STATES[view.state][0],
        "word": words.STATES[view.state][1],
        "page": found,
        "groups": lines.grouped_lines(found.rows, view.fiscal_year),
        "plans": lines.plan_sums(sums, view.fiscal_year),
        "divisions": lines.division_choices(),
        "enterprises": queries.enterprises(),
        "chosen": chosen,
        "is_narrowed": any(
            (chosen.search, chosen.division, chosen.plan, chosen.budget_type, chosen.enterprise is not None)
        ),
        "standing": showing.standing_shown(standing, _("General budget")),
        "removed": removed,
        "may_write": may_write(actor, view),
        "may_copy": may_write(actor, view) and allowed(actor, "budget.draft_all") and not found.count,
        "before": view.fiscal_year - 1,
    }
    return render(request, "budget/draft_lines.html", context)


def _removed(view: OrdinanceView, text: str) -> DraftLineView | None:
    """The line that was just taken out, so that it can be brought back."""
    try:
        found = queries.draft_line(line_id=UUID(text)) if text else None
    except ValueError:
        return None
    return found[0] if found and found[1] and found[0].ordinance_id == view.id else None


@require_GET
@page(act="budget.draft")
def new_draft_line(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """A line has its number and address before the first letter, so that a reload loses nothing."""
    place = {"entity_code": actor.entity_code, "ordinance_id": ordinance_id, "draft_line_id": uuid7()}
    after = request.GET.get("after", "")
    return redirect(reverse("budget:draft-line", kwargs=place, query={"after": uuid_or_new(after)} if after else None))


@require_http_methods(["GET", "POST"])
@page(act="budget.draft")
def draft_line(request: HttpRequest, actor: Actor, *, ordinance_id: UUID, draft_line_id: UUID) -> HttpResponse:
    """Show one line, or keep it as sent; `do` says what comes after (`next`: another line of the same kind)."""
    if request.method != "POST":
        view, kept = _known_line(ordinance_id, draft_line_id)
        blank = _like(request.GET.get("after", ""), ordinance_id)
        return _line_page(
            request, actor, view, draft_line_id, typed=fields_of(kept.draft) if kept else blank, kept=kept
        )
    form = line_form(request.POST.dict())
    reasons = _kept_or_refused(actor, ordinance_id, draft_line_id, form)
    if reasons:
        with entity_transaction(actor.entity_id, read_only=True):
            view, kept = _known_line(ordinance_id, draft_line_id)
            return _line_page(request, actor, view, draft_line_id, typed=dict(form.typed), kept=kept, refusals=reasons)
    name = "budget:new-draft-line" if request.GET.get("do") == "next" else "budget:draft-lines"
    address = redirect(name, entity_code=actor.entity_code, ordinance_id=ordinance_id)
    messages.success(
        request, _("Saved: %(line)s") % {"line": form.draft.identity.item or form.draft.identity.budget_type}
    )
    return redirect(f"{address.url}?after={draft_line_id}") if name == "budget:new-draft-line" else address


def _known_line(ordinance_id: UUID, line_id: UUID) -> tuple[OrdinanceView, DraftLineView | None]:
    """The ordinance and the line as kept, None for one that is only being typed; 404 for a line of another ordinance."""
    view, found = showing.known(ordinance_id), queries.draft_line(line_id=line_id)
    if found is None:
        return view, None
    if found[0].ordinance_id != ordinance_id:
        raise Http404
    return view, found[0]


def _like(after: str, ordinance_id: UUID) -> dict[str, str]:
    """What a new line takes over from the one before it: where it stands, not what it is."""
    found = queries.draft_line(line_id=uuid_or_new(after)) if after else None
    if found is None or found[0].ordinance_id != ordinance_id:
        return {}
    typed = fields_of(found[0].draft)
    return {name: typed[name] for name in ("enterprise", "division", "work", "budget_type", "fund_source")}


def _kept_or_refused(actor: Actor, ordinance_id: UUID, line_id: UUID, form: LineForm) -> Sequence[Refusal]:
    """Keep the line; or every reason why not, those of reading the form and those of its content at once."""
    if form.refusals:
        with entity_transaction(actor.entity_id, read_only=True):
            facts = queries.line_facts(fiscal_year=showing.known(ordinance_id).fiscal_year)
        return [*form.refusals, *check_line(form.draft, facts, where=_FIRST)]
    save = commands.LineSave(line_id, form.revision, form.draft)
    try:
        commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=[save], at=timezone.now())
    except Refused as refused:
        showing.door_refused(refused)
        return refused.refusals
    return ()


def _line_page(
    request: HttpRequest,
    actor: Actor,
    view: OrdinanceView,
    line_id: UUID,
    *,
    typed: Mapping[str, str],
    kept: DraftLineView | None,
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    conflict = any(each.code == CONFLICT for each in refusals)
    standing = queries.draft_standing(ordinance=view, entity_kind=showing.kind_of_entity(actor))
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "line_id": line_id,
        "kept": kept,
        # Saved again, mine is written over the version that is shown beside it.
        "revision": kept.revision if kept else 0,
        "typed": typed,
        "theirs": lines.differences(typed, fields_of(kept.draft)) if conflict and kept else (),
        "choices": lines.line_choices(actor, view.fiscal_year, timezone.now()),
        "type_name": lines.type_name(typed.get("budget_type", ""), view.fiscal_year),
        "standing": showing.standing_shown(standing, _("General budget")),
        "may_write": may_write(actor, view),
        "refusals": showing.as_fields(refusals, _FIRST),
    }
    status = HTTPStatus.CONFLICT if conflict else HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/draft_line.html", context, status=status)


@require_http_methods(["GET", "PUT"])
@page(act="budget.draft")
def keep_draft_line(request: HttpRequest, actor: Actor, *, ordinance_id: UUID, draft_line_id: UUID) -> JsonResponse:
    """Keep what a page has typed so far; 409 carries the version that stands now, nothing is overwritten."""
    if request.method == "GET":
        _view, kept = _known_line(ordinance_id, draft_line_id)
        found = fields_of(kept.draft) if kept else {}
        return JsonResponse({"revision": kept.revision if kept else 0, "fields": found})
    try:
        sent = json.loads(request.body)
        typed = {str(name): str(text) for name, text in dict(sent["fields"]).items()}
        form = line_form({**typed, "revision": str(int(sent["revision"]))})
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"code": "budget.request_incomplete"}, status=HTTPStatus.BAD_REQUEST)
    reasons = _kept_or_refused(actor, ordinance_id, draft_line_id, form)
    with entity_transaction(actor.entity_id, read_only=True):
        _view, kept = _known_line(ordinance_id, draft_line_id)
    if not reasons and kept:
        return JsonResponse({"revision": kept.revision})
    first = words.worded(reasons)[0]
    told: dict[str, object] = {"code": first.code, "message": message(first), "next": next_step(first)}
    if first.code != CONFLICT or kept is None:
        return JsonResponse(told, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    found = {**dict.fromkeys(typed, ""), **fields_of(kept.draft)}
    told |= {"revision": kept.revision, "by": kept.saved_by_name, "fields": found}
    return JsonResponse(told, status=HTTPStatus.CONFLICT)


@require_POST
@page(act="budget.draft")
def remove_draft_line(request: HttpRequest, actor: Actor, *, ordinance_id: UUID, draft_line_id: UUID) -> HttpResponse:
    """Take a line out of the draft; the list offers to bring it back."""
    revision = whole(request.POST.get("revision", ""))
    try:
        commands.remove_line(
            actor=actor, ordinance_id=ordinance_id, line_id=draft_line_id, revision=revision, at=timezone.now()
        )
    except Refused as refused:
        showing.door_refused(refused)
        with entity_transaction(actor.entity_id, read_only=True):
            view, kept = _known_line(ordinance_id, draft_line_id)
            typed = fields_of(kept.draft) if kept else {}
            reasons = [each.at("") for each in refused.refusals]
            return _line_page(request, actor, view, draft_line_id, typed=typed, kept=kept, refusals=reasons)
    address = redirect("budget:draft-lines", entity_code=actor.entity_code, ordinance_id=ordinance_id)
    return redirect(f"{address.url}?removed={draft_line_id}")


@require_POST
@page(act="budget.draft")
def restore_draft_line(request: HttpRequest, actor: Actor, *, ordinance_id: UUID, draft_line_id: UUID) -> HttpResponse:
    """Bring back a line that was taken out."""
    with entity_transaction(actor.entity_id, read_only=True):
        _view, kept = _known_line(ordinance_id, draft_line_id)
    if kept is None:
        raise Http404
    save = commands.LineSave(draft_line_id, whole(request.POST.get("revision", "")), kept.draft)
    try:
        commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=[save], at=timezone.now())
    except Refused as refused:
        showing.door_refused(refused)
        messages.error(request, message(words.worded(refused.refusals)[0]))
    return redirect("budget:draft-lines", entity_code=actor.entity_code, ordinance_id=ordinance_id)


@require_http_methods(["GET", "POST"])
@page(act="budget.read", writes=True)
def standing(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Balance and personnel ceiling, with the line as it is being typed in its place. Nothing is kept."""
    with entity_transaction(actor.entity_id, read_only=True):
        view = showing.known(ordinance_id)
        instead = None
        if request.method == "POST":
            instead = (uuid_or_new(request.POST.get("line_id", "")), line_form(request.POST.dict()).draft)
        found = queries.draft_standing(ordinance=view, entity_kind=showing.kind_of_entity(actor), instead=instead)
        shown = showing.standing_shown(found, _("General budget"))
        return render(request, "budget/_standing.html", {"standing": shown})


@require_GET
@page(act="budget.read")
def type_choices(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> JsonResponse:  # noqa: ARG001
    """Types of expenditure for a field of entry: `q` code or words."""
    view = showing.known(ordinance_id)
    return JsonResponse({"results": lines.type_hits(request.GET.get("q", "")[:80], view.fiscal_year)})
