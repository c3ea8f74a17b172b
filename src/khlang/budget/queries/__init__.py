"""The only reads of the budget offered to others, inside an entity transaction; all return frozen values."""

from khlang.budget.queries.boards import board, board_groups, board_page
from khlang.budget.queries.changes import carry_overs, change, changes
from khlang.budget.queries.facts import codes_in_use, divisions, divisions_of, enterprises, limits, line_facts, names
from khlang.budget.queries.grants import GRANTS_WAIT, grant, grant_figures, grant_tasks, grant_work, grants
from khlang.budget.queries.lines import (
    available,
    board_lines,
    codes,
    faults,
    holds,
    line,
    ordinance_lines,
    register,
    registers,
    years,
)
from khlang.budget.queries.ordinances import (
    actuals,
    draft_lines,
    estimate_drafts,
    estimates,
    ordinance,
    ordinances,
    steps,
)
from khlang.budget.queries.planning import cash_of_sources, committed_by_earlier_years, forecasts, plan_and_actual

__all__ = [
    "GRANTS_WAIT",
    "actuals",
    "available",
    "board",
    "board_groups",
    "board_lines",
    "board_page",
    "carry_overs",
    "cash_of_sources",
    "change",
    "changes",
    "codes",
    "codes_in_use",
    "committed_by_earlier_years",
    "divisions",
    "divisions_of",
    "draft_lines",
    "enterprises",
    "estimate_drafts",
    "estimates",
    "faults",
    "forecasts",
    "grant",
    "grant_figures",
    "grant_tasks",
    "grant_work",
    "grants",
    "holds",
    "limits",
    "line",
    "line_facts",
    "names",
    "ordinance",
    "ordinance_lines",
    "ordinances",
    "plan_and_actual",
    "register",
    "registers",
    "steps",
    "years",
]
