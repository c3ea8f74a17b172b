"""A draft out to Excel and back: export, send, look at what would change, bring in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods
from uuid6 import uuid7

from khlang.budget import commands, queries
from khlang.budget.commands import SheetPreview
from khlang.budget.commands.draft_workbooks import LIMITS
from khlang.budget.forms.drafting import fields_of, filter_form
from khlang.budget.rules.draft_sheet import KEYS, SheetAct, SheetChange, amount_of
from khlang.budget.views import draft_showing as lines
from khlang.budget.views import ordinance_showing as showing
from khlang.budget.views import ordinance_words as words
from khlang.budget.views.drafting import may_write
from khlang.budget.writers import DraftSheet, draft_workbook
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.reference import queries as reference
from khlang.toolkit import uploads
from khlang.toolkit.page_keys import uuid_or_new
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import workbook_response

SHOWN_MAX = 300


@require_GET
@page(act="budget.read")
def export_draft(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """The lines as narrowed on the page, as a workbook to be filled in and brought back."""
    view = showing.known(ordinance_id)
    found = queries.draft_lines_chosen(ordinance_id=ordinance_id, chosen=filter_form(request.GET.dict()))
    content = draft_workbook(
        DraftSheet(
            found,
            _headings(),
            _codes(view.fiscal_year),
            (pgettext("sheet", "Lines"), pgettext("sheet", "Codes"), pgettext("sheet", "How to fill it in")),
            _guide(),
        )
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-budget-{view.fiscal_year}-{view.kind}")


def _headings() -> dict[str, str]:
    marks = {
        "line_id": "id",
        "revision": "revision",
        "remove": _("Take out (x)"),
        "is_project": _("Project (1)"),
    }
    return {key: marks.get(key) or str(words.FIELDS[key]) for key in KEYS}


def _codes(fiscal_year: int) -> dict[str, Sequence[tuple[str, str]]]:
    types = reference.budget_types(side="expenditure", fiscal_year=fiscal_year)
    plans = reference.plans(fiscal_year=fiscal_year)
    return {
        "enterprise": list(queries.enterprises().items()),
        "division": [(each.division, each.name_th) for each in queries.divisions()],
        "work": [(each.code, each.name_th) for each in plans if each.level == "work"],
        "budget_type": [(each.code, each.name_th) for each in types if each.level == "type"],
        "fund_source": [(f.code, f.name_th) for f in reference.fund_sources(fiscal_year=fiscal_year) if f.in_budget],
    }


def _guide() -> list[str]:
    return [
        _("One row is one line. Change what is there, or add rows below; codes are chosen from the lists."),
        _("To take a line out of the draft, put x into the first column. A row that is missing changes nothing."),
        _(
            "The hidden first row and columns say which line a row is and which version you have. Leave them as they are."
        ),
        _("Bring the workbook back on the page of the draft: you see what would change before anything is written."),
        _("A line that somebody saved meanwhile is not written over; it is told with both amounts."),
    ]


@require_http_methods(["GET", "POST"])
@page(act="budget.draft")
def send_draft(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Send a workbook; nothing is written before it was looked at."""
    if request.method != "POST":
        return _send_page(request, actor, ordinance_id)
    sent = request.FILES.get("file")
    upload_id = uuid_or_new(request.POST.get("upload_id", ""))
    try:
        commands.keep_draft_workbook(
            actor=actor,
            ordinance_id=ordinance_id,
            upload_id=upload_id,
            name=(sent.name or "")[:100] if sent else "-",
            content=uploads.read(sent, limit=LIMITS.bytes_max),
        )
    except Refused as refused:
        showing.door_refused(refused)
        with entity_transaction(actor.entity_id, read_only=True):
            return _send_page(request, actor, ordinance_id, refused.refusals)
    return redirect(
        "budget:draft-import", entity_code=actor.entity_code, ordinance_id=ordinance_id, upload_id=upload_id
    )


def _send_page(
    request: HttpRequest, actor: Actor, ordinance_id: UUID, refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    view = showing.known(ordinance_id)
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "upload_id": uuid7(),
        "may_write": may_write(actor, view),
        "refusals": words.worded(refusals),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/draft_send.html", context, status=status)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One row of the preview: what would become of which line."""

    number: int
    tone: str
    word: str
    name: str
    division: str
    before: Baht | None
    after: Baht
    fields: str
    refusals: tuple[Refusal, ...]


@require_http_methods(["GET", "POST"])
@page(act="budget.draft", writes=True)
def import_draft(request: HttpRequest, actor: Actor, *, ordinance_id: UUID, upload_id: UUID) -> HttpResponse:
    """What a workbook would change, row by row; or bring it in, everything or the right rows only."""
    if request.method == "POST":
        return _bring_in(request, actor, ordinance_id, upload_id)
    with entity_transaction(actor.entity_id, read_only=True):
        showing.known(ordinance_id)
    found = commands.preview_draft_workbook(
        actor=actor, ordinance_id=ordinance_id, upload_id=upload_id, at=timezone.now()
    )
    if found is None:
        raise Http404
    with entity_transaction(actor.entity_id, read_only=True):
        return _preview_page(request, actor, ordinance_id, upload_id, found)


def _bring_in(request: HttpRequest, actor: Actor, ordinance_id: UUID, upload_id: UUID) -> HttpResponse:
    try:
        found = commands.import_draft_workbook(
            actor=actor,
            ordinance_id=ordinance_id,
            upload_id=upload_id,
            right_rows_only=request.POST.get("rows") == "right",
            at=timezone.now(),
        )
    except Refused as refused:
        showing.door_refused(refused)
        with entity_transaction(actor.entity_id, read_only=True):
            return _send_page(request, actor, ordinance_id, refused.refusals)
    said = ngettext("%(count)s line brought in.", "%(count)s lines brought in.", len(found.writes))
    messages.success(request, said % {"count": len(found.writes)})
    left = len(found.of(SheetAct.WRONG))
    if left:
        kept = ngettext("%(count)s row with errors was left out.", "%(count)s rows with errors were left out.", left)
        messages.warning(request, kept % {"count": left})
    return redirect("budget:draft-lines", entity_code=actor.entity_code, ordinance_id=ordinance_id)


def _preview_page(
    request: HttpRequest, actor: Actor, ordinance_id: UUID, upload_id: UUID, found: SheetPreview
) -> HttpResponse:
    view = showing.known(ordinance_id)
    names = showing.names_of(view.fiscal_year)
    order = (SheetAct.WRONG, SheetAct.REMOVED, SheetAct.CHANGED, SheetAct.NEW)
    told = [each for act in order for each in found.of(act)]
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "upload_id": upload_id,
        "rows": [_shown(each, names) for each in told[:SHOWN_MAX]],
        "more": max(0, len(told) - SHOWN_MAX),
        "counts": [(words.SHEET_ACTS[act][1], words.SHEET_ACTS[act][0], len(found.of(act))) for act in SheetAct],
        "writes": len(found.writes),
        "wrong": len(found.of(SheetAct.WRONG)),
        "may_write": may_write(actor, view),
    }
    return render(request, "budget/draft_import.html", context)


def _shown(each: SheetChange, names: Mapping[str, str]) -> ChangeRow:
    tone, word = words.SHEET_ACTS[each.act]
    identity = each.row.draft.identity
    changed = ""
    if each.before is not None and each.act in (SheetAct.CHANGED, SheetAct.WRONG):
        found = lines.differences(fields_of(each.row.draft), fields_of(each.before.draft))
        changed = ", ".join(difference.name for difference in found)
    return ChangeRow(
        each.row.number,
        tone,
        str(word),
        identity.item or names.get(identity.budget_type, identity.budget_type or "-"),
        names.get(identity.division, identity.division),
        each.before.draft.amount if each.before else None,
        amount_of(each),
        changed,
        tuple(words.worded(each.refusals)),
    )
