"""Several people at the same moment, on real connections with real commits: nothing twice, nothing stuck."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from khlang.journal_vouchers import commands, queries
from khlang.journal_vouchers.rules import VoucherState
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import a_person
from tests.journal_vouchers.makers import AT, a_draft, a_submitted, a_team, codes, content, the_entity_of

POSTED_ALREADY = [("journal_vouchers.move_not_allowed", "")]


def at_once(*calls):
    """Begin all calls at the same moment, each on a connection of its own; their answers in order."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def journals(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(2568)).count


def test_two_people_who_post_the_same_voucher_post_it_once(committed_db):
    maker, first = a_team()
    second = a_person("head_of_treasury", entity=the_entity_of(maker), name="Other Head")
    row = a_submitted(maker).row

    def post(actor):
        return lambda: codes(
            commands.post_voucher, actor=actor, voucher_id=row.voucher_id, revision=1, key=uuid.uuid4(), at=AT
        )

    answers = at_once(post(first), post(second))

    assert sorted(answers) == [[], POSTED_ALREADY]
    assert journals(maker) == 1


def test_the_same_new_draft_sent_twice_is_kept_once(committed_db):
    maker, _ = a_team()
    voucher_id = uuid.uuid4()

    def save():
        return commands.save_draft(actor=maker, voucher_id=voucher_id, revision=0, content=content(), at=AT).row

    first, second = at_once(save, save)

    assert first == second
    assert first.revision == 1


def test_posting_returning_and_typing_at_once_never_get_stuck(committed_db):
    maker, poster = a_team()
    sent = [a_submitted(maker).row for _ in range(6)]
    drafts = [a_draft(maker).row for _ in range(6)]

    def post(row):
        return lambda: codes(
            commands.post_voucher, actor=poster, voucher_id=row.voucher_id, revision=1, key=uuid.uuid4(), at=AT
        )

    def send_back(row):
        return lambda: codes(
            commands.return_voucher, actor=poster, voucher_id=row.voucher_id, reason="x", key=uuid.uuid4(), at=AT
        )

    def submit(row):
        return lambda: codes(
            commands.submit_voucher, actor=maker, voucher_id=row.voucher_id, revision=1, key=uuid.uuid4(), at=AT
        )

    # Post and return race for the same vouchers; submissions write into the same record of acts meanwhile.
    answers = at_once(*(move(row) for row in sent for move in (post, send_back)), *(submit(row) for row in drafts))

    assert {code for refused in answers for code, _ in refused} <= {"journal_vouchers.move_not_allowed"}
    with entity_transaction(maker.entity_id):
        states = queries.counts_by_state()
    assert states.get(VoucherState.POSTED, 0) + states.get(VoucherState.RETURNED, 0) == len(sent)
    assert states[VoucherState.SUBMITTED] == len(drafts)
    assert journals(maker) == states.get(VoucherState.POSTED, 0)
