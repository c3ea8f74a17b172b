"""Many new lines typed at once in a grid, or pasted from a sheet: all are kept or none, with every error at its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from khlang.budget import commands, queries
from khlang.budget.forms.drafting import CELLS, ManyForm, many_form
from khlang.budget.rules import check_line
from khlang.budget.views import draft_showing as lines
from khlang.budget.views import ordinance_showing as showing
from khlang.budget.views import ordinance_words as words
from khlang.budget.views.drafting import may_write
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction

_ROWS_AT_FIRST = 6


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the grid: what was typed, the name of its type, and what is wrong."""

    number: str
    prefix: str
    cells: Mapping[str, str]
    type_name: str = ""
    wrong: Mapping[str, bool] = field(default_factory=dict)
    reasons: Sequence[Refusal] = ()


# What new rows are made of by the page; its scripts put the numbers in.
_PATTERN = GridRow("__n1__", "lines.__n__", {})


@require_http_methods(["GET", "POST"])
@page(act="budget.draft")
def many_lines(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Show the grid, or keep what was typed in it."""
    if request.method != "POST":
        return _grid_page(request, actor, ordinance_id, ManyForm((), {}, ()))
    form = many_form(request.POST.dict())
    reasons = _kept_or_refused(actor, ordinance_id, form)
    if reasons:
        with entity_transaction(actor.entity_id, read_only=True):
            return _grid_page(request, actor, ordinance_id, form, reasons)
    count = len(form.drafts)
    messages.success(request, ngettext("%(count)s line saved.", "%(count)s lines saved.", count) % {"count": count})
    return redirect("budget:draft-lines", entity_code=actor.entity_code, ordinance_id=ordinance_id)


def _kept_or_refused(actor: Actor, ordinance_id: UUID, form: ManyForm) -> Sequence[Refusal]:
    numbers = list(form.drafts)
    if form.refusals:
        with entity_transaction(actor.entity_id, read_only=True):
            facts = queries.line_facts(fiscal_year=showing.known(ordinance_id).fiscal_year)
        return [*form.refusals, *(r for n in numbers for r in check_line(form.drafts[n], facts, where=f"lines.{n}"))]
    # The id follows from what the line is: the same grid sent twice is one set of lines.
    saves = [commands.LineSave(uuid5(ordinance_id, repr(form.drafts[n].identity)), 0, form.drafts[n]) for n in numbers]
    try:
        commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=saves, at=timezone.now())
    except Refused as refused:
        showing.door_refused(refused)
        return [_at_row(each, numbers) for each in refused.refusals]
    return ()


def _at_row(refusal: Refusal, numbers: Sequence[int]) -> Refusal:
    """The reason at the row of the grid: blank rows were not sent to the command."""
    kind, place, *rest = [*refusal.where.split("."), ""]
    if kind != "lines" or not place.isdecimal():
        return refusal
    return refusal.at(".".join(filter(None, ("lines", str(numbers[int(place)]), *rest))))


def _grid_page(
    request: HttpRequest,
    actor: Actor,
    ordinance_id: UUID,
    form: ManyForm,
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    view = showing.known(ordinance_id)
    told = words.worded(refusals)
    rows = [*form.rows, *({} for _ in range(_ROWS_AT_FIRST - len(form.rows)))]
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "rows": [_row(number, cells, told, view.fiscal_year) for number, cells in enumerate(rows)],
        "choices": lines.line_choices(actor, view.fiscal_year, timezone.now()),
        "typed": request.POST,
        "blank": _PATTERN,
        "may_write": may_write(actor, view),
        "refusals": told,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/draft_many.html", context, status=status)


def _row(number: int, cells: Mapping[str, str], refusals: Sequence[Refusal], fiscal_year: int) -> GridRow:
    prefix = f"lines.{number}"
    here = [each for each in refusals if each.where == prefix or each.where.startswith(f"{prefix}.")]
    wrong = {name: any(each.where == f"{prefix}.{name}" for each in here) for name in CELLS}
    name = lines.type_name(cells.get("budget_type", ""), fiscal_year) if cells.get("budget_type") else ""
    return GridRow(str(number + 1), prefix, cells, name, wrong, here)
