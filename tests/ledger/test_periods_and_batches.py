"""Years, periods, sub-accounts, estimates, batches, and what is carried into the next year."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from khlang.kernel.fiscal_calendar import year_start
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refused
from khlang.ledger import commands, queries
from khlang.ledger.rules import Estimate
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import (
    BANK,
    CASH,
    SALARY,
    TAX,
    a_fiscal_year,
    a_journal,
    a_line,
    a_posted_journal,
    an_actor,
    an_entity,
    lines_of,
)

pytestmark = pytest.mark.django_db

OPEN, SOFT, CLOSED = "open", "soft_closed", "closed"


def codes(call, *arguments, **named):
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    return [refusal.code for refusal in caught.value.refusals]


def move(actor, period, state, reason=""):
    commands.change_period(actor=actor, fiscal_year=2568, period=period, state=state, reason=reason)


def states(actor):
    with entity_transaction(actor.entity_id):
        return [str(period.state) for period in queries.periods(fiscal_year=2568)]


def balance_list(actor, year):
    with entity_transaction(actor.entity_id):
        return [(row.account, row.fund_source, str(row.balance)) for row in queries.balances(fiscal_year=year)]


def test_open_fiscal_year_opens_fourteen_periods_once():
    actor = an_actor()

    assert commands.open_fiscal_year(actor=actor, fiscal_year=2568) is True
    assert commands.open_fiscal_year(actor=actor, fiscal_year=2568) is False
    assert states(actor) == [OPEN] * 14


def test_open_fiscal_year_refuses_an_office_that_keeps_no_books():
    province = an_actor(entity=an_entity(kind="provincial_office", parent=an_entity(kind="department").code))

    assert codes(commands.open_fiscal_year, actor=province, fiscal_year=2568) == ["identity.keeps_no_books"]


@pytest.mark.parametrize(
    ("before", "after", "reason", "code"),
    [
        (OPEN, OPEN, "", None),
        (OPEN, SOFT, "", None),
        (OPEN, CLOSED, "", "ledger.period_not_soft_closed"),
        (SOFT, OPEN, "", "ledger.reason_missing"),
        (SOFT, OPEN, "A receipt came late", None),
        (SOFT, SOFT, "", None),
        (SOFT, CLOSED, "", None),
        (CLOSED, OPEN, "A receipt came late", "ledger.period_closed_for_good"),
        (CLOSED, SOFT, "", "ledger.period_closed_for_good"),
        (CLOSED, CLOSED, "", None),
    ],
)
def test_change_period_makes_only_the_moves_of_the_table(before, after, reason, code):
    actor = a_fiscal_year()
    for state in {OPEN: [], SOFT: [SOFT], CLOSED: [SOFT, CLOSED]}[before]:
        move(actor, 0, state)

    if code:
        assert codes(move, actor, 0, after, reason) == [code]
        assert states(actor)[0] == before
    else:
        move(actor, 0, after, reason)
        assert states(actor)[0] == after


def test_change_period_closes_for_good_in_order():
    actor = a_fiscal_year()
    move(actor, 1, SOFT)

    assert codes(move, actor, 1, CLOSED) == ["ledger.earlier_period_open"]


def test_change_period_refuses_a_year_that_is_not_open():
    assert codes(move, an_actor(), 1, SOFT) == ["ledger.year_not_open"]


def test_change_period_keeps_every_move_with_its_reason():
    actor = a_fiscal_year()
    move(actor, 1, SOFT)
    move(actor, 1, OPEN, "A receipt came late")
    move(actor, 1, OPEN, "Again")

    with entity_transaction(actor.entity_id):
        changes = queries.period_changes(fiscal_year=2568)

    assert [(c.period, c.state_before, c.state_after, c.reason, c.changed_by_name) for c in changes] == [
        (1, SOFT, OPEN, "A receipt came late", actor.name),
        (1, OPEN, SOFT, "", actor.name),
    ]


def test_change_period_is_for_the_head_of_treasury():
    actor = replace(an_actor("finance_officer"), entity_id=a_fiscal_year().entity_id)

    assert codes(move, actor, 1, SOFT) == ["identity.not_permitted"]


def test_post_journal_refuses_soft_closed_and_closed_periods():
    actor = a_fiscal_year()
    move(actor, 0, SOFT)
    move(actor, 1, SOFT)
    assert codes(a_posted_journal, actor=actor) == ["ledger.period_soft_closed"]

    move(actor, 0, CLOSED)
    move(actor, 1, CLOSED)

    assert codes(a_posted_journal, actor=actor) == ["ledger.period_closed"]
    assert a_posted_journal(actor=actor, day=date(2024, 11, 1)).number == 1


def test_add_sub_account_makes_renames_and_refuses():
    actor = a_fiscal_year()

    assert commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="  First   name ") is True
    assert commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Second name") is False
    with entity_transaction(actor.entity_id):
        found = queries.account(account=f"{BANK}-01")
    assert found is not None
    assert (found.account, found.name_th, found.is_postable, found.is_cash) == (f"{BANK}-01", "Second name", True, True)


@pytest.mark.parametrize(
    ("account", "sub_account", "name", "code"),
    [
        (BANK, "1", "Name", "ledger.sub_account_malformed"),
        (BANK, "12345", "Name", "ledger.sub_account_malformed"),
        (BANK, "\N{THAI DIGIT ONE}\N{THAI DIGIT TWO}", "Name", "ledger.sub_account_malformed"),
        (BANK, "01", "  ", "ledger.name_missing"),
        ("1101000000", "01", "Name", "ledger.account_not_postable"),
        ("9999999999", "01", "Name", "ledger.account_not_postable"),
    ],
)
def test_add_sub_account_refuses(account, sub_account, name, code):
    actor = an_actor()

    found = codes(commands.add_sub_account, actor=actor, account=account, sub_account=sub_account, name_th=name)

    assert found == [code]


def test_set_estimates_keeps_one_figure_for_each_account():
    actor = a_fiscal_year()
    commands.set_estimates(actor=actor, fiscal_year=2568, estimates=[Estimate(TAX, "", Baht("500.00"))])

    written = commands.set_estimates(
        actor=actor,
        fiscal_year=2568,
        estimates=[Estimate(TAX, "", Baht("600.00")), Estimate(SALARY, "", Baht("70.50"))],
    )

    with entity_transaction(actor.entity_id):
        assert queries.estimates(fiscal_year=2568) == [
            Estimate(TAX, "", Baht("600.00")),
            Estimate(SALARY, "", Baht("70.50")),
        ]
    assert written == 2


def a_batch(actor, content=b"content"):
    batch_id = uuid.uuid4()
    state = commands.open_batch(actor=actor, batch_id=batch_id, kind="import", title="October", content=content)
    assert state == "posting"
    return batch_id


def test_a_batch_counts_its_journals_and_is_undone_whole():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor, amount="9.00")
    batch_id = a_batch(actor)
    journals = [a_journal(amount=f"{n}.00", day=date(2024, 10, n)) for n in range(1, 8)]
    commands.post_journals(actor=actor, journals=journals[:5], batch_id=batch_id)
    commands.post_journals(actor=actor, journals=journals, batch_id=batch_id)
    assert commands.finish_batch(actor=actor, batch_id=batch_id) == 7

    undone = commands.reverse_batch(actor=actor, batch_id=batch_id, day=None, reason="Wrong file")

    assert undone == 7
    assert balance_list(actor, 2568) == [(CASH, "FS01", "9.00"), (TAX, "FS01", "-9.00")]
    with entity_transaction(actor.entity_id):
        assert queries.batch(batch_id=batch_id).state == "reversed"
        assert queries.verify(entity_code=actor.entity_code).faults == ()
    assert commands.reverse_batch(actor=actor, batch_id=batch_id, day=None, reason="Wrong file") == 0


def test_a_batch_is_joined_again_with_the_same_content_only():
    actor = a_fiscal_year()
    batch_id = a_batch(actor)
    again = {"actor": actor, "batch_id": batch_id, "kind": "import", "title": "October"}

    assert commands.open_batch(**again, content=b"content") == "posting"
    assert codes(commands.open_batch, **again, content=b"other") == ["ledger.idempotency_conflict"]


def test_posting_into_a_batch_that_is_not_open_is_refused():
    actor = a_fiscal_year()
    batch_id = a_batch(actor)
    commands.finish_batch(actor=actor, batch_id=batch_id)

    for wrong in (batch_id, uuid.uuid4()):
        assert codes(commands.post_journals, actor=actor, journals=[a_journal()], batch_id=wrong) == [
            "ledger.batch_not_open"
        ]
    assert codes(commands.finish_batch, actor=actor, batch_id=uuid.uuid4()) == ["ledger.batch_not_open"]


def test_no_period_or_sub_account_closes_while_a_batch_is_posting():
    actor = a_fiscal_year()
    commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank 01")
    batch_id = a_batch(actor)
    close = {"actor": actor, "account": BANK, "sub_account": "01", "name_th": "Bank 01"}

    assert codes(move, actor, 1, SOFT) == ["ledger.batch_running"]
    assert codes(commands.close_sub_account, **close) == ["ledger.batch_running"]
    commands.finish_batch(actor=actor, batch_id=batch_id)
    move(actor, 1, SOFT)
    commands.close_sub_account(**close)


def test_reverse_batch_needs_a_reason():
    actor = a_fiscal_year()

    assert codes(commands.reverse_batch, actor=actor, batch_id=a_batch(actor), day=None, reason=" ") == [
        "ledger.reason_missing"
    ]


def two_years():
    actor = a_fiscal_year(actor=a_fiscal_year(), year=2569)
    commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank 01")
    a_posted_journal(actor=actor, lines=lines_of("500.00", debit=f"{BANK}-01", credit=TAX))
    a_posted_journal(actor=actor, lines=lines_of("120.00", debit=SALARY, credit=f"{BANK}-01"))
    a_posted_journal(actor=actor, lines=lines_of("40.00", debit=CASH, credit="2111020199", fund="FS08"))
    return actor


def test_carry_forward_opens_the_next_year_with_the_closing_balances():
    actor = two_years()

    posted = commands.carry_forward(actor=actor, fiscal_year=2569, description="Brought forward")

    assert (posted.fiscal_year, posted.period, posted.series, posted.date) == (2569, 0, "OB", year_start(2569))
    assert balance_list(actor, 2569) == [
        (CASH, "FS08", "40.00"),
        (f"{BANK}-01", "FS01", "380.00"),
        ("2111020199", "FS08", "-40.00"),
        ("3102010101", "FS01", "-380.00"),
    ]


def test_carry_forward_refuses_a_second_time_and_works_again_after_a_reversal():
    actor = two_years()
    carry = {"actor": actor, "fiscal_year": 2569, "description": "Brought forward"}
    first = commands.carry_forward(**carry)
    assert codes(commands.carry_forward, **carry) == ["ledger.already_carried"]

    commands.reverse_journal(
        actor=actor,
        fiscal_year=2569,
        sequence_no=first.sequence_no,
        day=date(2025, 11, 1),
        reason="Late entry",
        idempotency_key=uuid.uuid4(),
    )
    a_posted_journal(actor=actor, amount="1.00", day=date(2025, 9, 30))
    second = commands.carry_forward(**carry)

    assert second.replayed is False
    assert (CASH, "FS01", "1.00") in balance_list(actor, 2569)
    assert (f"{BANK}-01", "FS01", "380.00") in balance_list(actor, 2569)


def test_carry_forward_is_nothing_for_empty_books():
    actor = a_fiscal_year(actor=a_fiscal_year(), year=2569)

    assert commands.carry_forward(actor=actor, fiscal_year=2569, description="Brought forward") is None


def test_carry_forward_stays_in_the_old_chart_before_2564():
    actor = a_fiscal_year(actor=a_fiscal_year(year=2554), year=2555)
    day = date(2010, 12, 1)
    a_posted_journal(actor=actor, day=day, lines=[a_line("021", debit="10.00"), a_line("411000", credit="10.00")])

    commands.carry_forward(actor=actor, fiscal_year=2555, description="Brought forward")

    assert balance_list(actor, 2555) == [("021", "FS01", "10.00"), ("700", "FS01", "-10.00")]


def test_carry_forward_into_2564_leads_old_accounts_to_those_of_today():
    actor = a_fiscal_year(actor=a_fiscal_year(year=2563), year=2564)
    commands.add_sub_account(actor=actor, account="021", sub_account="01", name_th="Savings")
    lines = [
        *(a_line("021-01", debit="10.00"), a_line("11012002", debit="5.00"), a_line("7071", debit="2.00")),
        *(a_line("411000", credit="8.00"), a_line("602", credit="4.00"), a_line("700", credit="5.00")),
    ]
    a_posted_journal(actor=actor, day=date(2019, 12, 1), lines=lines)

    commands.carry_forward(actor=actor, fiscal_year=2564, description="Brought forward")

    assert balance_list(actor, 2564) == [
        ("1101030102", "FS01", "15.00"),
        ("1102010102", "FS01", "2.00"),
        ("2110010102", "FS01", "-4.00"),
        ("3103010101", "FS01", "-13.00"),
    ]


def test_closing_journals_stand_in_period_13_and_can_be_left_out():
    actor = two_years()
    a_posted_journal(
        actor=actor,
        day=date(2025, 9, 30),
        kind="closing",
        lines=[
            a_line(TAX, debit="500.00"),
            a_line(SALARY, credit="120.00"),
            a_line("3102010101", credit="380.00"),
        ],
    )

    with entity_transaction(actor.entity_id):
        closed = {row.account: row.balance for row in queries.balances(fiscal_year=2568)}
        before = {row.account: row.balance for row in queries.balances(fiscal_year=2568, before_closing=True)}

    assert (closed[TAX], closed["3102010101"]) == (Baht(0), Baht("-380.00"))
    assert (before[TAX], before.get("3102010101")) == (Baht("-500.00"), None)
