"""Endpoints of the JSON API: parse, one call, body. Version 1 reads, checks journals, moves vouchers and the budget."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import django_auth

from khlang.api.schemas import (
    AccountOut,
    CheckedOut,
    EntityOut,
    FiscalYearOut,
    FundSourceOut,
    JournalIn,
    JournalOut,
    JournalPage,
    RefusedOut,
)
from khlang.budget.api import router as budget_router
from khlang.identity import queries as identity
from khlang.identity.access import actor_of
from khlang.identity.api import router as people_router
from khlang.identity.permissions import require
from khlang.journal_vouchers.api import router as vouchers_router
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import commands as ledger_commands
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.reference import queries as reference
from khlang.reporting import queries as reporting
from khlang.reporting.rules.requests import REPORTS, read_request
from khlang.toolkit.tenancy import entity_transaction

# Who may not, and who is to prove first that it is she (POST /account/prove/).
NOT_PERMITTED = frozenset({"identity.not_permitted", "identity.step_up_needed"})
ERRORS = {401: RefusedOut, 403: RefusedOut, 404: RefusedOut, 422: RefusedOut}


# The interactive page of django-ninja loads scripts from elsewhere; the description itself is at openapi.json.
class DescribedAPI(NinjaAPI):
    """The description names the one body of refusals for every operation, those of other areas included."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The description, with each status that is no success."""
        schema = super().get_openapi_schema(**options)
        refused = {"application/json": {"schema": {"$ref": "#/components/schemas/RefusedOut"}}}
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status in (HTTPStatus.BAD_REQUEST, *ERRORS):
                    told = {"description": HTTPStatus(status).phrase, "content": refused}
                    operation["responses"].setdefault(int(status), told)
        return schema


api = DescribedAPI(title="Khlang", version="1", docs_url=None, auth=django_auth, urls_namespace="api")
api.add_router("", vouchers_router)
api.add_router("", people_router)
api.add_router("", budget_router)


@contextmanager
def _reading(request: HttpRequest, entity_code: str, act: str) -> Iterator[Actor]:
    """The caller in one entity, permitted to read, inside a transaction that only reads."""
    actor = actor_of(request, entity_code)
    require(actor, act)
    with entity_transaction(actor.entity_id, read_only=True):
        yield actor


@api.get("/entities", response={200: list[EntityOut], **ERRORS}, tags=["entities"])
def entities(request: HttpRequest) -> list[EntityOut]:
    """The entities in which the caller has a role, in Thai order."""
    return [EntityOut.of(view) for view in identity.entities_of(user_id=int(request.user.pk or 0), at=timezone.now())]


@api.get("/{entity_code}/accounts", response={200: list[AccountOut], **ERRORS}, tags=["ledger"])
def accounts(request: HttpRequest, entity_code: str, fiscal_year: int, search: str = "") -> list[AccountOut]:
    """The chart of a fiscal year (B.E.) with the entity's own sub-accounts."""
    with _reading(request, entity_code, "ledger.read"):
        return [AccountOut.of(view) for view in ledger.accounts(fiscal_year=fiscal_year, search=search)]


@api.get("/{entity_code}/fund-sources", response={200: list[FundSourceOut], **ERRORS}, tags=["ledger"])
def fund_sources(request: HttpRequest, entity_code: str, fiscal_year: int | None = None) -> list[FundSourceOut]:
    """Sources of money, of one fiscal year (B.E.) when it is named."""
    with _reading(request, entity_code, "ledger.read"):
        return [FundSourceOut.of(fund) for fund in reference.fund_sources(fiscal_year=fiscal_year)]


@api.get("/{entity_code}/fiscal-years", response={200: list[FiscalYearOut], **ERRORS}, tags=["ledger"])
def fiscal_years(request: HttpRequest, entity_code: str) -> list[FiscalYearOut]:
    """The opened fiscal years (B.E.), latest first, with the state of each period (0 opening, 13 closing)."""
    with _reading(request, entity_code, "ledger.read"):
        return [FiscalYearOut.of(year, ledger.periods(fiscal_year=year)) for year in ledger.fiscal_years()]


@api.get("/{entity_code}/journals/{int:fiscal_year}", response={200: JournalPage, **ERRORS}, tags=["ledger"])
def journals(request: HttpRequest, entity_code: str, fiscal_year: int, page: int = 1, search: str = "") -> JournalPage:
    """Journals of a fiscal year, in the order in which they were posted, fifty at a time, without lines."""
    with _reading(request, entity_code, "ledger.read"):
        chosen = JournalFilter(fiscal_year=fiscal_year, search=search, order="posted", page=max(1, page))
        found = ledger.journals(chosen)
    rows = [JournalOut.of(view) for view in found.rows]
    return JournalPage(count=found.count, page=found.page, pages=found.pages, journals=rows)


@api.get(
    "/{entity_code}/journals/{int:fiscal_year}/{int:sequence_no}", response={200: JournalOut, **ERRORS}, tags=["ledger"]
)
def journal(request: HttpRequest, entity_code: str, fiscal_year: int, sequence_no: int) -> JournalOut:
    """One posted journal with its lines."""
    with _reading(request, entity_code, "ledger.read"):
        found = ledger.journal(fiscal_year=fiscal_year, sequence_no=sequence_no)
    if found is None:
        facts = {"fiscal_year": fiscal_year, "sequence_no": sequence_no}
        raise Refused(Refusal("ledger.journal_unknown", facts))
    return JournalOut.of(found)


@api.post("/{entity_code}/journals/check", response={200: CheckedOut, **ERRORS}, tags=["ledger"])
def check_journal(request: HttpRequest, entity_code: str, body: JournalIn) -> CheckedOut:
    """Do everything that posting does and take it back: the number it would get, or every reason against it."""
    actor = actor_of(request, entity_code)
    posted = ledger_commands.preview_journal(actor=actor, journal=body.draft())
    return CheckedOut(
        fiscal_year=posted.fiscal_year, period=posted.period, label=posted.label, replayed=posted.replayed
    )


@api.get(
    "/{entity_code}/reports/{int:fiscal_year}/{report}", response={200: dict[str, object], **ERRORS}, tags=["reports"]
)
def report(request: HttpRequest, entity_code: str, fiscal_year: int, report: str) -> HttpResponse:
    """A statement. Choices as on its page: since, to, known_at, fund_source, account, variant, compare, zero."""
    if report not in REPORTS:
        raise Refused(Refusal("reporting.report_unknown", {"report": report}))
    with _reading(request, entity_code, "reporting.read") as actor:
        asked = read_request(
            report=report,
            fiscal_year=fiscal_year,
            given=request.GET.dict(),
            today=timezone.localdate(),
            zone=timezone.get_current_timezone(),
        )
        found = reporting.statement(actor=actor, asked=asked)
    content = reporting.statement_file(statement=found, style="json")
    return HttpResponse(content, content_type=reporting.CONTENT_TYPES["json"])


def _answer(request: HttpRequest, status: int, *refusals: Refusal) -> HttpResponse:
    return api.create_response(request, RefusedOut.of(*refusals), status=status)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    status = 403 if any(refusal.code in NOT_PERMITTED for refusal in refused.refusals) else 422
    return _answer(request, status, *refused.refusals)


@api.exception_handler(DataError)
def _out_of_range(request: HttpRequest, _error: DataError) -> HttpResponse:
    # A number or a character that the database cannot hold: what was sent is wrong, not we.
    reason = "a number or character is out of range"
    return _answer(request, 422, Refusal("api.field_wrong", {"field": "-", "reason": reason}))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    facts = {"field": "body", "reason": error.message}
    return _answer(request, error.status_code, Refusal("api.field_wrong", facts, "body"))


@api.exception_handler(AuthenticationError)
def _not_logged_in(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return _answer(request, 401, Refusal("api.log_in_first"))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer(request, 404, Refusal("api.nothing_here"))


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    # The first parts of a place say "body" and the name of the argument; fields begin after them.
    found = [(".".join(map(str, fault["loc"][2:] or fault["loc"][1:])), str(fault["msg"])) for fault in error.errors]
    return _answer(request, 422, *(Refusal("api.field_wrong", {"field": at, "reason": why}, at) for at, why in found))
