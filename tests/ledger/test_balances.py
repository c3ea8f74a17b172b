"""Reading the books: every figure from kept balances is the figure from the lines, on any day, as known on any day."""

import random
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khlang.kernel.fiscal_calendar import period_end, period_start, year_end, year_start
from khlang.kernel.money import ZERO, Baht
from khlang.ledger import commands, queries
from khlang.ledger.rules import JournalFilter
from khlang.toolkit import sql
from khlang.toolkit.tenancy import WrongEntityError, entity_transaction
from tests.builders import (
    BANK,
    CASH,
    FUEL,
    PAYABLE,
    SALARY,
    TAX,
    a_fiscal_year,
    a_journal,
    a_line,
    a_posted_journal,
    lines_of,
    totals,
)

pytestmark = pytest.mark.django_db

ACCOUNTS = [CASH, BANK, f"{BANK}-01", TAX, SALARY, FUEL, PAYABLE]
FUNDS = ["FS01", "FS02", "FS08"]
FIRST = year_start(2568)


def random_books(seed, journals=40):
    chance = random.Random(seed)
    actor = a_fiscal_year()
    commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank 01")
    drafts = [a_journal(kind="opening", day=FIRST, lines=some_lines(chance))]
    drafts += [
        a_journal(day=FIRST + timedelta(days=chance.randrange(365)), lines=some_lines(chance)) for _ in range(journals)
    ]
    drafts.append(a_journal(kind="closing", day=year_end(2568), lines=some_lines(chance)))
    drafts.append(a_journal(kind="adjusting", period=13, day=year_end(2568), lines=some_lines(chance)))
    commands.post_journals(actor=actor, journals=drafts)
    return actor


def some_lines(chance):
    lines, rest = [], 0
    for _ in range(chance.randint(1, 4)):
        amount = chance.randint(1, 10**9)
        left = chance.random() < 0.5
        rest += amount if left else -amount
        lines.append(side(chance, amount if left else -amount))
    if rest:
        return [*lines, side(chance, -rest)]
    return [*lines, side(chance, 5), side(chance, -5)]


def side(chance, satang):
    name = "debit" if satang > 0 else "credit"
    return a_line(chance.choice(ACCOUNTS), **{name: str(Baht.from_satang(abs(satang)))}, fund=chance.choice(FUNDS))


def from_lines(actor, start, to, *, fund="", unclosed=False):
    """The slow and simple truth: add up every line in Python."""
    kept = {}
    for journal in queries.stream_journals(fiscal_year=2568):
        if journal.date > to or (unclosed and journal.kind == "closing"):
            continue
        before = journal.period == 0 or journal.date < start
        for line in journal.lines:
            if fund and line.fund_source != fund:
                continue
            sums = kept.setdefault((line.account, line.fund_source), [ZERO, ZERO, ZERO, ZERO])
            sums[0 if before else 2] += line.debit
            sums[1 if before else 3] += line.credit
    return {key: tuple(sums) for key, sums in sorted(kept.items())}


def from_query(**asked):
    return {
        (row.account, row.fund_source): (row.opening_debit, row.opening_credit, row.debit, row.credit)
        for row in queries.balances(fiscal_year=2568, **asked)
    }


def test_balances_of_whole_months_are_the_sum_of_their_lines():
    actor = random_books(1)

    with entity_transaction(actor.entity_id):
        for first in range(1, 13):
            for last in range(first, 14):
                start, to = period_start(2568, first), period_end(2568, last)
                assert from_query(start=start, to=to) == from_lines(actor, start, to), (first, last)


@pytest.mark.parametrize("seed", range(3))
def test_balances_between_any_two_days_are_the_sum_of_their_lines(seed):
    actor = random_books(seed)
    chance = random.Random(seed)

    with entity_transaction(actor.entity_id):
        for _ in range(40):
            start = FIRST + timedelta(days=chance.randrange(365))
            to = start + timedelta(days=chance.randrange(365))
            to = min(to, year_end(2568))
            fund = chance.choice(["", *FUNDS])
            unclosed = chance.random() < 0.5
            found = from_query(start=start, to=to, fund_source=fund, before_closing=unclosed)
            assert found == from_lines(actor, start, to, fund=fund, unclosed=unclosed), (start, to, fund, unclosed)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=364))
def test_both_sides_of_all_books_are_equal_on_every_day(seed, days):
    actor = random_books(seed, journals=12)

    with entity_transaction(actor.entity_id):
        debit, credit = totals(queries.balances(fiscal_year=2568, to=FIRST + timedelta(days=days)))
        assert debit == credit
        assert queries.verify(entity_code=actor.entity_code).faults == ()


def test_balances_as_known_on_a_day_leave_out_what_was_posted_later():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor, amount="10.00")
    with entity_transaction(actor.entity_id):
        then = sql.scalar("SELECT clock_timestamp()")
    a_posted_journal(actor=actor, amount="5.00")

    with entity_transaction(actor.entity_id):
        known = [(row.account, row.balance) for row in queries.balances(fiscal_year=2568, known_at=then)]
        now = [(row.account, row.balance) for row in queries.balances(fiscal_year=2568)]

    assert known == [(CASH, Baht("10.00")), (TAX, Baht("-10.00"))]
    assert now == [(CASH, Baht("15.00")), (TAX, Baht("-15.00"))]


@pytest.mark.parametrize("seed", range(3))
def test_cash_movements_equal_the_change_in_cash(seed):
    actor = random_books(seed)
    chance = random.Random(seed)

    with entity_transaction(actor.entity_id):
        for _ in range(20):
            start = FIRST + timedelta(days=chance.randrange(300))
            to = start + timedelta(days=chance.randrange(60))
            moved = queries.cash_movements(fiscal_year=2568, start=start, to=to)
            change = sum((m.credit - m.debit for m in moved), ZERO)
            rows = queries.balances(fiscal_year=2568, start=start, to=to, before_closing=True)
            cash = [row for row in rows if row.account_code in (CASH, BANK)]
            assert change == sum((row.debit - row.credit for row in cash), ZERO), (start, to)


def test_cash_movements_leave_out_opening_and_journals_without_cash():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor, kind="opening", day=FIRST, lines=lines_of("9.00", credit=PAYABLE))
    a_posted_journal(actor=actor, lines=lines_of("8.00", debit=FUEL, credit=PAYABLE))
    a_posted_journal(actor=actor, lines=lines_of("7.00", debit=PAYABLE, credit=BANK))

    with entity_transaction(actor.entity_id):
        moved = queries.cash_movements(fiscal_year=2568, start=FIRST, to=year_end(2568))
        cash = queries.cash_balance(fiscal_year=2568)

    assert [(m.account_code, m.debit, m.credit) for m in moved] == [(PAYABLE, Baht("7.00"), ZERO)]
    assert cash == Baht("2.00")


def pinned(count, read):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = read()
    assert len(captured) == count, [query["sql"][:80] for query in captured]
    return answer


@pytest.mark.parametrize("journals", [1, 3])
def test_each_read_costs_the_same_number_of_queries_for_one_row_and_for_three(journals):
    actor = a_fiscal_year()
    for _ in range(journals):
        a_posted_journal(actor=actor)
    chosen = JournalFilter(fiscal_year=2568)

    with entity_transaction(actor.entity_id):
        assert pinned(2, lambda: queries.journals(chosen)).count == journals
        assert pinned(2, lambda: queries.journal(fiscal_year=2568, sequence_no=1)) is not None
        assert len(pinned(1, lambda: queries.account_lines(fiscal_year=2568, account=CASH))) == journals
        assert len(pinned(1, lambda: queries.balances(fiscal_year=2568))) == 2
        assert pinned(1, lambda: queries.periods(fiscal_year=2568))[1].journals == journals


def test_journals_are_found_by_words_amount_account_kind_and_day():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor, description="Fuel for the truck", lines=lines_of("80.00", debit=FUEL, credit=BANK))
    a_posted_journal(actor=actor, kind="receipt", amount="25.00", day=date(2024, 11, 2))

    def numbers(**chosen):
        with entity_transaction(actor.entity_id):
            return [row.sequence_no for row in queries.journals(JournalFilter(fiscal_year=2568, **chosen)).rows]

    assert numbers() == [2, 1]
    assert numbers(order="date") == [1, 2]
    assert numbers(search="truck") == [1]
    assert numbers(search=" 1/2568", kind="receipt") == [2]
    assert numbers(amount=Baht("25.00")) == [2]
    assert numbers(account=FUEL) == [1]
    assert numbers(fund_source="FS02") == []
    assert numbers(start=date(2024, 11, 1), end=date(2024, 11, 30)) == [2]
    assert numbers(page=2, page_size=1) == [1]


def test_account_lines_run_by_date_and_name_their_journals():
    actor = a_fiscal_year()
    late = a_posted_journal(actor=actor, amount="2.00", day=date(2024, 12, 1))
    early = a_posted_journal(actor=actor, amount="1.00")

    with entity_transaction(actor.entity_id):
        found = queries.account_lines(fiscal_year=2568, account=CASH)

    assert [(line.label, line.debit) for line in found] == [(early.label, Baht("1.00")), (late.label, Baht("2.00"))]


def test_accounts_show_own_leaves_only_to_their_entity():
    actor, other = a_fiscal_year(), a_fiscal_year()
    commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank of one entity")

    def found(who):
        with entity_transaction(who.entity_id):
            return [view.account for view in queries.accounts(fiscal_year=2568, search=BANK, postable_only=True)]

    assert found(actor) == [BANK, f"{BANK}-01"]
    assert found(other) == [BANK]


def test_no_read_of_one_entity_shows_a_row_of_another():
    actor, other = a_fiscal_year(), a_fiscal_year()
    a_posted_journal(actor=actor)

    with entity_transaction(actor.entity_id):
        assert queries.journals(JournalFilter(fiscal_year=2568)).count == 1
    with entity_transaction(other.entity_id):
        assert queries.journals(JournalFilter(fiscal_year=2568)).count == 0
        assert queries.balances(fiscal_year=2568) == []
        assert queries.journal(fiscal_year=2568, sequence_no=1) is None
        assert list(queries.stream_journals()) == []


def test_a_read_outside_a_transaction_of_an_entity_is_a_bug_that_shows():
    with pytest.raises(WrongEntityError):
        queries.balances(fiscal_year=2568)


def test_journals_of_a_document_are_found_by_its_number():
    actor = a_fiscal_year()
    document = uuid.uuid4()
    posted = a_posted_journal(actor=actor, source_area="journal_vouchers", source_id=document)

    with entity_transaction(actor.entity_id):
        assert [view.label for view in queries.journals_of_source(source_id=document)] == [posted.label]
