"""Lines of an ordinance while they are drafted: by the page, one alone, and added up without reading each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from khlang.budget.models import DraftLine
from khlang.budget.queries.boards import board
from khlang.budget.queries.facts import limits, line_facts
from khlang.budget.queries.ordinances import draft_line_view, estimate_drafts
from khlang.budget.rules import (
    DraftLineView,
    Limits,
    LineDraft,
    LineIdentity,
    OrdinanceKind,
    OrdinanceView,
    Standing,
    standing,
)
from khlang.kernel.money import ZERO, Baht
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

LINES_OF_PAGE = 50
LINES_MAX = 20_000
_FROM = """
  FROM budget_draft_line
 WHERE entity_id = %(entity)s AND ordinance_id = %(ordinance)s AND NOT is_removed
   AND (%(division)s = '' OR division = %(division)s) AND work LIKE %(plan)s AND budget_type LIKE %(type)s
   AND (%(enterprise)s::text IS NULL OR enterprise = %(enterprise)s)
   AND (%(search)s = '' OR item ILIKE %(like)s OR explanation ->> 'text' ILIKE %(like)s OR work LIKE %(begins)s
        OR budget_type LIKE %(begins)s)
"""
_COUNT = "SELECT count(*), coalesce(sum(amount) * 100, 0)::bigint" + _FROM
_PAGE = (
    "SELECT id" + _FROM + " ORDER BY enterprise, work, budget_type, division, item, fund_source, id"
    " LIMIT %(limit)s OFFSET %(skip)s"
)
_SUMS = """
SELECT enterprise, work, budget_type, is_project, count(*), (sum(amount) * 100)::bigint
  FROM budget_draft_line WHERE entity_id = %s AND ordinance_id = %s AND NOT is_removed
   AND (%s::uuid IS NULL OR id <> %s) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class DraftFilter:
    """Which lines of a draft are shown; an empty choice takes all. `plan` and `budget_type` may be of any level."""

    search: str = ""
    division: str = ""
    plan: str = ""
    budget_type: str = ""
    enterprise: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One page of lines, and how many there are with what sum (baht)."""

    rows: tuple[DraftLineView, ...]
    count: int
    total: Baht
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class DraftSum:
    """The lines of a work and type added up: how many, how much (baht)."""

    enterprise: str
    work: str
    budget_type: str
    is_project: bool
    lines: int
    amount: Baht

    @property
    def as_line(self) -> LineDraft:
        """One line of the same sum, for checks that look at sums."""
        identity = LineIdentity("", self.work, self.budget_type, "", "", self.enterprise)
        return LineDraft(identity, self.amount, is_project=self.is_project)


def draft_page(*, ordinance_id: UUID, chosen: DraftFilter | None = None) -> DraftPage:
    """One page of the lines of an ordinance, in the order in which they are printed; `chosen` narrows them."""
    chosen = chosen or DraftFilter()
    params = _params(ordinance_id, chosen)
    count, satang = sql.rows(_COUNT, params)[0]
    pages = max(1, -(-count // LINES_OF_PAGE))
    page = min(max(chosen.page, 1), pages)
    window = {"limit": LINES_OF_PAGE, "skip": (page - 1) * LINES_OF_PAGE}
    ids = [values[0] for values in sql.rows(_PAGE, {**params, **window})]
    rows = {row.id: row for row in DraftLine.objects.filter(entity_id=params["entity"], id__in=ids)}
    return DraftPage(tuple(draft_line_view(rows[each]) for each in ids), count, Baht.from_satang(satang), page, pages)


def _params(ordinance_id: UUID, chosen: DraftFilter) -> dict[str, Any]:
    words = _literal(chosen.search.strip())
    return {
        "entity": required_entity_id(),
        "ordinance": ordinance_id,
        "division": chosen.division,
        "plan": f"{_stem(chosen.plan)}%",
        "type": f"{_stem(chosen.budget_type)}%",
        "enterprise": chosen.enterprise,
        "search": words,
        "like": f"%{words}%",
        "begins": f"{words}%",
    }


def _stem(code: str) -> str:
    return _literal(code.rstrip("0")) if code.strip("0") else ""


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def draft_line(*, line_id: UUID) -> tuple[DraftLineView, bool] | None:
    """One line of a draft and whether it was taken out; None when there is none."""
    row = DraftLine.objects.filter(entity_id=required_entity_id(), id=line_id).first()
    return None if row is None else (draft_line_view(row), row.is_removed)


def draft_lines_chosen(*, ordinance_id: UUID, chosen: DraftFilter) -> list[DraftLineView]:
    """Every line that the filter takes, in the order in which they are printed."""
    params = {**_params(ordinance_id, chosen), "limit": LINES_MAX, "skip": 0}
    ids = [values[0] for values in sql.rows(_PAGE, params)]
    rows = {row.id: row for row in DraftLine.objects.filter(entity_id=params["entity"], id__in=ids)}
    return [draft_line_view(rows[each]) for each in ids]


def removed_lines(*, ordinance_id: UUID) -> dict[UUID, int]:
    """Lines that were taken out of a draft, with their revision."""
    found = DraftLine.objects.filter(entity_id=required_entity_id(), ordinance_id=ordinance_id, is_removed=True)
    return dict(found.values_list("id", "revision"))


def draft_sums(*, ordinance_id: UUID, without: UUID | None = None) -> list[DraftSum]:
    """The lines of a draft added up by work and type; `without` leaves one line out."""
    found = sql.rows(_SUMS, (required_entity_id(), ordinance_id, without, without))
    return [
        DraftSum(enterprise, work, code, project, lines, Baht.from_satang(satang))
        for enterprise, work, code, project, lines, satang in found
    ]


@dataclass(frozen=True, slots=True)
class DraftStanding:
    """How a draft stands, and for an addition how the whole year would stand with it (R14, R71, R116)."""

    own: Standing
    year: Standing
    limits: Limits

    @property
    def personnel_limit(self) -> Baht:
        """What personnel may take of the year."""
        return self.year.personnel_limit


def draft_standing(
    *, ordinance: OrdinanceView, entity_kind: str, instead: tuple[UUID, LineDraft] | None = None
) -> DraftStanding:
    """Balance and personnel ceiling of a draft as it stands; `instead` puts one line as it is being typed in its place."""
    facts = line_facts(fiscal_year=ordinance.fiscal_year)
    held = limits(fiscal_year=ordinance.fiscal_year, entity_kind=entity_kind)
    sums = draft_sums(ordinance_id=ordinance.id, without=instead[0] if instead else None)
    lines = [each.as_line for each in sums]
    if instead:
        lines.append(instead[1])
    estimates = estimate_drafts(ordinance_id=ordinance.id)
    own = standing(lines=lines, estimates=estimates, facts=facts, limits=held)
    if ordinance.kind is not OrdinanceKind.SUPPLEMENTARY:
        return DraftStanding(own, own, held)
    earlier = [
        LineDraft(each.line.identity, each.balance.appropriation, is_project=each.line.is_project)
        for each in board(fiscal_year=ordinance.fiscal_year).lines
        if each.balance.appropriation > ZERO
    ]
    year = standing(lines=[*lines, *earlier], estimates=estimates, facts=facts, limits=held)
    return DraftStanding(own, year, held)
