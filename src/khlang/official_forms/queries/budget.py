"""The register and the summary of the budget as statements."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from khlang.budget import queries as budget
from khlang.budget.rules import BoardFilter
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.statements import Statement
from khlang.official_forms.rules.budget_statements import BudgetScope, board_statement, register_statement
from khlang.official_forms.rules.words import Language


def budget_scope(*, actor: Actor, fiscal_year: int, today: date, language: Language) -> BudgetScope:
    """Of whom and when; refused: official_forms.budget_unknown {fiscal_year}, when the year has no budget."""
    if fiscal_year not in budget.years():
        raise Refused(Refusal("official_forms.budget_unknown", {"fiscal_year": fiscal_year}))
    names = budget.names(fiscal_year=fiscal_year)
    return BudgetScope(actor.entity_code, actor.entity_name, fiscal_year, today, names, language=language)


def line_register(*, scope: BudgetScope, line_id: UUID) -> Statement:
    """The register of one line; refused: official_forms.line_unknown {line}."""
    found = budget.board_lines(fiscal_year=scope.fiscal_year, line_ids=[line_id])
    if line_id not in found:
        raise Refused(Refusal("official_forms.line_unknown", {"line": str(line_id)}))
    rows = budget.register(fiscal_year=scope.fiscal_year, line_id=line_id)
    return register_statement(scope=scope, lines=[(found[line_id].line, rows)])


def year_register(*, scope: BudgetScope, chosen: BoardFilter) -> Statement:
    """The register of the lines chosen, or of all lines of the year."""
    lines = budget.board(fiscal_year=scope.fiscal_year, chosen=chosen).lines
    rows = budget.registers(fiscal_year=scope.fiscal_year, line_ids=[each.line.line_id for each in lines])
    listed = [(each.line, rows.get(each.line.line_id, [])) for each in lines]
    return register_statement(scope=_chosen(scope, chosen), lines=listed)


def budget_board(*, scope: BudgetScope, chosen: BoardFilter) -> Statement:
    """The summary of the lines chosen, or of all lines of the year."""
    lines = budget.board(fiscal_year=scope.fiscal_year, chosen=chosen).lines
    return board_statement(scope=_chosen(scope, chosen), lines=lines)


def _chosen(scope: BudgetScope, chosen: BoardFilter) -> BudgetScope:
    return replace(scope, is_chosen=chosen != BoardFilter())
