"""A table of balances that somebody else made: what is wrong with it, said exactly, without touching it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from khlang.continuity.rules.findings import Findings, Weight
from khlang.continuity.rules.layouts import HeaderMatch, place, words
from khlang.continuity.rules.values import Cell, is_blank, label_of, money_of, text_of
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal, Refused
from khlang.kernel.thai_text import to_arabic_digits

Row = tuple[int, tuple[Cell, ...]]
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One line of the table: a code if it has one, its label, and its amounts (baht)."""

    row: int
    code: str
    label: str
    debit: Baht
    credit: Baht
    section: str = ""
    is_total: bool = False

    @property
    def amount(self) -> Baht:
        """What stands on the line, whichever column it is in."""
        return self.debit or self.credit

    @property
    def balance(self) -> Baht:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class BalanceTable:
    """The whole table as read."""

    lines: tuple[BalanceLine, ...]
    match: HeaderMatch
    has_sides: bool

    @property
    def details(self) -> tuple[BalanceLine, ...]:
        """Lines that are no totals."""
        return tuple(line for line in self.lines if not line.is_total)

    def where(self, line: BalanceLine, field: str = "") -> str:
        """The cell of an amount of a line."""
        side = field or ("amount" if not self.has_sides else "debit" if line.debit else "credit")
        return place(self.match.sheet, line.row, self.match.letter(side))


def read_table(*, rows: Iterable[Row], match: HeaderMatch, code_position: int, findings: Findings) -> BalanceTable:
    """Read lines and totals; amounts that cannot be read are findings at their cells."""
    totals = tuple(word.lower() for word in words("total_words"))
    has_sides = "debit" in match.positions or "credit" in match.positions
    lines = []
    for number, cells in rows:
        if all(map(is_blank, cells)):
            continue
        label = _text(cells, match.positions.get("name", -1))
        code = to_arabic_digits(_text(cells, code_position)).split(" ", 1)[0]
        amounts = _amounts(number, cells, match, findings, has_sides=has_sides)
        section = _text(cells, match.positions.get("section", -1))
        is_total = label.lower().startswith(totals) or code.lower().startswith(totals)
        lines.append(BalanceLine(number, "" if is_total else code, label, *amounts, section, is_total))
    return BalanceTable(tuple(lines), match, has_sides)


def _text(cells: Sequence[Cell], position: int) -> str:
    if not 0 <= position < len(cells):
        return ""
    try:
        return text_of(cells[position])
    except Refused:
        return ""


def _amounts(
    number: int,
    cells: Sequence[Cell],
    match: HeaderMatch,
    findings: Findings,
    *,
    has_sides: bool,
) -> tuple[Baht, Baht]:
    def read(name: str) -> Baht:
        position = match.positions.get(name, -1)
        if not 0 <= position < len(cells):
            return ZERO
        try:
            return money_of(cells[position])
        except Refused as refused:
            at = place(match.sheet, number, match.letter(name))
            findings.add_all(Weight.ERROR, (reason.at(at) for reason in refused.refusals), row=number)
            return ZERO

    return (read("debit"), read("credit")) if has_sides else (read("amount"), ZERO)


def best_code_position(
    *, header: Sequence[Cell], rows: Sequence[Row], wanted: Sequence[str], known: frozenset[str]
) -> tuple[int, int]:
    """Which of the columns headed as codes holds the codes of the chart, and how many of its cells are known.

    An old table may carry two: the program's own number and the department's.
    """
    names = {word.replace(" ", "") for word in wanted}
    candidates = [position for position, cell in enumerate(header) if _header_word(cell) in names]
    if not candidates:
        return -1, 0
    hits = {position: sum(_text(cells, position) in known for _, cells in rows) for position in candidates}
    best = max(candidates, key=lambda position: hits[position])
    return best, hits[best]


def _header_word(cell: Cell) -> str:
    return label_of(cell).replace(" ", "") if isinstance(cell, str) else ""


def own_findings(table: BalanceTable, *, is_compared: bool) -> Iterator[tuple[Weight, int, Refusal]]:
    """What the table alone gives away: sides, printed totals, repeated codes, satang that look dropped.

    When it is compared with the books as well, dropped satang are known there for certain and not guessed here.
    """
    yield from _sides(table)
    yield from _totals(table)
    yield from _repeated_codes(table)
    if not is_compared:
        yield from _whole_baht(table)


def _sides(table: BalanceTable) -> Iterator[tuple[Weight, int, Refusal]]:
    if not table.has_sides or not table.details:
        return
    debit = sum((line.debit for line in table.details), ZERO)
    credit = sum((line.credit for line in table.details), ZERO)
    facts: dict[str, Fact] = {"debit": str(debit), "credit": str(credit), "difference": str(abs(debit - credit))}
    if debit == credit:
        yield Weight.NOTE, 0, Refusal("continuity.sides_equal", facts)
    else:
        yield Weight.ERROR, 0, Refusal("continuity.sides_differ", facts)


def _totals(table: BalanceTable) -> Iterator[tuple[Weight, int, Refusal]]:
    """A printed total is compared with the lines since the last total, and with all lines of its section so far."""
    since: list[BalanceLine] = []
    section: list[BalanceLine] = []
    name = ""
    for line in table.lines:
        if line.section != name:
            since, section, name = [], [], line.section
        if not line.is_total:
            since.append(line)
            section.append(line)
            continue
        for side in ("debit", "credit"):
            printed: Baht = getattr(line, side)
            sums = [sum((getattr(part, side) for part in parts), ZERO) for parts in (since, section)]
            if printed or any(sums):
                yield _total(table, line, side, printed, sums)
        since = []


def _total(
    table: BalanceTable, line: BalanceLine, side: str, printed: Baht, sums: list[Baht]
) -> tuple[Weight, int, Refusal]:
    closest = min(sums, key=lambda summed: abs(summed - printed))
    field = side if table.has_sides else "amount"
    facts: dict[str, Fact] = {"label": line.label, "printed": str(printed)}
    if closest == printed:
        return Weight.NOTE, line.row, Refusal("continuity.total_holds", facts, table.where(line, field))
    facts |= {"summed": str(closest), "difference": str(abs(closest - printed))}
    return Weight.ERROR, line.row, Refusal("continuity.total_differs", facts, table.where(line, field))


def _repeated_codes(table: BalanceTable) -> Iterator[tuple[Weight, int, Refusal]]:
    by_code: dict[str, list[BalanceLine]] = {}
    for line in table.details:
        if line.code:
            by_code.setdefault(line.code, []).append(line)
    for code, lines in by_code.items():
        if len(lines) > 1:
            labels = ", ".join(line.label for line in lines)
            facts: dict[str, Fact] = {"account": code, "rows": len(lines), "labels": labels[:200]}
            yield Weight.WARNING, lines[1].row, Refusal("continuity.code_stands_for_many", facts, table.where(lines[1]))


def _whole_baht(table: BalanceTable) -> Iterator[tuple[Weight, int, Refusal]]:
    """Odd amounts in whole baht, in a table where others carry satang. Round sums are left alone: they are usual."""
    used = [line for line in table.details if line.amount]
    with_satang = sum(line.amount.satang % _HUNDRED != 0 for line in used)
    if not with_satang:
        return
    for line in used:
        baht, satang = divmod(abs(line.amount.satang), _HUNDRED)
        if satang == 0 and baht % 5 != 0:
            facts: dict[str, Fact] = {"label": line.label, "amount": str(line.amount), "others": with_satang}
            yield Weight.WARNING, line.row, Refusal("continuity.satang_perhaps_dropped", facts, table.where(line))
