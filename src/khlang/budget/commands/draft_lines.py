"""Lines of an ordinance while they are drafted: written by several divisions at once, taken out, brought back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.models import DraftLine
from khlang.budget.queries.ordinances import draft_line_view
from khlang.budget.rules import (
    OPEN_TO_BUDGET_OFFICER,
    OPEN_TO_DIVISIONS,
    DraftLineView,
    LineDraft,
    LineFacts,
    LineIdentity,
    OrdinanceView,
    check_line,
)
from khlang.identity.permissions import may, require
from khlang.kernel.actors import Actor
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Fact, Refusal, Refused, refuse_any
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

_IDENTITY = ("division", "work", "budget_type", "fund_source", "item", "enterprise")


def known_ordinance(ordinance_id: UUID) -> OrdinanceView:
    """The ordinance, inside a transaction. Refuses budget.ordinance_unknown {ordinance}."""
    found = queries.ordinance(ordinance_id=ordinance_id)
    if found is None:
        raise Refused(Refusal("budget.ordinance_unknown", {"ordinance": str(ordinance_id)}))
    return found


def open_to_writing(*, actor: Actor, ordinance_id: UUID) -> OrdinanceView:
    """The ordinance, held against its next step while lines are written (R86); inside a transaction.

    Refuses budget.ordinance_unknown, budget.not_open_to_drafts {state}.
    """
    # Shared: many divisions write at once, and only a step (which takes the row for itself) waits for them.
    sql.rows("SELECT FROM budget_ordinance WHERE entity_id = %s AND id = %s FOR SHARE", (actor.entity_id, ordinance_id))
    found = known_ordinance(ordinance_id)
    open_states = OPEN_TO_BUDGET_OFFICER if may(actor, "budget.draft_all") else OPEN_TO_DIVISIONS
    if found.state not in open_states:
        raise Refused(Refusal("budget.not_open_to_drafts", {"state": found.state}, "state"))
    return found


@dataclass(frozen=True, slots=True)
class LineSave:
    """One line to keep: its id (made with the draft), the revision it was typed over (0: new), what it says now."""

    line_id: UUID
    revision: int
    draft: LineDraft
    source_row: str = ""


@dataclass(frozen=True, slots=True)
class LineRemoval:
    """One line to take out of a draft, and the revision it was read in."""

    line_id: UUID
    revision: int


def save_lines(*, actor: Actor, ordinance_id: UUID, lines: Sequence[LineSave], at: datetime) -> list[DraftLineView]:
    """Keep several lines of one ordinance, all or none: write_lines without anything taken out."""
    return write_lines(actor=actor, ordinance_id=ordinance_id, saves=lines, removals=(), at=at)


def remove_line(*, actor: Actor, ordinance_id: UUID, line_id: UUID, revision: int, at: datetime) -> None:
    """Take a line out of a draft; its row stays. Refuses budget.line_unknown and what write_lines refuses."""
    removal = LineRemoval(line_id, revision)
    write_lines(actor=actor, ordinance_id=ordinance_id, saves=(), removals=(removal,), at=at)


def write_lines(
    *,
    actor: Actor,
    ordinance_id: UUID,
    saves: Sequence[LineSave],
    removals: Sequence[LineRemoval],
    at: datetime,
) -> list[DraftLineView]:
    """Keep some lines of one ordinance and take others out, all or none; the same again changes nothing.

    Refuses what judge_lines yields.
    """
    require(actor, "budget.draft")
    with entity_transaction(actor.entity_id):
        ordinance = open_to_writing(actor=actor, ordinance_id=ordinance_id)
        writing = _writing(actor, ordinance, _locked_rows(actor, saves, removals), at)
        refuse_any(writing.judge(saves, removals))
        gone = [row for each in removals if not (row := writing.rows[each.line_id]).is_removed]
        kept = [each for each in saves if writing.changes(each)]
        _take_out(actor, gone, at)
        _keep(actor, writing, kept, at)
        _record(actor, ordinance_id, gone, kept)
        return [draft_line_view(writing.rows[each.line_id]) for each in saves]


def judge_lines(
    *,
    actor: Actor,
    ordinance: OrdinanceView,
    saves: Sequence[LineSave],
    removals: Sequence[LineRemoval],
    at: datetime,
) -> list[Refusal]:
    """Every reason why some lines cannot be written, each at its line (`lines.n`, `removed.n`); inside a transaction.

    What check_line yields, budget.not_your_division {division}, budget.changed_meanwhile {line, who, revision, kept,
    sent}, budget.line_of_other_ordinance {line}, budget.line_exists {line}, budget.line_unknown {line}.
    """
    writing = _writing(actor, ordinance, {row.id: row for row in _rows(actor, saves, removals)}, at)
    return list(writing.judge(saves, removals))


def _rows(actor: Actor, saves: Sequence[LineSave], removals: Sequence[LineRemoval]) -> QuerySet[DraftLine]:
    ids = sorted({*(each.line_id for each in saves), *(each.line_id for each in removals)})
    return DraftLine.objects.filter(entity_id=actor.entity_id, id__in=ids).order_by("id")


def _locked_rows(actor: Actor, saves: Sequence[LineSave], removals: Sequence[LineRemoval]) -> dict[UUID, DraftLine]:
    return {row.id: row for row in _rows(actor, saves, removals).select_for_update()}


def _writing(actor: Actor, ordinance: OrdinanceView, rows: dict[UUID, DraftLine], at: datetime) -> "_Writing":
    own = None if may(actor, "budget.draft_all") else queries.divisions_of(user_id=actor.user_id, at=at)
    return _Writing(actor, ordinance, own, rows, queries.line_facts(fiscal_year=ordinance.fiscal_year))


@dataclass(slots=True)
class _Writing:
    """What one act of writing is judged by: who, into which ordinance, the rows as they stand, locked."""

    actor: Actor
    ordinance: OrdinanceView
    own: frozenset[str] | None
    rows: dict[UUID, DraftLine]
    facts: LineFacts

    def judge(self, saves: Sequence[LineSave], removals: Sequence[LineRemoval]) -> Iterator[Refusal]:
        """Yield every reason against any of the lines."""
        for number, each in enumerate(saves):
            yield from check_line(each.draft, self.facts, where=f"lines.{number}")
        yield from self._check_hands(saves, removals)
        yield from self._check_single(saves, removals)

    def changes(self, save: LineSave) -> bool:
        """Whether a line would read otherwise than it stands."""
        row = self.rows.get(save.line_id)
        return row is None or row.is_removed or draft_line_view(row).draft != save.draft

    def _check_hands(self, saves: Sequence[LineSave], removals: Sequence[LineRemoval]) -> Iterator[Refusal]:
        """Yield every reason why single lines are not hers to write, or not over what she read."""
        for number, each in enumerate(saves):
            where = f"lines.{number}"
            yield from self._foreign(each.draft.identity.division, f"{where}.division")
            row = self.rows.get(each.line_id)
            if row is not None and (row.ordinance_id != self.ordinance.id or self.changes(each)):
                if row.division != each.draft.identity.division:
                    yield from self._foreign(row.division, f"{where}.division")
                yield from self._over(row, each.revision, str(each.draft.amount), where)
        for number, removal in enumerate(removals):
            row = self.rows.get(removal.line_id)
            if row is None:
                yield Refusal("budget.line_unknown", {"line": str(removal.line_id)}, f"removed.{number}")
            elif not row.is_removed:
                yield from self._foreign(row.division, f"removed.{number}.division")
                yield from self._over(row, removal.revision, "-", f"removed.{number}")

    def _over(self, row: DraftLine, revision: int, sent: str, where: str) -> Iterator[Refusal]:
        """Yield why a line that stands is not written over: of another ordinance, newer than what was read."""
        name = row.item or row.budget_type
        if row.ordinance_id != self.ordinance.id:
            yield Refusal("budget.line_of_other_ordinance", {"line": name}, where)
            return
        if row.revision != revision:
            facts: dict[str, Fact] = {"line": name, "who": row.saved_by_name, "revision": row.revision}
            both = {"kept": str(Baht(row.amount)), "sent": sent}
            yield Refusal("budget.changed_meanwhile", {**facts, **both}, where)

    def _foreign(self, division: str, where: str) -> Iterator[Refusal]:
        # An unknown division is told as such.
        if self.own is not None and division not in self.own and division in self.facts.divisions:
            yield Refusal("budget.not_your_division", {"division": division}, where)

    def _check_single(self, saves: Sequence[LineSave], removals: Sequence[LineRemoval]) -> Iterator[Refusal]:
        """Yield budget.line_exists for every line that would stand twice."""
        works, types = ({getattr(each.draft.identity, name) for each in saves} for name in ("work", "budget_type"))
        standing = DraftLine.objects.filter(
            entity_id=self.actor.entity_id,
            ordinance_id=self.ordinance.id,
            is_removed=False,
            work__in=works,
            budget_type__in=types,
        ).exclude(id__in=[*(each.line_id for each in saves), *(each.line_id for each in removals)])
        taken = {LineIdentity(*values) for values in standing.values_list(*_IDENTITY)}
        for number, each in enumerate(saves):
            identity = each.draft.identity
            if identity in taken:
                yield Refusal("budget.line_exists", {"line": identity.item or identity.budget_type}, f"lines.{number}")
            taken.add(identity)


def _take_out(actor: Actor, rows: Sequence[DraftLine], at: datetime) -> None:
    for row in rows:
        row.is_removed, row.revision = True, row.revision + 1
        row.saved_by, row.saved_by_name, row.saved_at = actor.user_id, actor.name, at
        row.save(force_update=True)


def _keep(actor: Actor, writing: _Writing, saves: Sequence[LineSave], at: datetime) -> None:
    new = []
    try:
        with transaction.atomic():
            for each in saves:
                row = writing.rows.get(each.line_id)
                if row is None:
                    row = DraftLine(entity_id=actor.entity_id, id=each.line_id, revision=0)
                    row.ordinance_id = writing.ordinance.id
                    writing.rows[each.line_id] = row
                    new.append(row)
                _fill(row, each)
                row.saved_by, row.saved_by_name, row.saved_at = actor.user_id, actor.name, at
                if row.revision > 1:
                    row.save(force_update=True)
            DraftLine.objects.bulk_create(new)
    except IntegrityError as error:
        # Somebody else wrote the same line since it was looked for.
        names = ", ".join(each.draft.identity.item or each.draft.identity.budget_type for each in saves[:3])
        raise Refused(Refusal("budget.line_exists", {"line": names}, "lines")) from error


def _fill(row: DraftLine, save: LineSave) -> None:
    for name in _IDENTITY:
        setattr(row, name, getattr(save.draft.identity, name))
    row.amount = save.draft.amount.amount
    row.explanation = save.draft.explanation.as_json()
    row.is_project, row.is_removed = save.draft.is_project, False
    row.source_row = save.source_row or row.source_row
    row.revision += 1


def _record(actor: Actor, ordinance_id: UUID, gone: Sequence[DraftLine], kept: Sequence[LineSave]) -> None:
    """What was written, once for the act; nothing when nothing changed."""
    document = f"ordinance:{ordinance_id}"
    if kept:
        total = sum((each.draft.amount for each in kept), Baht(0))
        facts: Mapping[str, Fact] = {"lines": len(kept), "amount": str(total)}
        audit.record(actor=actor, act="budget.draft", document=document, facts=dict(facts))
    if gone:
        lines = ", ".join(str(row.id) for row in gone[:20])
        audit.record(
            actor=actor, act="budget.remove_line", document=document, facts={"line": lines, "lines": len(gone)}
        )
