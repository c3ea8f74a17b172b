"""Dates as people type them, and as the Buddhist era shows them."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.kernel.refusals import Refused
from khlang.kernel.thai_dates import DateStyle, ParsedDate, english_date, parse_date, thai_date

TODAY = date(2026, 11, 23)
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "231169",
        "23112569",
        "2311",
        "23/11/2569",
        "23/11/69",
        "23-11-69",
        "23.11.69",
        "23 11 69",
        "23/11",
        "23 พย",
        "23 พ.ย.",
        "23 พ.ย. 69",
        "23พ.ย.69",
        "23พย69",
        "23 พฤศจิกายน 2569",
        "23 พฤศจิกายน พ.ศ. 2569",
        "วันที่ 23 พฤศจิกายน พ.ศ. 2569",
        "23 Nov 69",
        "23-Nov-2569",
        "วันนี้",
        "today",
        "+0",
        "๒๓/๑๑/๖๙",
        "๒๓ พ.ย. ๒๕๖๙",
        "  23/11/2569 ",
        "2569-11-23",
    ],
)
def test_parse_date_reads_the_ways_people_type_a_day(text: str) -> None:
    assert parse_date(text, today=TODAY) == ParsedDate(DAY, was_gregorian=False)


@pytest.mark.parametrize("text", ["2026-11-23", "23/11/2026", "23112026", "23 Nov 2026", "23 พ.ย. ค.ศ. 2026"])
def test_parse_date_converts_a_gregorian_year_and_says_so(text: str) -> None:
    assert parse_date(text, today=TODAY) == ParsedDate(DAY, was_gregorian=True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("+7", date(2026, 11, 30)),
        ("-3", date(2026, 11, 20)),
        ("พรุ่งนี้", date(2026, 11, 24)),
        ("เมื่อวาน", date(2026, 11, 22)),
        ("30 ก.ย.", date(2026, 9, 30)),
        ("31 ม.ค.", date(2027, 1, 31)),
        ("1 มิ.ย.", date(2026, 6, 1)),
        ("29/2/2567", date(2024, 2, 29)),
        ("30/9/53", date(2010, 9, 30)),
        ("1/10/2553", date(2010, 10, 1)),
    ],
)
def test_parse_date_takes_the_day_nearest_to_today(text: str, day: date) -> None:
    assert parse_date(text, today=TODAY).day == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "31/2/69",
        "32/1/69",
        "29 ก.พ.",
        "29/2/2568",
        "1/13/69",
        "20261123",
        "23 พย พย",
        "23 xx 2569",
        "0/0/0",
        "23/11/xx2569",
    ],
)
def test_parse_date_refuses_what_is_no_day(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_date(text, today=TODAY)

    assert [(found.code, found.facts["text"]) for found in caught.value.refusals] in (
        [("kernel.date_not_understood", text)],
        [("kernel.date_year_ambiguous", text)],
    )


@pytest.mark.parametrize("text", ["23/11/26", "231126", "23/11/2300", "23/11/569", "23/11/1900", "23 พ.ย. พ.ศ. 2026"])
def test_parse_date_refuses_a_year_that_can_mean_two_things(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_date(text, today=TODAY)

    assert [found.code for found in caught.value.refusals] == ["kernel.date_year_ambiguous"]


def test_parse_date_accepts_a_short_year_when_the_era_is_said() -> None:
    assert parse_date("23 พ.ย. พ.ศ. 26", today=TODAY) == ParsedDate(date(1983, 11, 23))


@pytest.mark.parametrize(
    ("style", "shown"),
    [("short", "23 พ.ย. 2569"), ("long", "23 พฤศจิกายน 2569"), ("table", "23/11/69"), ("month", "พฤศจิกายน 2569")],
)
def test_thai_date_shows_the_buddhist_year(style: DateStyle, shown: str) -> None:
    assert thai_date(DAY, style) == shown


@pytest.mark.parametrize(
    ("style", "shown"),
    [("short", "23 Nov 2026"), ("long", "23 November 2026"), ("table", "2026-11-23"), ("month", "November 2026")],
)
def test_english_date_shows_the_gregorian_year(style: DateStyle, shown: str) -> None:
    assert english_date(DAY, style) == shown


@given(st.dates(min_value=date(1941, 1, 1), max_value=date(2099, 12, 31)))
def test_every_long_form_reads_back_as_the_same_day(day: date) -> None:
    assert parse_date(thai_date(day, "short"), today=TODAY) == ParsedDate(day)
    assert parse_date(thai_date(day, "long"), today=TODAY) == ParsedDate(day)
    assert parse_date(english_date(day, "long"), today=TODAY) == ParsedDate(day, was_gregorian=True)


@given(st.dates(min_value=TODAY - timedelta(days=3650), max_value=TODAY + timedelta(days=3650)))
def test_the_table_form_reads_back_within_ten_years(day: date) -> None:
    assert parse_date(thai_date(day, "table"), today=TODAY) == ParsedDate(day)


@given(st.text())
def test_parse_date_gives_a_day_or_a_refusal_for_any_text(text: str) -> None:
    with suppress(Refused):
        assert parse_date(text, today=TODAY).day.year > 0
