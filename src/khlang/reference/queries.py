"""Reads of the national lists; all return frozen values. Any connection may ask: these rows belong to no entity."""

from dataclasses import fields
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import search_key
from khlang.reference import models, rules
from khlang.toolkit.tenancy import once

Value = TypeVar("Value")


def _values(kind: type[Value], found: "QuerySet[Model]") -> list[Value]:
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    return [kind(**row) for row in found.values(*names)]


def _in_year(found: "QuerySet[Model]", fiscal_year: int | None) -> "QuerySet[Model]":
    if fiscal_year is None:
        return found
    still = Q(valid_to_year__isnull=True) | Q(valid_to_year__gte=fiscal_year)
    return found.filter(still, valid_from_year__lte=fiscal_year)


def accounts(
    *, chart: str = "", fiscal_year: int | None = None, kind: str = "", search: str = "", postable_only: bool = False
) -> list[rules.Account]:
    """Accounts in the order in which reports print them.

    `fiscal_year` (B.E.) takes the chart of that year; `search` looks in code, printed code and both names.
    """
    found: QuerySet[Model] = models.Account.objects.order_by("chart", "sort_key")
    if fiscal_year is not None:
        chart = chart or rules.chart_of_year(fiscal_year)
    wanted = {"chart": chart, "kind": kind, "is_postable": postable_only}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    listed = _values(rules.Account, _in_year(found, fiscal_year))
    return [account for account in listed if _has_words(account, search)] if search.strip() else listed


def _has_words(account: rules.Account, search: str) -> bool:
    text = search_key(f"{account.code} {account.printed_code} {account.name_th} {account.name_en}")
    return all(word in text for word in search_key(search).split())


def account(*, code: str) -> rules.Account | None:
    """One account of either chart, or None."""
    return next(iter(_values(rules.Account, models.Account.objects.filter(code=code))), None)


def new_code(*, code: str) -> str:
    """Today's code of an old account; the code itself when it is today's; empty when nothing replaces it."""
    found = account(code=code)
    if found is None:
        return ""
    return found.code if found.chart == rules.NATIONAL_CHART else found.mapped_code


def old_codes() -> dict[str, list[rules.Account]]:
    """Today's code → the older accounts that lead to it."""
    found: dict[str, list[rules.Account]] = {}
    for old in accounts(chart=rules.OLD_CHART):
        if old.mapped_code:
            found.setdefault(old.mapped_code, []).append(old)
    return found


def fund_sources(*, fiscal_year: int | None = None) -> list[rules.FundSource]:
    """Sources of money (R7)."""
    found = _in_year(models.FundSource.objects.order_by("sort_key"), fiscal_year)
    return list(once(("fund sources", fiscal_year), lambda: _values(rules.FundSource, found)))


def budget_types(*, side: str = "", fiscal_year: int | None = None) -> list[rules.BudgetType]:
    """Revenue types (`side="revenue"`) and expenditure types (`side="expenditure"`), in code order."""
    found = models.BudgetType.objects.order_by("side", "sort_key")
    if side:
        found = found.filter(side=side)
    return _values(rules.BudgetType, _in_year(found, fiscal_year))


def budget_line_kinds(*, fiscal_year: int | None = None) -> list[rules.BudgetLineKind]:
    """How budget lines are treated, by the beginning of their expenditure type."""
    found = models.BudgetLineKind.objects.order_by("sort_key")
    return _values(rules.BudgetLineKind, _in_year(found, fiscal_year))


def grant_kinds(*, fiscal_year: int | None = None) -> list[rules.GrantKind]:
    """Kinds of money given for a stated purpose, in the order of their list."""
    return _values(rules.GrantKind, _in_year(models.GrantKind.objects.order_by("sort_key"), fiscal_year))


def plans(*, fiscal_year: int | None = None) -> list[rules.Plan]:
    """Sides, plans and works of the budget."""
    return _values(rules.Plan, _in_year(models.Plan.objects.order_by("sort_key"), fiscal_year))


def statement_lines(*, layout: str, chart: str, fiscal_year: int | None = None) -> list[rules.StatementLine]:
    """The lines of one layout for one chart, in printed order."""
    found = models.StatementLine.objects.filter(layout=layout, chart=chart).order_by("line_no")
    return _values(rules.StatementLine, _in_year(found, fiscal_year))


def journal_kinds() -> list[rules.JournalKind]:
    """Kinds of journal, opening first and closing last."""
    return _values(rules.JournalKind, models.JournalKind.objects.order_by("sort_key"))


def provinces() -> list[rules.Province]:
    """The 77 provinces in Thai order."""
    return _values(rules.Province, models.Province.objects.order_by("sort_key"))


def entity_kinds(*, level: str = "") -> list[rules.EntityKind]:
    """Kinds of office, local government and unit; `level` narrows them."""
    found = models.EntityKind.objects.order_by("sort_key")
    return _values(rules.EntityKind, found.filter(level=level) if level else found)


def legal_instruments() -> list[rules.LegalInstrument]:
    """Laws, regulations and circulars that rules rest on (R1)."""
    return _values(rules.LegalInstrument, models.LegalInstrument.objects.order_by("code"))


def banks() -> list[rules.Bank]:
    """Banks, by the code of the Bank of Thailand."""
    return _values(rules.Bank, models.Bank.objects.order_by("sort_key"))


def holidays(*, since: date, until: date) -> list[rules.Holiday]:
    """Public holidays of a stretch of days, both ends included (R11)."""
    return _values(rules.Holiday, models.Holiday.objects.filter(day__range=(since, until)).order_by("day", "name_th"))


def parameters() -> list[rules.Parameter]:
    """Every parameter in all its versions."""
    found = models.Parameter.objects.order_by("name", "applies_to", "valid_from")
    return _values(rules.Parameter, found)


def parameter(*, name: str, on_date: date, applies_to: str = "") -> rules.Parameter:
    """The value that holds on the day of the obligation, the one of the entity kind before the general one (R2).

    Refuses reference.parameter_unknown {name, day}.
    """
    found = models.Parameter.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on_date),
        name=name,
        applies_to__in=("", applies_to),
        valid_from__lte=on_date,
    ).order_by("-applies_to")
    for value in _values(rules.Parameter, found):
        return value
    raise Refused(Refusal("reference.parameter_unknown", {"name": name, "day": on_date.isoformat()}))
