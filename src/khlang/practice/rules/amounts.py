"""Amounts of one event, shared out to its lines in whole satang."""

from collections.abc import Sequence

from khlang.kernel.money import ZERO, Baht, baht
from khlang.ledger.rules import LineDraft
from khlang.practice.rules.templates import SideLine


def share_of(share: str, *, amount: Baht) -> Baht:
    """A share in words: "total", "a/b" (rounded half up to the satang), or an amount in baht."""
    if share == "total":
        return amount
    if "/" in share:
        part, whole = (int(number) for number in share.split("/"))
        return Baht.from_satang((2 * amount.satang * part + whole) // (2 * whole))
    return baht(share)


def drafted_lines(lines: Sequence[SideLine], *, amount: Baht, fund: str) -> tuple[LineDraft, ...]:
    """The lines of a journal; "rest" is what the other lines of its side leave of the amount."""
    known = dict.fromkeys(("debit", "credit"), ZERO)
    for side, _, share in lines:
        if share != "rest":
            known[side] += share_of(share, amount=amount)
    drafted = []
    for side, account, share in lines:
        value = amount - known[side] if share == "rest" else share_of(share, amount=amount)
        if value:
            debit, credit = (value, ZERO) if side == "debit" else (ZERO, value)
            drafted.append(LineDraft(account, fund, debit, credit))
    return tuple(drafted)
