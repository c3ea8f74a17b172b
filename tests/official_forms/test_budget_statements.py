"""Register and summary of the budget on paper: columns that add up to what the board shows."""

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from khlang.budget import queries as budget
from khlang.budget.rules import (
    KINDS,
    Balance,
    BoardFilter,
    BoardLine,
    Document,
    Kind,
    LineIdentity,
    LineView,
    MovementView,
    Pot,
    RegisterRow,
    added,
)
from khlang.identity.queries import entity
from khlang.kernel.money import ZERO, Baht, baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms import queries
from khlang.official_forms.rules.budget_statements import (
    BudgetScope,
    Effect,
    board_statement,
    effect_of,
    register_statement,
)
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.budget import makers

SCOPE = BudgetScope("6300101", "อบต.ทุ่งสวรรค์", 2569, date(2026, 11, 26), {"00110": "แผนงานบริหารงานทั่วไป"})
MONEY = st.integers(0, 10**11).map(Baht.from_satang)
BALANCES = st.builds(Balance, **{pot.value: MONEY for pot in Pot if pot.value})


def a_line(work="00111", budget_type="5330100", code="9969011133010001"):
    identity = LineIdentity("01", work, budget_type, "FS01")
    return LineView(2569, uuid.uuid4(), code, identity, False, "type", "recurrent", "งานบริหารทั่วไป", "วัสดุ")


def a_movement(kind, from_pot="", to_pot="", amount="10.00"):
    document = Document("contract", uuid.uuid4(), "สัญญา 1/2569")
    pots = (Pot(from_pot), Pot(to_pot))
    return MovementView(1, Kind(kind), baht(amount), *pots, date(2026, 1, 5), document, "Sudarat")


@pytest.mark.parametrize(
    ("kind", "from_pot", "to_pot"),
    [
        (kind, taken, rule.to_pot)
        for kind, rule in KINDS.items()
        if kind is not Kind.WITHDRAW
        # A refund takes from what was paid and gives to what is free: in the books of the line it only adds.
        for taken in ((Pot.AVAILABLE,) if kind is Kind.REFUND else sorted(rule.takes_from) or (Pot.AVAILABLE,))
    ],
)
def test_columns_of_the_register_move_as_the_balance_does(kind, from_pot, to_pot):
    amount = baht("10.00")
    before = Balance(**{pot.value: baht("100.00") for pot in Pot if pot.value})
    pots = {from_pot: -amount, to_pot: amount}
    after = before + Balance(**{pot.value: change for pot, change in pots.items() if pot.value})

    effect = effect_of(a_movement(kind, from_pot, to_pot))

    assert effect.increase - effect.decrease == after.appropriation - before.appropriation
    assert (effect.held, effect.spent) == (after.held - before.held, after.spent - before.spent)
    assert effect.available == after.available - before.available


def test_withdrawn_budget_is_taken():
    assert effect_of(a_movement("withdraw", "approved", "")) == Effect(decrease=baht("10.00"))


def test_money_that_goes_from_document_to_document_is_still_told():
    rows = [RegisterRow(a_movement("obligate", "reserved", "obligated"), baht("90.00"))]

    (detail, total) = register_statement(scope=SCOPE, lines=[(a_line(), rows)]).rows

    assert detail.cells[2:] == ("ก่อหนี้ผูกพัน 10.00", None, None, None, None, baht("90.00"))
    assert total.cells[-1] == ZERO


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(BALANCES, st.sampled_from(["00111", "00113", "00312"])), min_size=1, max_size=8))
def test_summary_adds_up_to_the_board(drawn):
    lines = [BoardLine(a_line(work), balance) for balance, work in drawn]
    total = added(balance for balance, _ in drawn)

    rows = board_statement(scope=SCOPE, lines=lines).rows

    expected = (total.approved, total.appropriation, total.held, total.spent, total.available)
    assert tuple(cell for at, cell in enumerate(rows[-1].cells[2:]) if at != 1) == expected
    for level in (0, 1, 2):
        subtotals = [row.cells[-1] for row in rows if row.kind == "subtotal" and row.level == level]
        assert sum(subtotals, ZERO) == total.available


@pytest.mark.django_db
def test_register_and_summary_end_with_what_the_board_has_left():
    actor, line_id = makers.a_budget()
    makers.use(actor, makers.a_move(line_id, "request", "40.00"))
    makers.use(actor, makers.a_move(line_id, "obligate", "100.00"))
    asked = {"actor": actor, "fiscal_year": makers.YEAR, "today": date(2026, 1, 6), "language": "th"}
    with entity_transaction(actor.entity_id):
        scope = queries.budget_scope(**asked)
        board = budget.board(fiscal_year=makers.YEAR).total
        one = queries.line_register(scope=scope, line_id=line_id)
        year = queries.year_register(scope=scope, chosen=BoardFilter())
        summary = queries.budget_board(scope=scope, chosen=BoardFilter(division="01"))
        with pytest.raises(Refused) as no_line:
            queries.line_register(scope=scope, line_id=uuid.UUID(int=9))
        with pytest.raises(Refused) as no_year:
            queries.budget_scope(**{**asked, "fiscal_year": 2570})

    assert board.available == baht("119860.00")
    assert {statement.rows[-1].cells[-1] for statement in (one, year, summary)} == {board.available}
    assert one.rows[-1].cells[3:7] == (board.approved, ZERO, board.held, ZERO)
    assert summary.heading_lines_th[-1] == "เฉพาะรายการที่เลือก"
    assert no_line.value.refusals == (Refusal("official_forms.line_unknown", {"line": str(uuid.UUID(int=9))}),)
    assert no_year.value.refusals == (Refusal("official_forms.budget_unknown", {"fiscal_year": 2570}),)


@pytest.mark.django_db
def test_register_and_summary_are_pdfs_that_the_board_leads_to():
    actor, line_id = makers.a_budget()
    officer = builders.a_person("budget_officer", entity=entity(code=actor.entity_code))
    client = Client()
    builders.sign_in(client, officer)
    where = {"entity_code": actor.entity_code, "fiscal_year": makers.YEAR}
    addresses = [
        reverse(f"official_forms:{name}", kwargs=where) for name in ("budget_board", "budget_register_of_year")
    ]
    addresses.append(reverse("official_forms:budget_register", kwargs={**where, "line_id": line_id}))

    answers = [client.get(address) for address in addresses]
    page = client.get(reverse("budget:board", kwargs=where)).content.decode()

    assert all(answer.content.startswith(b"%PDF") for answer in answers)
    assert all(address in page for address in addresses[:2])
    assert client.get(addresses[0].replace(str(makers.YEAR), "2570")).status_code == 404
