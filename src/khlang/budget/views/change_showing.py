"""What the pages of a change are filled with, worked out from frozen values. Inside a read-only transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from khlang.budget import change_words as words
from khlang.budget import queries
from khlang.budget.rules import (
    ChangeKind,
    ChangePart,
    ChangeReading,
    ChangeState,
    ChangeView,
    LineView,
    PartDraft,
    Route,
    RouteFound,
    check_change,
    route_of,
    rows_of,
)
from khlang.budget.rules.change_forms import WORDING
from khlang.budget.rules.changes import ChangeFacts
from khlang.budget.words import ROUTES
from khlang.identity import queries as identity
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.reference import queries as reference

GROUPS = ("from", "to", "new", "line")
ROWS_AT_FIRST = {"from": 2, "to": 2, "new": 1, "line": 1}


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid: what was typed, the name of its line, what is wrong in it and where."""

    number: int | str
    index: str
    prefix: str
    cells: Mapping[str, str]
    says: str
    wrong: Mapping[str, bool]
    reasons: tuple[Refusal, ...]
    wording: tuple[tuple[str, object, str, str], ...]
    is_reworded: bool


def line_name(line: LineView) -> str:
    """How a line is told from others like it: its name, its work, its division."""
    return f"{line.name} · {line.work_name} · {line.identity.division}"


def kind_of_entity(actor: Actor) -> str:
    """The kind of the actor's entity: a municipality's new subsidy is a question of law (R102)."""
    return identity.entity(code=actor.entity_code).kind


def grids(
    typed: Mapping[str, str], *, kind: ChangeKind, fiscal_year: int, refusals: Sequence[Refusal]
) -> dict[str, object]:
    """The rows of each grid with a blank one at the end, and the choices of a new line."""
    groups = ("from", "to", "new") if kind is ChangeKind.TRANSFER else ("line",)
    codes = {cells.get("line", "") for group in groups for cells in rows_of(typed, group).values()}
    known = queries.lines_by_code(fiscal_year=fiscal_year, codes=codes)
    lines = queries.board_lines(fiscal_year=fiscal_year, line_ids=[each.line_id for each in known.values()])
    says = {each.line.code: f"{line_name(each.line)} · {each.balance.available.display()}" for each in lines.values()}
    rows = {group: _rows(typed, group, says, refusals) for group in groups}
    facts = queries.line_facts(fiscal_year=fiscal_year)
    sources = [each for each in reference.fund_sources(fiscal_year=fiscal_year) if each.in_budget]
    return {
        "rows": rows,
        "labels": words.IDENTITY,
        "has_new": any(not _untouched(row) for row in rows.get("new", [])),
        "patterns": {group: pattern(group) for group in groups},
        "divisions": [(each.division, each.name_th) for each in queries.divisions()],
        "works": list(facts.works.items()),
        "types": list(facts.types.items()),
        "sources": [(each.code, each.name_th) for each in sources],
        "enterprises": list(queries.enterprises().items()),
    }


def _untouched(row: GridRow) -> bool:
    """Whether a new line holds only what stands in it by itself."""
    return not any(row.cells.get(name) for name in ("budget_type", "item", "amount", "text")) and not row.reasons


def _rows(typed: Mapping[str, str], group: str, says: Mapping[str, str], refusals: Sequence[Refusal]) -> list[GridRow]:
    rows = rows_of(typed, group)
    wanted = max(ROWS_AT_FIRST[group], max(rows, default=-1) + 1)
    return [_row(group, number, rows.get(number, {}), says, refusals) for number in range(wanted)]


def _row(
    group: str, number: int, cells: Mapping[str, str], says: Mapping[str, str], refusals: Sequence[Refusal]
) -> GridRow:
    prefix = f"{group}.{number}"
    reasons = tuple(each for each in refusals if each.where.startswith(f"{prefix}."))
    wrong = {each.where.removeprefix(f"{prefix}."): True for each in reasons}
    reworded = any(cells.get(name, "").strip() for name in WORDING) or bool(set(wrong) & set(WORDING))
    says_line = says.get(cells.get("line", ""), "")
    wording = _wording(prefix, cells)
    return GridRow(number + 1, str(number), prefix, cells, says_line, wrong, reasons, wording, reworded)


def _wording(prefix: str, cells: Mapping[str, str]) -> tuple[tuple[str, object, str, str], ...]:
    return tuple((name, words.WORDING[name], cells.get(name, ""), f"{prefix}.{name}") for name in WORDING)


def pattern(group: str) -> GridRow:
    """The row that the script copies for a new one."""
    prefix = f"{group}.__n__"
    return GridRow("__n1__", "__n__", prefix, {}, "", {}, (), _wording(prefix, {}), is_reworded=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way of a change: its mark, what is done, by whom, when, until when."""

    number: int
    mark: str
    label: object
    who: str
    at: date | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of the effect: before and after (baht), and how it reads before and after where that changes."""

    label: str
    before: Baht
    after: Baht
    is_new: bool
    moved: Baht
    wording: tuple[tuple[object, str, str], ...]


def effects(parts: Sequence[ChangePart]) -> list[Effect]:
    """What a change does to each of its lines."""
    return [
        Effect(
            part.label,
            part.available,
            part.available + part.up - part.down,
            part.is_new,
            part.up - part.down,
            tuple(
                (words.WORDING[name], getattr(part.before, name), getattr(part.after, name))
                for name in WORDING
                if part.after is not None and getattr(part.after, name) != getattr(part.before, name)
            ),
        )
        for part in parts
    ]


def effect_of(view: ChangeView, *, entity_kind: str) -> dict[str, object]:
    """The same of a change as it is kept, with what is true of its lines now."""
    draft = view.draft
    if view.typed:
        return effect(view.typed, kind=draft.kind, fiscal_year=draft.fiscal_year, entity_kind=entity_kind)
    places = tuple(f"lines.{number}" for number in range(len(draft.parts)))
    return _effect(ChangeReading(draft, places, ()), entity_kind)


def settled_effects(view: ChangeView) -> list[Effect]:
    """What an approved change did to each line, as it was kept then."""
    return [
        Effect(
            kept.label,
            kept.before,
            kept.after,
            part.new_line is not None,
            kept.after - kept.before,
            _afterwards(part),
        )
        for kept, part in zip(view.effects, view.draft.parts, strict=True)
    ]


def _afterwards(part: PartDraft) -> tuple[tuple[object, str, str], ...]:
    """How the line reads since then; what it read before stands in its explanations."""
    kept = part.explanation.as_json() if part.explanation else {}
    return tuple((words.WORDING[name], "", kept[name]) for name in WORDING if name in kept)


def settled_route(view: ChangeView) -> dict[str, object]:
    """Who agreed, and by which rule."""
    is_council = view.route == Route.COUNCIL
    clause = "R113" if view.draft.kind is ChangeKind.EXPLANATION else "R112" if is_council else "R98"
    return route_words(RouteFound(Route(view.route), clause))


_WAY = (ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.APPROVED, ChangeState.ANNOUNCED, ChangeState.REPORTED)


def steps(view: ChangeView) -> list[Step]:
    """The way of a change: done, now, ahead; with who and when."""
    agreed = words.AGREED["council" if view.route == Route.COUNCIL else "executive"]
    found = [
        (words.STEPS["draft"], view.made_by_name, view.made_at, None),
        (words.STEPS["submitted"], view.made_by_name, view.submitted_at, None),
        (agreed, view.approved_by_name, view.approved_on, None),
        (words.STEPS["announced"], "", view.announced_on, None),
        (words.STEPS["reported"], "", view.notified_on, view.notice_due_on),
    ]
    passed = _WAY.index(view.state) if view.state in _WAY else -1
    marks = ["d" if at <= passed else "now" if at == passed + 1 and passed >= 0 else "" for at in range(len(found))]
    return [Step(at + 1, marks[at], *each) for at, each in enumerate(found)]


def effect(typed: Mapping[str, str], *, kind: ChangeKind, fiscal_year: int, entity_kind: str) -> dict[str, object]:
    """Sums, balances, route and reasons of a form as typed; an empty form has none of them."""
    return _effect(queries.change_reading(typed, kind=kind, fiscal_year=fiscal_year), entity_kind)


def _effect(reading: ChangeReading, entity_kind: str) -> dict[str, object]:
    draft = reading.draft
    try:
        parts = queries.parts_of(draft, facts=queries.line_facts(fiscal_year=draft.fiscal_year))
    except Refused as refused:
        return {"reasons": [reading.placed(each) for each in refused.refusals], "down": ZERO, "up": ZERO, "effects": []}
    reasons = _reasons(reading, parts, entity_kind)
    down, up = sum((part.down for part in parts), ZERO), sum((part.up for part in parts), ZERO)
    return {
        "down": down,
        "up": up,
        "difference": down - up,
        "effects": effects(parts),
        "route": route_words(route_of(parts, kind=draft.kind)) if parts else None,
        "reasons": reasons if parts or reading.refusals else [],
    }


def _reasons(reading: ChangeReading, parts: tuple[ChangePart, ...], entity_kind: str) -> list[Refusal]:
    draft = reading.draft
    facts = ChangeFacts(
        draft.kind, draft.fiscal_year, timezone.localdate(), draft.reason, parts, entity_kind, draft.legal_answer
    )
    return [*reading.refusals, *map(reading.placed, check_change(facts))]


def route_words(found: RouteFound) -> dict[str, object]:
    """Who must agree, by which rule, because of which line."""
    return {
        "is_council": found.route is Route.COUNCIL,
        "who": ROUTES[found.route],
        "clause": found.clause,
        "rule": words.CLAUSES[found.clause],
        "line": found.line,
    }
