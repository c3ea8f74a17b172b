"""The tables of an ordinance: revenue and expenditure with three past years, by side and plan, by work and budget (R82, R83)."""

from collections.abc import Iterator
from functools import partial

from khlang.kernel.money import ZERO, Baht
from khlang.official_forms.rules.blocks import Block, TableRow, table_block
from khlang.official_forms.rules.budget_tree import (
    LEVELS,
    Figures,
    Row,
    added,
    difference,
    groups,
    revenue_rows,
    spending_rows,
)
from khlang.official_forms.rules.ordinance_paper import Key, OrdinancePaper
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.phrases import phrase

say = partial(phrase, "volume", "words")
_PROPOSED = 5
"""The column of the proposed year: three years, the current one, the difference before it."""


def spending(paper: OrdinancePaper, enterprise: str) -> list[Row]:
    """Each line of one budget: paid in three past years, given in the current one, proposed."""
    proposed: dict[Key, Baht] = {}
    for line in paper.lines:
        identity = line.draft.identity
        if identity.enterprise == enterprise:
            key = (identity.work, identity.budget_type, identity.item)
            proposed[key] = proposed.get(key, ZERO) + line.draft.amount
    earlier = [
        *(
            {key: amount for (of, key), amount in paper.spent.get(year, {}).items() if of == enterprise}
            for year in paper.past_years
        ),
        {key: amount for (of, key), amount in paper.approved.items() if of == enterprise},
    ]
    columns = [*(_of_lines(each, proposed) for each in earlier), proposed]
    keys = sorted({key for column in columns for key in column})
    return [(key, tuple(column.get(key, ZERO) for column in columns)) for key in keys]


def _of_lines(before: dict[Key, Baht], proposed: dict[Key, Baht]) -> dict[Key, Baht]:
    """Figures of other years under the keys of this ordinance: what has no line of its own any more stands with its type."""
    found: dict[Key, Baht] = {}
    for key, amount in before.items():
        work, budget_type, _ = key
        into = key if key in proposed else (work, budget_type, "")
        if amount:
            found[into] = found.get(into, ZERO) + amount
    return found


def receipts(paper: OrdinancePaper, enterprise: str) -> list[Row]:
    """Each revenue type of one budget: received in three past years, expected this year, proposed."""
    rows = []
    for each in paper.estimates:
        if each.enterprise == enterprise:
            past = (each.actuals.get(year, ZERO) for year in paper.past_years)
            now = paper.expected.get((enterprise, each.budget_type), ZERO)
            rows.append((("", each.budget_type, ""), (*past, now, each.amount)))
    return sorted((row for row in rows if any(row[1])), key=lambda row: row[0])


def _compared(figures: Figures) -> tuple[Baht | str, ...]:
    *past, now, proposed = figures
    return (*past, now, difference(now, proposed), proposed)


def _columns(paper: OrdinancePaper, actual: str) -> list[str]:
    years = [say(actual, year=year) for year in paper.past_years]
    return [
        *years,
        say("estimate", year=paper.fiscal_year - 1),
        say("difference"),
        say("estimate", year=paper.fiscal_year),
    ]


def spending_table(paper: OrdinancePaper, enterprise: str, printing: Printing) -> Block:
    """Expenditure by plan, work, budget, category, type and item."""
    rows = spending_rows(spending(paper, enterprise), names=paper.names, columns=_PROPOSED, shown=_compared)
    label, columns = say("spending"), _columns(paper, "spent")
    return table_block(printing, label=label, columns=columns, rows=rows, carried=_PROPOSED)


def revenue_table(paper: OrdinancePaper, enterprise: str, printing: Printing) -> Block:
    """Revenue by group, category and type."""
    rows = revenue_rows(receipts(paper, enterprise), names=paper.revenue_names, columns=_PROPOSED, shown=_compared)
    label, columns = say("receipts"), _columns(paper, "received")
    return table_block(printing, label=label, columns=columns, rows=rows, carried=_PROPOSED)


def revenue_summary(paper: OrdinancePaper, printing: Printing) -> Block:
    """Revenue by category, as the executive tells it to the council."""
    columns = [
        say("received", year=paper.fiscal_year - 2),
        *(say("estimate", year=paper.fiscal_year - at) for at in (1, 0)),
    ]
    rows = [(key, figures[2:]) for key, figures in receipts(paper, "")]
    return table_block(printing, label=say("receipts"), columns=columns, rows=_categories(rows, paper))


def _categories(rows: list[Row], paper: OrdinancePaper) -> Iterator[TableRow]:
    for group, in_group in groups(rows, lambda key: f"{key[1][:2]}0000"):
        name = paper.revenue_names.get(group, group)
        yield TableRow("group", name)
        for category, found in groups(in_group, lambda key: f"{key[1][:3]}000"):
            yield TableRow("detail", paper.revenue_names.get(category, category), added(found, 3), 1)
        yield TableRow("subtotal", say("sum_of", name=name), added(in_group, 3))
    yield TableRow("total", say("total_revenue"), added(rows, 3))


def spending_summary(paper: OrdinancePaper, printing: Printing) -> Block:
    """Expenditure by budget, as the executive tells it to the council."""
    columns = [
        say("spent", year=paper.fiscal_year - 2),
        *(say("estimate", year=paper.fiscal_year - at) for at in (1, 0)),
    ]
    rows = sorted(((key[1], figures[2:]) for key, figures in spending(paper, "")), key=lambda row: row[0])
    by_type: list[Row] = [(("", code, ""), figures) for code, figures in rows]
    printed = [
        TableRow("detail", paper.names.get(code, code), added(found, 3)) for code, found in groups(by_type, LEVELS[2])
    ]
    printed.append(TableRow("total", say("total"), added(by_type, 3)))
    return table_block(printing, label=say("spending"), columns=columns, rows=printed)


def plan_table(paper: OrdinancePaper, enterprise: str, printing: Printing) -> Block:
    """What is proposed for each side and plan."""
    rows = [(key, figures[-1:]) for key, figures in spending(paper, enterprise) if figures[-1]]
    return table_block(printing, label=say("side_and_plan"), columns=[say("amount")], rows=_sides(rows, paper))


def _sides(rows: list[Row], paper: OrdinancePaper) -> Iterator[TableRow]:
    for side, in_side in groups(rows, lambda key: f"{key[0][:3]}00"):
        yield TableRow("group", paper.names.get(side, side))
        for plan, found in groups(in_side, LEVELS[0]):
            yield TableRow("detail", paper.names.get(plan, plan), added(found, 1), 1)
    yield TableRow("total", say("total"), added(rows, 1))


def work_tables(paper: OrdinancePaper, enterprise: str, printing: Printing) -> Iterator[tuple[str, Block]]:
    """For each plan a table of its works and budgets, with the name of the plan."""
    rows = [(key, figures[-1:]) for key, figures in spending(paper, enterprise) if figures[-1]]
    for plan, in_plan in groups(rows, LEVELS[0]):
        yield paper.names.get(plan, plan), _works(in_plan, paper, printing)


def _works(rows: list[Row], paper: OrdinancePaper, printing: Printing) -> Block:
    works = sorted({key[0] for key, _ in rows})
    by_type = sorted(rows, key=lambda row: row[0][1])

    def across(found: list[Row]) -> Figures:
        of_work = {work: added([row for row in found if row[0][0] == work], 1)[0] for work in works}
        return (*of_work.values(), added(found, 1)[0])

    printed = []
    for budget, in_budget in groups(by_type, LEVELS[2]):
        printed.append(TableRow("subtotal", paper.names.get(budget, budget), across(in_budget)))
        for category, found in groups(in_budget, LEVELS[3]):
            printed.append(TableRow("detail", paper.names.get(category, category), across(found), 1))
    printed.append(TableRow("total", say("sum"), across(by_type)))
    columns = [*(paper.names.get(work, work) for work in works), say("sum")]
    return table_block(printing, label=say("budget_and_work"), columns=columns, rows=printed)
