"""The fiscal year begins on 1 October and is named by the Buddhist year in which it ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.kernel.fiscal_calendar import (
    fiscal_year_of,
    period_end,
    period_of,
    period_start,
    quarter_of,
    year_end,
    year_start,
)

days = st.dates(min_value=date(1941, 1, 1), max_value=date(2150, 1, 1))


@pytest.mark.parametrize(
    ("day", "fiscal_year", "period", "quarter"),
    [
        (date(2024, 9, 30), 2567, 12, 4),
        (date(2024, 10, 1), 2568, 1, 1),
        (date(2024, 12, 31), 2568, 3, 1),
        (date(2025, 1, 1), 2568, 4, 2),
        (date(2025, 9, 30), 2568, 12, 4),
        (date(2026, 10, 1), 2570, 1, 1),
        (date(2010, 12, 31), 2554, 3, 1),
    ],
)
def test_a_day_has_its_year_period_and_quarter(day: date, fiscal_year: int, period: int, quarter: int) -> None:
    assert (fiscal_year_of(day), period_of(day), quarter_of(day)) == (fiscal_year, period, quarter)


@given(days)
def test_a_day_lies_inside_its_own_period_and_year(day: date) -> None:
    fiscal_year, period = fiscal_year_of(day), period_of(day)

    assert period_start(fiscal_year, period) <= day <= period_end(fiscal_year, period)
    assert year_start(fiscal_year) <= day <= year_end(fiscal_year)


@given(st.integers(min_value=2485, max_value=2700))
def test_periods_follow_one_another_and_fill_the_year(fiscal_year: int) -> None:
    ends = [period_end(fiscal_year, period) for period in range(1, 13)]
    starts = [period_start(fiscal_year, period) for period in range(1, 13)]

    assert starts == [year_start(fiscal_year), *(end + timedelta(days=1) for end in ends[:-1])]
    assert ends[-1] == year_end(fiscal_year)
    assert year_end(fiscal_year) + timedelta(days=1) == year_start(fiscal_year + 1)


def test_opening_and_closing_period_are_one_day_each() -> None:
    assert (period_start(2568, 0), period_end(2568, 0)) == (date(2024, 10, 1), date(2024, 10, 1))
    assert (period_start(2568, 13), period_end(2568, 13)) == (date(2025, 9, 30), date(2025, 9, 30))


def test_february_of_a_leap_year_has_its_last_day() -> None:
    assert period_end(2567, 5) == date(2024, 2, 29)
    assert period_end(2568, 5) == date(2025, 2, 28)


@pytest.mark.parametrize("period", [-1, 14])
def test_a_period_that_does_not_exist_is_a_mistake_of_the_caller(period: int) -> None:
    with pytest.raises(ValueError, match="no period"):
        period_start(2568, period)
    with pytest.raises(ValueError, match="no period"):
        period_end(2568, period)
