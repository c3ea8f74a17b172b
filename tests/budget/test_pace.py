"""Pace, plans, commitments, and one line followed in memory: whatever is asked, nothing goes below zero."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.budget import rules
from khlang.budget.rules import Balance, Kind, LineAccount, Move, Pot
from khlang.kernel.money import ZERO, Baht, baht
from tests.budget.test_rules import YEAR, codes

# ---- pace and plans ----------------------------------------------------------------------------------------------------


def test_forecast_runs_out_at_the_pace_of_the_year():
    balance = Balance(approved=baht("300.00"), paid=baht("100.00"), reserved=baht("100.00"))

    found = rules.forecast(balance=balance, fiscal_year=YEAR, today=date(2026, 1, 8), warning_days=120)

    # A hundred days took 100; the 100 that no document holds last a hundred days more.
    assert found.runs_out_on == date(2026, 4, 19)
    assert found.spent_a_day == baht("1.00")
    assert found.warn is True
    late = rules.forecast(balance=balance, fiscal_year=YEAR, today=date(2026, 1, 8), warning_days=60)
    assert late.warn is False


FORECASTS = {
    "nothing given": (Balance(), date(2026, 1, 8), None, False),
    "nothing spent": (Balance(approved=baht("1.00")), date(2026, 1, 8), None, False),
    "nothing left": (Balance(approved=baht("1.00"), paid=baht("1.00")), date(2026, 1, 8), date(2026, 1, 8), True),
    "lasts beyond the year": (Balance(approved=baht("900.00"), paid=baht("1.00")), date(2026, 1, 8), None, False),
    "a few days say nothing": (Balance(approved=baht("2.00"), paid=baht("1.00")), date(2025, 10, 5), None, False),
    "after the year": (Balance(approved=baht("2.00"), paid=baht("1.00")), date(2026, 10, 1), None, False),
}


@pytest.mark.parametrize("name", FORECASTS)
def test_forecast_says_nothing_where_there_is_nothing_to_say(name):
    balance, today, runs_out_on, warn = FORECASTS[name]

    found = rules.forecast(balance=balance, fiscal_year=YEAR, today=today, warning_days=60)

    assert (found.runs_out_on, found.warn) == (runs_out_on, warn)


def test_check_plan_keeps_within_the_line_and_the_quarters():
    told = {"appropriation": baht("100.00"), "label": "x"}

    assert codes(rules.check_plan(shares={1: baht("50.00"), 4: baht("50.00")}, **told)) == []
    assert codes(rules.check_plan(shares={1: baht("100.01")}, **told)) == ["budget.plan_above_line"]
    assert codes(rules.check_plan(shares={5: baht("1.00"), 1: baht("-1.00")}, **told)) == [
        "budget.quarter_unknown",
        "budget.amount_not_right",
    ]


def test_a_commitment_covers_years_in_a_row_with_a_resolution():
    def draft(**changed):
        told = {"title": "Road", "why_not_split": "One work", "resolution_number": "3", "resolved_on": date(2025, 9, 1)}
        years = {2569: baht("1.00"), 2570: baht("2.00")}
        return codes(
            rules.check_commitment(rules.CommitmentDraft(**{**told, "years": years} | changed), first_year=YEAR)
        )

    assert draft() == []
    assert draft(years={2569: baht("1.00")}) == ["budget.years_not_in_row"]
    assert draft(years={2569: baht("1.00"), 2571: baht("1.00")}) == ["budget.years_not_in_row"]
    assert draft(resolution_number=" ", why_not_split="") == ["budget.reason_missing", "budget.resolution_missing"]


# ---- one line in memory --------------------------------------------------------------------------------------------------

OPENING = [kind for kind in Kind if kind not in (Kind.REFUND, Kind.RELEASE, Kind.CANCEL)]


@given(st.data())
def test_a_line_never_goes_below_zero_whatever_is_asked(data):
    account = LineAccount()
    line_id = uuid.UUID(int=1)
    for number in range(2, 40):
        kind = data.draw(st.sampled_from(list(Kind)))
        held = list(account.holds)
        takes = data.draw(st.sampled_from([None, *held]))
        amount = Baht.from_satang(data.draw(st.integers(1, 500)))
        before = account.balance
        hold = uuid.UUID(int=number) if kind in OPENING else None
        code = account.move(Move(line_id, kind, amount, hold, takes))
        if code:
            assert account.balance == before
        for pot in rules.POTS:
            assert getattr(account.balance, pot) >= ZERO, (kind, pot)
        assert account.balance.available >= ZERO
        assert account.balance.refunded <= account.balance.paid
        for stage in (Pot.RESERVED, Pot.OBLIGATED, Pot.REQUESTED, Pot.ADVANCED, Pot.CARRIED):
            held_now = sum((amount for pot, amount, _ in account.holds.values() if pot is stage), ZERO)
            assert held_now == getattr(account.balance, stage.value), (kind, stage)
