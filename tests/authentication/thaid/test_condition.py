"""How ThaiD does: what is seen is kept, with the moment since which it has been so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khlang.authentication.jobs import look_at_thaid
from khlang.authentication.thaid import condition, provider
from khlang.authentication.thaid.condition import Condition, ThaidState, current_state, look
from khlang.toolkit import sql
from tests.authentication.thaid.conftest import refusals

NOW = timezone.now()


@pytest.mark.django_db
def test_current_state_is_off_without_a_thaid(settings) -> None:
    settings.THAID = None

    assert current_state(at=NOW) == ThaidState(Condition.OFF)
    assert look(at=NOW) == Condition.OFF


def test_current_state_looks_when_nobody_ever_did(visitor, configure) -> None:
    configure(simulated=True)

    assert current_state(at=NOW) == ThaidState(Condition.WORKING, NOW, NOW, simulated=True)


def test_a_state_keeps_the_moment_since_which_it_is_so(visitor, faults) -> None:
    later, last = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)

    look(at=NOW)
    faults.switch_on("down")
    assert [look(at=later), look(at=last)] == [Condition.DOWN, Condition.DOWN]
    assert current_state(at=last) == ThaidState(Condition.DOWN, later, last)


def test_a_fresh_state_is_shown_without_asking_thaid(visitor, faults) -> None:
    look(at=NOW)
    faults.switch_on("down")

    assert current_state(at=NOW + timedelta(seconds=60)).condition == Condition.WORKING
    assert current_state(at=NOW + timedelta(seconds=100)).condition == Condition.DOWN


def test_one_page_looks_while_the_others_show_what_was_known(visitor, faults) -> None:
    look(at=NOW)
    later = NOW + timedelta(minutes=10)

    assert condition._claim(later)
    assert not condition._claim(later + timedelta(seconds=1))


def test_a_slow_thaid_is_called_slow(visitor) -> None:
    moments = iter([0.0, *[0.1] * 20])
    late = iter([0.0, *[1.5] * 20])

    assert look(at=NOW, ticks=lambda: next(moments)) == Condition.WORKING
    assert look(at=NOW, ticks=lambda: next(late)) == Condition.SLOW


def test_a_look_waits_two_seconds_at_most() -> None:
    assert condition.LOOK_SECONDS == 2


def test_a_log_in_that_failed_tells_the_others(visitor, faults) -> None:
    look(at=NOW - timedelta(minutes=1))
    faults.switch_on("down")
    provider.memory.forget()
    refusals(visitor.begin)

    assert current_state(at=timezone.now()).condition == Condition.DOWN


def test_an_older_look_does_not_overwrite_a_newer_one(visitor, faults) -> None:
    look(at=NOW)
    faults.switch_on("down")
    look(at=NOW - timedelta(seconds=5))

    assert current_state(at=NOW).condition == Condition.WORKING


@pytest.mark.parametrize("fault", [None, "down"])
def test_the_worker_looks_how_thaid_does(committed_db, configure, faults, fault: str | None) -> None:
    if fault:
        faults.switch_on(fault)

    look_at_thaid.func(timestamp=0)

    found = current_state(at=timezone.now()).condition
    sql.row("DELETE FROM authentication_thaid_state RETURNING id")
    assert found == (Condition.DOWN if fault else Condition.WORKING)
