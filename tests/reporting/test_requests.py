from datetime import UTC, date, datetime, time

import pytest

from khlang.kernel.refusals import Refused
from khlang.reporting.rules.requests import read_request

TODAY = date(2024, 12, 20)


def read(report="trial-balance", year=2568, today=TODAY, **given):
    return read_request(report=report, fiscal_year=year, given=given, today=today, zone=UTC)


def codes(**given):
    with pytest.raises(Refused) as refused:
        read(**given)
    return [(refusal.code, refusal.where) for refusal in refused.value.refusals]


def test_report_runs_to_today_in_the_year_under_way():
    assert (read().since, read().to) == (date(2024, 10, 1), TODAY)


def test_report_runs_to_the_end_of_a_year_that_has_passed():
    assert read(year=2567).to == date(2024, 9, 30)


@pytest.mark.parametrize("text", ["31/12/2567", "31 ธ.ค. 2567", "2024-12-31", "311267"])
def test_days_are_read_as_people_type_them(text):
    assert read(to=text).to == date(2024, 12, 31)


def test_month_of_a_report_begins_with_its_first_day():
    asked = read(to="2024-12-31")

    assert asked.month_start == date(2024, 12, 1)
    assert asked.is_whole_month
    assert not read().is_whole_month


def test_a_day_known_means_its_last_moment():
    assert read(known_at="31/12/2567").known_at == datetime.combine(date(2024, 12, 31), time.max, UTC)
    assert read(known_at="2024-12-31").known_at == datetime.combine(date(2024, 12, 31), time.max, UTC)
    assert read(known_at="2024-12-31T10:00:00").known_at == datetime(2024, 12, 31, 10, tzinfo=UTC)


@pytest.mark.parametrize(("text", "zero"), [("", None), ("1", True), ("0", False)])
def test_zero_lines_follow_the_layout_unless_asked(text, zero):
    assert read(zero=text).zero is zero


def test_only_yearly_statements_are_compared():
    assert read("financial-position").compare
    assert not read("financial-position", compare="0").compare
    assert not read("trial-balance").compare


def test_a_page_carries_so_many_lines_unless_all_are_asked_for():
    given = {"report": "journal-book", "fiscal_year": 2568, "today": TODAY, "zone": UTC, "limit": 500}

    assert read_request(given={}, **given).limit == 500
    assert read_request(given={"all": "1"}, **given).limit is None


def test_request_refuses_every_wrong_choice_at_its_field():
    assert codes(to="31/12/2570") == [("reporting.day_outside_year", "to")]
    assert codes(since="2025-01-01", to="2024-12-31") == [("reporting.days_turned", "since")]
    assert codes(report="balance") == [("reporting.report_unknown", "")]
    assert codes(to="soon", known_at="later") == [
        ("kernel.date_not_understood", "to"),
        ("kernel.date_not_understood", "known_at"),
    ]
