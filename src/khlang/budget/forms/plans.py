"""The grid of spending plans as it is sent: cells `plan.<line>.<quarter>`, with what cannot be read as an amount."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from khlang.budget.commands import PlanSave
from khlang.budget.rules import QUARTERS, evenly
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused

LINES_MAX = 200
_CELL = re.compile(r"plan\.([0-9a-f-]{36})\.([1-4])")


@dataclass(frozen=True, slots=True)
class PlansForm:
    """What was typed, line by line in the order of the page; texts stay as they were typed."""

    typed: Mapping[UUID, Mapping[int, str]]
    plans: tuple[PlanSave, ...]
    refusals: tuple[Refusal, ...]


def plans_form(fields: Mapping[str, str]) -> PlansForm:
    """Read the grid. An empty cell is nothing planned; a line without any cell filled and never planned is left out."""
    typed: dict[UUID, dict[int, str]] = {}
    for name, text in fields.items():
        cell = _CELL.fullmatch(name)
        if cell and len(typed) <= LINES_MAX:
            typed.setdefault(UUID(cell[1]), {})[int(cell[2])] = text.strip()[:40]
    plans, refusals = [], []
    for line_id, cells in typed.items():
        revision = fields.get(f"revision.{line_id}", "")
        known = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 9 else 0  # noqa: PLR2004
        if not known and not any(cells.values()):
            continue
        shares: dict[int, Baht] = {}
        for quarter, text in cells.items():
            try:
                shares[quarter] = parse_amount(text) if text else ZERO
            except Refused as refused:
                refusals += [each.at(cell_name(line_id, quarter)) for each in refused.refusals]
        plans.append(PlanSave(line_id, shares, known))
    return PlansForm(typed, tuple(plans), tuple(refusals))


def cell_name(line_id: UUID, quarter: int | str) -> str:
    """The name and id of a cell."""
    return f"plan.{line_id}.{quarter}"


def at_cells(refusals: Sequence[Refusal], plans: Sequence[PlanSave]) -> list[Refusal]:
    """Refusals of the command, whose places count the plans, at the cells of the page."""
    found = []
    for refusal in refusals:
        _, _, rest = refusal.where.partition("plans.")
        number, _, quarter = rest.partition(".")
        if number.isdecimal() and int(number) < len(plans):
            name = cell_name(plans[int(number)].line_id, quarter if quarter in map(str, QUARTERS) else 1)
            found.append(refusal.at(name))
        else:
            found.append(refusal)
    return found


def spread(typed: Mapping[UUID, Mapping[int, str]], appropriations: Mapping[UUID, Baht]) -> dict[UUID, dict[int, str]]:
    """The grid with each line that has no cell filled spread evenly over the year."""
    found = {line_id: dict(cells) for line_id, cells in typed.items()}
    for line_id, amount in appropriations.items():
        if not any(found.get(line_id, {}).values()) and amount:
            found[line_id] = {quarter: share.display() for quarter, share in evenly(amount).items()}
    return found
