"""Transfers and changes of explanation."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from khlang.budget.models import Change
from khlang.budget.queries.facts import line_facts
from khlang.budget.queries.lines import board_lines, explanations, ordinance_lines
from khlang.budget.rules import (
    BalanceEffect,
    ChangeDraft,
    ChangeKind,
    ChangePart,
    ChangeReading,
    ChangeState,
    ChangeView,
    KnownLine,
    LineFacts,
    LineIdentity,
    PartDraft,
    Treatment,
    control_identity,
    explanation_of,
    read_change,
    rows_of,
)
from khlang.budget.rules.lines import NO_EXPLANATION, LineDraft
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import to_arabic_digits
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id


def changes(*, fiscal_year: int, kind: str = "", state: str = "") -> list[ChangeView]:
    """Changes of a fiscal year (B.E.): those with a number first, in its order, then what is still on its way."""
    found = Change.objects.filter(entity_id=required_entity_id(), fiscal_year=fiscal_year)
    wanted = {name: value for name, value in {"kind": kind, "state": state}.items() if value}
    return [change_view(row) for row in found.filter(**wanted).order_by("kind", "number", "made_at")]


def change(*, change_id: UUID) -> ChangeView | None:
    """One change, or None."""
    row = Change.objects.filter(entity_id=required_entity_id(), id=change_id).first()
    return None if row is None else change_view(row)


def change_view(row: Change) -> ChangeView:
    """A change as others see it; for the commands of this area, which have locked the row."""
    parts = tuple(_part(each) for each in row.content)
    draft = ChangeDraft(ChangeKind(row.kind), row.fiscal_year, row.reason, parts, row.legal_answer)
    effects = tuple(
        BalanceEffect(each["line_id"], each["label"], Baht(each["before"]), Baht(each["after"]))
        for each in row.balances
    )
    return ChangeView(
        row.id,
        draft,
        ChangeState(row.state),
        row.revision,
        row.number,
        row.route,
        row.resolution_number,
        row.resolved_on,
        row.approved_on,
        row.approved_by_name,
        row.announced_on,
        row.notified_on,
        row.notice_due_on,
        row.entry_no,
        row.made_by,
        row.made_by_name,
        effects,
        row.typed,
        row.made_at,
        row.saved_at,
        row.saved_by_name,
        row.submitted_at,
        row.close_reason,
    )


def change_reading(typed: Mapping[str, str], *, kind: ChangeKind, fiscal_year: int) -> ChangeReading:
    """What the typed form of a change says, by the lines and codes of its year (B.E.)."""
    codes = {code for cells in _CODED for code in _codes_typed(typed, cells)}
    known = lines_by_code(fiscal_year=fiscal_year, codes=codes)
    return read_change(
        typed, kind=kind, fiscal_year=fiscal_year, lines=known, facts=line_facts(fiscal_year=fiscal_year)
    )


_CODED = ("from", "to", "line")


def _codes_typed(typed: Mapping[str, str], group: str) -> set[str]:
    return {to_arabic_digits(cells.get("line", "")).replace(" ", "") for cells in rows_of(typed, group).values()}


def lines_by_code(*, fiscal_year: int, codes: Collection[str]) -> dict[str, KnownLine]:
    """Lines of a fiscal year (B.E.) by their printed code, with how they read now."""
    found = sql.rows(_BY_CODE, (required_entity_id(), fiscal_year, list(codes)))
    return {
        code: KnownLine(line_id, explanation_of(content if isinstance(content, dict) else json.loads(content or "{}")))
        for code, line_id, content in found
    }


_BY_CODE = """
SELECT l.code, l.line_id, (SELECT x.content FROM budget_explanation x
         WHERE x.entity_id = l.entity_id AND x.fiscal_year = l.fiscal_year AND x.line_id = l.line_id ORDER BY x.version_no DESC LIMIT 1)
  FROM budget_line l WHERE l.entity_id = %s AND l.fiscal_year = %s AND l.code = ANY (%s)
"""


def _part(kept: Mapping[str, Any]) -> PartDraft:
    return PartDraft(
        kept["side"],
        Baht(kept["amount"]),
        UUID(kept["line_id"]) if kept["line_id"] else None,
        LineIdentity(**kept["new_line"]) if kept["new_line"] else None,
        kept["is_project"],
        None if kept["explanation"] is None else explanation_of(kept["explanation"]),
    )


def parts_of(draft: ChangeDraft, *, facts: LineFacts) -> tuple[ChangePart, ...]:
    """The lines of a change with what is true of each now: kind, what is free, how it reads.

    Refuses budget.line_unknown {line}, budget.code_unknown {list, code}.
    """
    ids = [part.line_id for part in draft.parts if part.line_id]
    known = board_lines(fiscal_year=draft.fiscal_year, line_ids=ids)
    lines_there = ordinance_lines(fiscal_year=draft.fiscal_year)
    by_identity = {identity: each.line.line_id for identity, each in lines_there.items()}
    found = []
    for index, part in enumerate(draft.parts):
        where = f"lines.{index}"
        if part.line_id is None and part.new_line is not None:
            found.append(_new_part(part, part.new_line, facts, by_identity, where))
            continue
        board_line = known.get(part.line_id) if part.line_id else None
        if board_line is None:
            raise Refused(Refusal("budget.line_unknown", {"line": str(part.line_id or "-")}, where))
        line = board_line.line
        if line.grant_id is not None:
            raise Refused(Refusal("budget.grant_not_diverted", {"line": line.label}, where))
        treated = _treated(facts, line.identity.budget_type, line.is_project, where)
        last = explanations(fiscal_year=draft.fiscal_year, line_id=line.line_id)
        before = explanation_of(last[-1].content) if last else NO_EXPLANATION
        down, up = _sides(part)
        found.append(
            ChangePart(
                where,
                line.label,
                line.identity,
                treated,
                down,
                up,
                board_line.balance.available,
                before=before,
                after=part.explanation,
                line_id=line.line_id,
            )
        )
    return tuple(found)


def _new_part(
    part: PartDraft, identity: LineIdentity, facts: LineFacts, known: Mapping[LineIdentity, UUID], where: str
) -> ChangePart:
    treated = _treated(facts, identity.budget_type, part.is_project, where)
    control = control_identity(LineDraft(identity, part.amount, is_project=part.is_project), treated)
    label = control.item or facts.types.get(control.budget_type, control.budget_type)
    if control in known:
        raise Refused(Refusal("budget.line_exists", {"line": label}, where))
    down, up = _sides(part)
    return ChangePart(where, label, control, treated, down, up, is_new=True, after=part.explanation)


def _treated(facts: LineFacts, budget_type: str, is_project: bool, where: str) -> Treatment:  # noqa: FBT001
    treated = facts.treatment(budget_type=budget_type, is_project=is_project)
    if treated is None:
        raise Refused(Refusal("budget.code_unknown", {"list": "budget_type", "code": budget_type or "-"}, where))
    return treated


def _sides(part: PartDraft) -> tuple[Baht, Baht]:
    return (part.amount, ZERO) if part.side == "from" else (ZERO, part.amount)
