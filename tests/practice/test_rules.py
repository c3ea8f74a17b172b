"""The invented books: the same everywhere, balanced, never short of cash, and of a size that looks like an office."""

from datetime import date

import pytest

from khlang.kernel.fiscal_calendar import period_of
from khlang.kernel.money import ZERO, Baht
from khlang.practice.rules import books, estimates_of, organization, share_of, voucher_plan, working_day, years_of

PLAN = organization()


def years(entity):
    return list(
        years_of(
            code=entity.code,
            books=books(entity.books),
            first_year=PLAN.first_year,
            last_year=PLAN.last_year,
            until=PLAN.today,
        )
    )


@pytest.mark.parametrize("entity", PLAN.entities, ids=lambda entity: entity.books)
def test_every_journal_balances_and_cash_is_never_short(entity):
    balances = {}

    for year in years(entity):
        for journal in year.journals:
            assert journal.debit == journal.credit != ZERO, journal.description
            assert journal.year == year.fiscal_year
            assert "{" not in journal.description
            for line in journal.lines:
                for key in ((line.account, ""), (line.account, line.fund_source)):
                    balances[key] = balances.get(key, ZERO) + line.debit - line.credit
            for key, amount in balances.items():
                assert not key[0].startswith(("1101", "1104")) or amount >= ZERO, (journal.date, key, amount)


@pytest.mark.parametrize("entity", PLAN.entities, ids=lambda entity: entity.books)
def test_no_fund_source_lives_on_another(entity):
    """Within each journal, every fund source has equal sides."""
    for year in years(entity):
        for journal in year.journals:
            sums = {}
            for line in journal.lines:
                sums[line.fund_source] = sums.get(line.fund_source, ZERO) + line.debit - line.credit
            assert set(sums.values()) == {ZERO}, journal.description


def test_the_books_are_the_same_each_time():
    assert years(PLAN.entities[0]) == years(PLAN.entities[0])


def test_the_local_government_has_a_lively_year_and_the_beginning_of_another():
    first, second = years(PLAN.entities[0])

    assert 900 <= len(first.journals) <= 1100
    assert {period_of(journal.date) for journal in first.journals} == set(range(1, 13))
    assert {period_of(journal.date) for journal in second.journals} == {1, 2}
    assert max(journal.date for journal in second.journals) <= PLAN.today
    assert [journal.date for journal in first.journals] == sorted(journal.date for journal in first.journals)


def test_keys_are_given_once():
    keys = [journal.idempotency_key for entity in PLAN.entities for year in years(entity) for journal in year.journals]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("share", "amount", "satang"),
    [("total", "107.00", 10700), ("1/107", "107.00", 100), ("1/3", "0.01", 0), ("1/2", "0.01", 1), ("5.50", "9", 550)],
)
def test_share_of_rounds_half_up_to_the_satang(share, amount, satang):
    assert share_of(share, amount=Baht(amount)) == Baht.from_satang(satang)


def test_working_day_stays_in_its_month():
    assert working_day(date(2025, 10, 4)) == date(2025, 10, 6)
    assert working_day(date(2025, 11, 30)) == date(2025, 11, 28)
    assert working_day(date(2025, 12, 31)) == date(2025, 12, 30)


def test_estimates_are_round_and_near_what_came_about():
    first = years(PLAN.entities[0])[0]

    found = estimates_of(code="x", journals=first.journals, budgeted={"4102010102": "421002", "5101010101": "5220100"})

    assert [estimate.account_code for estimate in found] == ["4102010102", "5101010101"]
    assert all(estimate.amount.satang % 1_000_000 == 0 for estimate in found)
    assert Baht("8000000") < found[0].amount < Baht("11000000")


def test_people_and_vouchers_belong_to_entities_that_are_made():
    codes = {entity.code for entity in PLAN.entities}
    # The department and its provincial offices are national, made before any practice.
    offices = {"DLA", "P12"}

    assert all(set(person.entities) <= codes | offices for person in PLAN.people)
    names = {person.username for person in PLAN.people}
    assert all(order.entity in codes and {line.person for line in order.lines} <= names for order in PLAN.orders)
    assert voucher_plan().entity in codes
    assert {voucher.state for voucher in voucher_plan().vouchers} == {"draft", "submitted", "returned", "posted"}
