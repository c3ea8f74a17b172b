"""Pure rules of grants: which clock binds, how far it may go, what cash may be recorded."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khlang.budget.rules import (
    Clock,
    Extension,
    ExtensionLimits,
    GrantMoney,
    MoneyFacts,
    MoneyKind,
    Place,
    binding_clock,
    check_extension,
    check_money,
    last_day,
)
from khlang.kernel.fiscal_calendar import year_end
from khlang.kernel.money import ZERO, Baht

YEAR = 2569
LIMITS = ExtensionLimits(state_months=6, own_years=1)
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))
CLOCKS = st.tuples(DAYS, DAYS).map(lambda pair: Clock(*sorted(pair)))
AMOUNTS = st.integers(0, 10_000).map(Baht.from_satang)


def money_facts(money: GrantMoney, *, amount: Baht, drawn: Baht = ZERO) -> MoneyFacts:
    return MoneyFacts(Place.OWN, amount, money, drawn, date(2026, 1, 1), date(2026, 6, 1))


@given(CLOCKS, CLOCKS, AMOUNTS, AMOUNTS, st.sampled_from(Place))
def test_the_clock_that_binds_is_never_later_than_both(state, own, given_amount, received, place):
    money = GrantMoney(received=received)

    found = binding_clock(place=place, given=given_amount, money=money, state=state, own=own)

    assert found.spend_by in (state.spend_by, own.spend_by)
    assert found.obligate_by <= found.spend_by
    if place is Place.STATE or not received:
        assert found == state
    elif received >= given_amount:
        assert found == own
    else:
        assert found.spend_by == min(state.spend_by, own.spend_by)


@given(st.sampled_from(Place), DAYS, DAYS)
def test_an_extension_that_passes_is_later_and_within_its_limit(layer, obligate_by, spend_by):
    before = Clock(year_end(YEAR), year_end(YEAR))
    extension = Extension(layer, Clock(obligate_by, spend_by), "1", before.spend_by, "Rain")

    found = list(check_extension(extension, before=before, fiscal_year=YEAR, limits=LIMITS, today=before.spend_by))

    limit = last_day(layer, fiscal_year=YEAR, before=before, limits=LIMITS)
    right = before.spend_by <= obligate_by <= spend_by and before.spend_by < spend_by <= limit
    assert (not found) == right


def test_the_last_days_of_both_clocks():
    before = Clock(year_end(YEAR), year_end(YEAR))
    assert last_day(Place.STATE, fiscal_year=YEAR, before=before, limits=LIMITS) == date(2027, 3, 31)
    assert last_day(Place.OWN, fiscal_year=YEAR, before=before, limits=LIMITS) == date(2027, 9, 30)
    leap = Clock(before.obligate_by, date(2028, 2, 29))
    assert last_day(Place.OWN, fiscal_year=YEAR, before=leap, limits=LIMITS) == date(2029, 2, 28)


@given(AMOUNTS, st.lists(st.tuples(st.sampled_from(MoneyKind), AMOUNTS), max_size=12), AMOUNTS)
def test_cash_that_passes_never_leaves_more_than_was_given_or_less_than_was_drawn(amount, moves, drawn):
    sums = {kind.value: ZERO for kind in MoneyKind}
    for kind, moved in moves:
        facts = money_facts(GrantMoney(**sums), amount=amount, drawn=min(drawn, GrantMoney(**sums).in_hand))
        if not list(check_money(kind, moved, date(2026, 1, 1) + timedelta(1), "1", facts)):
            sums[kind.value] += moved
        found = GrantMoney(**sums)

        assert found.received <= amount
        assert ZERO <= found.owed <= amount
        assert found.in_hand >= facts.drawn
