"""A table of balances against the books on a day: account by account, with the kind of slip named where it shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from khlang.continuity.rules.balances import BalanceLine, BalanceTable
from khlang.continuity.rules.findings import Weight
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal
from khlang.kernel.thai_text import search_key

_SATANG_OF_A_BAHT = 100
_NINE = 9


@dataclass(slots=True)
class Booked:
    """Balances of the entity's books on a day, debit less credit (baht)."""

    accounts: dict[str, Baht] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def total_of_kind(self, kind: str) -> Baht:
        """The sum of all accounts of a kind."""
        return sum((amount for code, amount in self.accounts.items() if self.kinds.get(_main(code)) == kind), ZERO)

    def total_of(self, code: str) -> Baht:
        """The balance of an account with its sub-accounts."""
        return sum((amount for known, amount in self.accounts.items() if known == code or _main(known) == code), ZERO)


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing compared: what the table says and what the books say."""

    code: str
    label: str
    line: BalanceLine
    amount: Baht
    booked: Baht


def _main(code: str) -> str:
    return code.partition("-")[0]


def differences(*, table: BalanceTable, booked: Booked, summary_codes: Mapping[str, str]) -> Iterator[tuple[Weight, int, Refusal]]:
    """Yield one finding for each account that differs, for accounts only one of the two has, or that all agree."""
    pairs, covered = _pairs(table, booked, summary_codes)
    found = False
    for pair in pairs:
        if pair.amount != pair.booked:
            found = True
            yield _verdict(table, pair)
    for code, amount in sorted(booked.accounts.items()):
        if amount and code not in covered:
            found = True
            facts: dict[str, Fact] = {"account": code, "label": booked.names.get(code, ""), "booked": _shown(amount)}
            yield Weight.ERROR, 0, Refusal("continuity.balance_not_in_table", facts)
    if not found:
        yield Weight.NOTE, 0, Refusal("continuity.balances_agree")


def _pairs(table: BalanceTable, booked: Booked, summary_codes: Mapping[str, str]) -> tuple[list[Pair], set[str]]:
    """Match lines with accounts: a sub-account by its own name where it has one, the rest by code in sum."""
    by_code: dict[str, list[BalanceLine]] = {}
    for line in table.details:
        if line.code:
            by_code.setdefault(line.code, []).append(line)
    pairs: list[Pair] = []
    covered: set[str] = set()
    for code, lines in by_code.items():
        kind = summary_codes.get(code)
        if kind and not booked.total_of(code):
            covered |= {known for known in booked.accounts if booked.kinds.get(_main(known)) == kind}
            pairs.append(_sum_pair(code, lines, booked.total_of_kind(kind)))
            continue
        named, rest = _by_name(code, lines, booked)
        pairs += named
        taken = {pair.code for pair in named}
        left = sum((amount for known, amount in booked.accounts.items() if _main(known) == code and known not in taken), ZERO)
        covered |= {known for known in booked.accounts if _main(known) == code}
        if rest or left:
            pairs.append(_sum_pair(code, rest or lines[-1:], left) if rest else Pair(code, lines[-1].label, lines[-1], ZERO, left))
    return pairs, covered


def _sum_pair(code: str, lines: list[BalanceLine], booked: Baht) -> Pair:
    label = lines[0].label if len(lines) == 1 else " + ".join(line.label for line in lines)[:120]
    return Pair(code, label, lines[0], sum((line.balance for line in lines), ZERO), booked)


def _by_name(code: str, lines: list[BalanceLine], booked: Booked) -> tuple[list[Pair], list[BalanceLine]]:
    names = {search_key(booked.names[known]): known for known in booked.accounts if _main(known) == code and known in booked.names}
    pairs, rest = [], []
    for line in lines:
        known = names.get(search_key(line.label)) if len(lines) > 1 else None
        if known:
            pairs.append(Pair(known, line.label, line, line.balance, booked.accounts[known]))
        else:
            rest.append(line)
    return pairs, rest


def _verdict(table: BalanceTable, pair: Pair) -> tuple[Weight, int, Refusal]:
    difference = abs(pair.amount - pair.booked)
    facts: dict[str, Fact] = {
        "account": pair.code,
        "label": pair.label,
        "amount": _shown(pair.amount),
        "booked": _shown(pair.booked),
        "difference": str(difference),
    }
    return Weight.ERROR, pair.line.row, Refusal(f"continuity.{_slip(pair, difference)}", facts, table.where(pair.line))


def _slip(pair: Pair, difference: Baht) -> str:
    if pair.amount == -pair.booked:
        return "balance_on_other_side"
    if not pair.booked:
        return "balance_not_in_books"
    if difference.satang < _SATANG_OF_A_BAHT and pair.amount.satang % _SATANG_OF_A_BAHT == 0:
        return "satang_dropped"
    if difference.satang % _NINE == 0:
        same_digits = sorted(str(abs(pair.amount.satang))) == sorted(str(abs(pair.booked.satang)))
        if same_digits:
            return "digits_swapped"
        if difference.satang % (_NINE * _SATANG_OF_A_BAHT) == 0 or difference.satang < _NINE * _SATANG_OF_A_BAHT:
            return "digits_perhaps_swapped"
    return "balance_differs"


def _shown(amount: Baht) -> str:
    return str(abs(amount))
