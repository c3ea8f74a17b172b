"""Codes in cells: accounts, fund sources, kinds and types, each by code, by code with name, or by name."""

from dataclasses import dataclass

from khlang.continuity.rules.findings import Weight
from khlang.continuity.rules.reading import Reading
from khlang.continuity.rules.values import Cell, code_of, is_blank, label_of
from khlang.kernel.refusals import Refusal, Refused

Found = list[tuple[Weight, Refusal]]
_REMEMBERED = 20_000
_LONGEST_LOST = 8


@dataclass(frozen=True, slots=True)
class AccountCode:
    """A code as it will be posted, and what to say about it."""

    code: str
    refusals: tuple[tuple[Weight, Refusal], ...] = ()


class CodeReader:
    """Reads codes against the vocabulary, remembering the answers: a file repeats a few hundred codes."""

    def __init__(self, reading: Reading) -> None:
        self._words = reading.vocabulary
        self._converts = reading.converts_old_codes
        self._accounts: dict[tuple[type, Cell], AccountCode] = {}
        self._labels: dict[tuple[str, Cell], str] = {}

    def account(self, found: Found, cell: Cell, where: str) -> AccountCode:
        """The account code in a cell; what is wrong with it goes to `found`."""
        key = (type(cell), cell)
        known = self._accounts.get(key)
        if known is None:
            known = self._read_account(cell)
            if len(self._accounts) < _REMEMBERED:
                self._accounts[key] = known
        if known.refusals:
            found += [(weight, refusal.at(where)) for weight, refusal in known.refusals]
        return known

    def _read_account(self, cell: Cell) -> AccountCode:
        if is_blank(cell):
            return AccountCode("", ((Weight.ERROR, Refusal("continuity.account_missing")),))
        try:
            code = code_of(cell)
        except Refused as refused:
            return AccountCode("", tuple((Weight.ERROR, reason) for reason in refused.refusals))
        if isinstance(cell, int | float) and code not in self._words.accounts:
            full = next((padded for padded in _padded(code) if padded in self._words.accounts), "")
            if full:
                refusal = Refusal("continuity.code_lost_zero", {"text": code, "account": full})
                return AccountCode(code, ((Weight.ERROR, refusal),))
        return self._converted(code) if self._converts else AccountCode(code)

    def _converted(self, code: str) -> AccountCode:
        """Today's code for an old one; the sub-account goes with it."""
        old, dash, sub_account = code.partition("-")
        new = self._words.todays_code.get(old)
        if not new:
            return AccountCode(code)
        facts = {"account": old, "mapped": new}
        return AccountCode(f"{new}{dash}{sub_account}", ((Weight.NOTE, Refusal("continuity.code_converted", facts)),))

    def kind(self, found: Found, cell: Cell, where: str) -> str:
        """The kind of journal; nothing typed is a general one. Finds continuity.kind_unknown {text}."""
        if is_blank(cell):
            return "general"
        return self._label(found, cell, where, "kinds", "continuity.kind_unknown")

    def fund_source(self, found: Found, cell: Cell, where: str) -> str:
        """The source of money. Finds continuity.fund_source_missing, continuity.fund_source_unknown {text}."""
        if is_blank(cell):
            found.append((Weight.ERROR, Refusal("continuity.fund_source_missing", {}, where)))
            return ""
        return self._label(found, cell, where, "fund_sources", "continuity.fund_source_unknown")

    def budget_type(self, found: Found, cell: Cell, where: str) -> str | None:
        """The revenue or expenditure type, if one is given. Finds continuity.budget_type_unknown {text}."""
        if is_blank(cell):
            return None
        return self._label(found, cell, where, "budget_types", "continuity.budget_type_unknown") or None

    def _label(self, found: Found, cell: Cell, where: str, table: str, refusal_code: str) -> str:
        key = (table, cell)
        known = self._labels.get(key)
        if known:
            return known
        try:
            label = label_of(cell)
        except Refused as refused:
            found += [(Weight.ERROR, reason.at(where)) for reason in refused.refusals]
            return ""
        table_words = getattr(self._words, table)
        code = table_words.get(label) or table_words.get(label.split(" ", 1)[0]) or ""
        if not code:
            found.append((Weight.ERROR, Refusal(refusal_code, {"text": label}, where)))
        elif len(self._labels) < _REMEMBERED:
            self._labels[key] = code
        return str(code)


def _padded(code: str) -> list[str]:
    """The code with the zeros that a number cannot keep."""
    return ["0" * zeros + code for zeros in range(1, _LONGEST_LOST - len(code) + 1)]
