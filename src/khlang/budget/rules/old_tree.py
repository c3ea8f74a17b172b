"""The tree that a workbook of the old system implies: its rows under plan, work, budget and category. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khlang.budget.rules.remaining_budget import RemainingRow
from khlang.kernel.money import ZERO, Baht


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One node: how deep, its code and name, the sums below it (baht); a work, or a row, where it is one."""

    depth: int
    code: str
    name: str
    approved: Baht
    moved: Baht
    used: Baht
    remaining: Baht
    work: str = ""
    row: RemainingRow | None = None


def tree(rows: Sequence[RemainingRow], names: Mapping[str, str]) -> list[TreeNode]:
    """The nodes from above: plans, works, budgets, categories, rows. Rows of unknown code come first, under none."""
    known = sorted((row for row in rows if row.work and row.budget_type), key=_order)
    lost = [row for row in rows if not (row.work and row.budget_type)]
    return [*(_leaf(row, names, 0) for row in lost), *_below(known, names, 0)]


def _order(row: RemainingRow) -> tuple[str, str, int]:
    return (row.work, row.budget_type, row.row)


def _level(row: RemainingRow, depth: int) -> str:
    """The code of a row at a depth: plan, work, budget, category."""
    return (
        f"{row.work[:4]}0",
        row.work,
        f"{row.budget_type[:2]}00000",
        f"{row.budget_type[:3]}0000",
    )[depth]


_WORK_DEPTH, _LEAF_DEPTH = 1, 4


def _below(rows: Sequence[RemainingRow], names: Mapping[str, str], depth: int) -> Iterator[TreeNode]:
    if depth == _LEAF_DEPTH:
        yield from (_leaf(row, names, depth) for row in rows)
        return
    groups: dict[str, list[RemainingRow]] = {}
    for row in rows:
        groups.setdefault(_level(row, depth), []).append(row)
    for code, found in groups.items():
        yield _node(found, depth, code, names.get(code, code))
        yield from _below(found, names, depth + 1)


def _node(rows: Sequence[RemainingRow], depth: int, code: str, name: str) -> TreeNode:
    leaves = [_leaf(row, {}, depth) for row in rows]
    return TreeNode(
        depth,
        code,
        name,
        sum((leaf.approved for leaf in leaves), ZERO),
        sum((leaf.moved for leaf in leaves), ZERO),
        sum((leaf.used for leaf in leaves), ZERO),
        sum((leaf.remaining for leaf in leaves), ZERO),
        work=code if depth == _WORK_DEPTH else "",
    )


def _leaf(row: RemainingRow, names: Mapping[str, str], depth: int) -> TreeNode:
    moved = row.transferred_in - row.transferred_out
    name = row.item or names.get(row.budget_type) or row.names[2] or row.budget_type
    return TreeNode(depth, row.code, name, row.approved, moved, row.obligated + row.disbursed, row.remaining, row=row)
