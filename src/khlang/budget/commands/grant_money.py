"""The cash and the clocks of grants: what came, what savings lent ahead, extensions, giving back what is left (R201-R203)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.grants import (
    Version,
    extension_limits,
    grant_document,
    grant_today,
    opened_grant,
    set_clock,
)
from khlang.budget.commands.movements import move
from khlang.budget.models import Grant, GrantClock, GrantMoney
from khlang.budget.queries.grants import views
from khlang.budget.rules import (
    Extension,
    GrantState,
    GrantView,
    Kind,
    MoneyFacts,
    MoneyKind,
    Move,
    Moved,
    Place,
    check_extension,
    check_money,
    drawn,
)
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction


def record_money(
    *,
    actor: Actor,
    grant_id: UUID,
    money_id: UUID,
    kind: MoneyKind,
    amount: Baht,
    happened_on: date,
    document_number: str,
    note: str = "",
    at: datetime,
) -> GrantView:
    """Record that cash of a grant came, was lent ahead by savings, or that the loan was cleared (R201); once by its id.

    What comes clears what savings lent at once (R216). What goes back goes by return_left. Refuses what check_money yields.
    """
    require(actor, "budget.grant")
    if kind not in (MoneyKind.RECEIVED, MoneyKind.LENT, MoneyKind.CLEARED):
        raise Refused(Refusal("budget.kind_unknown", {"kind": str(kind)}, "kind"))
    with entity_transaction(actor.entity_id):
        row = opened_grant(actor, grant_id)
        if GrantMoney.objects.filter(entity_id=actor.entity_id, id=money_id).exists():
            return views([row])[0]
        # Nothing is asked for while the cash changes.
        sql.rows("SELECT budget_lock(%s)", (actor.entity_id,))
        before = views([row])[0]
        refuse_any(check_money(kind, amount, happened_on, document_number, _money_facts(before, grant_today(at))))
        cash = _Cash(money_id, kind, amount, happened_on, document_number, note)
        _keep(actor, row, cash, at)
        cleared = min(amount, before.money.owed) if kind is MoneyKind.RECEIVED else ZERO
        if cleared:
            loan = replace(cash, id=uuid5(money_id, "cleared"), kind=MoneyKind.CLEARED, amount=cleared)
            _keep(actor, row, loan, at)
        told = {"kind": str(kind), "amount": str(amount), "number": document_number, "cleared": str(cleared)}
        audit.record(actor=actor, act="budget.grant_money", document=f"grant:{grant_id}", facts=told)
        return views([row])[0]


def _money_facts(grant: GrantView, today: date) -> MoneyFacts:
    draft = grant.draft
    return MoneyFacts(draft.place, draft.amount, grant.money, drawn(grant.balance), draft.notified_on, today)


@dataclass(frozen=True, slots=True)
class _Cash:
    """One movement of cash with its paper; the id is used once."""

    id: UUID
    kind: MoneyKind
    amount: Baht
    on: date
    number: str
    note: str


def _keep(actor: Actor, row: Grant, cash: _Cash, at: datetime) -> None:
    with sql.named_refusals():
        GrantMoney.objects.create(
            entity_id=actor.entity_id,
            id=cash.id,
            grant_id=row.id,
            kind=str(cash.kind),
            amount=cash.amount.amount,
            happened_on=cash.on,
            document_number=cash.number.strip(),
            note=cash.note.strip(),
            recorded_by=actor.user_id,
            recorded_by_name=actor.name,
            recorded_at=at,
        )


def extend_grant(*, actor: Actor, grant_id: UUID, extension_id: UUID, extension: Extension, at: datetime) -> GrantView:
    """Set one of the two clocks anew by a recorded paper (R203); once by its id. Refuses what check_extension yields."""
    require(actor, "budget.open_grant")
    with entity_transaction(actor.entity_id):
        row = opened_grant(actor, grant_id)
        kept = GrantClock.objects.filter(entity_id=actor.entity_id, grant_id=grant_id, layer=str(extension.layer))
        if kept.filter(id=extension_id).exists():
            return views([row])[0]
        before = views([row])[0]
        clock = before.state_clock if extension.layer is Place.STATE else before.own_clock
        limits = extension_limits(row.fiscal_year)
        year = row.fiscal_year
        refuse_any(check_extension(extension, before=clock, fiscal_year=year, limits=limits, today=grant_today(at)))
        set_clock(actor, row, extension, Version(kept.count() + 1, extension_id, at))
        told = {
            "layer": str(extension.layer),
            "obligate_by": extension.clock.obligate_by,
            "spend_by": extension.clock.spend_by,
            "number": extension.document_number,
        }
        audit.record(actor=actor, act="budget.extend_grant", document=f"grant:{grant_id}", facts=told)
        return views([row])[0]


def return_left(
    *,
    actor: Actor,
    grant_id: UUID,
    returned_on: date,
    document_number: str,
    note: str = "",
    amounts: Mapping[UUID, Baht] | None = None,
    idempotency_key: UUID,
    at: datetime,
) -> Moved:
    """Give back what is left of a grant (R202): its lines lose it, and what of it had come goes back, or is kept by the letter.

    `amounts` takes part of some lines, otherwise all that is free. With nothing left the grant closes. Refuses
    budget.grant_nothing_left, budget.grant_paper_missing, budget.grant_loan_not_cleared {owed}, budget.not_enough.
    """
    require(actor, "budget.open_grant")
    with entity_transaction(actor.entity_id):
        if known := _known_return(actor, grant_id, idempotency_key):
            return known
        row = opened_grant(actor, grant_id)
        sql.rows("SELECT budget_lock(%s)", (actor.entity_id,))
        moves = _what_goes(grant_id, amounts)
        before = views([row])[0]
        refuse_any(_return_refusals(before, moves, returned_on, document_number, grant_today(at)))
        moved = move(
            actor=actor,
            act="budget.return_grant",
            document=grant_document(row),
            fiscal_year=row.fiscal_year,
            on=returned_on,
            moves=moves,
            idempotency_key=idempotency_key,
        )
        back, kind = _cash_back(before, moves)
        if back:
            cash = (uuid5(idempotency_key, "money"), kind, back, returned_on, document_number, note)
            _keep(actor, row, _Cash(*cash), at)
        _close_when_empty(row)
        return moved


def _what_goes(grant_id: UUID, amounts: Mapping[UUID, Baht] | None) -> list[Move]:
    """What the lines lose: the amounts that were named, or all that is free of them now."""
    found = queries.grant(grant_id=grant_id)
    lines = found.lines if found else ()
    wanted = amounts or {each.line.line_id: each.balance.available for each in lines}
    return [Move(line_id, Kind.WITHDRAW, amount) for line_id, amount in wanted.items() if amount]


def _known_return(actor: Actor, grant_id: UUID, key: UUID) -> Moved | None:
    """The entry that was made under this key, or None."""
    query = "SELECT fiscal_year, entry_no FROM budget_entry WHERE entity_id = %s AND idempotency_key = %s AND document_id = %s"
    found = sql.row(query, (actor.entity_id, key, grant_id))
    return Moved(found[0], found[1], replayed=True) if found else None


def _return_refusals(grant: GrantView, moves: list[Move], on: date, document_number: str, today: date) -> list[Refusal]:
    found = []
    if not moves:
        found.append(Refusal("budget.grant_nothing_left", {"letter": grant.draft.letter_number}, "amount"))
    if not document_number.strip():
        found.append(Refusal("budget.grant_paper_missing", where="document_number"))
    if on > today:
        found.append(Refusal("budget.step_in_future", {"date": on.isoformat()}, "returned_on"))
    if grant.money.owed:
        found.append(Refusal("budget.grant_loan_not_cleared", {"owed": str(grant.money.owed)}, "amount"))
    return found


def _cash_back(before: GrantView, moves: list[Move]) -> tuple[Baht, MoneyKind]:
    """Of what the lines lost, the part that had come: what has not come stays where it is, and is given up first."""
    kind = MoneyKind.RETURNED if before.draft.returns_left_over else MoneyKind.KEPT
    if before.draft.place is Place.STATE:
        return ZERO, kind
    taken = sum((each.amount for each in moves), ZERO)
    outstanding = max(ZERO, before.balance.appropriation - before.money.received)
    return min(before.drawable, max(ZERO, taken - outstanding)), kind


def _close_when_empty(row: Grant) -> None:
    after = views([row])[0]
    if not after.balance.held and after.balance.appropriation == after.balance.spent:
        row.state = str(GrantState.CLOSED)
        row.save()
