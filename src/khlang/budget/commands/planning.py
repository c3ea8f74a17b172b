"""Spending plans by quarter, commitments over several years, money carried over its year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.divisions import require_division
from khlang.budget.commands.movements import move
from khlang.budget.models import CarryOver, Commitment, PlanShare
from khlang.budget.rules import (
    BoardLine,
    CarryFacts,
    CarryKind,
    CommitmentDraft,
    Document,
    Kind,
    Move,
    Moved,
    check_carry,
    check_carry_approval,
    check_commitment,
    check_plan,
)
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal, Refused, refuse_any
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

INVESTMENT = "investment"


def _known_line(fiscal_year: int, line_id: UUID) -> BoardLine:
    found = queries.board_lines(fiscal_year=fiscal_year, line_ids=[line_id]).get(line_id)
    if found is None:
        raise Refused(Refusal("budget.line_unknown", {"line": str(line_id)}))
    return found


@dataclass(frozen=True, slots=True)
class PlanSave:
    """The plan of one line as typed: its shares by quarter (baht), and how often it was written when it was read."""

    line_id: UUID
    shares: Mapping[int, Baht]
    revision: int | None = None


def save_plan(*, actor: Actor, fiscal_year: int, line_id: UUID, shares: Mapping[int, Baht], at: datetime) -> None:
    """Keep what a division means to spend of a line, by quarter (R19). Refuses what check_plan yields, budget.not_your_division."""
    save_plans(actor=actor, fiscal_year=fiscal_year, plans=[PlanSave(line_id, shares)], at=at)


def save_plans(*, actor: Actor, fiscal_year: int, plans: Sequence[PlanSave], at: datetime) -> int:
    """Keep the plans of several lines, all or none (R19); returns how many were different from what was kept.

    Refuses, with every reason and the place `plans.<n>`: what check_plan yields, budget.line_unknown,
    budget.not_your_division, and budget.changed_meanwhile where somebody wrote the plan since it was read.
    """
    require(actor, "budget.plan")
    with entity_transaction(actor.entity_id):
        sql.rows("SELECT budget_lock(%s)", (actor.entity_id,))
        ids = [each.line_id for each in plans]
        known = queries.board_lines(fiscal_year=fiscal_year, line_ids=ids)
        kept = _kept_shares(actor, fiscal_year, ids)
        checked = _Checked(actor, known, kept, at)
        refuse_any(reason for n, each in enumerate(plans) for reason in checked.reasons(each, f"plans.{n}"))
        return sum(_save_plan(actor, fiscal_year, each, kept, at) for each in plans)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What plans are judged by."""

    actor: Actor
    known: Mapping[UUID, BoardLine]
    kept: Mapping[UUID, Mapping[int, PlanShare]]
    at: datetime

    def reasons(self, plan: PlanSave, where: str) -> Iterator[Refusal]:
        """Why one line's quarters (baht, R19) cannot be kept, each reason at its cell.

        Yields budget.line_unknown, budget.changed_meanwhile, and what require_division and check_plan yield.
        """
        found = self.known.get(plan.line_id)
        if found is None:
            yield Refusal("budget.line_unknown", {"line": str(plan.line_id)}, where)
            return
        try:
            require_division(actor=self.actor, division=found.line.identity.division, at=self.at)
        except Refused as refused:
            yield from (each.at(where) for each in refused.refusals)
        kept = self.kept.get(plan.line_id, {})
        shares = {quarter: Baht(share.amount) for quarter, share in kept.items()} | dict(plan.shares)
        label, appropriation = found.line.label, found.balance.appropriation
        for reason in check_plan(shares=shares, appropriation=appropriation, label=label):
            yield reason.at(f"{where}.{reason.where.removeprefix('quarters.')}")
        revision = sum(share.revision for share in kept.values())
        if plan.revision is not None and plan.revision != revision:
            last = max(kept.values(), key=lambda share: share.saved_at)
            told: dict[str, Fact] = {"line": label, "who": last.saved_by_name, "revision": revision}
            sums = {"kept": _written(shares={n: Baht(each.amount) for n, each in kept.items()})}
            yield Refusal("budget.changed_meanwhile", {**told, **sums, "sent": _written(shares=plan.shares)}, where)


def _written(*, shares: Mapping[int, Baht]) -> str:
    return " / ".join(str(shares[quarter]) for quarter in sorted(shares)) or "-"


def _kept_shares(actor: Actor, fiscal_year: int, ids: Sequence[UUID]) -> dict[UUID, dict[int, PlanShare]]:
    kept: dict[UUID, dict[int, PlanShare]] = {}
    for row in PlanShare.objects.filter(entity_id=actor.entity_id, fiscal_year=fiscal_year, line_id__in=ids):
        kept.setdefault(row.line_id, {})[row.quarter] = row
    return kept


def _save_plan(
    actor: Actor, fiscal_year: int, plan: PlanSave, kept: Mapping[UUID, Mapping[int, PlanShare]], at: datetime
) -> bool:
    before = kept.get(plan.line_id, {})
    changed = {
        quarter: amount
        for quarter, amount in plan.shares.items()
        if quarter not in before or Baht(before[quarter].amount) != amount
    }
    for quarter, amount in changed.items():
        revision = before[quarter].revision + 1 if quarter in before else 1
        PlanShare.objects.update_or_create(
            entity_id=actor.entity_id,
            fiscal_year=fiscal_year,
            line_id=plan.line_id,
            quarter=quarter,
            defaults={"amount": amount.amount, "revision": revision, "saved_by_name": actor.name, "saved_at": at},
        )
    if changed:
        facts = {str(quarter): str(amount) for quarter, amount in changed.items()}
        audit.record(actor=actor, act="budget.plan", document=f"line:{plan.line_id}", facts=facts)
    return bool(changed)


def record_commitment(
    *, actor: Actor, commitment_id: UUID, fiscal_year: int, line_id: UUID, draft: CommitmentDraft, at: datetime
) -> None:
    """Record the council's leave to commit over several years (R117); sent twice with one id it is recorded once."""
    require(actor, "budget.record_council")
    refuse_any(check_commitment(draft, first_year=fiscal_year))
    with entity_transaction(actor.entity_id):
        _known_line(fiscal_year, line_id)
        if Commitment.objects.filter(entity_id=actor.entity_id, id=commitment_id).exists():
            return
        Commitment.objects.create(
            entity_id=actor.entity_id,
            id=commitment_id,
            line_year=fiscal_year,
            line_id=line_id,
            title=draft.title.strip(),
            why_not_split=draft.why_not_split.strip(),
            resolution_number=draft.resolution_number.strip(),
            resolved_on=draft.resolved_on,
            years={str(year): str(amount) for year, amount in draft.years.items()},
            made_by=actor.user_id,
            made_by_name=actor.name,
            made_at=at,
        )
        facts = {"line": str(line_id), "resolution": draft.resolution_number}
        audit.record(actor=actor, act="budget.record_commitment", document=f"commitment:{commitment_id}", facts=facts)


def propose_carry(
    *,
    actor: Actor,
    carry_id: UUID,
    fiscal_year: int,
    line_id: UUID,
    kind: CarryKind,
    amount: Baht,
    from_hold_id: UUID | None,
    reason: str,
    at: datetime,
) -> None:
    """Propose that money of a line goes on after its year (R187); sent twice with one id it is proposed once."""
    require(actor, "budget.carry")
    if not reason.strip():
        raise Refused(Refusal("budget.reason_missing", where="reason"))
    with entity_transaction(actor.entity_id):
        if CarryOver.objects.filter(entity_id=actor.entity_id, id=carry_id).exists():
            return
        refuse_any(check_carry(_carry_facts(fiscal_year, line_id, kind, amount, from_hold_id)))
        CarryOver.objects.create(
            entity_id=actor.entity_id,
            id=carry_id,
            fiscal_year=fiscal_year,
            line_id=line_id,
            from_hold_id=from_hold_id,
            kind=str(kind),
            amount=amount.amount,
            reason=reason.strip(),
            made_by=actor.user_id,
            made_by_name=actor.name,
            made_at=at,
        )
        facts = {"line": str(line_id), "kind": str(kind), "amount": str(amount)}
        audit.record(actor=actor, act="budget.propose_carry", document=f"carry_over:{carry_id}", facts=facts)


def _carry_facts(
    fiscal_year: int, line_id: UUID, kind: CarryKind, amount: Baht, from_hold_id: UUID | None
) -> CarryFacts:
    found = _known_line(fiscal_year, line_id)
    if found.line.grant_id is not None:
        raise Refused(Refusal("budget.grant_has_its_clocks", {"line": found.line.label}, "line_id"))
    hold = queries.holds(fiscal_year=fiscal_year, line_id=line_id).get(from_hold_id) if from_hold_id else None
    return CarryFacts(
        fiscal_year,
        kind,
        amount,
        found.balance.available,
        str(hold.stage) if hold else "",
        hold.open_amount if hold else ZERO,
        found.line.nature == INVESTMENT,
        found.line.label,
    )


def decide_carry(
    *,
    actor: Actor,
    carry_id: UUID,
    is_approved: bool,
    approval_number: str = "",
    decided_on: date,
    expires_on: date,
    idempotency_key: UUID,
    at: datetime,
) -> Moved | None:
    """Approve a carry-over, which moves its money apart at once, or refuse it (R188, R195, R198a); None when refused.

    What is owed is approved by the executive; investment not yet obligated rests on a resolution of the council.
    """
    require(actor, "budget.read")
    with entity_transaction(actor.entity_id):
        row = CarryOver.objects.select_for_update().filter(entity_id=actor.entity_id, id=carry_id).first()
        if row is None:
            raise Refused(Refusal("budget.change_unknown", {"change": str(carry_id)}))
        kind = CarryKind(row.kind)
        of_council = kind is CarryKind.UNOBLIGATED_INVESTMENT
        require(actor, "budget.record_council" if of_council else "budget.approve_carry")
        if row.idempotency_key == idempotency_key:
            return None if row.entry_no is None else Moved(row.fiscal_year, row.entry_no, replayed=True)
        if row.state != "proposed":
            raise Refused(Refusal("budget.step_not_allowed", {"state": row.state, "step": "active"}, "state"))
        row.approval_number, row.idempotency_key = approval_number.strip(), idempotency_key
        moved = _carry(actor, row, decided_on, expires_on) if is_approved else None
        row.state = "active" if moved else "refused"
        row.save()
        facts = {"state": row.state, "number": row.approval_number, "at": at.isoformat()}
        audit.record(actor=actor, act="budget.decide_carry", document=f"carry_over:{carry_id}", facts=facts)
        return moved


def _carry(actor: Actor, row: CarryOver, decided_on: date, expires_on: date) -> Moved:
    """Move the money of an approved carry-over apart, and note it in its row."""
    refuse_any(
        check_carry_approval(
            kind=CarryKind(row.kind),
            fiscal_year=row.fiscal_year,
            approval_number=row.approval_number,
            approved_on=decided_on,
            expires_on=expires_on,
        )
    )
    moved = move(
        actor=actor,
        act="budget.carry",
        document=Document("carry_over", row.id, row.reason[:100]),
        fiscal_year=row.fiscal_year,
        on=decided_on,
        moves=[Move(row.line_id, Kind.CARRY, Baht(row.amount), row.id, row.from_hold_id)],
        idempotency_key=row.idempotency_key or row.id,
    )
    row.entry_no, row.approved_on, row.expires_on = moved.entry_no, decided_on, expires_on
    return moved
