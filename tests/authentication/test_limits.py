"""Pauses after wrong tries: an office behind one address works on, one who guesses does not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.authentication.rules import Limits, Seen, check_try, clock, network_of, tries_left
from tests.authentication.makers import MONDAY, a_username, an_origin, right, user_id_of, wrong

LIMITS = Limits(5, 10, 20, 60, timedelta(minutes=15), timedelta(minutes=60))
MOMENTS = st.lists(st.integers(0, 59).map(lambda minutes: MONDAY - timedelta(minutes=minutes)), max_size=80).map(
    lambda found: sorted(found, reverse=True)
)


def codes(seen):
    return [refusal.code.split(".")[1] for refusal in check_try(seen=seen, limits=LIMITS)]


@given(device=MOMENTS, here=MOMENTS, anywhere=MOMENTS, strangers=MOMENTS)
def test_a_known_device_is_measured_by_its_own_mistakes_only(device, here, anywhere, strangers):
    seen = Seen(True, False, device, here, anywhere, strangers)

    assert codes(seen) == (["account_paused_here"] if len(device) >= LIMITS.device else [])


@given(here=MOMENTS, anywhere=MOMENTS, strangers=MOMENTS, known=st.booleans())
def test_more_mistakes_never_open_a_door(here, anywhere, strangers, known):
    seen = Seen(False, known, (), here, anywhere, strangers)
    more = Seen(False, known, (), [MONDAY, *here], [MONDAY, *anywhere], [MONDAY, *strangers])

    assert set(codes(seen)) <= set(codes(more))


@given(here=MOMENTS, anywhere=MOMENTS)
def test_tries_are_left_exactly_while_there_is_no_pause(here, anywhere):
    seen = Seen(False, True, (), here, anywhere, ())

    assert (tries_left(seen=seen, limits=LIMITS) == 0) == bool(codes(seen))


@given(here=MOMENTS)
def test_the_pause_ends_when_the_oldest_that_counts_is_old(here):
    pauses = list(check_try(seen=Seen(False, True, (), here), limits=LIMITS))

    expected = [clock(here[4] + timedelta(minutes=15))] if len(here) >= 5 else []
    assert [pause.facts["until"] for pause in pauses] == expected


def test_a_clock_never_comes_too_early():
    assert clock(datetime(2026, 11, 23, 2, 42, 1, tzinfo=UTC)) == "09:43"
    assert clock(datetime(2026, 11, 23, 2, 42, tzinfo=UTC)) == "09:42"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_a_subscriber_cannot_change_his_network(address, network):
    assert network_of(address) == network


@pytest.mark.django_db
def test_an_office_of_forty_behind_one_address_works_on_a_monday_morning():
    people = [a_username() for _ in range(40)]
    # Everybody mistypes before anybody is in, each a different number of times: the worst of mornings.
    answers = [
        wrong(name, at=MONDAY + timedelta(seconds=20 * number + turn))
        for number, name in enumerate(people)
        for turn in range(1 + number % 3)
    ]
    later = MONDAY + timedelta(minutes=14)

    assert set(answers) == {"log_in_failed"}
    assert [name for name in people if isinstance(right(name, at=later), str)] == []


@pytest.mark.django_db
def test_spraying_one_password_over_many_accounts_from_one_address_is_stopped(caplog):
    known = a_username()
    right(known, at=MONDAY - timedelta(days=3))
    answers = [wrong(f"guessed-{number}", at=MONDAY + timedelta(seconds=number)) for number in range(62)]

    assert answers[58:] == ["log_in_failed", "address_paused", "address_paused", "address_paused"]
    # What a log server wakes somebody by, without a name in it.
    paused = [record for record in caplog.records if record.getMessage() == "log-in paused"]
    assert [record.facts for record in paused] == [{"reason": "authentication.address_paused"}] * 2
    # Whoever logged in from there before still does, and other places know nothing of it.
    assert not isinstance(right(known, at=MONDAY + timedelta(minutes=2)), str)
    assert wrong("guessed-1", origin=an_origin("198.51.100.9"), at=MONDAY + timedelta(minutes=2)) == "log_in_failed"


@pytest.mark.django_db
def test_people_who_came_in_before_are_no_strangers_when_they_all_mistype(django_user_model):
    people, newcomer = [a_username() for _ in range(62)], a_username()
    for name in people:
        right(name, at=MONDAY - timedelta(days=3))
    answers = {wrong(name, at=MONDAY) for name in people}

    assert answers == {"log_in_failed"}
    assert not isinstance(right(newcomer, at=MONDAY + timedelta(minutes=1)), str)


@pytest.mark.django_db
def test_one_account_tried_from_many_addresses_is_closed_to_strangers_and_open_to_its_own_device():
    name = a_username()
    device = right(name, origin=an_origin("203.0.113.9"), at=MONDAY - timedelta(days=2))
    tries = [an_origin(f"198.51.100.{number}") for number in range(22)]
    answers = [wrong(name, origin=tries[number], at=MONDAY + timedelta(seconds=number)) for number in range(22)]

    own = an_origin("192.0.2.44", devices={user_id_of(name): device})
    at = MONDAY + timedelta(minutes=5)
    assert answers[18:] == ["log_in_failed", "account_paused", "account_paused", "account_paused"]
    assert right(name, origin=an_origin("192.0.2.44"), at=at) == "account_paused"
    assert right(name, origin=own, at=at) == device


@pytest.mark.django_db
def test_a_device_of_one_person_is_none_of_another():
    mine, other = a_username(), a_username()
    device = right(mine)
    forged = an_origin("192.0.2.1", devices={user_id_of(other): device})
    answers = [wrong(other, origin=forged, at=MONDAY + timedelta(seconds=turn)) for turn in range(6)]

    assert answers[4:] == ["account_paused_here", "account_paused_here"]


@pytest.mark.django_db
def test_a_device_that_guesses_is_a_device_no_more():
    name = a_username()
    device = right(name)
    own = an_origin(devices={user_id_of(name): device})
    answers = [wrong(name, origin=own, at=MONDAY + timedelta(seconds=1 + turn)) for turn in range(11)]

    assert answers[8:] == ["log_in_failed", "account_paused_here", "account_paused_here"]


@pytest.mark.django_db
def test_the_pause_of_an_account_ends_and_tries_during_it_do_not_lengthen_it():
    name = a_username()
    for turn in range(5):
        wrong(name, at=MONDAY + timedelta(minutes=turn))
    during = [right(name, at=MONDAY + timedelta(minutes=14, seconds=turn)) for turn in range(3)]

    assert during == ["account_paused_here"] * 3
    assert not isinstance(right(name, at=MONDAY + timedelta(minutes=15, seconds=1)), str)


@pytest.mark.django_db
def test_an_unknown_name_is_answered_like_a_known_one():
    name = a_username()

    known = [wrong(name, at=MONDAY + timedelta(seconds=turn)) for turn in range(6)]
    unknown = [wrong("nobody at all", at=MONDAY + timedelta(seconds=turn)) for turn in range(6)]
    assert known == unknown


@pytest.mark.django_db
def test_a_name_of_thai_letters_is_one_name_in_every_normal_form(django_user_model):
    composed = "\N{THAI CHARACTER NO NU}\N{THAI CHARACTER MAI THO}\N{THAI CHARACTER SARA AM}"
    apart = "\N{THAI CHARACTER NO NU}\N{THAI CHARACTER NIKHAHIT}\N{THAI CHARACTER MAI THO}\N{THAI CHARACTER SARA AA}"
    name = a_username()
    django_user_model.objects.filter(username=name).update(username=composed)

    assert not isinstance(right(composed), str)
    assert not isinstance(right(apart), str)
