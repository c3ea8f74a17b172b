"""Ordinances while they are drafted: opened, written by several divisions at once, copied from the year before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.divisions import require_division
from khlang.budget.models import DraftLine, Ordinance, RevenueEstimate
from khlang.budget.queries.ordinances import draft_line_view
from khlang.budget.rules import (
    OPEN_TO_BUDGET_OFFICER,
    OPEN_TO_DIVISIONS,
    DraftLineView,
    EstimateDraft,
    LineDraft,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    check_line,
)
from khlang.budget.rules.ordinance_checks import check_estimates, share
from khlang.identity.permissions import may, require
from khlang.kernel.actors import Actor
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Fact, Refusal, Refused, refuse_any
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

PERCENT_RANGE = (-100, 1000)
_TEXTS = ("statement", "principle", "reason", "money_source")


def open_ordinance(
    *, actor: Actor, ordinance_id: UUID, kind: OrdinanceKind, fiscal_year: int, at: datetime
) -> OrdinanceView:
    """Begin the ordinance of a fiscal year (B.E.), or an addition to one in force (R86, R116).

    Sent twice with one id it answers the same. Refuses budget.ordinance_exists {fiscal_year}: a year has one annual
    ordinance; budget.annual_not_in_force {fiscal_year}: there is nothing to add to.
    """
    require(actor, "budget.draft_all")
    with entity_transaction(actor.entity_id):
        known = queries.ordinance(ordinance_id=ordinance_id)
        if known is not None:
            return known
        others = queries.ordinances(fiscal_year=fiscal_year)
        alive = [each for each in others if each.state is not OrdinanceState.LAPSED]
        if kind is OrdinanceKind.SUPPLEMENTARY and not _in_force(others):
            raise Refused(Refusal("budget.annual_not_in_force", {"fiscal_year": fiscal_year}, "fiscal_year"))
        if kind is not OrdinanceKind.SUPPLEMENTARY and any(_excludes(kind, each) for each in alive):
            raise Refused(Refusal("budget.ordinance_exists", {"fiscal_year": fiscal_year}, "fiscal_year"))
        number = 1 + max((each.number for each in others if each.kind is kind), default=0)
        try:
            with transaction.atomic():
                Ordinance.objects.create(
                    entity_id=actor.entity_id,
                    id=ordinance_id,
                    fiscal_year=fiscal_year,
                    kind=kind,
                    number=number,
                    made_by=actor.user_id,
                    made_by_name=actor.name,
                    made_at=at,
                )
        except IntegrityError as error:
            raise Refused(Refusal("budget.ordinance_exists", {"fiscal_year": fiscal_year}, "fiscal_year")) from error
        facts = {"fiscal_year": fiscal_year, "kind": str(kind), "number": number}
        audit.record(actor=actor, act="budget.open_ordinance", document=f"ordinance:{ordinance_id}", facts=facts)
        return _known(ordinance_id)


def _in_force(ordinances: Sequence[OrdinanceView]) -> bool:
    whole = (OrdinanceKind.ANNUAL, OrdinanceKind.OPENING)
    return any(each.kind in whole and each.state is OrdinanceState.IN_FORCE for each in ordinances)


def _excludes(kind: OrdinanceKind, other: OrdinanceView) -> bool:
    """A year moved over needs no annual ordinance and the other way round; a provisional one waits for the annual."""
    whole = {OrdinanceKind.ANNUAL, OrdinanceKind.OPENING}
    return other.kind is kind or {kind, other.kind} == whole


def _known(ordinance_id: UUID) -> OrdinanceView:
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
    found = _known(ordinance_id)
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


def save_lines(*, actor: Actor, ordinance_id: UUID, lines: Sequence[LineSave], at: datetime) -> list[DraftLineView]:
    """Keep several lines of one ordinance, all or none; the same content again changes nothing.

    Refuses, each at its line: what check_line yields, budget.not_your_division, budget.changed_meanwhile {line, who,
    revision, kept, sent}, budget.line_exists {line}.
    """
    require(actor, "budget.draft")
    with entity_transaction(actor.entity_id):
        ordinance = open_to_writing(actor=actor, ordinance_id=ordinance_id)
        facts = queries.line_facts(fiscal_year=ordinance.fiscal_year)
        for division in sorted({each.draft.identity.division for each in lines} & facts.divisions):
            require_division(actor=actor, division=division, at=at)
        refuse_any(r for n, each in enumerate(lines) for r in check_line(each.draft, facts, where=f"lines.{n}"))
        kept = [_save_line(actor, ordinance_id, each, f"lines.{n}", at) for n, each in enumerate(lines)]
        audit.record(
            actor=actor,
            act="budget.draft",
            document=f"ordinance:{ordinance_id}",
            facts={"lines": len(lines), "amount": str(sum((each.draft.amount for each in lines), Baht(0)))},
        )
        return kept


def _save_line(actor: Actor, ordinance_id: UUID, save: LineSave, where: str, at: datetime) -> DraftLineView:
    row = DraftLine.objects.select_for_update().filter(entity_id=actor.entity_id, id=save.line_id).first()
    if row is None:
        row = DraftLine(entity_id=actor.entity_id, id=save.line_id, ordinance_id=ordinance_id, revision=0)
    else:
        before = draft_line_view(row)
        if before.draft == save.draft and not row.is_removed and row.ordinance_id == ordinance_id:
            return before
        require_division(actor=actor, division=row.division, at=at)
        _refuse_newer(row, save, where)
    identity = save.draft.identity
    for name in ("division", "work", "budget_type", "fund_source", "item", "enterprise"):
        setattr(row, name, getattr(identity, name))
    row.amount = save.draft.amount.amount
    row.explanation = save.draft.explanation.as_json()
    row.is_project, row.is_removed = save.draft.is_project, False
    row.source_row = save.source_row or row.source_row
    row.revision += 1
    row.saved_by, row.saved_by_name, row.saved_at = actor.user_id, actor.name, at
    try:
        with transaction.atomic():
            row.save(force_insert=row.revision == 1)
    except IntegrityError as error:
        raise Refused(Refusal("budget.line_exists", {"line": identity.item or identity.budget_type}, where)) from error
    return draft_line_view(row)


def _refuse_newer(row: DraftLine, save: LineSave, where: str) -> None:
    """Refuse to write over a version that the sender has not seen; both versions are told."""
    if row.revision != save.revision or row.ordinance_id is None:
        facts: dict[str, Fact] = {
            "line": row.item or row.budget_type,
            "who": row.saved_by_name,
            "revision": row.revision,
        }
        both = {"kept": str(Baht(row.amount)), "sent": str(save.draft.amount)}
        raise Refused(Refusal("budget.changed_meanwhile", {**facts, **both}, where))


def remove_line(*, actor: Actor, ordinance_id: UUID, line_id: UUID, revision: int, at: datetime) -> None:
    """Take a line out of a draft; its row stays. Refuses budget.line_unknown and what saving refuses."""
    require(actor, "budget.draft")
    with entity_transaction(actor.entity_id):
        open_to_writing(actor=actor, ordinance_id=ordinance_id)
        row = (
            DraftLine.objects.select_for_update()
            .filter(entity_id=actor.entity_id, id=line_id, ordinance_id=ordinance_id)
            .first()
        )
        if row is None:
            raise Refused(Refusal("budget.line_unknown", {"line": str(line_id)}))
        if row.is_removed:
            return
        require_division(actor=actor, division=row.division, at=at)
        _refuse_newer(row, LineSave(line_id, revision, draft_line_view(row).draft), "line")
        row.is_removed, row.revision = True, row.revision + 1
        row.saved_by, row.saved_by_name, row.saved_at = actor.user_id, actor.name, at
        row.save()
        audit.record(
            actor=actor, act="budget.remove_line", document=f"ordinance:{ordinance_id}", facts={"line": str(line_id)}
        )


def save_estimates(*, actor: Actor, ordinance_id: UUID, estimates: Sequence[EstimateDraft], at: datetime) -> None:
    """Keep what an ordinance expects to receive of some revenue types. Refuses budget.code_unknown, .amount_not_right."""
    require(actor, "budget.estimate")
    with entity_transaction(actor.entity_id):
        ordinance = open_to_writing(actor=actor, ordinance_id=ordinance_id)
        types = {each.code for each in reference.budget_types(side="revenue", fiscal_year=ordinance.fiscal_year)}
        refuse_any(check_estimates(estimates, types=types, enterprises=queries.enterprises()))
        for each in estimates:
            RevenueEstimate.objects.update_or_create(
                entity_id=actor.entity_id,
                ordinance_id=ordinance_id,
                enterprise=each.enterprise,
                budget_type=each.budget_type,
                defaults={
                    "amount": each.amount.amount,
                    "explanation": each.explanation,
                    "saved_by": actor.user_id,
                    "saved_by_name": actor.name,
                    "saved_at": at,
                },
            )
        facts = {"estimates": len(estimates)}
        audit.record(actor=actor, act="budget.estimate", document=f"ordinance:{ordinance_id}", facts=facts)


def write_texts(
    *, actor: Actor, ordinance_id: UUID, texts: dict[str, str], revision: int, at: datetime
) -> OrdinanceView:
    """Write the statement, principle, reason and source of money of an ordinance (R82, R116).

    Refuses budget.changed_meanwhile when somebody wrote since `revision`.
    """
    require(actor, "budget.draft_all")
    with entity_transaction(actor.entity_id):
        row = Ordinance.objects.select_for_update().filter(entity_id=actor.entity_id, id=ordinance_id).first()
        if row is None:
            raise Refused(Refusal("budget.ordinance_unknown", {"ordinance": str(ordinance_id)}))
        ordinance = open_to_writing(actor=actor, ordinance_id=ordinance_id)
        new = {name: texts[name] for name in _TEXTS if name in texts}
        if all(getattr(ordinance, name) == text for name, text in new.items()):
            return ordinance
        if row.revision != revision:
            facts: dict[str, Fact] = {"line": "-", "who": row.made_by_name, "revision": row.revision}
            raise Refused(Refusal("budget.changed_meanwhile", {**facts, "kept": "-", "sent": "-"}, "revision"))
        for name, text in new.items():
            setattr(row, name, text)
        row.revision += 1
        row.save()
        facts_of_texts = {"texts": ", ".join(sorted(new)), "at": at.isoformat()}
        audit.record(actor=actor, act="budget.write_texts", document=f"ordinance:{ordinance_id}", facts=facts_of_texts)
        return _known(ordinance_id)


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What a copy brought over, and which lines it left behind, each with its reasons."""

    copied: int
    left: tuple[tuple[str, tuple[Refusal, ...]], ...]


def copy_year(
    *, actor: Actor, ordinance_id: UUID, percent: int = 0, with_investment: bool = False, at: datetime
) -> CopyReport:
    """Copy the lines of the year before into a draft, each amount changed by `percent` and rounded down to whole baht.

    Investment is left out unless asked for: it is bought once. What stands in the draft already is left alone; a line
    whose codes no longer hold is left behind with its reasons. Refuses budget.nothing_to_copy {fiscal_year}.
    """
    require(actor, "budget.draft_all")
    low, high = PERCENT_RANGE
    if not low <= percent <= high:
        raise Refused(Refusal("budget.percent_not_right", {"percent": percent}, "percent"))
    with entity_transaction(actor.entity_id):
        ordinance = open_to_writing(actor=actor, ordinance_id=ordinance_id)
        before = _lines_of_year(ordinance.fiscal_year - 1)
        if not before:
            raise Refused(Refusal("budget.nothing_to_copy", {"fiscal_year": ordinance.fiscal_year - 1}))
        facts = queries.line_facts(fiscal_year=ordinance.fiscal_year)
        present = {each.draft.identity for each in queries.draft_lines(ordinance_id=ordinance_id)}
        saves, left = [], []
        for each in before:
            treated = facts.treatment(budget_type=each.draft.identity.budget_type, is_project=each.draft.is_project)
            if each.draft.identity in present or (treated and treated.is_investment and not with_investment):
                continue
            draft = LineDraft(
                each.draft.identity, changed(each.draft.amount, percent), each.draft.explanation, each.draft.is_project
            )
            reasons = tuple(check_line(draft, facts))
            if reasons:
                left.append((draft.identity.item or draft.identity.budget_type, reasons))
            else:
                saves.append(LineSave(uuid5(ordinance_id, str(each.id)), 0, draft))
        if saves:
            save_lines(actor=actor, ordinance_id=ordinance_id, lines=saves, at=at)
        return CopyReport(len(saves), tuple(left))


def changed(amount: Baht, percent: int) -> Baht:
    """An amount changed by a percentage, rounded down to whole baht when it changes at all."""
    if not percent:
        return amount
    return Baht(share(amount, 100 + percent).satang // 100)


def _lines_of_year(fiscal_year: int) -> list[DraftLineView]:
    whole = (OrdinanceKind.ANNUAL, OrdinanceKind.OPENING)
    for each in queries.ordinances(fiscal_year=fiscal_year):
        if each.kind in whole and each.state is OrdinanceState.IN_FORCE:
            return queries.draft_lines(ordinance_id=each.id)
    return []
