"""Grants outside the ordinance: each with its clocks, cash and lines, what is due, the report as of a day (R199-R206)."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from khlang.budget.models import Grant, GrantClock, GrantMoney
from khlang.budget.queries.lines import FROM_LINES, LINE, POTS_IN_SATANG, board_line
from khlang.budget.rules import (
    Balance,
    BoardLine,
    Clock,
    ClockView,
    GrantDraft,
    GrantFigures,
    GrantLineDraft,
    GrantState,
    GrantTask,
    GrantView,
    GrantWhole,
    MoneyKind,
    MoneyView,
    Place,
    added,
    explanation_of,
    tasks_of,
)
from khlang.budget.rules import (
    GrantMoney as Cash,
)
from khlang.kernel.fiscal_calendar import fiscal_year_of, year_end
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_NEAR = 30
# Of each grant as of a day: given, obligated, paid, and what was not spent when its year ended.
_FIGURES = """
SELECT l.grant_id,
       (coalesce(sum(CASE m.kind WHEN 'approve' THEN m.amount WHEN 'withdraw' THEN -m.amount ELSE 0 END), 0) * 100)::bigint,
       (coalesce(sum(CASE WHEN m.to_pot = 'obligated' THEN m.amount WHEN m.from_pot = 'obligated' THEN -m.amount ELSE 0 END), 0) * 100)::bigint,
       (coalesce(sum(CASE WHEN m.to_pot = 'paid' THEN m.amount WHEN m.from_pot = 'paid' OR m.to_pot = 'refunded' THEN -m.amount
                          ELSE 0 END), 0) * 100)::bigint,
       (coalesce(sum(CASE WHEN m.kind = 'approve' OR m.from_pot = 'paid' OR m.to_pot = 'refunded' THEN m.amount
                          WHEN m.kind = 'withdraw' OR m.to_pot = 'paid' THEN -m.amount ELSE 0 END)
                 FILTER (WHERE m.moved_on <= %(year_end)s), 0) * 100)::bigint
  FROM budget_line l JOIN budget_movement m USING (entity_id, fiscal_year, line_id)
 WHERE l.entity_id = %(entity)s AND l.fiscal_year = %(year)s AND l.grant_id IS NOT NULL AND m.moved_on <= %(to)s
 GROUP BY 1
"""


def grants(*, fiscal_year: int) -> list[GrantView]:
    """Grants of a fiscal year (B.E.), the latest letter first."""
    rows = list(Grant.objects.filter(entity_id=required_entity_id(), fiscal_year=fiscal_year))
    found = views(rows)
    return sorted(found, key=lambda each: (each.draft.notified_on, str(each.id)), reverse=True)


def grant(*, grant_id: UUID) -> GrantWhole | None:
    """One grant with its lines, the settings of its clocks and the movements of its cash; None when unknown."""
    row = Grant.objects.filter(entity_id=required_entity_id(), id=grant_id).first()
    if row is None:
        return None
    of_grant = {"entity_id": row.entity_id, "grant_id": grant_id}
    clocks = GrantClock.objects.filter(**of_grant).order_by("-version_no", "layer")
    moved = GrantMoney.objects.filter(**of_grant).order_by("happened_on", "recorded_at")
    lines = grant_lines(grant_ids=[grant_id]).get(grant_id, [])
    (view,) = views([row])
    return GrantWhole(view, tuple(lines), tuple(map(_clock_view, clocks)), tuple(map(_money_view, moved)))


def grant_lines(*, grant_ids: Iterable[UUID]) -> dict[UUID, list[BoardLine]]:
    """Lines of grants with what is left of each, by grant, in the order of codes."""
    query = (
        f"SELECT {LINE}, {POTS_IN_SATANG} {FROM_LINES} WHERE l.entity_id = %s AND l.grant_id = ANY (%s) ORDER BY l.code"
    )
    found: dict[UUID, list[BoardLine]] = {}
    for each in map(board_line, sql.rows(query, (required_entity_id(), list(grant_ids)))):
        if each.line.grant_id is not None:
            found.setdefault(each.line.grant_id, []).append(each)
    return found


def views(rows: Iterable[Grant]) -> list[GrantView]:
    """Grants as others see them; for the commands of this area, which have locked a row."""
    rows = list(rows)
    if not rows:
        return []
    lines = grant_lines(grant_ids=[row.id for row in rows])
    clocks, cash = _clocks(rows), _cash(rows)
    kinds = {kind.code: kind for kind in reference.grant_kinds()}
    found = []
    for row in rows:
        kind = kinds.get(row.kind)
        first = Clock(row.obligate_by, row.spend_by)
        found.append(
            GrantView(
                row.id,
                _draft(row),
                GrantState(row.state),
                row.revision,
                row.fund_source,
                kind.name_th if kind else row.kind,
                kind.name_en if kind else row.kind,
                row.made_by_name,
                row.opened_by_name,
                row.entry_no,
                clocks.get((row.id, Place.STATE), first),
                clocks.get((row.id, Place.OWN), first),
                cash.get(row.id, Cash()),
                added(each.balance for each in lines.get(row.id, [])) if row.id in lines else Balance(),
            )
        )
    return found


def _draft(row: Grant) -> GrantDraft:
    return GrantDraft(
        row.fiscal_year,
        row.kind,
        row.title,
        row.agency,
        row.letter_number,
        row.letter_on,
        row.notified_on,
        Baht(row.amount),
        Place(row.place),
        Clock(row.obligate_by, row.spend_by),
        tuple(_line_draft(kept) for kept in row.lines),
        row.returns_left_over,
        dict(row.conditions),
    )


def _line_draft(kept: Mapping[str, Any]) -> GrantLineDraft:
    return GrantLineDraft(
        line_id=UUID(kept["line_id"]),
        division=kept["division"],
        work=kept["work"],
        budget_type=kept["budget_type"],
        item=kept["item"],
        amount=Baht(kept["amount"]),
        explanation=explanation_of(kept["explanation"]),
    )


def _clocks(rows: list[Grant]) -> dict[tuple[UUID, Place], Clock]:
    """The last setting of each clock."""
    ids = [row.id for row in rows]
    kept = GrantClock.objects.filter(entity_id=required_entity_id(), grant_id__in=ids).order_by("version_no")
    return {(each.grant_id, Place(each.layer)): Clock(each.obligate_by, each.spend_by) for each in kept}


def _cash(rows: list[Grant]) -> dict[UUID, Cash]:
    ids = [row.id for row in rows]
    sums: dict[UUID, dict[str, Baht]] = {}
    for each in GrantMoney.objects.filter(entity_id=required_entity_id(), grant_id__in=ids):
        of_grant = sums.setdefault(each.grant_id, {})
        of_grant[each.kind] = of_grant.get(each.kind, ZERO) + Baht(each.amount)
    return {grant_id: Cash(**amounts) for grant_id, amounts in sums.items()}


def _clock_view(row: GrantClock) -> ClockView:
    return ClockView(
        Place(row.layer),
        row.version_no,
        Clock(row.obligate_by, row.spend_by),
        row.document_number,
        row.document_on,
        row.reason,
        row.contract,
        row.recorded_by_name,
    )


def _money_view(row: GrantMoney) -> MoneyView:
    amount, kind = Baht(row.amount), MoneyKind(row.kind)
    return MoneyView(row.id, kind, amount, row.happened_on, row.document_number, row.note, row.recorded_by_name)


def grant_tasks(*, fiscal_years: Iterable[int], today: date) -> list[GrantTask]:
    """Deadlines of grants that come near with money still open, the nearest first (R198)."""
    days = int(reference.parameter(name="grant_warning_days", on_date=today).value)
    found = [
        task
        for year in fiscal_years
        for each in grants(fiscal_year=year)
        for task in tasks_of(each, today=today, warning_days=days)
    ]
    return sorted(found, key=lambda task: (task.due_on, task.clock, str(task.grant.id)))


# For whoever collects work (parameter: entity): a grant was opened, so that its deadlines are looked at.
GRANTS_WAIT = "EXISTS (SELECT FROM budget_grant WHERE entity_id = %(entity)s)"


def grant_work(*, today: date) -> list[Task]:
    """Deadlines of grants of this year and of two before it, as work left to do (R198)."""
    year = fiscal_year_of(today)
    return [_task(each) for each in grant_tasks(fiscal_years=range(year - 2, year + 1), today=today)]


def _task(task: GrantTask) -> Task:
    words = work_words()[task.clock]
    draft = task.grant.draft
    link = Link("budget:grant", {"fiscal_year": str(draft.fiscal_year), "grant_id": str(task.grant.id)})
    return Task(
        f"grant:{task.grant.id}:{task.clock}",
        "overdue" if task.days_left < 0 else "due" if task.days_left <= _NEAR else "todo",
        words["th"],
        words["en"],
        link,
        f"{draft.title} · {draft.letter_number}",
        f"{draft.title} · {draft.letter_number}",
        amount=task.open_amount,
        due=task.due_on,
        icon="wallet",
    )


@cache
def work_words() -> Mapping[str, Mapping[str, str]]:
    """How a deadline of a grant is told among the work left to do."""
    text = (resources.files("khlang.budget") / "grant_work.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def grant_figures(*, fiscal_year: int, to: date) -> list[GrantFigures]:
    """The report of the grants of a year as of a day (R206): received, obligated, paid, carried over, returned."""
    last = year_end(fiscal_year)
    params = {"entity": required_entity_id(), "year": fiscal_year, "to": to, "year_end": last}
    moved = {row[0]: tuple(map(Baht.from_satang, row[1:])) for row in sql.rows(_FIGURES, params)}
    cash = _cash_until(fiscal_year, to)
    opened = [each for each in grants(fiscal_year=fiscal_year) if each.entry_no is not None]
    nothing = (ZERO, ZERO, ZERO, ZERO)
    return [
        GrantFigures(
            each,
            given=(found := moved.get(each.id, nothing))[0],
            received=cash.get((each.id, "received"), ZERO),
            obligated=found[1],
            paid=found[2],
            carried=found[3] if to > last else ZERO,
            returned=cash.get((each.id, "returned"), ZERO),
        )
        for each in opened
        if each.draft.notified_on <= to
    ]


def _cash_until(fiscal_year: int, to: date) -> dict[tuple[UUID, str], Baht]:
    entity_id = required_entity_id()
    ids = Grant.objects.filter(entity_id=entity_id, fiscal_year=fiscal_year).values_list("id", flat=True)
    found: dict[tuple[UUID, str], Baht] = {}
    for each in GrantMoney.objects.filter(entity_id=entity_id, grant_id__in=list(ids), happened_on__lte=to):
        key = (each.grant_id, each.kind)
        found[key] = found.get(key, ZERO) + Baht(each.amount)
    return found
