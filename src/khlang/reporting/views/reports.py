"""Pages and files of reports."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, period_end, period_of, period_start
from khlang.kernel.refusals import Refused
from khlang.kernel.statements import Statement
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.ledger import queries as ledger
from khlang.reporting import queries
from khlang.reporting.rules.requests import COMPARED, REPORTS, ReportRequest, read_request
from khlang.reporting.rules.words import Language, word
from khlang.reporting.views.presentation import KEPT, statement_page

LINES_MAX = 500
"""Lines (or journals) a page carries; the rest is one press away, and files carry everything."""
FIELDS = (*KEPT, "account", "variant", "after_closing")


@dataclass(frozen=True, slots=True)
class ReportCard:
    """One report in the report center: what it is for, and when it is due."""

    code: str
    icon: str
    purpose: Promise
    due: Promise | str = ""


CARDS = (
    ReportCard(
        "trial-balance",
        "scale",
        _("The balance of every account on one side: the first proof that the books are right."),
        _("Monthly, by the 10th of the next month (R299)"),
    ),
    ReportCard(
        "receipts-and-payments",
        "report-money",
        _("Every baht that came in and went out, beside the estimate, for the month and the year to date."),
        _("Monthly, by the 10th of the next month (R299)"),
    ),
    ReportCard(
        "financial-position",
        "building-bank",
        _("What the office owns and owes on a day, with the year before beside it."),
        _("Yearly, within 90 days of the year's end (R302)"),
    ),
    ReportCard(
        "financial-performance",
        "chart-bar",
        _("Revenue, expenses and what is left of the year, with the year before beside it."),
        _("Yearly, within 90 days of the year's end (R302)"),
    ),
    ReportCard(
        "general-ledger",
        "list-tree",
        _("Every entry of one account with its running balance, from day to day."),
    ),
    ReportCard(
        "journal-book",
        "notebook",
        _("Every journal of a period with all its lines, in the order of the days."),
    ),
)


def page_language() -> Language:
    """The language of the page being made."""
    return "en" if get_language() == "en" else "th"


@require_safe
@page(act="reporting.read")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The report center: every report, what it is for, for the year chosen."""
    choices = queries.choices()
    asked = request.GET.get("year", "")
    years = choices.fiscal_years
    year = int(asked) if asked.isdecimal() and int(asked) in years else next(iter(years), None)
    cards = [(card, word(f"titles.{card.code}", page_language()), _address(actor, card.code, year)) for card in CARDS]
    context = {"actor": actor, "choices": choices, "year": year, "cards": cards if year else []}
    return render(request, "reporting/index.html", context)


def _address(actor: Actor, report: str, year: int | None) -> str:
    return reverse(f"reporting:{report}", kwargs={"entity_code": actor.entity_code, "fiscal_year": year or 0})


@require_safe
@page(act="reporting.read")
def report(request: HttpRequest, actor: Actor, *, fiscal_year: int, report: str) -> HttpResponse:
    """One report with its choices in the address; a choice that cannot be is told beside its field."""
    if chosen := _other_year(request, actor, report, fiscal_year) or _one_month(request, report, fiscal_year):
        return chosen
    choices = queries.choices()
    context: dict[str, Any] = {"actor": actor, "choices": choices, "report": report, "fiscal_year": fiscal_year}
    context |= {"given": _given(request), "title": word(f"titles.{report}", page_language())}
    try:
        asked = _asked(request, report, fiscal_year, limit=LINES_MAX)
        if report == "general-ledger" and not asked.account and not request.GET.get("all"):
            return _choose_account(request, actor, asked, context)
        found = queries.statement(actor=actor, asked=asked)
    except Refused as refused:
        context |= {"refusals": refused.refusals, "compared": report in COMPARED}
        return render(request, "reporting/report.html", context, status=422)
    context |= _statement_context(request, found, asked)
    return render(request, "reporting/report.html", context)


def _given(request: HttpRequest) -> dict[str, object]:
    """What the reader typed, by field; nothing where he typed nothing."""
    return {name: request.GET.get(name, "") for name in FIELDS}


def _other_year(request: HttpRequest, actor: Actor, report: str, fiscal_year: int) -> HttpResponse | None:
    """The form's year moves the reader to that year's address; days of the old year stay behind."""
    year = request.GET.get("year", "")
    if not year.isdecimal() or int(year) == fiscal_year:
        return None
    query = request.GET.copy()
    for name in ("year", "since", "to"):
        query.pop(name, None)
    return HttpResponseRedirect(f"{_address(actor, report, int(year))}?{query.urlencode()}")


def _one_month(request: HttpRequest, report: str, fiscal_year: int) -> HttpResponse | None:
    """The journal book opens at one month, as it is printed: the month asked for, else the last one with journals."""
    if report != "journal-book" or request.GET.get("since") or request.GET.get("all"):
        return None
    try:
        last = _asked(request, report, fiscal_year).to
    except Refused:
        return None
    if not request.GET.get("to"):
        kept = [each.period for each in ledger.periods(fiscal_year=fiscal_year) if each.journals]
        months = [period for period in kept if 0 < period < CLOSING_PERIOD]
        if not months:
            return None
        last = period_end(fiscal_year, months[-1])
    query = request.GET.copy()
    query["since"], query["to"] = period_start(fiscal_year, period_of(last)).isoformat(), last.isoformat()
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")


def _asked(request: HttpRequest, report: str, fiscal_year: int, limit: int | None = None) -> ReportRequest:
    return read_request(
        report=report,
        fiscal_year=fiscal_year,
        given=request.GET.dict(),
        today=timezone.localdate(),
        zone=timezone.get_current_timezone(),
        language=page_language(),
        limit=limit,
    )


def _statement_context(request: HttpRequest, found: Statement, asked: ReportRequest) -> dict[str, Any]:
    kept = {name: request.GET.get(name, "") for name in KEPT}
    query = request.GET.copy()
    for name in ("all", "year"):
        query.pop(name, None)
    return {
        "asked": asked,
        "given": _given(request) | {"since": asked.since, "to": asked.to},
        "page": statement_page(statement=found, asked=asked, kept=kept),
        "months": _months(asked),
        "compared": asked.report in COMPARED,
        "query": f"?{query.urlencode()}" if query else "",
        "is_cut": "left_out" in found.facts,
    }


def _months(asked: ReportRequest) -> list[tuple[str, str, bool]]:
    """The twelve month ends of the year: short name, day for the address, and whether it is the one shown."""
    write = thai_date if asked.language == "th" else english_date
    ends: list[date] = [period_end(asked.fiscal_year, period) for period in range(1, 13)]
    return [(write(day, "short").split()[1], day.isoformat(), day == asked.to) for day in ends]


def _choose_account(request: HttpRequest, actor: Actor, asked: ReportRequest, context: dict[str, Any]) -> HttpResponse:
    """The general ledger begins with a choice: the accounts that have something in them."""
    found = queries.statement(actor=actor, asked=asked.of("trial-balance"))
    context |= _statement_context(request, found, asked)
    return render(request, "reporting/choose_account.html", context)


@require_safe
@page(act="reporting.read")
def line(request: HttpRequest, actor: Actor, *, fiscal_year: int, report: str, line: str) -> HttpResponse:
    """The accounts behind one line of a statement, each leading to its ledger."""
    if report not in REPORTS:
        raise Http404
    try:
        asked = replace(_asked(request, report, fiscal_year), line=line)
        found = queries.line_statement(actor=actor, asked=asked)
    except Refused as refused:
        raise Http404 from refused
    context = {"actor": actor, "report": report, "fiscal_year": fiscal_year}
    context |= {"back": _address(actor, report, fiscal_year), "title": word(f"titles.{report}", page_language())}
    return render(request, "reporting/line.html", context | _statement_context(request, found, asked))


@require_safe
@page(act="reporting.read")
def download(request: HttpRequest, actor: Actor, *, fiscal_year: int, report: str, extension: str) -> HttpResponse:
    """The same report as a file: everything, not only what the page shows."""
    if report not in REPORTS or extension not in queries.CONTENT_TYPES:
        raise Http404
    try:
        found = queries.statement(actor=actor, asked=_asked(request, report, fiscal_year))
    except Refused:
        return HttpResponseRedirect(f"{_address(actor, report, fiscal_year)}?{request.GET.urlencode()}")
    styles: dict[str, queries.FileStyle] = {"json": "json", "csv": "csv", "xlsx": "xlsx"}
    content = queries.statement_file(statement=found, style=styles[extension], language=page_language())
    name = f"{actor.entity_code}-{report}-{found.facts['to']}.{extension}"
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(content, content_type=queries.CONTENT_TYPES[extension], headers=headers)
