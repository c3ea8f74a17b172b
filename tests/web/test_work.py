"""What is left to do, and by when."""

from datetime import date

import pytest

from khlang.ledger import commands
from khlang.toolkit.tenancy import entity_transaction
from khlang.web import queries
from khlang.web.queries import calendar
from tests import builders
from tests.continuity.files import a_json_line, json_lines, posted, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return builders.a_fiscal_year()


def keys(actor, **more) -> list[str]:
    with entity_transaction(actor.entity_id):
        return [task.key.split(":")[0] + " " + task.urgency for task in queries.tasks(actor=actor, **more)]


@pytest.mark.parametrize(
    ("today", "urgency"),
    [
        (date(2024, 10, 31), []),
        (date(2024, 11, 2), ["period todo"]),
        (date(2024, 11, 3), ["period due"]),
        (date(2024, 11, 10), ["period due"]),
        (date(2024, 11, 11), ["period overdue"]),
    ],
)
def test_a_month_is_to_be_closed_by_the_tenth_of_the_next(actor, today, urgency):
    assert keys(actor, today=today) == urgency


def test_a_closed_month_makes_room_for_the_next(actor):
    commands.change_period(actor=actor, fiscal_year=2568, period=1, state="soft_closed", reason="complete")
    with entity_transaction(actor.entity_id):
        (task,) = queries.tasks(actor=actor, today=date(2025, 1, 5))

    assert (task.title_th, task.title_en) == ("ปิดงวดเดือนพฤศจิกายน 2567", "Close November 2024")
    assert task.due == date(2024, 12, 10)


def test_a_checked_file_waits_for_a_decision_and_a_wrong_one_for_correction(actor):
    sent(actor, json_lines([a_json_line()]), "right.jsonl")
    sent(actor, json_lines([a_json_line(amount="-5")]), "wrong.jsonl")

    assert sorted(keys(actor, today=date(2024, 10, 2))) == ["import todo", "import todo"]


def test_a_file_that_was_posted_is_done_with(actor):
    posted(actor, json_lines([a_json_line()]), "right.jsonl")

    assert keys(actor, today=date(2024, 10, 2)) == []


def test_the_working_year_is_the_present_one_or_the_latest_opened(actor):
    with entity_transaction(actor.entity_id):
        assert queries.working_year(date(2026, 11, 23)) == 2568
    commands.open_fiscal_year(actor=actor, fiscal_year=2567)
    with entity_transaction(actor.entity_id):
        assert queries.working_year(date(2024, 5, 1)) == 2567
        assert queries.working_year(date(2026, 11, 23)) == 2568


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 11, 10), [date(2026, 11, 10), date(2026, 12, 29)]),
        (date(2026, 11, 24), [date(2026, 12, 10), date(2026, 12, 29)]),
        (date(2026, 12, 31), [date(2027, 1, 10)]),
        (date(2027, 1, 5), [date(2027, 1, 10)]),
        (date(2027, 10, 1), [date(2027, 10, 10), date(2027, 12, 29)]),
    ],
)
def test_deadlines_come_in_the_order_of_their_days(today, days):
    assert [found.day for found in calendar.deadlines(today=today, language="th")] == days


def test_a_deadline_within_a_week_is_hot():
    assert [found.hot for found in calendar.deadlines(today=date(2026, 12, 5), language="en")] == [True, False]
