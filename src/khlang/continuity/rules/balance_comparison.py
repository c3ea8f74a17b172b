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
    printed: dict[str, str] = field(default_factory=dict)

    def total_of_kind(self, kind: str) -> Baht:
        """The sum of all accounts of a kind."""
        return sum((amount for code, amount in self.accounts.items() if self.kinds.get(_main(code)) == kind), ZERO)

    def group(self, code: str) -> dict[str, Baht]:
        """The accounts that a table may mean by a code: the account, its sub-accounts, and those printed under it."""
        return {
            known: amount
            for known, amount in self.accounts.items()
            if code in (_main(known), self.printed.get(_main(known)))
        }


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


def differences(
    *, table: BalanceTable, booked: Booked, summary_codes: Mapping[str, str]
) -> Iterator[tuple[Weight, int, Refusal]]:
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
    """Match lines with accounts; return the pairs, and the accounts that some line speaks of."""
    by_code: dict[str, list[BalanceLine]] = {}
    for line in table.details:
        if line.code:
            by_code.setdefault(line.code, []).append(line)
    pairs: list[Pair] = []
    covered: set[str] = set()
    for code, all_lines in by_code.items():
        lines, group = list(all_lines), booked.group(code)
        kind = summary_codes.get(code)
        if kind and not any(group.values()):
            group = {
                known: amount for known, amount in booked.accounts.items() if booked.kinds.get(_main(known)) == kind
            }
        elif len(lines) > 1:
            pairs += _singled_out(lines, group, booked)
        covered |= set(booked.group(code)) | set(group)
        if lines or any(group.values()):
            pairs.append(_sum_pair(code, lines, group, all_lines))
    return pairs, covered


def _singled_out(lines: list[BalanceLine], group: dict[str, Baht], booked: Booked) -> list[Pair]:
    """Lines under one code that are an account of their own, by name or else by amount; taken out of both."""
    pairs = []
    for line in tuple(lines):
        known = next((code for code in group if search_key(booked.names.get(code, "")) == search_key(line.label)), None)
        known = known or next((code for code, amount in group.items() if amount and amount == line.balance), None)
        if known:
            pairs.append(Pair(known, line.label, line, line.balance, group.pop(known)))
            lines.remove(line)
        elif not line.balance:
            lines.remove(line)
    return pairs


def _sum_pair(code: str, lines: list[BalanceLine], group: Mapping[str, Baht], all_lines: list[BalanceLine]) -> Pair:
    """What is left of a code, table against books, in sum."""
    spoken = lines or all_lines[-1:]
    label = " + ".join(line.label for line in spoken)[:120]
    used = [known for known, amount in group.items() if amount]
    shown = used[0] if len(lines) == len(used) == 1 else code
    return Pair(shown, label, spoken[0], sum((line.balance for line in lines), ZERO), sum(group.values(), ZERO))


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
