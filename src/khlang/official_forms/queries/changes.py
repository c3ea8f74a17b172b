"""A transfer or a change of explanation as it is printed: each line with what it had, and how it read before."""

from collections.abc import Mapping
from uuid import UUID

from khlang.budget import queries as budget
from khlang.budget.queries.changes import parts_of
from khlang.budget.rules import (
    BalanceEffect,
    BoardLine,
    ChangeView,
    Explanation,
    LineIdentity,
    PartDraft,
    explanation_of,
    route_of,
)
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms.printing import change_pdf
from khlang.official_forms.queries.ordinances import office_of
from khlang.official_forms.rules.change_form import ChangeLine, ChangePaper
from khlang.official_forms.rules.paper import Printing


def printed_change(*, paper: ChangePaper, printing: Printing, announced: bool) -> bytes:
    """The table of a change, or its announcement with the table, as PDF/A-3 with its data attached."""
    return change_pdf(paper=paper, printing=printing, announced=announced)


def change_paper(*, actor: Actor, change_id: UUID, announced: bool = False) -> ChangePaper:
    """One change of the entity; its announcement only once it is approved and has its number.

    Refused: official_forms.change_unknown {change}, official_forms.part_unknown {part}.
    """
    found = budget.change(change_id=change_id)
    if found is None:
        raise Refused(Refusal("official_forms.change_unknown", {"change": str(change_id)}))
    if announced and found.number is None:
        raise Refused(Refusal("official_forms.part_unknown", {"part": "announcement"}))
    year = found.draft.fiscal_year
    ids = [part.line_id for part in found.draft.parts if part.line_id]
    known = budget.board_lines(fiscal_year=year, line_ids=ids)
    names = budget.names(fiscal_year=year)
    lines = tuple(
        _line(part, found.effects[at] if found.effects else None, known, names, found)
        for at, part in enumerate(found.draft.parts)
    )
    return ChangePaper(office=office_of(actor), change=found, route=found.route or _route(found), lines=lines)


def _route(change: ChangeView) -> str:
    """Who would have to agree to a change that was not sent yet; empty while its lines cannot be read."""
    try:
        parts = parts_of(change.draft, facts=budget.line_facts(fiscal_year=change.draft.fiscal_year))
    except Refused:
        return ""
    return str(route_of(parts, kind=change.draft.kind).route)


def _line(
    part: PartDraft,
    effect: BalanceEffect | None,
    known: Mapping[UUID, BoardLine],
    names: Mapping[str, str],
    change: ChangeView,
) -> ChangeLine:
    board = known.get(part.line_id) if part.line_id else None
    identity = board.line.identity if board else part.new_line or LineIdentity("", "", "", "")
    down, up = (part.amount, ZERO) if part.side == "from" else (ZERO, part.amount)
    now = board.balance.available if board else ZERO
    before, after = (effect.before, effect.after) if effect else (now, now - down + up)
    return ChangeLine(
        plan=_name(names, f"{identity.work[:4]}0"),
        work=_name(names, identity.work),
        budget=_name(names, f"{identity.budget_type[:2]}00000"),
        category=_name(names, f"{identity.budget_type[:3]}0000"),
        type_name=_name(names, identity.budget_type),
        item=identity.item,
        is_new=board is None,
        approved=board.balance.approved if board else ZERO,
        before=before,
        down=down,
        up=up,
        after=after,
        old_text=_read_before(part, change),
        new_text=part.explanation,
    )


def _name(names: Mapping[str, str], code: str) -> str:
    return names.get(code, code)


def _read_before(part: PartDraft, change: ChangeView) -> Explanation:
    """How a line read before the change: the version before the one that this change wrote, or the last one."""
    if part.line_id is None or part.explanation is None:
        return Explanation()
    detail = budget.line(fiscal_year=change.draft.fiscal_year, line_id=part.line_id)
    read = [explanation_of(version.content) for version in detail.explanations] if detail else []
    labels = [version.document_label for version in detail.explanations] if detail else []
    if change.entry_no is not None:
        label = f"{change.number}/{change.draft.fiscal_year}"
        written = [at for at, text in enumerate(read) if text == part.explanation and labels[at] == label]
        read = read[: written[-1]] if written else read
    return read[-1] if read else Explanation()
