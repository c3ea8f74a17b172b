"""Which mode holds at a moment, which is announced, what each lets through, and what may be set."""

from datetime import datetime, timedelta

import pytest

from khlang.kernel.refusals import Refusal, message
from khlang.operations.rules import (
    Asked,
    Decision,
    Mode,
    ModeDraft,
    check_call_off,
    check_mode,
    decide,
    situation,
)
from tests.operations.makers import AT, HOUR, a_mode, a_row

NIGHT = AT + 12 * HOUR
READ = a_row(1, "read_only", AT - HOUR, end=AT + HOUR)
PLANNED = a_row(2, "maintenance", NIGHT, end=NIGHT + 2 * HOUR)
BACK = a_row(3, "normal", AT + 2 * HOUR)


@pytest.mark.parametrize(
    ("rows", "at", "mode", "coming"),
    [
        ([], AT, "normal", None),
        ([READ], AT - 2 * HOUR, "normal", 1),
        ([READ], AT, "read_only", None),
        ([READ], AT + 5 * HOUR, "read_only", None),
        ([READ, BACK], AT, "read_only", 3),
        ([BACK, READ], AT + 2 * HOUR, "normal", None),
        ([READ, BACK, PLANNED], AT + 3 * HOUR, "normal", 2),
        ([READ, BACK, PLANNED], NIGHT, "maintenance", None),
        ([READ, a_row(4, "identity_only", AT - HOUR, end=NIGHT)], AT, "identity_only", None),
        ([READ, a_row(5, "maintenance", NIGHT, end=NIGHT + HOUR, called_off_by="Malee")], AT, "read_only", None),
        ([a_row(6, "normal", NIGHT), PLANNED], AT, "normal", 6),
    ],
)
def test_situation_is_the_latest_begun_and_the_earliest_coming(
    rows, at: datetime, mode: str, coming: int | None
) -> None:
    found = situation(rows, at=at)

    assert (found.mode, found.next.number if found.next else None) == (mode, coming)


def test_situation_says_until_when_and_that_it_takes_longer() -> None:
    during, planned, late = (situation(rows, at=at) for rows, at in [([READ], AT), ([READ, BACK], AT), ([READ], NIGHT)])

    assert (during.until, during.is_overdue) == (AT + HOUR, False)
    assert planned.until == AT + 2 * HOUR
    assert (late.until, late.is_overdue) == (AT + HOUR, True)
    assert situation([], at=AT).until is None


@pytest.mark.parametrize(
    ("before", "seconds"), [(timedelta(seconds=5), 30), (timedelta(seconds=75), 75), (HOUR, 120), (-HOUR, 30)]
)
def test_situation_asks_browsers_back_within_minutes_whatever_was_announced(before: timedelta, seconds: int) -> None:
    assert situation([READ], at=AT + HOUR - before).retry_seconds == seconds


def test_situation_announces_a_week_ahead_and_not_the_return_to_normal() -> None:
    assert situation([PLANNED], at=NIGHT - timedelta(days=7)).announced == PLANNED
    assert situation([PLANNED], at=NIGHT - timedelta(days=8)).announced is None
    assert situation([READ, BACK], at=AT).announced is None


def test_situation_gives_the_refusal_with_the_time_in_both_eras() -> None:
    refusal = situation([READ], at=AT).refusal

    assert refusal == Refusal("operations.read_only", {"until": "2026-11-25 11:00"})
    assert "2026-11-25 11:00" in message(refusal, "en")
    assert "25/11/2569 11:00" in message(refusal, "th")
    assert situation([], at=AT).refusal is None


def test_a_mode_is_said_in_words_to_the_operator_of_the_server() -> None:
    refusal = Refusal("operations.operator_writes", {"mode": "read_only"})

    assert "the mode reading only" in message(refusal, "en")
    assert "โหมด อ่านอย่างเดียว" in message(refusal, "th")


LOG_IN, SECURITY = Asked("doors:login", safe=False), Asked("authentication:security", safe=False)
SET_MODE = Asked("operations:set-mode", "operations.set_mode", safe=False)
RIGHTS = Asked("identity:permissions", "identity.read_permissions")
ENROL = Asked("identity:add-person", "identity.manage_people", safe=False)
NEWS = Asked("operations:acknowledge", "operations.read_announcements", safe=False)
REPORT, CHOOSE = Asked("reporting:trial-balance", "reporting.read"), Asked("web:entities")
POST = Asked("journal_vouchers:post", "journal_vouchers.post", safe=False)
API_READ, API_WRITE = Asked("api:accounts"), Asked("api:submit", safe=False)


@pytest.mark.parametrize(
    ("mode", "opened", "read", "refused"),
    [
        (
            "normal",
            [LOG_IN, SECURITY, SET_MODE, RIGHTS, ENROL, NEWS, REPORT, CHOOSE, POST, API_READ, API_WRITE],
            [],
            [],
        ),
        ("read_only", [LOG_IN, SECURITY, SET_MODE, RIGHTS, ENROL, NEWS, CHOOSE], [REPORT, API_READ], [POST, API_WRITE]),
        (
            "identity_only",
            [LOG_IN, SECURITY, SET_MODE, RIGHTS, ENROL, NEWS, CHOOSE],
            [],
            [REPORT, POST, API_READ, API_WRITE],
        ),
        (
            "maintenance",
            [LOG_IN, SECURITY, SET_MODE],
            [],
            [RIGHTS, ENROL, NEWS, REPORT, CHOOSE, POST, API_READ, API_WRITE],
        ),
    ],
)
def test_decide_opens_in_each_mode_exactly_its_doors(mode: str, opened, read, refused) -> None:
    wanted = {Decision.OPEN: opened, Decision.READ: read, Decision.REFUSE: refused}

    assert {
        each: [asked for asked in [*opened, *read, *refused] if decide(Mode(mode), asked) is each] for each in Decision
    } == wanted


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"mode": "normal", "expected_end": None, "words_th": "", "words_en": ""}, []),
        ({"mode": "closed"}, [("operations.mode_unknown", "mode")]),
        ({"starts_at": AT - HOUR}, [("operations.start_is_past", "starts_on")]),
        ({"expected_end": None}, [("operations.end_missing", "ends_on")]),
        ({"expected_end": AT}, [("operations.end_not_after_start", "ends_on")]),
        ({"starts_at": NIGHT, "expected_end": NIGHT}, [("operations.end_not_after_start", "ends_on")]),
        ({"words_en": " "}, [("operations.words_missing", "words_en")]),
        (
            {"words_th": "", "reason": " ", "expected_end": None},
            [
                ("operations.end_missing", "ends_on"),
                ("operations.words_missing", "words_th"),
                ("operations.reason_missing", "reason"),
            ],
        ),
    ],
)
def test_check_mode_gives_every_reason_at_once(change, codes) -> None:
    good = a_mode()
    draft = ModeDraft(**{name: change.get(name, getattr(good, name)) for name in ModeDraft.__slots__})

    assert [(refusal.code, refusal.where) for refusal in check_mode(draft, at=AT)] == codes


@pytest.mark.parametrize(
    ("row", "reason", "codes"),
    [
        (PLANNED, "not needed", []),
        (READ, "not needed", ["operations.not_planned"]),
        (None, "", ["operations.not_planned", "operations.reason_missing"]),
        (a_row(2, "maintenance", NIGHT, end=NIGHT + HOUR, called_off_by="Malee"), "again", ["operations.not_planned"]),
    ],
)
def test_check_call_off_takes_only_what_is_planned(row, reason: str, codes) -> None:
    assert [refusal.code for refusal in check_call_off(row, at=AT, number=2, reason=reason)] == codes
