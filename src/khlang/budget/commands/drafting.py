"""Ordinances while they are drafted: opened, written by several divisions at once, copied from the year before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.draft_lines import LineSave, known_ordinance, open_to_writing, save_lines
from khlang.budget.models import Ordinance, RevenueEstimate
from khlang.budget.rules import (
    DraftLineView,
    EstimateDraft,
    LineDraft,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    check_line,
)
from khlang.budget.rules.ordinance_checks import check_estimates, share
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME, fiscal_year_of
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Fact, Refusal, Refused, refuse_any
from khlang.reference import queries as reference
from khlang.toolkit.tenancy import entity_transaction

YEARS_AWAY_MAX = 10
PERCENT_RANGE = (-100, 1000)
_TEXTS = ("statement", "principle", "reason", "money_source")


def open_ordinance(
    *, actor: Actor, ordinance_id: UUID, kind: OrdinanceKind, fiscal_year: int, at: datetime
) -> OrdinanceView:
    """Begin the ordinance of a fiscal year (B.E.), or an addition to one in force (R86, R116).

    Sent twice with one id it answers the same. Refuses budget.ordinance_exists {fiscal_year}: a year has one annual
    ordinance; budget.annual_not_in_force {fiscal_year}: there is nothing to add to; budget.year_not_right {fiscal_year}.
    """
    require(actor, "budget.draft_all")
    if abs(fiscal_year - fiscal_year_of(at.astimezone(THAI_TIME).date())) > YEARS_AWAY_MAX:
        raise Refused(Refusal("budget.year_not_right", {"fiscal_year": fiscal_year}, "fiscal_year"))
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
        return known_ordinance(ordinance_id)


def _in_force(ordinances: Sequence[OrdinanceView]) -> bool:
    whole = (OrdinanceKind.ANNUAL, OrdinanceKind.OPENING)
    return any(each.kind in whole and each.state is OrdinanceState.IN_FORCE for each in ordinances)


def _excludes(kind: OrdinanceKind, other: OrdinanceView) -> bool:
    """A year moved over needs no annual ordinance and the other way round; a provisional one waits for the annual.

    Once the year's own budget holds, last year's would give its money a second time (R89).
    """
    whole = {OrdinanceKind.ANNUAL, OrdinanceKind.OPENING}
    if kind is OrdinanceKind.PROVISIONAL and other.kind in whole and other.state is OrdinanceState.IN_FORCE:
        return True
    return other.kind is kind or {kind, other.kind} == whole


def save_estimates(
    *,
    actor: Actor,
    ordinance_id: UUID,
    estimates: Sequence[EstimateDraft],
    revisions: Mapping[tuple[str, str], int] | None = None,
    at: datetime,
) -> None:
    """Keep what an ordinance expects to receive of some revenue types; the same again changes nothing.

    `revisions`: enterprise and type to the version each was typed over (0: new); without it the last one holds.
    Refuses, all at once: budget.code_unknown, budget.amount_not_right, budget.changed_meanwhile {line, who, ...}.
    """
    require(actor, "budget.estimate")
    with entity_transaction(actor.entity_id):
        ordinance = open_to_writing(actor=actor, ordinance_id=ordinance_id)
        types = {each.code for each in reference.budget_types(side="revenue", fiscal_year=ordinance.fiscal_year)}
        refuse_any(check_estimates(estimates, types=types, enterprises=queries.enterprises()))
        held = RevenueEstimate.objects.select_for_update().filter(entity_id=actor.entity_id, ordinance_id=ordinance_id)
        rows = {(row.enterprise, row.budget_type): row for row in held.order_by("enterprise", "budget_type")}
        changed = [each for each in estimates if _differs(rows.get((each.enterprise, each.budget_type)), each)]
        refuse_any(_estimates_meanwhile(estimates, changed, rows, revisions))
        for each in changed:
            row = rows.get((each.enterprise, each.budget_type))
            _keep_estimate(actor, ordinance_id, each, row.revision + 1 if row else 1, at)
        if changed:
            facts = {"estimates": len(changed)}
            audit.record(actor=actor, act="budget.estimate", document=f"ordinance:{ordinance_id}", facts=facts)


def _differs(row: RevenueEstimate | None, sent: EstimateDraft) -> bool:
    return row is None or (Baht(row.amount), row.explanation) != (sent.amount, sent.explanation)


def _estimates_meanwhile(
    estimates: Sequence[EstimateDraft],
    changed: Sequence[EstimateDraft],
    rows: Mapping[tuple[str, str], RevenueEstimate],
    revisions: Mapping[tuple[str, str], int] | None,
) -> Iterator[Refusal]:
    for number, each in enumerate(estimates):
        row = rows.get((each.enterprise, each.budget_type))
        if row is None or revisions is None or each not in changed:
            continue
        if row.revision != revisions.get((each.enterprise, each.budget_type), 0):
            who: dict[str, Fact] = {"line": each.budget_type, "who": row.saved_by_name, "revision": row.revision}
            both = {"kept": str(Baht(row.amount)), "sent": str(each.amount)}
            yield Refusal("budget.changed_meanwhile", {**who, **both}, f"estimates.{number}.amount")


def _keep_estimate(actor: Actor, ordinance_id: UUID, sent: EstimateDraft, revision: int, at: datetime) -> None:
    RevenueEstimate.objects.update_or_create(
        entity_id=actor.entity_id,
        ordinance_id=ordinance_id,
        enterprise=sent.enterprise,
        budget_type=sent.budget_type,
        defaults={
            "amount": sent.amount.amount,
            "explanation": sent.explanation,
            "revision": revision,
            "saved_by": actor.user_id,
            "saved_by_name": actor.name,
            "saved_at": at,
        },
    )


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
        return known_ordinance(ordinance_id)


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
