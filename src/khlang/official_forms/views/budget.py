"""Papers of the budget, for whoever may read the budget."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from khlang.budget.rules import BoardFilter
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.official_forms import queries
from khlang.official_forms.rules.budget_statements import BudgetScope
from khlang.official_forms.views.answers import language_of_page, letter_printing, pdf_answer, printing_of


@require_safe
@page(act="budget.read")
def ordinance(request: HttpRequest, actor: Actor, *, ordinance_id: UUID, document: str) -> HttpResponse:
    """The volume of an ordinance, or one part of it; marked as a draft until it is in force."""
    try:
        paper = queries.ordinance_paper(actor=actor, ordinance_id=ordinance_id, document=document)
    except Refused as refused:
        raise Http404 from refused
    content = queries.printed_ordinance(paper=paper, document=document, printing=printing_of(request, actor))
    return pdf_answer(content, f"{actor.entity_code}-budget-{paper.fiscal_year}-{document}")


@require_safe
@page(act="budget.read")
def change(request: HttpRequest, actor: Actor, *, change_id: UUID) -> HttpResponse:
    """The table of a transfer or a change of explanation, with who must agree and places to sign."""
    try:
        paper = queries.change_paper(actor=actor, change_id=change_id)
    except Refused as refused:
        raise Http404 from refused
    content = queries.printed_change(paper=paper, printing=printing_of(request, actor), announced=False)
    return pdf_answer(content, f"{actor.entity_code}-budget-change")


@require_safe
@page(act="budget.read")
def announcement(request: HttpRequest, actor: Actor, *, change_id: UUID) -> HttpResponse:
    """The announcement of an approved change with its table behind it."""
    try:
        paper = queries.change_paper(actor=actor, change_id=change_id, announced=True)
    except Refused as refused:
        raise Http404 from refused
    content = queries.printed_change(paper=paper, printing=letter_printing(request, actor), announced=True)
    return pdf_answer(content, f"{actor.entity_code}-budget-announcement")


@require_safe
@page(act="budget.read")
def board(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The summary of the budget, narrowed as the page of the board is."""
    found = queries.budget_board(scope=_scope(actor, fiscal_year), chosen=_chosen(request.GET.dict()))
    content = queries.printed_statement(statement=found, printing=printing_of(request, actor))
    return pdf_answer(content, f"{actor.entity_code}-budget-{fiscal_year}")


@require_safe
@page(act="budget.read")
def register(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The register of the year, narrowed as the page of the board is."""
    found = queries.year_register(scope=_scope(actor, fiscal_year), chosen=_chosen(request.GET.dict()))
    content = queries.printed_statement(statement=found, printing=printing_of(request, actor))
    return pdf_answer(content, f"{actor.entity_code}-budget-register-{fiscal_year}")


@require_safe
@page(act="budget.read")
def line_register(request: HttpRequest, actor: Actor, *, fiscal_year: int, line_id: UUID) -> HttpResponse:
    """The register of one line."""
    try:
        found = queries.line_register(scope=_scope(actor, fiscal_year), line_id=line_id)
    except Refused as refused:
        raise Http404 from refused
    content = queries.printed_statement(statement=found, printing=printing_of(request, actor))
    return pdf_answer(content, f"{actor.entity_code}-budget-register-{fiscal_year}")


def _scope(actor: Actor, fiscal_year: int) -> BudgetScope:
    language, today = language_of_page(), timezone.localdate()
    try:
        return queries.budget_scope(actor=actor, fiscal_year=fiscal_year, today=today, language=language)
    except Refused as refused:
        raise Http404 from refused


def _chosen(fields: Mapping[str, str]) -> BoardFilter:
    """The same words in the address as on the page of the board."""

    def typed(name: str) -> str:
        return fields.get(name, "").strip().replace("\0", "")[:100]

    enterprise = typed("enterprise")
    return BoardFilter(
        search=typed("search"),
        division=typed("division"),
        plan=typed("plan"),
        budget_type=typed("type"),
        fund_source=typed("fund"),
        enterprise=enterprise.removeprefix("-") if enterprise else None,
    )
