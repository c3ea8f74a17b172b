"""Why a journal may not be posted: every reason at once, most basic first. The database asks the same again."""

import re
from collections.abc import Iterator

from khlang.kernel.fiscal_calendar import (
    CLOSING_PERIOD,
    OPENING_PERIOD,
    fiscal_year_of,
    period_of,
    year_end,
    year_start,
)
from khlang.kernel.money import AMOUNT_LIMIT, ZERO
from khlang.kernel.refusals import Fact, Refusal
from khlang.ledger.rules.drafts import PERIOD_OF_KIND, AccountFact, JournalDraft, LedgerFacts, LineDraft

LINES_MIN = 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def check_journal(draft: JournalDraft, facts: LedgerFacts) -> Iterator[Refusal]:
    """Yield every refusal of one journal; nothing when it may be posted (R9, R10, R270)."""
    if not draft.description.strip():
        yield Refusal("ledger.description_missing", where="description")
    elif not _printable(draft.description):
        yield Refusal("ledger.text_not_printable", where="description")
    if draft.kind not in facts.kinds:
        yield Refusal("ledger.kind_unknown", {"kind": draft.kind}, "kind")
    if len(draft.lines) < LINES_MIN:
        yield Refusal("ledger.too_few_lines", {"lines": len(draft.lines)}, "lines")
    for index, line in enumerate(draft.lines):
        yield from _check_line(line, f"lines.{index}", draft.year, facts)
    debit, credit = draft.debit, draft.credit
    if debit != credit:
        facts_of_sum = {"debit": str(debit), "credit": str(credit), "difference": str(abs(debit - credit))}
        yield Refusal("ledger.unbalanced", facts_of_sum, "lines")
    yield from _check_period(draft, facts)


def _check_line(line: LineDraft, where: str, year: int, facts: LedgerFacts) -> Iterator[Refusal]:
    yield from _check_amounts(line, where)
    if not _printable(line.description):
        yield Refusal("ledger.text_not_printable", where=f"{where}.description")
    yield from _check_account(line.account, facts.accounts.get(line.account), f"{where}.account", year)
    if line.fund_source not in facts.fund_sources:
        yield Refusal("ledger.fund_source_unknown", {"fund_source": line.fund_source}, f"{where}.fund_source")
    if line.budget_type and line.budget_type not in facts.budget_types:
        yield Refusal("ledger.budget_type_unknown", {"budget_type": line.budget_type}, f"{where}.budget_type")


def _check_amounts(line: LineDraft, where: str) -> Iterator[Refusal]:
    if line.debit and line.credit:
        yield Refusal("ledger.line_two_sided", where=f"{where}.debit")
    elif not line.debit and not line.credit:
        yield Refusal("ledger.line_without_amount", where=f"{where}.debit")
    for side, amount in (("debit", line.debit), ("credit", line.credit)):
        if amount < ZERO:
            yield Refusal("ledger.amount_negative", {"amount": str(amount)}, f"{where}.{side}")
        elif amount > AMOUNT_LIMIT:
            yield Refusal("ledger.amount_too_large", {"amount": str(amount)}, f"{where}.{side}")


def _check_account(code: str, account: AccountFact | None, where: str, year: int) -> Iterator[Refusal]:
    if account is None:
        yield Refusal("ledger.account_unknown", {"account": code}, where)
        return
    if not account.is_postable:
        yield Refusal("ledger.account_not_postable", {"account": code, "name": account.name_th}, where)
    elif not account.is_open:
        yield Refusal("ledger.account_closed", {"account": code, "name": account.name_th}, where)
    if not account.holds_in(year):
        mapped: dict[str, Fact] = {"account": code, "fiscal_year": year, "mapped": account.mapped_code or "-"}
        yield Refusal("ledger.account_not_in_chart", mapped, where)


def _check_period(draft: JournalDraft, facts: LedgerFacts) -> Iterator[Refusal]:
    year, period = draft.year, draft.posting_period
    known: dict[str, Fact] = {"fiscal_year": year, "period": period, "date": draft.date.isoformat()}
    opened = facts.years.get(year)
    if opened is None:
        yield Refusal("ledger.year_not_open", known, "date")
    elif not _fits(draft):
        yield Refusal("ledger.date_outside_period", known, "date")
    elif opened.periods.get(period) == "closed":
        yield Refusal("ledger.period_closed", known, "date")
    elif opened.periods.get(period) != "open":
        yield Refusal("ledger.period_soft_closed", known, "date")


def _fits(draft: JournalDraft) -> bool:
    year, period = draft.year, draft.posting_period
    if period == OPENING_PERIOD:
        return draft.kind == "opening" and draft.date == year_start(year)
    if period == CLOSING_PERIOD:
        return draft.kind != "opening" and draft.date == year_end(year)
    return draft.kind not in PERIOD_OF_KIND and (fiscal_year_of(draft.date), period_of(draft.date)) == (year, period)


def _printable(text: str) -> bool:
    return _CONTROL.search(text) is None
