"""Availability from probes, save times from traffic, and what is honest about both."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.operations.rules.availability import Planned, Probe, Share, State, Tally, state_of
from khlang.operations.rules.minutes import file_name, line_of, probes
from khlang.operations.rules.savetimes import STEPS, SaveTimes, Steps, is_save
from khlang.operations.status.pages import percent_words

# Noon in Thailand.
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
HALF_MINUTE = timedelta(seconds=30)
TODAY = date(2026, 11, 25)


def tally(*stretches: tuple[State | None, int], start: datetime = NOON) -> tuple[Tally, datetime]:
    """Looks twice a minute for so many minutes each; None is a gap. Returns the moment at the end too."""
    made, at = Tally(), start
    for state, minutes in stretches:
        for turn in range(minutes * 2):
            if state is not None:
                made.add(Probe(at + turn * HALF_MINUTE, state))
        at += timedelta(minutes=minutes)
    return made, at


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([(State.UP, 60)], Share(up=3600)),
        ([(State.UP, 30), (State.DOWN, 30)], Share(up=1800, down=1800)),
        ([(State.UP, 10), (State.LIMITED, 5), (State.CLOSED, 5)], Share(up=600, limited=300, closed=300)),
        # The last look before a gap speaks for ninety seconds at most: thirty to the next one that never came, sixty more.
        ([(State.UP, 10), (None, 10), (State.UP, 10)], Share(up=1260, unknown=540)),
        ([(State.DOWN, 10), (None, 10), (State.UP, 10)], Share(up=600, down=660, unknown=540)),
        ([(State.UP, 10), (None, 60)], Share(up=660, unknown=3540)),
    ],
)
def test_share_counts_what_was_seen_and_calls_a_gap_unknown(stretches, expected: Share) -> None:
    made, at = tally(*stretches)

    assert made.share(days=1, at=at) == expected
    assert made.day(TODAY, at=at) == expected


def test_share_of_nothing_is_nothing() -> None:
    assert Tally().share(days=90, at=NOON) == Share()
    assert (Share().available, Share().measured) == (None, None)


def test_share_begins_with_the_first_look_ever() -> None:
    made, at = tally((State.UP, 60))

    assert made.share(days=90, at=at) == Share(up=3600)


def test_share_cuts_days_at_the_midnight_of_thailand() -> None:
    made, at = tally((State.UP, 60), (State.DOWN, 60), start=datetime(2026, 11, 25, 16, 30, tzinfo=UTC))

    assert made.day(TODAY, at=at) == Share(up=1800)
    assert made.day(TODAY + timedelta(days=1), at=at) == Share(up=1800, down=3600)
    assert made.share(days=1, at=at) == Share(up=1800, down=3600)
    assert made.share(days=2, at=at) == Share(up=3600, down=3600)
    assert made.day(TODAY + timedelta(days=2), at=at) == Share()


def test_a_whole_silent_day_is_unknown_from_end_to_end() -> None:
    made, _ = tally((State.UP, 60), (None, 48 * 60), (State.UP, 60))

    assert made.day(TODAY + timedelta(days=1), at=NOON + timedelta(days=3)) == Share(unknown=86400)


@pytest.mark.parametrize(
    ("share", "available", "measured", "words"),
    [
        (Share(up=86_399, down=1), 9999, 10_000, "99.99 %"),
        (Share(up=86_400), 10_000, 10_000, "100.00 %"),
        (Share(up=3_599_999, down=1), 9999, 10_000, "99.99 %"),
        (Share(up=50, limited=25, closed=25), 5000, 10_000, "50.00 %"),
        (Share(up=10, unknown=90), 10_000, 1000, "100.00 %"),
        (Share(unknown=90), None, 0, "–"),
    ],
)
def test_available_is_of_the_measured_time_and_rounded_down(share: Share, available, measured, words) -> None:
    assert (share.available, share.measured, percent_words(share.available)) == (available, measured, words)


@given(st.lists(st.tuples(st.sampled_from([*State, None]), st.integers(1, 400)), min_size=1, max_size=12))
def test_every_second_is_counted_once(stretches) -> None:
    made, at = tally(*stretches)
    whole = made.share(days=90, at=at)
    first = made.first

    seconds = int((at - first).total_seconds()) if first else 0
    assert whole.known + whole.unknown == seconds
    days = [made.day(TODAY + timedelta(days=back), at=at) for back in range(-1, 10)]
    assert sum(day.known + day.unknown for day in days) == seconds


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=40))
def test_looks_out_of_order_change_nothing_that_was_counted(offsets) -> None:
    ordered, mixed = Tally(), Tally()
    highest = -1
    for offset in offsets:
        probe = Probe(NOON + timedelta(seconds=offset), State.UP)
        mixed.add(probe)
        if offset > highest:
            ordered.add(probe)
            highest = offset

    assert mixed == ordered


@pytest.mark.parametrize(
    ("answered", "mode", "announced", "state"),
    [
        (True, "normal", [], State.UP),
        (True, "read_only", [], State.LIMITED),
        (True, "identity_only", [], State.LIMITED),
        (True, "maintenance", [], State.CLOSED),
        (False, "normal", [], State.DOWN),
        (False, "normal", [Planned("maintenance", NOON, NOON + HALF_MINUTE)], State.CLOSED),
        (False, "normal", [Planned("maintenance", NOON - HALF_MINUTE, NOON)], State.DOWN),
        (False, "normal", [Planned("maintenance", NOON + HALF_MINUTE, None)], State.DOWN),
        (False, "normal", [Planned("maintenance", NOON - HALF_MINUTE, None)], State.DOWN),
        (False, "normal", [Planned("read_only", NOON - HALF_MINUTE, NOON + HALF_MINUTE)], State.DOWN),
    ],
)
def test_state_of_calls_silence_closed_only_as_long_as_it_was_announced(answered, mode, announced, state) -> None:
    assert state_of(answered=answered, mode=mode, announced=announced, at=NOON) is state


def test_the_file_of_probes_gives_back_what_was_written_and_passes_over_half_a_line() -> None:
    written = [Probe(NOON, State.UP, 12), Probe(NOON + HALF_MINUTE, State.DOWN)]
    text = "".join(map(line_of, written)) + '{"at":"2026-11-25T05:01:0'

    assert list(probes(text.splitlines())) == written
    assert line_of(written[0]) == '{"at":"2026-11-25T05:00:00Z","state":"up","milliseconds":12}\n'
    assert file_name(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)) == "minutes-2026-12.jsonl"


@pytest.mark.parametrize(
    ("method", "path", "saves"),
    [
        ("PUT", "/A1/vouchers/0/draft/", True),
        ("POST", "/A1/vouchers/0/edit/", True),
        ("POST", "/api/v1/A1/vouchers/0/submit", True),
        ("POST", "/A1/vouchers/0/preview/", False),
        ("POST", "/login/", False),
        ("POST", "/session/", False),
        ("GET", "/A1/vouchers/", False),
    ],
)
def test_is_save_knows_drafts_and_documents(method: str, path: str, saves: bool) -> None:  # noqa: FBT001
    assert is_save(method=method, path=path) is saves


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=300))
def test_the_percentile_is_right_to_a_tenth(times) -> None:
    steps = Steps()
    for milliseconds in times:
        steps.add(milliseconds=milliseconds, status=200)

    exact = sorted(times)[-(-len(times) * 95 // 100) - 1]
    assert exact <= steps.percentile(95) <= exact * 11 // 10 + 1


def test_failures_are_counted_apart_and_refusals_and_closures_not_at_all() -> None:
    steps = Steps()
    for status in (200, 302, 409, 422, 500, 502, 503):
        steps.add(milliseconds=10, status=status)

    assert (steps.saves, steps.failed, Steps().percentile(95)) == (2, 2, None)


def test_the_last_hour_and_the_day_are_counted_in_slots() -> None:
    times = SaveTimes()
    for minutes, milliseconds in ((-70, 900), (-50, 100), (-1, 200)):
        times.add(at=NOON + timedelta(minutes=minutes), milliseconds=milliseconds, status=200)

    assert (times.last_hour(at=NOON).saves, times.since(NOON - timedelta(hours=5)).saves) == (2, 3)
    assert times.last_hour(at=NOON).percentile(95) == min(step for step in STEPS if step >= 200)
    times.forget_before(NOON - timedelta(minutes=60))
    assert times.since(NOON - timedelta(hours=5)).saves == 2
