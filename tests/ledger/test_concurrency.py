"""Many at once, with real commits: numbers without gaps, one posting for one key, no post in a closed period."""

import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections

from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refused
from khlang.ledger import commands, queries
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import CASH, a_fiscal_year, a_journal

pytestmark = pytest.mark.usefixtures("committed_db")
ROOT = Path(__file__).resolve().parents[2]


def at_once(*calls):
    """Start all calls at one instant, each in a thread with its own connection; return answers or refusals."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait(30)
            return call()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def faults(actor):
    with entity_transaction(actor.entity_id, snapshot=True):
        return queries.verify(entity_code=actor.entity_code).faults


def cash(actor):
    with entity_transaction(actor.entity_id):
        return sum((row.balance for row in queries.balances(fiscal_year=2568) if row.account == CASH), Baht(0))


def test_eight_processes_writing_to_one_entity_leave_no_gap():
    actor = a_fiscal_year()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("writer.py")), actor.entity_code, "12"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(8)
    ]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 8
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    numbers = [int(number) for writer in writers for number in writer.communicate(timeout=60)[0].split()]

    assert sorted(numbers) == list(range(1, 97))
    assert faults(actor) == ()
    assert cash(actor) == Baht("9600.00")


def test_sixteen_requests_with_one_key_make_one_posting():
    actor = a_fiscal_year()
    journal = a_journal()

    answers = at_once(*[lambda: commands.post_journal(actor=actor, journal=journal)] * 16)

    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 15
    assert {answer.number for answer in answers} == {1}
    assert cash(actor) == Baht("100.00")


def test_two_entities_do_not_wait_for_one_another():
    actor, other = a_fiscal_year(), a_fiscal_year()

    with entity_transaction(actor.entity_id):
        commands.post_journal(actor=actor, journal=a_journal())
        # Still uncommitted; the lock of the first entity is held.
        answers = at_once(lambda: commands.post_journal(actor=other, journal=a_journal()))

    assert [answer.number for answer in answers] == [1]


@pytest.mark.parametrize("_round", range(4))
def test_a_period_that_closes_lets_a_post_in_before_or_refuses_it_after(_round):
    actor = a_fiscal_year()

    def close():
        return commands.change_period(actor=actor, fiscal_year=2568, period=1, state="soft_closed")

    answers = at_once(close, *[lambda: commands.post_journal(actor=actor, journal=a_journal())] * 6)

    posted = [answer for answer in answers[1:] if not isinstance(answer, Refused)]
    late = [answer.refusals[0].code for answer in answers[1:] if isinstance(answer, Refused)]
    assert set(late) <= {"ledger.period_soft_closed"}
    assert cash(actor) == Baht("100.00") * len(posted)
    assert sorted(answer.number for answer in posted) == list(range(1, len(posted) + 1))
    with pytest.raises(Refused):
        commands.post_journal(actor=actor, journal=a_journal())
    assert faults(actor) == ()


def test_a_period_does_not_close_under_an_import_that_is_posting():
    actor = a_fiscal_year()
    batch_id = uuid.uuid4()
    commands.open_batch(actor=actor, batch_id=batch_id, kind="import", title="t", content=b"1")

    def close():
        return commands.change_period(actor=actor, fiscal_year=2568, period=1, state="soft_closed")

    def post():
        return commands.post_journals(actor=actor, journals=[a_journal() for _ in range(50)], batch_id=batch_id)

    answers = at_once(close, post, post, post)

    assert [r.code for r in answers[0].refusals] == ["ledger.batch_running"]
    assert [len(answer) for answer in answers[1:]] == [50, 50, 50]
    assert commands.finish_batch(actor=actor, batch_id=batch_id) == 150
    close()
    assert faults(actor) == ()


def test_two_who_reverse_one_journal_make_one_reversal():
    actor = a_fiscal_year()
    posted = commands.post_journal(actor=actor, journal=a_journal())

    def reverse():
        return commands.reverse_journal(
            actor=actor,
            fiscal_year=2568,
            sequence_no=posted.sequence_no,
            day=posted.date,
            reason="Twice",
            idempotency_key=uuid.uuid4(),
        )

    answers = at_once(*[reverse] * 6)

    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [[r.code for r in answer.refusals] for answer in refused] == [["ledger.already_reversed"]] * 5
    assert cash(actor) == Baht(0)


def test_readers_see_whole_journals_only_while_others_post():
    """The bank test: money moves, and every snapshot has equal sides."""
    actor = a_fiscal_year()

    def write():
        for _ in range(15):
            commands.post_journal(actor=actor, journal=a_journal(amount="7.00"))

    def read():
        seen = []
        for _ in range(30):
            with entity_transaction(actor.entity_id, read_only=True):
                rows = queries.balances(fiscal_year=2568)
            seen.append(sum((row.balance for row in rows), Baht(0)))
        return seen

    def check():
        return [faults(actor) for _ in range(5)]

    answers = at_once(write, write, read, check)

    assert set(answers[2]) == {Baht(0)}
    assert set(answers[3]) == {()}
