"""The register of the budget and the summary of its spending, as statements (R99, R118). Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from khlang.budget.rules import BoardLine, Kind, Level, LineView, MovementView, Pot, RegisterRow, added, group_key
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Cell, Column, ColumnKind, Row, Signature, Statement
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.official_forms.rules.phrases import phrases

_HELD = frozenset({Pot.RESERVED, Pot.OBLIGATED, Pot.REQUESTED, Pot.ADVANCED, Pot.CARRIED})
_UP = frozenset({Kind.APPROVE, Kind.SUPPLEMENT, Kind.TRANSFER_IN})
_DOWN = frozenset({Kind.WITHDRAW, Kind.TRANSFER_OUT})
_BOARD_LEVELS = (Level.PLAN, Level.WORK, Level.BUDGET)
_LANGUAGES = ("th", "en")


@dataclass(frozen=True, slots=True)
class BudgetScope:
    """Of whom and of what a statement is: entity, year (B.E.), the day of the print, names of codes, whether lines were chosen."""

    entity_code: str
    entity_name: str
    fiscal_year: int
    today: date
    names: Mapping[str, str]
    is_chosen: bool = False
    language: str = "th"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one movement did to a line, in baht: more or less budget, held, paid."""

    increase: Baht = ZERO
    decrease: Baht = ZERO
    held: Baht = ZERO
    spent: Baht = ZERO

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(
            self.increase + other.increase,
            self.decrease + other.decrease,
            self.held + other.held,
            self.spent + other.spent,
        )

    @property
    def available(self) -> Baht:
        """What it leaves (R118)."""
        return self.increase - self.decrease - self.held - self.spent


def effect_of(movement: MovementView) -> Effect:
    """What a movement did, column by column."""
    amount = movement.amount
    if movement.kind in _UP:
        return Effect(increase=amount)
    if movement.kind in _DOWN:
        return Effect(decrease=amount)
    into, out_of = movement.to_pot, movement.from_pot
    held = (amount if into in _HELD else ZERO) - (amount if out_of in _HELD else ZERO)
    paid = (amount if into is Pot.PAID else ZERO) - (amount if out_of is Pot.PAID else ZERO)
    return Effect(held=held, spent=paid - (amount if into is Pot.REFUNDED else ZERO))


def _words(language: str) -> Mapping[str, str]:
    found: Mapping[str, str] = phrases("budget_statements")[language]
    return found


def _columns(*kinds: tuple[str, ColumnKind]) -> tuple[Column, ...]:
    thai, english = (_words(language) for language in _LANGUAGES)
    return tuple(Column(name, thai[name], english[name], kind) for name, kind in kinds)


def _headings(scope: BudgetScope, language: str, *more: str) -> tuple[str, ...]:
    words = _words(language)
    day = thai_date(scope.today, "long") if language == "th" else english_date(scope.today, "long")
    lines = [words["year"].format(year=scope.fiscal_year), *more, words["as_of"].format(day=day)]
    return tuple([*lines, words["chosen"]] if scope.is_chosen else lines)


def _statement(
    scope: BudgetScope, code: str, columns: tuple[Column, ...], rows: Iterable[Row], more: Mapping[str, Sequence[str]]
) -> Statement:
    thai, english = (_words(language) for language in _LANGUAGES)
    return Statement(
        code=f"budget-{code}",
        title_th=thai[code],
        title_en=english[code],
        entity_code=scope.entity_code,
        entity_name=scope.entity_name,
        heading_lines_th=_headings(scope, "th", *more.get("th", ())),
        heading_lines_en=_headings(scope, "en", *more.get("en", ())),
        columns=columns,
        rows=tuple(rows),
        signatures=tuple(Signature(thai[role], english[role]) for role in ("made", "checked", "officer")),
        facts={"fiscal_year": str(scope.fiscal_year), "to": scope.today.isoformat()},
    )


def register_statement(*, scope: BudgetScope, lines: Sequence[tuple[LineView, Sequence[RegisterRow]]]) -> Statement:
    """The register of one line, or of many lines one after the other, each with its sum."""
    columns = _columns(
        ("date", "date"),
        ("document", "text"),
        ("item", "text"),
        *((name, "money") for name in ("increase", "decrease", "held", "spent", "available")),
    )
    if len(lines) == 1:
        (line, rows) = lines[0]
        more = {language: _about(line, scope, language) for language in _LANGUAGES}
        return _statement(scope, "register", columns, _one(rows, scope, "total", _words(scope.language)["total"]), more)
    return _statement(scope, "register", columns, _many(lines, scope), {})


def _about(line: LineView, scope: BudgetScope, language: str) -> list[str]:
    words, identity, names = _words(language), line.identity, scope.names
    levels = {"plan": Level.PLAN, "work": Level.WORK, "budget": Level.BUDGET, "category": Level.CATEGORY}
    places = {name: names.get(group_key(line, level), "-") for name, level in levels.items()}
    owner = {
        name: names.get(code, code)
        for name, code in (("division", identity.division), ("source", identity.fund_source))
    }
    return [
        words["line"].format(code=line.code, name=line.name),
        words["where"].format(**places),
        words["owner"].format(**owner),
    ]


def _many(lines: Sequence[tuple[LineView, Sequence[RegisterRow]]], scope: BudgetScope) -> Iterator[Row]:
    words, total = _words(scope.language), Effect()
    for line, rows in lines:
        yield Row("group", (None, line.code, line.name, *(None,) * 5))
        yield from _one(rows, scope, "subtotal", words["sum_of"].format(name=line.name))
        total = sum((effect_of(row.movement) for row in rows), total)
    yield _sum("total", words["total"], total)


def _one(rows: Sequence[RegisterRow], scope: BudgetScope, kind: str, label: str) -> Iterator[Row]:
    kinds, total = phrases("budget_statements")["kinds"][scope.language], Effect()
    for row in rows:
        effect = effect_of(row.movement)
        total += effect
        movement = row.movement
        figures = (effect.increase or None, effect.decrease or None, effect.held or None, effect.spent or None)
        # Money that only goes from one document to the next changes no column: its amount stands with the words.
        said = kinds[movement.kind] if any(figures) else f"{kinds[movement.kind]} {movement.amount.display()}"
        yield Row("detail", (movement.moved_on, _document(movement, scope.language), said, *figures, row.available))
    yield _sum(kind, label, total)


def _document(movement: MovementView, language: str) -> str:
    before = phrases("budget_statements")["documents"][language].get(movement.document.kind, "")
    return f"{before}{movement.document.label}"


def _sum(kind: str, label: str, total: Effect) -> Row:
    cells = (None, None, label, total.increase, total.decrease, total.held, total.spent, total.available)
    return Row("total" if kind == "total" else "subtotal", cells)


def board_statement(*, scope: BudgetScope, lines: Sequence[BoardLine]) -> Statement:
    """What each line has, what is held and paid of it, what is left; under plan, work and budget with their sums."""
    figures = ("approved", "changed", "appropriation", "held", "spent", "available")
    columns = _columns(("code", "code"), ("item", "text"), *((name, "money") for name in figures))
    rows = [*_grouped(lines, 0, scope), _balance("total", "", _words(scope.language)["total"], lines)]
    return _statement(scope, "board", columns, rows, {})


def _grouped(lines: Sequence[BoardLine], depth: int, scope: BudgetScope) -> Iterator[Row]:
    if depth == len(_BOARD_LEVELS):
        yield from (_balance("detail", each.line.code, each.line.name, [each], depth) for each in lines)
        return
    level = _BOARD_LEVELS[depth]
    ordered = sorted(lines, key=lambda each: group_key(each.line, level))
    for code, found in groupby(ordered, key=lambda each: group_key(each.line, level)):
        below, name = list(found), scope.names.get(code, code)
        yield Row("group", (None, name, *(None,) * 6), depth)
        yield from _grouped(below, depth + 1, scope)
        yield _balance("subtotal", "", _words(scope.language)["sum_of"].format(name=name), below, depth)


def _balance(kind: str, code: str, name: str, lines: Sequence[BoardLine], level: int = 0) -> Row:
    balance = added(each.balance for each in lines)
    changed = balance.appropriation - balance.approved
    figures = (balance.approved, changed, balance.appropriation, balance.held, balance.spent, balance.available)
    cells: tuple[Cell, ...] = (code or None, name, *figures)
    return Row("total" if kind == "total" else "subtotal" if kind == "subtotal" else "detail", cells, level)
