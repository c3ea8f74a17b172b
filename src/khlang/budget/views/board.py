"""The board: what is reserved, obligated, spent and left at any level."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khlang.budget import queries, words
from khlang.budget.forms.board import BoardForm, board_form, filter_query
from khlang.budget.rules import (
    NEXT_LEVEL,
    Balance,
    BoardGroups,
    BoardLine,
    BoardPage,
    Level,
    below,
    used_percent,
)
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.money import Baht
from khlang.toolkit.sorting import headings
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

YEARS = range(2500, 2701)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the board: a group, which opens into what is below it, or a line, which opens its page."""

    key: str
    name: str
    detail: str
    href: str
    balance: Balance
    lines: int = 0

    @property
    def percent(self) -> int:
        """How many percent are held or spent."""
        return used_percent(self.balance)

    @property
    def requested(self) -> Baht:
        """Asked for and not paid yet, advances among them."""
        return self.balance.requested + self.balance.advanced

    @property
    def obligated(self) -> Baht:
        """Obligated, what is carried over its year among it."""
        return self.balance.obligated + self.balance.carried


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the filter; `depth` sets it in below the wider one."""

    value: str
    label: str
    depth: int = 0

    @property
    def indent(self) -> str:
        """What stands before it in a list."""
        return "\N{NO-BREAK SPACE}" * 3 * self.depth


@require_GET
@page(act="budget.read")
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The board of the present year when it has a budget, else of the latest that has one."""
    present, known = fiscal_year_of(timezone.localdate()), queries.years()
    year = present if present in known or not known else known[0]
    return _board(request, actor, year)


def year_or_404(fiscal_year: int) -> int:
    """A fiscal year that the calendar of the system knows."""
    if fiscal_year not in YEARS:
        raise Http404
    return fiscal_year


@require_GET
@page(act="budget.read")
def board(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The board of a year, narrowed, added up and sorted as the address says."""
    return _board(request, actor, year_or_404(fiscal_year))


def _board(request: HttpRequest, actor: Actor, year: int) -> HttpResponse:
    form = board_form(request.GET.dict())
    names = board_names(year)
    found = _read(year, form, names)
    context = {
        "year": year,
        "years": queries.years(),
        "form": form,
        "chosen": form.chosen,
        "is_lines": isinstance(found, BoardPage),
        "found": found,
        "rows": list(_rows(actor, form, found)),
        "total": Row("", "", "", "", found.total),
        "warned": queries.warned_count(fiscal_year=year, today=timezone.localdate()),
        "headings": headings(words.BOARD_COLUMNS, form.order, latest_first=words.MONEY_COLUMNS),
        "levels": [Choice(str(level), str(word)) for level, word in words.LEVELS.items()],
        **choices(year, names),
    }
    return render(request, "budget/board.html", context)


def board_names(year: int) -> dict[str, str]:
    """Every code of the board with its name in the language of the page."""
    return {"": _("General budget"), **queries.names(fiscal_year=year, english=get_language() == "en")}


def choices(year: int, names: dict[str, str]) -> dict[str, object]:
    """What the filter offers: only what the lines of the year have, wider codes before what is below them."""
    used = queries.codes_in_use(fiscal_year=year)
    return {
        "divisions": [Choice(code, names.get(code, code)) for code in used.divisions],
        "funds": [Choice(code, names.get(code, code)) for code in used.fund_sources],
        "plans": [Choice(code, names.get(code, code), depth) for code, depth in used.plans],
        "types": [Choice(code, names.get(code, code), depth) for code, depth in used.budget_types],
        "enterprises": [Choice(code or "-", names.get(code, code)) for code in used.enterprises],
    }


def _read(year: int, form: BoardForm, names: dict[str, str]) -> BoardGroups | BoardPage:
    if form.level is Level.LINE:
        return queries.board_page(
            fiscal_year=year, chosen=form.chosen, order=form.order, page=form.page, page_size=form.page_size
        )
    return queries.board_groups(fiscal_year=year, level=form.level, names=names, chosen=form.chosen, order=form.order)


def _rows(actor: Actor, form: BoardForm, found: BoardGroups | BoardPage) -> Iterator[Row]:
    if isinstance(found, BoardPage):
        for each in found.rows:
            yield line_row(actor, each)
        return
    for group in found.rows:
        narrowed = below(form.chosen, found.level, group.key)
        href = filter_query(narrowed, by=str(NEXT_LEVEL[found.level])) if narrowed else ""
        yield Row(group.key, group.name, group.key, href, group.balance, group.lines)


def line_row(actor: Actor, each: BoardLine) -> Row:
    """One line as a row of the board."""
    line = each.line
    place = {"entity_code": actor.entity_code, "fiscal_year": line.fiscal_year, "line_id": line.line_id}
    href = reverse("budget:line", kwargs=place)
    return Row(line.code, line.name, f"{line.code} · {line.work_name}", href, each.balance)


@require_GET
@page(act="budget.read")
def board_workbook(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The board exactly as it is narrowed and sorted, every line or group of it, with real numbers."""
    year, form = year_or_404(fiscal_year), board_form({**request.GET.dict(), "whole": "1"})
    names = board_names(year)
    found = _read(year, form, names)
    money = [*map(str, words.REGISTER_POTS.values()), _("Left")]
    if isinstance(found, BoardPage):
        headings_of = [*map(str, words.LINE_COLUMNS), *money]
        rows = [[*_identity_cells(each, names), *_money_cells(each.balance)] for each in found.rows]
    else:
        headings_of = [_("Code"), str(words.LEVELS[found.level]), _("Lines"), *money]
        rows = [[each.key, each.name, each.lines, *_money_cells(each.balance)] for each in found.rows]
    content = list_workbook(title=_("Budget board"), headings=headings_of, rows=rows)
    return workbook_response(content=content, name=f"{actor.entity_code}-budget-{year}")


def _money_cells(balance: Balance) -> list[Cell]:
    return [*(getattr(balance, pot.value) for pot in words.REGISTER_POTS), balance.available]


def _identity_cells(each: BoardLine, names: dict[str, str]) -> list[Cell]:
    line, identity = each.line, each.line.identity
    codes = (
        identity.division,
        f"{identity.work[:4]}0",
        identity.work,
        identity.budget_type,
        identity.fund_source,
        identity.enterprise,
    )
    return [line.code, line.name, *(f"{code} {names.get(code, '')}".strip() for code in codes)]
