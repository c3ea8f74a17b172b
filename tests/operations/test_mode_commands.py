"""Modes in the database: set, planned, called off, recorded; kept as facts; and closing every transaction that writes."""

import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import OperationalError, connection
from procrastinate.jobs import Job

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.continuity import jobs
from khlang.journal_vouchers import commands as vouchers
from khlang.kernel.refusals import Refused
from khlang.ledger import commands as ledger
from khlang.operations import commands, queries
from khlang.toolkit.tenancy import WritesClosedError, entity_transaction, writes_stay_open
from tests import builders
from tests.journal_vouchers import makers as voucher_makers
from tests.operations.makers import AT, HOUR, a_mode, switch, the_department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_modes")]


def codes(call, **arguments) -> list[str]:
    try:
        call(**arguments)
    except Refused as refused:
        return [refusal.code for refusal in refused.refusals]
    return []


def test_set_mode_holds_at_once_and_stands_in_the_record_of_the_department():
    actor = the_department()

    number = commands.set_mode(actor=actor, draft=a_mode(), at=AT, key=uuid.uuid4())

    assert queries.situation(at=AT).mode == "read_only"
    with entity_transaction(actor.entity_id, read_only=True):
        act = audit.acts(ActFilter(limit=1))[0]
    assert (act.act, act.document, act.actor_id) == ("operations.set_mode", f"mode:{number}", actor.user_id)
    assert '"expected_end": "2026-11-25 11:00"' in act.facts
    assert "Incident 12/2569" in act.facts


def test_set_mode_sent_twice_writes_once():
    actor, key = the_department(), uuid.uuid4()
    first = commands.set_mode(actor=actor, draft=a_mode(), at=AT, key=key)

    assert commands.set_mode(actor=actor, draft=a_mode(), at=AT, key=key) == first
    assert len(queries.history()) == 1


def test_set_mode_refuses_whoever_is_no_operator_of_the_department():
    officer, local = the_department("department_officer"), builders.an_actor()

    assert codes(commands.set_mode, actor=officer, draft=a_mode(), at=AT, key=uuid.uuid4()) == [
        "identity.not_permitted"
    ]
    assert codes(commands.set_mode, actor=local, draft=a_mode(), at=AT, key=uuid.uuid4()) == [
        "operations.not_the_department"
    ]
    assert codes(commands.call_off_mode, actor=local, number=1, reason="x", at=AT, key=uuid.uuid4()) == [
        "operations.not_the_department"
    ]


def test_call_off_mode_takes_a_planned_one_back_and_keeps_both_rows():
    actor, key = the_department(), uuid.uuid4()
    number = commands.set_mode(actor=actor, draft=a_mode(starts_at=AT + HOUR), at=AT, key=uuid.uuid4())

    commands.call_off_mode(actor=actor, number=number, reason="not needed", at=AT, key=key)
    commands.call_off_mode(actor=actor, number=number, reason="not needed", at=AT, key=key)

    assert queries.situation(at=AT + HOUR).is_normal
    assert [(row.number, row.called_off_by) for row in queries.history()] == [(number, actor.name)]
    assert codes(commands.call_off_mode, actor=actor, number=number, reason="again", at=AT, key=uuid.uuid4()) == [
        "operations.not_planned"
    ]


def test_a_mode_is_read_once_in_two_seconds_and_again_after_a_switch_here(django_assert_num_queries):
    at = datetime.now(UTC)
    with django_assert_num_queries(1):
        for _ in range(5):
            assert queries.situation(at=at).is_normal

    switch("read_only")

    assert queries.situation(at=datetime.now(UTC)).mode == "read_only"


def test_the_last_known_mode_stands_when_the_database_does_not_answer(monkeypatch):
    switch("maintenance")
    assert queries.situation(at=datetime.now(UTC)).mode == "maintenance"
    queries.forget()
    with connection.execute_wrapper(_fails):
        assert queries.situation(at=datetime.now(UTC)).mode == "maintenance"


def _fails(*_arguments):
    raise OperationalError("the server closed the connection")


@pytest.mark.parametrize("mode", ["read_only", "identity_only", "maintenance"])
def test_no_command_writes_while_the_system_is_closed(mode):
    maker, _poster = voucher_makers.a_team()
    books = builders.a_fiscal_year()
    switch(mode)

    with pytest.raises(WritesClosedError, match=f"operations.{mode}"):
        ledger.post_journal(actor=books, journal=builders.a_journal())
    with pytest.raises(WritesClosedError):
        voucher_makers.a_draft(maker)
    with pytest.raises(WritesClosedError):
        vouchers.cancel_voucher(actor=maker, voucher_id=uuid.uuid4(), reason="x", key=uuid.uuid4(), at=AT)
    with entity_transaction(books.entity_id, read_only=True):
        pass


@pytest.mark.parametrize("mode", ["read_only", "maintenance"])
def test_an_import_waits_for_the_system_to_open_instead_of_giving_up(mode, monkeypatch):
    # The connection of a test is held in its transaction; a job would begin with a fresh one.
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    books = builders.a_fiscal_year()
    switch(mode)

    with pytest.raises(WritesClosedError) as closed:
        jobs.post_import(
            entity_code=books.entity_code,
            user_id=0,
            user_name="khlang",
            import_id=str(uuid.uuid4()),
            accepts_valid=False,
        )

    often = Job(id=1, queue="imports", lock=None, queueing_lock=None, task_name="x", attempts=500)
    for strategy in (
        jobs.check_import.retry_strategy,
        jobs.post_import.retry_strategy,
        jobs.undo_import.retry_strategy,
    ):
        decision = strategy.get_retry_decision(exception=closed.value, job=often)
        assert timedelta(seconds=20) < decision.retry_at - datetime.now(UTC) <= timedelta(seconds=30)
        assert strategy.get_retry_decision(exception=OperationalError("gone"), job=often) is None


def test_whoever_works_on_the_server_writes_all_the_same_and_is_told():
    books, told = builders.a_fiscal_year(), []
    switch("read_only")

    with writes_stay_open(tell=told.append):
        ledger.post_journal(actor=books, journal=builders.a_journal())

    assert [refusal.code for refusal in told] == ["operations.read_only"]


def test_everything_writes_again_after_the_switch_back():
    books = builders.a_fiscal_year()
    switch("maintenance")
    switch("normal")

    assert ledger.post_journal(actor=books, journal=builders.a_journal()).sequence_no == 1


def test_a_mode_planned_for_later_closes_nothing_before_its_moment():
    books = builders.a_fiscal_year()
    switch("maintenance", starts_in=timedelta(minutes=5))

    assert ledger.post_journal(actor=books, journal=builders.a_journal()).sequence_no == 1


ROW = (
    "INSERT INTO operations_mode (key, mode, starts_at, expected_end, words_th, words_en, reason, set_by, set_by_name, set_at)"
    " VALUES (gen_random_uuid(), %s, now(), {end}, 'a', 'a', {reason}, 0, 'x', now())"
)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (ROW.format(end="now() + interval '1 hour'", reason="'x'"), "operations.not_the_department"),
        ("UPDATE operations_mode SET mode = 'normal'", "permission denied"),
        ("DELETE FROM operations_mode", "permission denied"),
    ],
)
def test_the_application_cannot_rewrite_modes_nor_set_them_for_no_department(app_connection, statement, message):
    with pytest.raises(psycopg.Error, match=message):
        app_connection.execute(statement, ("read_only",) if "%s" in statement else ())


@pytest.mark.parametrize(
    ("mode", "end", "reason", "constraint"),
    [
        ("read_only", "NULL", "'x'", "operations_mode_says_until_when"),
        ("read_only", "now() - interval '1 hour'", "'x'", "operations_mode_ends_after_it_began"),
        ("asleep", "now() + interval '1 hour'", "'x'", "operations_mode_is_known"),
        ("normal", "NULL", "' '", "operations_mode_has_a_reason"),
    ],
)
def test_the_database_repeats_what_a_mode_must_say(owner_connection, mode, end, reason, constraint):
    owner_connection.execute("ALTER TABLE operations_mode DISABLE TRIGGER by_the_department")
    with pytest.raises(psycopg.errors.CheckViolation, match=constraint):
        owner_connection.execute(ROW.format(end=end, reason=reason), (mode,))


def test_even_the_owner_cannot_change_a_mode_that_was_set(owner_connection):
    owner_connection.execute("ALTER TABLE operations_mode DISABLE TRIGGER by_the_department")
    owner_connection.execute(ROW.format(end="now() + interval '1 hour'", reason="'x'"), ("read_only",))
    for statement in (
        "UPDATE operations_mode SET reason = 'y'",
        "DELETE FROM operations_mode",
        "TRUNCATE operations_mode",
    ):
        with pytest.raises(psycopg.Error, match=r"ledger\.immutable"), owner_connection.transaction():
            owner_connection.execute(statement)
