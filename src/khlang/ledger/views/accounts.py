"""Pages of the chart of accounts: search it, see one account, keep one's own sub-accounts."""

from collections.abc import Iterator, Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.statements import Link
from khlang.ledger import commands, queries
from khlang.ledger.forms import CHART_NAMES, CONFIDENCE, KINDS, SIDES, ChartFilterForm, sub_account_fields
from khlang.ledger.queries.chart import account_page, chart_page, chart_rows
from khlang.ledger.rules.chart import ChartFilter
from khlang.reference.rules import NATIONAL_CHART, chart_of_year
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

NOBODY: Sequence[Refusal] = ()


@require_safe
@page(act="ledger.read")
def account_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The accounts of a chart, the entity's own among them, narrowed by the query string."""
    asked = _asked(request)
    found = chart_page(asked=asked)
    context = {
        "actor": actor,
        "asked": asked,
        "page": found,
        "rows": [(row, KINDS[row.view.kind]) for row in found.rows],
        "charts": CHART_NAMES,
        "kinds": KINDS,
    }
    return render(request, "ledger/account_list.html", context)


@require_safe
@page(act="ledger.read")
def account_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same list, whole, as a workbook."""
    headings = [
        *(_("Code"), _("Name"), _("Name in English"), _("Kind"), _("Normal side"), _("Entries allowed")),
        *(_("Older codes"), _("Code of today"), _("Budget type"), _("Statement line"), _("From year"), _("To year")),
    ]
    content = list_workbook(title=_("Chart of accounts"), headings=headings, rows=_cells(_asked(request)))
    return workbook_response(content=content, name=f"{actor.entity_code}-accounts")


def _asked(request: HttpRequest) -> ChartFilter:
    """What the query string asks for; the chart of the latest year when it names none."""
    years = queries.fiscal_years()
    return ChartFilterForm(request.GET).chosen(usual_chart=chart_of_year(years[0]) if years else NATIONAL_CHART)


def _cells(asked: ChartFilter) -> Iterator[Sequence[Cell]]:
    for row in chart_rows(asked=asked):
        view = row.view
        yield (
            *(view.account, view.name_th, view.name_en, str(KINDS[view.kind]), str(SIDES[view.normal_side])),
            _("allowed") if view.is_postable and view.is_open else _("not allowed"),
            *(", ".join(row.old_codes), view.mapped_code, view.budget_type, view.statement_line),
            *(view.valid_from_year, view.valid_to_year),
        )


@require_safe
@page(act="ledger.read")
def account_detail(request: HttpRequest, actor: Actor, account: str) -> HttpResponse:
    """Everything about one account, and the entity's own accounts under it."""
    return _detail(request, actor, account)


@require_POST
@page(act="ledger.manage_accounts")
def save_sub_account(request: HttpRequest, actor: Actor, account: str) -> HttpResponse:
    """Add a sub-account, rename it, or open it again."""
    fields = sub_account_fields(request.POST)
    try:
        made = commands.add_sub_account(actor=actor, account=account, **fields)
    except Refused as refused:
        return _again(request, actor, account, refused, fields)
    said = _("Account %(account)s %(name)s was added.") if made else _("Account %(account)s %(name)s was saved.")
    messages.success(request, said % {"account": f"{account}-{fields['sub_account']}", "name": fields["name_th"]})
    return redirect("ledger:account", entity_code=actor.entity_code, account=account)


@require_POST
@page(act="ledger.manage_accounts")
def close_sub_account(request: HttpRequest, actor: Actor, account: str) -> HttpResponse:
    """Let nothing more be posted on a sub-account."""
    fields = sub_account_fields(request.POST)
    with entity_transaction(actor.entity_id, read_only=True):
        known = queries.account(account=f"{account}-{fields['sub_account']}")
    if known is None:
        raise Http404
    try:
        commands.close_sub_account(actor=actor, account=account, sub_account=known.sub_account, name_th=known.name_th)
    except Refused as refused:
        return _again(request, actor, account, refused, {})
    messages.success(request, _("Account %(account)s was closed. Its history stays.") % {"account": known.account})
    return redirect("ledger:account", entity_code=actor.entity_code, account=account)


def _again(
    request: HttpRequest, actor: Actor, account: str, refused: Refused, fields: Mapping[str, str]
) -> HttpResponse:
    """The page once more, with what was typed and what to correct."""
    with entity_transaction(actor.entity_id, read_only=True):
        return _detail(request, actor, account, refusals=refused.refusals, typed=fields)


def _detail(
    request: HttpRequest,
    actor: Actor,
    account: str,
    *,
    refusals: Sequence[Refusal] = NOBODY,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = account_page(account=account)
    if found is None:
        raise Http404
    years = queries.fiscal_years()
    fitting = next((year for year in years if chart_of_year(year) == found.view.chart), None)
    context = {
        "actor": actor,
        "found": found,
        "kind": KINDS[found.view.kind],
        "side": SIDES[found.view.normal_side],
        "chart": CHART_NAMES[found.view.chart],
        "confidence": CONFIDENCE[found.national.confidence],
        "refusals": refusals,
        "typed": typed or {"sub_account": found.next_number},
        "manages": allowed(actor, "ledger.manage_accounts"),
        "ledger_link": _ledger_link(found.view.account, fitting),
        "language": get_language(),
    }
    return render(request, "ledger/account_detail.html", context, status=422 if refusals else 200)


def _ledger_link(account: str, fiscal_year: int | None) -> Link | None:
    if fiscal_year is None:
        return None
    return Link("reporting:general-ledger", {"fiscal_year": str(fiscal_year), "account": account})
