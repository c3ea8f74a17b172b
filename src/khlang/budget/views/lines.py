"""One line with everything behind its figures, its register, and a document with every line it touched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khlang.budget import queries, words
from khlang.budget.forms.board import one_of, page_number
from khlang.budget.rules import (
    Document,
    ExplanationVersion,
    LineDetail,
    Pot,
    RegisterRow,
    behind,
    effect_on,
    register_of,
    terms_of,
    used_percent,
)
from khlang.budget.views.board import board_names, year_or_404
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Link
from khlang.toolkit.workbook import list_workbook, workbook_response

ROWS = 50


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One row of the register as shown: the movement in words, its document with a page, what was left afterwards."""

    row: RegisterRow
    word: object
    paper: Link
    effect: Baht
    kind: object = ""


def paper_link(document: Document, fiscal_year: int) -> Link:
    """The page of a document that moved money."""
    return Link("budget:paper", {"fiscal_year": str(fiscal_year), "document_id": str(document.id)})


def own_page(document: Document, fiscal_year: int) -> Link | None:
    """The page on which a document was made, for those that belong to the budget."""
    given = words.DOCUMENT_PAGES.get(document.kind)
    if given is None:
        return None
    name, argument, of_year = given
    year = {"fiscal_year": str(fiscal_year)} if of_year else {}
    return Link(name, {argument: str(document.id), **year})


def kind_before_number(document: Document) -> object:
    """What a document of the budget itself is, whose label is only a number; others say it in their label."""
    own = document.kind in words.DOCUMENT_PAGES
    return words.DOCUMENT_KINDS[document.kind] if own else ""


@require_GET
@page(act="budget.read")
def line(request: HttpRequest, actor: Actor, *, fiscal_year: int, line_id: UUID) -> HttpResponse:
    """One line; `term` opens one term of its balance into the movements that made it."""
    year = year_or_404(fiscal_year)
    found = queries.line(fiscal_year=year, line_id=line_id)
    if found is None:
        raise Http404
    term = one_of(request.GET.get("term", ""), Pot, Pot.AVAILABLE)
    rows = _register(found, term, year)
    number = page_number(request.GET.get("page", ""))
    pages = max(1, -(-len(rows) // ROWS))
    number = min(number, pages)
    today = timezone.localdate()
    context = {
        "year": year,
        "detail": found,
        "line": found.line,
        "balance": found.balance,
        "percent": used_percent(found.balance),
        "terms": [(each, words.POTS[each.pot]) for each in terms_of(found.balance)],
        "term": term,
        "term_word": words.POTS[term],
        "rows": rows[(number - 1) * ROWS : number * ROWS],
        "page": {"page": number, "pages": pages, "count": len(rows)},
        "names": _named(found, year),
        "explanations": [(each, _explained(each)) for each in reversed(found.explanations)],
        "holds": [
            (each, words.POTS[each.stage], _hold_link(each.document_id, year))
            for each in found.holds
            if each.stage is not Pot.PAID
        ],
        "source_rows": queries.source_rows(fiscal_year=year, line_id=line_id),
        "forecast": queries.forecast_of(line=found, today=today),
        "quarters": queries.plan_and_actual(fiscal_year=year, line_id=line_id).get(line_id, ()),
        "may_plan": allowed(actor, "budget.plan"),
    }
    return render(request, "budget/line.html", context)


def _hold_link(document_id: UUID, year: int) -> Link:
    return Link("budget:paper", {"fiscal_year": str(year), "document_id": str(document_id)})


def _register(found: LineDetail, term: Pot, year: int) -> list[RegisterLine]:
    """The register newest first; of one term only what made it."""
    rows = register_of(found.movements)
    shown = behind(rows, term) if term is not Pot.AVAILABLE else [(row, ZERO) for row in rows]
    return [
        RegisterLine(
            row,
            words.MOVEMENTS[row.movement.kind],
            paper_link(row.movement.document, year),
            effect,
            kind_before_number(row.movement.document),
        )
        for row, effect in reversed(shown)
    ]


def _named(found: LineDetail, year: int) -> list[tuple[str, str, str]]:
    """What the codes of the line mean: heading, code, name."""
    names, identity = board_names(year), found.line.identity
    pairs = [
        (_("Plan"), f"{identity.work[:4]}0"),
        (_("Work"), identity.work),
        (_("Category"), f"{identity.budget_type[:3]}0000"),
        (_("Type"), identity.budget_type),
        (_("Division"), identity.division),
        (_("Source of money"), identity.fund_source),
        *([(_("Enterprise"), identity.enterprise)] if identity.enterprise else []),
    ]
    return [(heading, code, names.get(code, code)) for heading, code in pairs]


def _explained(version: ExplanationVersion) -> list[tuple[object, str]]:
    """What an explanation says, with a heading for each part of it; several items are told one after another."""
    content = version.content
    items = content.get("items")
    found: list[tuple[object, str]] = []
    for each in items if isinstance(items, list) else [content]:
        if isinstance(each, Mapping):
            found += [(word, str(each[name])) for name, word in words.EXPLANATION.items() if each.get(name)]
    return found


@require_GET
@page(act="budget.read")
def register_workbook(request: HttpRequest, actor: Actor, *, fiscal_year: int, line_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The register of a line as a workbook, oldest first, with what was left after each movement."""
    year = year_or_404(fiscal_year)
    found = queries.line(fiscal_year=year, line_id=line_id)
    if found is None:
        raise Http404
    headings = [
        _("Date"),
        _("Document"),
        _("What happened"),
        *map(str, words.REGISTER_POTS.values()),
        _("Left"),
        _("By"),
    ]
    rows: list[list[str | date | Baht | None]] = []
    for each in register_of(found.movements):
        moved = each.movement
        effects = [effect_on(moved, pot) or None for pot in words.REGISTER_POTS]
        label, word = moved.document.label, str(words.MOVEMENTS[moved.kind])
        rows.append([moved.moved_on, label, word, *effects, each.available, moved.moved_by_name])
    content = list_workbook(title=_("Register of expenditure"), headings=headings, rows=rows)
    return workbook_response(content=content, name=f"{actor.entity_code}-register-{found.line.code}")


@require_GET
@page(act="budget.read")
def paper(request: HttpRequest, actor: Actor, *, fiscal_year: int, document_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A document with every line it touched, and the papers from which it took money over."""
    year = year_or_404(fiscal_year)
    found = queries.paper(fiscal_year=year, document_id=document_id)
    if found is None:
        raise Http404
    rows = [
        (
            each,
            words.MOVEMENTS[each.movement.kind],
            paper_link(each.taken_from, year) if each.taken_from else None,
        )
        for each in found.moves
    ]
    context = {
        "year": year,
        "paper": found,
        "kind": words.DOCUMENT_KINDS.get(found.document.kind, found.document.kind),
        "before": kind_before_number(found.document),
        "own_page": own_page(found.document, year),
        "rows": rows,
    }
    return render(request, "budget/paper.html", context)
