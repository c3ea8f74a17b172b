"""The sheets beside the journals: estimates for the budget column, and sub-accounts to create first."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from khlang.continuity.rules.cellcodes import CodeReader
from khlang.continuity.rules.findings import Findings, Weight
from khlang.continuity.rules.layouts import HeaderMatch, place, sample_prefix
from khlang.continuity.rules.reading import Reading, SubAccountRow
from khlang.continuity.rules.values import Cell, is_blank, money_of, text_of
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal, Refused
from khlang.kernel.thai_text import to_arabic_digits
from khlang.ledger.rules import AccountFact, Estimate, LedgerFacts, split_account

Row = tuple[int, tuple[Cell, ...]]
_DIGITS_MIN, _DIGITS_MAX = 2, 4


class SideSheet:
    """Reads one of the small sheets whole."""

    def __init__(self, *, match: HeaderMatch, reading: Reading, findings: Findings) -> None:
        self._match = match
        self._codes = CodeReader(reading)
        self._year = reading.fiscal_year
        self._findings = findings

    def estimates(self, rows: Iterable[Row], *, facts: LedgerFacts) -> list[Estimate]:
        """The estimates of the year, each account once. Finds continuity.estimate_again, .estimate_negative and account refusals."""
        kept: dict[str, tuple[int, Baht]] = {}
        for number, cells in self._used(rows):
            account = self._account(number, cells)
            amount = self._amount(number, cells)
            if not account or not self._may_hold(account, number, facts):
                continue
            if account in kept:
                earlier: dict[str, Fact] = {"account": account, "row": kept[account][0]}
                self._error(Refusal("continuity.estimate_again", earlier), number, "account")
            elif amount < ZERO:
                self._error(Refusal("continuity.estimate_negative", {"amount": str(amount)}), number, "amount")
            else:
                kept[account] = (number, amount)
        return [Estimate(*split_account(account), amount) for account, (_, amount) in kept.items()]

    def sub_accounts(self, rows: Iterable[Row], *, facts: LedgerFacts) -> list[SubAccountRow]:
        """The sub-accounts asked for. Finds continuity.sub_account_malformed, .name_missing, .sub_account_again."""
        kept: dict[str, SubAccountRow] = {}
        for number, cells in self._used(rows):
            account = self._account(number, cells)
            sub_account = to_arabic_digits(self._text(number, cells, "sub_account"))
            name = self._text(number, cells, "name")
            if not (sub_account.isascii() and sub_account.isdigit() and _DIGITS_MIN <= len(sub_account) <= _DIGITS_MAX):
                self._error(Refusal("continuity.sub_account_malformed", {"text": sub_account}), number, "sub_account")
            elif not name:
                self._error(Refusal("continuity.name_missing"), number, "name")
            elif account and self._may_hold(account, number, facts):
                asked = SubAccountRow(number, account, sub_account, name)
                if asked.code in kept:
                    facts_of: dict[str, Fact] = {"account": asked.code, "row": kept[asked.code].row}
                    self._error(Refusal("continuity.sub_account_again", facts_of), number, "sub_account")
                kept[asked.code] = asked
        return list(kept.values())

    def _used(self, rows: Iterable[Row]) -> Iterator[Row]:
        for number, cells in rows:
            first = cells[0] if cells else None
            if all(map(is_blank, cells)) or (isinstance(first, str) and first.startswith(sample_prefix())):
                continue
            yield number, cells

    def _cell(self, cells: tuple[Cell, ...], name: str) -> Cell:
        position = self._match.positions.get(name, -1)
        return cells[position] if 0 <= position < len(cells) else None

    def _account(self, number: int, cells: tuple[Cell, ...]) -> str:
        found: list[tuple[Weight, Refusal]] = []
        code = self._codes.account(found, self._cell(cells, "account"), self._where(number, "account")).code
        for weight, refusal in found:
            self._findings.add(weight, refusal, row=number)
        return code

    def _may_hold(self, account: str, number: int, facts: LedgerFacts) -> bool:
        known = facts.accounts.get(account)
        year = self._year
        if known is None:
            self._error(Refusal("ledger.account_unknown", {"account": account}), number, "account")
        elif year is not None and not known.holds_in(year):
            mapped: dict[str, Fact] = {"account": account, "fiscal_year": year, "mapped": known.mapped_code or "-"}
            self._error(Refusal("ledger.account_not_in_chart", mapped), number, "account")
        elif not known.is_postable:
            self._error(
                Refusal("ledger.account_not_postable", {"account": account, "name": known.name_th}), number, "account"
            )
        else:
            return True
        return False

    def _amount(self, number: int, cells: tuple[Cell, ...]) -> Baht:
        try:
            return money_of(self._cell(cells, "amount"))
        except Refused as refused:
            for refusal in refused.refusals:
                self._error(refusal, number, "amount")
            return ZERO

    def _text(self, number: int, cells: tuple[Cell, ...], name: str) -> str:
        try:
            return text_of(self._cell(cells, name))
        except Refused as refused:
            for refusal in refused.refusals:
                self._error(refusal, number, name)
            return ""

    def _where(self, number: int, name: str) -> str:
        return place(self._match.sheet, number, self._match.letter(name))

    def _error(self, refusal: Refusal, number: int, name: str) -> None:
        self._findings.add(Weight.ERROR, refusal.at(self._where(number, name)), row=number)


def facts_with(facts: LedgerFacts, asked: Iterable[SubAccountRow]) -> LedgerFacts:
    """The facts as they will be once the sub-accounts asked for exist."""
    accounts = dict(facts.accounts)
    for row in asked:
        parent = accounts.get(row.account)
        if parent is not None:
            accounts[row.code] = AccountFact(
                code=row.code,
                name_th=row.name,
                is_postable=True,
                valid_from_year=parent.valid_from_year,
                valid_to_year=parent.valid_to_year,
                mapped_code=parent.mapped_code,
            )
    return replace(facts, accounts=accounts)
