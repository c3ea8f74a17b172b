"""Money and promises that outlive their year, and what runs out before it ends."""

import uuid
from datetime import date

import pytest

from khlang.budget import commands, queries
from khlang.budget.models import CarryExtension
from khlang.budget.rules import Balance, CarryKind, CommitmentDraft
from khlang.identity.queries import entity as entity_named
from khlang.kernel.money import baht
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, DAY, FUEL, SUPPLIES, YEAR, a_move, use
from tests.budget.test_changes import house, refused
from tests.builders import a_person, an_actor, an_entity

pytestmark = pytest.mark.django_db
__all__ = ["house"]


def carry(
    actor, line_id, kind, amount, *, hold=None, day=date(2026, 9, 25), expires=date(2027, 9, 30), number="9/2569"
):
    carry_id = uuid.uuid4()
    propose = {"kind": kind, "amount": baht(amount), "from_hold_id": hold, "reason": "Not finished", "at": AT}
    commands.propose_carry(actor=actor, carry_id=carry_id, fiscal_year=YEAR, line_id=line_id, **propose)
    decide = {"is_approved": True, "approval_number": number, "decided_on": day, "expires_on": expires}
    return carry_id, commands.decide_carry(actor=actor, carry_id=carry_id, **decide, idempotency_key=carry_id, at=AT)


def test_a_contract_is_carried_over_and_paid_in_the_next_year(house):
    actor, lines = house
    contract = a_move(lines["Road"], "obligate", "400000.00")
    use(actor, contract)

    carry_id, moved = carry(actor, lines["Road"], CarryKind.OBLIGATED, "400000.00", hold=contract.hold_id, number="")
    voucher = a_move(lines["Road"], "request", "150000.00", takes=carry_id)
    use(actor, voucher, on=date(2026, 11, 3))
    use(actor, a_move(lines["Road"], "pay", "150000.00", takes=voucher.hold_id), on=date(2026, 11, 5))

    assert moved.replayed is False
    assert makers.balance(actor, lines["Road"]) == Balance(
        approved=baht("500000.00"), carried=baht("250000.00"), paid=baht("150000.00")
    )
    assert makers.faults(actor) == []
    new = a_move(lines["Road"], "request", "1.00")
    assert refused(lambda: use(actor, new, on=date(2026, 11, 3))) == ["budget.outside_year"]


def test_a_carry_over_decided_twice_with_one_key_is_decided_once(house):
    actor, lines = house
    carry_id, moved = carry(actor, lines["Road"], CarryKind.UNOBLIGATED_INVESTMENT, "1000.00")
    decide = {"is_approved": True, "decided_on": DAY, "expires_on": DAY, "at": AT}

    again = commands.decide_carry(actor=actor, carry_id=carry_id, **decide, idempotency_key=carry_id)

    assert (again.entry_no, again.replayed) == (moved.entry_no, True)
    with entity_transaction(actor.entity_id):
        (view,) = queries.carry_overs(fiscal_year=YEAR, state="active")
    assert (view.kind, view.amount, view.approval_number) == (
        CarryKind.UNOBLIGATED_INVESTMENT,
        baht("1000.00"),
        "9/2569",
    )
    assert refused(
        lambda: commands.decide_carry(actor=actor, carry_id=carry_id, **decide, idempotency_key=uuid.uuid4())
    ) == ["budget.step_not_allowed"]


def test_what_may_be_carried_over_is_decided_by_line_and_paper(house):
    actor, lines = house
    supplies = (actor, lines[SUPPLIES], CarryKind.UNOBLIGATED_INVESTMENT, "1.00")
    road = (actor, lines["Road"], CarryKind.UNOBLIGATED_INVESTMENT)

    assert refused(lambda: carry(*supplies)) == ["budget.carry_needs_investment"]
    assert refused(lambda: carry(*road, "500000.01")) == ["budget.not_enough"]
    assert refused(lambda: carry(*road, "1.00", number="")) == ["budget.resolution_missing"]
    assert refused(lambda: carry(*road, "1.00", day=date(2026, 10, 1))) == ["budget.outside_year"]
    assert refused(lambda: carry(*road, "1.00", expires=date(2026, 9, 30))) == ["budget.carry_end_not_right"]
    assert refused(lambda: carry(actor, lines["Road"], CarryKind.OBLIGATED, "1.00")) == ["budget.stage_does_not_fit"]


def extend(actor, carry_id, **changed):
    asked = {"approval_number": "4/2570", "decided_on": date(2027, 9, 1), "expires_on": date(2028, 9, 30)}
    asked |= {"reason": "Flood", "extension_id": uuid.uuid4(), "at": AT.replace(year=2027, month=10)}
    return commands.extend_carry(actor=actor, carry_id=carry_id, **(asked | changed))


def test_investment_not_obligated_is_extended_once_by_the_council_for_a_year(house):
    """R195."""
    actor, lines = house
    carry_id, _moved = carry(actor, lines["Road"], CarryKind.UNOBLIGATED_INVESTMENT, "500000.00")

    assert refused(lambda: extend(actor, carry_id, approval_number="", reason="")) == [
        "budget.reason_missing",
        "budget.resolution_missing",
    ]
    assert refused(lambda: extend(actor, carry_id, expires_on=date(2028, 10, 1))) == ["budget.carry_end_not_right"]
    late = {"decided_on": date(2027, 10, 1)}
    assert refused(lambda: extend(actor, carry_id, **late)) == ["budget.carry_decided_late"]
    unborn = {"at": AT.replace(year=2027, month=8)}
    assert refused(lambda: extend(actor, carry_id, **unborn)) == ["budget.step_in_future"]
    key = uuid.uuid4()
    views = [extend(actor, carry_id, extension_id=key) for _ in range(2)]

    assert [(view.ends_on, len(view.extensions)) for view in views] == [(date(2028, 9, 30), 1)] * 2
    assert refused(lambda: extend(actor, carry_id, decided_on=date(2027, 9, 2), expires_on=date(2029, 9, 30))) == [
        "budget.carry_extended_already"
    ]
    use(actor, a_move(lines["Road"], "request", "1.00", takes=carry_id), on=date(2028, 9, 30))


def test_carried_money_is_claimed_until_its_last_day_and_then_falls_into_savings(house):
    """R188, R195, R198."""
    actor, lines = house
    carry_id, _moved = carry(actor, lines["Road"], CarryKind.UNOBLIGATED_INVESTMENT, "500000.00")
    in_time = a_move(lines["Road"], "request", "150000.00", takes=carry_id)
    use(actor, in_time, on=date(2027, 9, 30))
    lapse = {"actor": actor, "carry_id": carry_id, "idempotency_key": uuid.uuid4()}

    late = a_move(lines["Road"], "request", "1.00", takes=carry_id)
    assert refused(lambda: use(actor, late, on=date(2027, 10, 1))) == ["budget.carry_expired"]
    use(actor, a_move(lines["Road"], "pay", "150000.00", takes=in_time.hold_id), on=date(2027, 10, 5))
    running = AT.replace(year=2027, month=9)
    assert refused(lambda: commands.lapse_carry(**lapse, at=running)) == ["budget.carry_still_runs"]
    commands.lapse_carry(**lapse, at=AT.replace(year=2027, month=10))

    after = AT.replace(year=2027, month=11)
    assert refused(lambda: commands.lapse_carry(**lapse, at=after)) == ["budget.carry_spent"]
    assert refused(lambda: extend(actor, carry_id)) == ["budget.carry_spent"]
    assert makers.balance(actor, lines["Road"]) == Balance(approved=baht("500000.00"), paid=baht("150000.00"))
    with entity_transaction(actor.entity_id):
        (view,) = queries.carry_overs(fiscal_year=YEAR)
        assert (view.held, view.left, queries.carry_overs_open()) == (baht("500000.00"), baht("0.00"), [])


def test_a_contract_is_extended_by_the_executive_as_it_binds(house):
    """R188."""
    actor, lines = house
    contract = a_move(lines["Road"], "obligate", "400000.00")
    use(actor, contract)
    carry_id, _moved = carry(actor, lines["Road"], CarryKind.OBLIGATED, "400000.00", hold=contract.hold_id)
    executive = a_person("executive", entity=entity_named(code=actor.entity_code))

    first = extend(executive, carry_id, expires_on=date(2029, 3, 1), approval_number="")
    again = extend(executive, carry_id, expires_on=date(2030, 3, 1), approval_number="")

    assert (first.ends_on, again.ends_on) == (date(2029, 3, 1), date(2030, 3, 1))
    assert refused(
        lambda: commands.extend_carry(
            actor=actor,
            carry_id=uuid.uuid4(),
            extension_id=uuid.uuid4(),
            approval_number="",
            decided_on=DAY,
            expires_on=DAY,
            reason="x",
            at=AT,
        )
    ) == ["budget.change_unknown"]


def test_the_database_keeps_extensions_within_their_limits(house):
    """Written past the command, as by somebody with the application's password."""
    actor, lines = house
    carry_id, _moved = carry(actor, lines["Road"], CarryKind.UNOBLIGATED_INVESTMENT, "500000.00")
    given = {"entity_id": actor.entity_id, "carry_id": carry_id, "reason": "x", "made_by": 0, "made_by_name": "x"}
    given |= {"decided_on": DAY, "made_at": AT, "approval_number": "1"}

    def write(**changed):
        with sql.named_refusals(), entity_transaction(actor.entity_id):
            CarryExtension.objects.create(**given | changed, id=uuid.uuid4())

    for wrong in ({"expires_on": date(2028, 10, 1), "place": 1}, {"expires_on": date(2027, 9, 30), "place": 1}):
        assert refused(lambda wrong=wrong: write(**wrong)) == ["budget.carry_end_not_right"]
    assert refused(lambda: write(expires_on=date(2028, 9, 30), place=2)) == ["budget.carry_end_not_right"]
    write(expires_on=date(2028, 9, 30), place=1)
    assert refused(lambda: write(expires_on=date(2029, 1, 1), place=2)) == ["budget.carry_end_not_right"]


def test_a_commitment_over_years_claims_its_share_of_the_next_budget(house):
    actor, lines = house
    years = {2569: baht("500000.00"), 2570: baht("900000.00")}
    draft = CommitmentDraft("Road", "One work", "2/2568", date(2025, 8, 29), years)
    commitment_id = uuid.uuid4()

    for _ in range(2):
        commands.record_commitment(
            actor=actor, commitment_id=commitment_id, fiscal_year=YEAR, line_id=lines["Road"], draft=draft, at=AT
        )

    with entity_transaction(actor.entity_id):
        assert queries.committed_by_earlier_years(fiscal_year=2570) == [("Road", baht("900000.00"))]
        assert queries.committed_by_earlier_years(fiscal_year=2571) == []


def test_forecasts_warn_of_lines_that_run_out(house):
    actor, lines = house
    fuel = a_move(lines[FUEL], "request", "15000.00")
    use(actor, fuel)
    use(actor, a_move(lines[FUEL], "pay", "15000.00", takes=fuel.hold_id))

    with entity_transaction(actor.entity_id):
        warned = queries.forecasts(fiscal_year=YEAR, today=DAY, warned_only=True)

    assert [(each.line.name, found.runs_out_on) for each, found in warned] == [("วัสดุเชื้อเพลิงและหล่อลื่น", date(2026, 2, 7))]


def test_an_entity_sees_nothing_of_anothers_budget(house):
    _actor, lines = house
    other = makers.a_house(actor=an_actor(entity=an_entity()))

    with entity_transaction(other.entity_id):
        assert queries.board(fiscal_year=YEAR).lines == ()
        assert queries.line(fiscal_year=YEAR, line_id=lines[FUEL]) is None
        assert queries.years() == []
    assert refused(lambda: use(other, a_move(lines[FUEL], "reserve", "1.00"))) == ["budget.line_unknown"]
