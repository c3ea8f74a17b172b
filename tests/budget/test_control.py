"""What the database decides about money: enough or not, two phases, replay. All through the command that documents use."""

import uuid
from datetime import date

import pytest

from khlang.budget import commands, queries
from khlang.budget.rules import KINDS, Balance, Document, Kind, Move, Pot
from khlang.kernel.money import Baht, baht
from khlang.kernel.refusals import Refused
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import SUPPLIES, a_budget, a_move, balance, use

pytestmark = pytest.mark.django_db


def refused(call) -> list[tuple[str, dict]]:
    with pytest.raises(Refused) as caught:
        call()
    return [(each.code, dict(each.facts)) for each in caught.value.refusals]


def codes(call) -> list[str]:
    return [code for code, _ in refused(call)]


def test_use_budget_refuses_120_000_on_a_line_of_119_999_99():
    """V18: no override."""
    actor, line_id = a_budget("119999.99")

    (code, facts), *others = refused(lambda: use(actor, a_move(line_id, "request", "120000.00")))

    assert (code, others) == ("budget.not_enough", [])
    label = facts.pop("line")
    assert label.startswith("9969011133010001 ")
    assert facts == {"asked": "120000.00", "available": "119999.99", "short": "0.01"}
    assert balance(actor, line_id) == Balance(approved=baht("119999.99"))


def test_use_budget_follows_the_equation_of_what_is_available():
    actor, line_id = a_budget("1000.00")
    reserved, advanced = a_move(line_id, "reserve", "300.00"), a_move(line_id, "advance", "100.00")
    contract = a_move(line_id, "obligate", "250.00", takes=reserved.hold_id)
    voucher = a_move(line_id, "request", "200.00", takes=contract.hold_id)
    paid = a_move(line_id, "pay", "200.00", takes=voucher.hold_id)

    for each in (reserved, advanced, contract, voucher, paid, a_move(line_id, "refund", "20.00", takes=paid.hold_id)):
        use(actor, each)

    found = balance(actor, line_id)
    assert found == Balance(
        approved=baht("1000.00"),
        reserved=baht("50.00"),
        obligated=baht("50.00"),
        advanced=baht("100.00"),
        paid=baht("200.00"),
        refunded=baht("20.00"),
    )
    assert found.available == baht("620.00")
    assert makers.faults(actor) == []


def test_a_cancelled_voucher_gives_its_money_back_to_the_contract_and_not_to_the_line():
    actor, line_id = a_budget("500.00")
    contract = a_move(line_id, "obligate", "500.00")
    voucher = a_move(line_id, "request", "120.00", takes=contract.hold_id)
    use(actor, contract)
    use(actor, voucher)

    use(actor, a_move(line_id, "cancel", "120.00", takes=voucher.hold_id))

    assert balance(actor, line_id) == Balance(approved=baht("500.00"), obligated=baht("500.00"))
    assert codes(lambda: use(actor, a_move(line_id, "request", "0.01"))) == ["budget.not_enough"]
    use(actor, a_move(line_id, "request", "500.00", takes=contract.hold_id))
    assert makers.faults(actor) == []


def test_a_released_contract_gives_its_rest_back_to_the_line():
    actor, line_id = a_budget("500.00")
    contract = a_move(line_id, "obligate", "500.00")
    use(actor, contract)

    use(actor, a_move(line_id, "release", "130.00", takes=contract.hold_id))

    assert balance(actor, line_id).available == baht("130.00")
    assert makers.faults(actor) == []


# ---- two phases, after the table of TigerBeetle's pending and posted transfers ----------------------------------------
# first move, second move that takes from it, code of the reason why not
TWO_PHASES = {
    "posted in full": (("reserve", "100.00"), ("obligate", "100.00"), ""),
    "posted in part": (("reserve", "100.00"), ("obligate", "40.00"), ""),
    "posted with more than is pending": (("reserve", "100.00"), ("obligate", "100.01"), "budget.more_than_held"),
    "voided in full": (("reserve", "100.00"), ("release", "100.00"), ""),
    "voided in part": (("reserve", "100.00"), ("release", "1.00"), ""),
    "voided with more than is pending": (("reserve", "100.00"), ("release", "100.01"), "budget.more_than_held"),
    "requested from a contract": (("obligate", "100.00"), ("request", "100.00"), ""),
    "requested from a reservation": (("reserve", "100.00"), ("request", "60.00"), ""),
    "more requested than the contract holds": (("obligate", "100.00"), ("request", "100.01"), "budget.more_than_held"),
    "paid from a request": (("request", "100.00"), ("pay", "100.00"), ""),
    "more paid than requested": (("request", "100.00"), ("pay", "100.01"), "budget.more_than_held"),
    "paid from a contract without a request": (("obligate", "100.00"), ("pay", "1.00"), "budget.stage_does_not_fit"),
    "paid from a reservation": (("reserve", "100.00"), ("pay", "1.00"), "budget.stage_does_not_fit"),
    "a request let go past its contract": (("request", "100.00"), ("release", "1.00"), "budget.stage_does_not_fit"),
    "a request cancelled": (("request", "100.00"), ("cancel", "100.00"), ""),
    "an advance cleared": (("advance", "100.00"), ("clear", "100.00"), ""),
    "an advance cleared with too much": (("advance", "100.00"), ("clear", "100.01"), "budget.more_than_held"),
    "an advance returned in money": (("advance", "100.00"), ("release", "30.00"), ""),
    "an advance paid like a request": (("advance", "100.00"), ("pay", "1.00"), "budget.stage_does_not_fit"),
    "a reservation refunded": (("reserve", "100.00"), ("refund", "1.00"), "budget.stage_does_not_fit"),
    "a contract reserved again": (("obligate", "100.00"), ("reserve", "1.00"), "budget.stage_does_not_fit"),
    "a contract made an advance": (("obligate", "100.00"), ("advance", "1.00"), "budget.stage_does_not_fit"),
    "nothing taken": (("reserve", "100.00"), ("obligate", "0.00"), "budget.amount_not_right"),
}


@pytest.mark.parametrize("name", TWO_PHASES)
def test_the_second_phase_takes_what_the_first_holds(name):
    (first_kind, first_amount), (second_kind, second_amount), code = TWO_PHASES[name]
    actor, line_id = a_budget("150.00")
    first = a_move(line_id, first_kind, first_amount)
    use(actor, first)
    before = balance(actor, line_id)

    def second():
        return use(actor, a_move(line_id, second_kind, second_amount, takes=first.hold_id))

    if code:
        assert codes(second) == [code]
        assert balance(actor, line_id) == before
    else:
        second()
        assert balance(actor, line_id) != before
    assert makers.faults(actor) == []


@pytest.mark.parametrize("kind", ["pay", "clear", "refund", "release", "cancel"])
def test_a_second_phase_without_a_first_is_refused(kind):
    actor, line_id = a_budget()

    assert codes(lambda: use(actor, a_move(line_id, kind, "1.00"))) == ["budget.hold_missing"]
    assert codes(lambda: use(actor, a_move(line_id, kind, "1.00", takes=uuid.uuid4()))) == ["budget.hold_unknown"]


def test_what_was_taken_over_is_not_taken_twice():
    actor, line_id = a_budget()
    reserved = a_move(line_id, "reserve", "100.00")
    use(actor, reserved)
    use(actor, a_move(line_id, "obligate", "100.00", takes=reserved.hold_id))

    again = refused(lambda: use(actor, a_move(line_id, "obligate", "0.01", takes=reserved.hold_id)))

    assert again[0][0] == "budget.more_than_held"
    assert (again[0][1]["held"], again[0][1]["short"]) == ("0.00", "0.01")


def test_a_hold_is_opened_once_and_belongs_to_its_line():
    actor = makers.a_house()
    lines = makers.in_force(makers.line("100.00"), makers.line("100.00", budget_type=makers.FUEL), actor=actor)
    reserved = a_move(lines[SUPPLIES], "reserve", "10.00")
    use(actor, reserved)

    assert codes(lambda: use(actor, reserved)) == ["budget.hold_exists"]
    other = Move(lines[makers.FUEL], Kind.OBLIGATE, baht("10.00"), uuid.uuid4(), reserved.hold_id)
    (code, facts) = refused(lambda: use(actor, other))[0]
    assert code == "budget.hold_of_other_line"
    assert facts["line"] != facts["other"]


def test_use_budget_does_all_moves_of_a_document_or_none():
    actor = makers.a_house()
    lines = makers.in_force(makers.line("100.00"), makers.line("50.00", budget_type=makers.FUEL), actor=actor)
    good, bad = a_move(lines[SUPPLIES], "reserve", "10.00"), a_move(lines[makers.FUEL], "reserve", "50.01")

    found = refused(lambda: use(actor, good, bad, a_move(uuid.uuid4(), "reserve", "1.00")))

    assert [code for code, _ in found] == ["budget.not_enough", "budget.line_unknown"]
    assert balance(actor, lines[SUPPLIES]) == Balance(approved=baht("100.00"))


def test_one_document_may_reserve_and_obligate_in_one_go():
    actor, line_id = a_budget("100.00")
    reserved = a_move(line_id, "reserve", "100.00")

    use(actor, reserved, a_move(line_id, "obligate", "100.00", takes=reserved.hold_id))

    assert balance(actor, line_id) == Balance(approved=baht("100.00"), obligated=baht("100.00"))
    assert makers.faults(actor) == []


def test_the_same_key_gives_the_first_answer_and_other_content_is_refused():
    actor, line_id = a_budget()
    key, document, reserved = uuid.uuid4(), makers.a_document(), a_move(line_id, "reserve", "10.00")

    first = use(actor, reserved, key=key, document=document).moved
    again = use(actor, reserved, key=key, document=document).moved

    assert (first.replayed, again.replayed, again.entry_no) == (False, True, first.entry_no)
    assert balance(actor, line_id).reserved == baht("10.00")
    other = Move(line_id, Kind.RESERVE, baht("10.01"), reserved.hold_id)
    assert codes(lambda: use(actor, other, key=key, document=document)) == ["budget.idempotency_conflict"]


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_an_amount_is_above_zero(amount):
    actor, line_id = a_budget()

    assert codes(lambda: use(actor, a_move(line_id, "reserve", amount))) == ["budget.amount_not_right"]


@pytest.mark.parametrize("day", [date(2025, 9, 30), date(2026, 10, 1)])
def test_a_day_outside_the_year_is_refused(day):
    actor, line_id = a_budget()

    assert codes(lambda: use(actor, a_move(line_id, "reserve", "1.00"), on=day)) == ["budget.outside_year"]


@pytest.mark.parametrize("kind", ["approve", "withdraw", "supplement", "transfer_in", "transfer_out", "carry"])
def test_documents_do_not_give_themselves_appropriation(kind):
    actor, line_id = a_budget()

    assert codes(lambda: use(actor, a_move(line_id, kind, "1.00"))) == ["budget.kind_unknown"]


def request(**changed):
    asked = {"key": str(uuid.uuid4()), "fiscal_year": 2569, "on": "2026-01-05"}
    asked |= {"document": {"kind": "contract", "id": str(uuid.uuid4()), "label": "1"}}
    asked |= {"moves": [{"line_id": str(uuid.uuid4()), "kind": "reserve", "amount": "1.00"}]}
    return {**asked, **changed}


def call(actor, asked):
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        text = sql.scalar("SELECT %s::jsonb::text", (__import__("json").dumps(asked),))
        return sql.rows("SELECT * FROM budget_move(%s, 0, 'a', '', 'budget.use', %s::jsonb)", (actor.entity_id, text))


@pytest.mark.parametrize("name", ["key", "fiscal_year", "on", "document", "moves"])
def test_the_function_refuses_a_request_without(name):
    actor = makers.a_house()
    asked = request()
    del asked[name]

    assert codes(lambda: call(actor, asked)) == ["budget.request_incomplete"]


def test_the_function_gives_appropriation_to_announced_ordinances_only():
    actor, line_id = a_budget()
    moves = [{"line_id": str(line_id), "kind": "approve", "amount": "1.00"}]

    assert codes(lambda: call(actor, request(moves=moves))) == ["budget.ordinance_not_announced"]


def test_the_function_transfers_nothing_out_of_thin_air():
    actor, line_id = a_budget()
    up = [{"line_id": str(line_id), "kind": "transfer_in", "amount": "1.00"}]

    (code, facts) = refused(lambda: call(actor, request(moves=up)))[0]

    assert code == "budget.transfer_not_zero_sum"
    assert facts == {"down": "0.00", "up": "1.00", "difference": "1.00"}


def test_the_function_transfers_nothing_between_budgets():
    actor = makers.a_house()
    lines = makers.in_force(
        makers.line("100.00"), makers.line("100.00", budget_type=makers.FUEL, enterprise="WATER"), actor=actor
    )
    moves = [
        {"line_id": str(lines[SUPPLIES]), "kind": "transfer_out", "amount": "1.00"},
        {"line_id": str(lines[makers.FUEL]), "kind": "transfer_in", "amount": "1.00"},
    ]

    assert codes(lambda: call(actor, request(moves=moves))) == ["budget.transfer_between_budgets"]


@pytest.mark.parametrize("amount", ["1.001", "1000000000000000", "-0.01"])
def test_the_function_refuses_amounts_that_are_no_money(amount):
    actor, line_id = a_budget()
    moves = [{"line_id": str(line_id), "kind": "reserve", "amount": amount, "hold_id": str(uuid.uuid4())}]

    assert "budget.amount_not_right" in codes(lambda: call(actor, request(moves=moves)))


def test_the_function_refuses_kinds_it_does_not_know_and_a_hold_without_a_name():
    actor, line_id = a_budget()

    for kind, code in (("steal", "budget.kind_unknown"), ("reserve", "budget.request_incomplete")):
        moves = [{"line_id": str(line_id), "kind": kind, "amount": "1.00"}]
        asked = request(moves=moves)
        assert codes(lambda asked=asked: call(actor, asked)) == [code]


def test_the_table_of_kinds_is_that_of_the_database():
    found = {kind: sql.scalar("SELECT pg_get_functiondef('budget_takes_from(text)'::regprocedure)") for kind in KINDS}
    for kind, rule in KINDS.items():
        if rule.takes_from:
            row = next(each for each in found[kind].splitlines() if f"WHEN '{kind}'" in each)
            stages = set(row.split("ARRAY[")[1].split("]")[0].replace("'", "").split(", "))
            assert stages == {str(pot) for pot in rule.takes_from}, kind


def test_every_movement_opens_into_its_document():
    actor, line_id = a_budget("500.00")
    document = Document("contract", uuid.uuid4(), "C 7/2569")
    use(actor, a_move(line_id, "obligate", "120.00"), document=document)

    with entity_transaction(actor.entity_id):
        detail = queries.line(fiscal_year=makers.YEAR, line_id=line_id)
        rows = queries.register(fiscal_year=makers.YEAR, line_id=line_id)
        left = queries.available(fiscal_year=makers.YEAR, line_id=line_id)

    assert [(m.kind, m.amount, m.document.kind, m.to_pot) for m in detail.movements] == [
        (Kind.APPROVE, baht("500.00"), "ordinance", Pot.APPROVED),
        (Kind.OBLIGATE, baht("120.00"), "contract", Pot.OBLIGATED),
    ]
    assert detail.movements[1].document == document
    assert [(hold.stage, hold.open_amount, hold.document_label) for hold in detail.holds] == [
        (Pot.OBLIGATED, baht("120.00"), "C 7/2569")
    ]
    assert detail.explanations[0].content == makers.PLAN.as_json()
    assert [row.available for row in rows] == [baht("500.00"), baht("380.00")]
    assert left == baht("380.00")


def test_the_cash_of_the_source_is_looked_at_beside_the_appropriation():
    actor, line_id = a_budget("500.00")

    decision = use(actor, a_move(line_id, "request", "120.00"))

    assert [(each.code, dict(each.facts)) for each in decision.warnings] == [
        ("budget.cash_short", {"fund_source": "FS01", "cash": "0.00", "claimed": "120.00", "short": "120.00"})
    ]
    assert decision.moved.replayed is False


def test_a_request_beyond_the_plan_of_its_quarter_is_warned_of():
    actor, line_id = a_budget("500.00")
    commands.save_plan(
        actor=actor, fiscal_year=makers.YEAR, line_id=line_id, shares={1: baht("50.00"), 2: baht("50.00")}, at=makers.AT
    )

    within = use(actor, a_move(line_id, "request", "100.00")).warnings
    beyond = use(actor, a_move(line_id, "request", "0.01")).warnings

    assert [each.code for each in within] == ["budget.cash_short"]
    assert [each.code for each in beyond] == ["budget.outside_plan", "budget.cash_short"]
    with entity_transaction(actor.entity_id):
        rows = queries.plan_and_actual(fiscal_year=makers.YEAR)[line_id]
    assert [(row.planned, row.drawn) for row in rows] == [
        (baht("50.00"), Baht(0)),
        (baht("50.00"), baht("100.01")),
        (Baht(0), Baht(0)),
        (Baht(0), Baht(0)),
    ]
