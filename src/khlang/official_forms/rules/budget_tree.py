"""Budget lines put under plan, work, budget, category, type and item, with a sum at each (R72). Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from khlang.kernel.money import ZERO, Baht
from khlang.official_forms.rules.blocks import TableRow
from khlang.official_forms.rules.ordinance_paper import Key
from khlang.official_forms.rules.phrases import phrase

Figures = tuple[Baht, ...]
Row = tuple[Key, Figures]
Shown = Callable[[Figures], tuple[Baht | str, ...]]

LEVELS: tuple[Callable[[Key], str], ...] = (
    lambda key: f"{key[0][:4]}0",
    lambda key: key[0],
    lambda key: f"{key[1][:2]}00000",
    lambda key: f"{key[1][:3]}0000",
    lambda key: key[1],
)
"""Plan, work, budget, category, type."""
TYPE = len(LEVELS) - 1
REVENUE_LEVELS: tuple[Callable[[Key], str], ...] = (
    lambda key: f"{key[1][:2]}0000",
    lambda key: f"{key[1][:3]}000",
)
"""Group and category of a revenue type."""


def added(rows: Sequence[Row], columns: int) -> Figures:
    """The sum of each column."""
    return tuple(sum((figures[at] for _, figures in rows), ZERO) for at in range(columns))


def groups(rows: Sequence[Row], key: Callable[[Key], str]) -> Iterator[tuple[str, list[Row]]]:
    """Neighbouring rows of one code."""
    for code, found in groupby(rows, key=lambda row: key(row[0])):
        yield code, list(found)


def spending_rows(rows: Sequence[Row], *, names: Mapping[str, str], columns: int, shown: Shown) -> Iterator[TableRow]:
    """Every line under its heads with the sum of each head, and the sum of all. `rows` are sorted by key."""
    yield from _under(rows, 0, names, columns, shown)
    yield TableRow("total", phrase("volume", "words", "total"), shown(added(rows, columns)))


def _under(rows: Sequence[Row], depth: int, names: Mapping[str, str], columns: int, shown: Shown) -> Iterator[TableRow]:
    for code, found in groups(rows, LEVELS[depth]):
        name = names.get(code, code)
        if depth == TYPE:
            yield from _items(found, name, shown)
            continue
        yield TableRow("group", name, level=depth)
        yield from _under(found, depth + 1, names, columns, shown)
        yield TableRow("subtotal", phrase("volume", "words", "sum_of", name=name), shown(added(found, columns)), depth)


def _items(rows: Sequence[Row], name: str, shown: Shown) -> Iterator[TableRow]:
    if all(not item for (_, _, item), _ in rows):
        yield from (TableRow("detail", name, shown(figures), TYPE) for _, figures in rows)
        return
    yield TableRow("group", name, level=TYPE)
    for (_, _, item), figures in rows:
        without = name if figures[-1] else phrase("volume", "words", "earlier_items")
        yield TableRow("detail", item or without, shown(figures), TYPE + 1)


def revenue_rows(rows: Sequence[Row], *, names: Mapping[str, str], columns: int, shown: Shown) -> Iterator[TableRow]:
    """Revenue types under group and category, the sum of each category, and the sum of all."""
    for group, in_group in groups(rows, REVENUE_LEVELS[0]):
        yield TableRow("group", names.get(group, group))
        for category, found in groups(in_group, REVENUE_LEVELS[1]):
            name = names.get(category, category)
            yield TableRow("group", name, level=1)
            for (_, code, _), figures in found:
                yield TableRow("detail", names.get(code, code), shown(figures), 2)
            yield TableRow("subtotal", phrase("volume", "words", "sum_of", name=name), shown(added(found, columns)), 1)
    yield TableRow("total", phrase("volume", "words", "total_revenue"), shown(added(rows, columns)))


def difference(before: Baht, after: Baht) -> str:
    """By how many percent a figure changed, with two decimals; a dash when there is nothing to compare with."""
    if not before:
        return ""
    hundredths, rest = divmod(abs(after.satang - before.satang) * 10_000, abs(before.satang))
    hundredths += 2 * rest >= abs(before.satang)
    sign = "-" if after < before and hundredths else ""
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d}"
