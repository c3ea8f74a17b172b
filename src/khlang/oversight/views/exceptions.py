"""Every act done in two hats under a written exception: nothing is hidden, the reviewer answers each (R333)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khlang.identity import commands
from khlang.identity import queries as identity
from khlang.identity.access import allowed, page
from khlang.identity.rules import UseView
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.statements import Link
from khlang.oversight.rules import document_link, is_overdue
from khlang.oversight.words import act_words, document_words, step_words
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

STATES = ("unreviewed", "overdue", "in_order", "questioned")
_ROWS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use with its words, where its document is, and whether this reader may review it."""

    use: UseView
    state: str
    act: str
    document: str
    step: str
    link: Link | None
    may_review: bool


def _rows(actor: Actor) -> list[UseRow]:
    today = timezone.localdate()
    reviews = allowed(actor, "oversight.review_exceptions")
    rows = []
    for use in identity.exception_uses(limit=_ROWS_MAX):
        late = is_overdue(used_on=timezone.localdate(use.used_at), today=today)
        state = use.finding or ("overdue" if late else "unreviewed")
        may_review = reviews and not use.finding and use.user_id != actor.user_id
        rows.append(
            UseRow(
                use,
                state,
                act_words(use.act),
                document_words(use.document),
                step_words(use.step),
                document_link(use.document),
                may_review,
            )
        )
    return rows


def _narrowed(rows: list[UseRow], request: HttpRequest) -> list[UseRow]:
    state, person = request.GET.get("state", ""), request.GET.get("person", "")
    return [row for row in rows if state in ("", row.state) and person in ("", str(row.use.user_id))]


@require_GET
@page(act="oversight.read_exceptions")
def exception_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All uses, newest first, with how many stand in each state."""
    rows = _rows(actor)
    found = Counter(row.state for row in rows)
    shown = _narrowed(rows, request)
    context = {
        "actor": actor,
        "rows": shown,
        "counts": [(state, found[state]) for state in STATES if found[state]],
        "asked": request.GET,
        "people": sorted({(row.use.user_name, str(row.use.user_id)) for row in rows}),
        "may_review": any(row.may_review for row in shown),
        "whole": len(rows),
    }
    return render(request, "oversight/exception_list.html", context)


@require_GET
@page(act="oversight.read_exceptions")
def exception_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same list as a workbook."""
    headings = [_("When"), _("Who"), _("Rule"), _("Step"), _("Document"), _("Order"), _("Reviewer"), _("State")]
    content = list_workbook(
        title=_("Exceptions used"),
        headings=[*headings, _("Note"), _("Reviewed by"), _("Reviewed at")],
        rows=_cells(_narrowed(_rows(actor), request)),
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-exceptions")


def _cells(rows: list[UseRow]) -> Iterator[Sequence[Cell]]:
    words = {"unreviewed": _("To be reviewed"), "overdue": _("Overdue"), "in_order": _("In order")}
    for row in rows:
        use = row.use
        found = words.get(row.state, _("Questioned"))
        head = (use.used_at, use.user_name, use.rule, row.step, row.document, use.order_number, use.reviewer_name)
        yield (*head, found, use.note, use.reviewed_by_name, use.reviewed_at)


@require_POST
@page(act="oversight.review_exceptions")
def review_selected(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find several in order at once; a question is asked on the page of its use."""
    chosen = [text for text in request.POST.getlist("use") if _is_key(text)]
    for use_id in chosen:
        commands.review_exception(actor=actor, use_id=use_id, finding="in_order", note="", at=timezone.now())
    if chosen:
        said = ngettext("%(count)d act was found in order.", "%(count)d acts were found in order.", len(chosen))
        messages.success(request, said % {"count": len(chosen)})
    else:
        messages.warning(request, _("Nothing was chosen."))
    return redirect("oversight:exceptions", entity_code=actor.entity_code)


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@require_http_methods(["GET", "HEAD", "POST"])
@page(act="oversight.read_exceptions")
def exception_detail(request: HttpRequest, actor: Actor, use_id: UUID) -> HttpResponse:
    """One use, and the reviewer's answer."""
    if request.method != "POST":
        return _detail(request, actor, use_id)
    try:
        commands.review_exception(
            actor=actor,
            use_id=str(use_id),
            finding=request.POST.get("finding", ""),
            note=request.POST.get("note", ""),
            at=timezone.now(),
        )
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _detail(request, actor, use_id, refusals=refused.refusals)
    messages.success(request, _("The review is kept."))
    return redirect("oversight:exceptions", entity_code=actor.entity_code)


def _detail(request: HttpRequest, actor: Actor, use_id: UUID, *, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    row = next((row for row in _rows(actor) if row.use.use_id == str(use_id)), None)
    if row is None:
        raise Http404
    context = {"actor": actor, "row": row, "use": row.use, "note": request.POST.get("note", ""), "refusals": refusals}
    return render(request, "oversight/exception_detail.html", context, status=422 if refusals else 200)
