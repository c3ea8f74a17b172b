"""Drafts, moves, files and previews, on a real PostgreSQL as the application role."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.journal_vouchers import commands, queries
from khlang.journal_vouchers.models import Voucher, VoucherEvent
from khlang.journal_vouchers.rules import Act, LineContent, VoucherContent, VoucherFilter, VoucherState
from khlang.kernel.money import Baht, baht
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import CASH, TAX
from tests.journal_vouchers.makers import (
    AT,
    PDF,
    a_draft,
    a_posted,
    a_submitted,
    a_team,
    codes,
    content,
)

pytestmark = pytest.mark.django_db
LOST = VoucherContent("กลางเดือน", "general", "ครึ่งเดียว", (LineContent("เงินสด??", "", "", "12x", "3.005"),))


def journals(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(2568))


def acts(actor, voucher_id):
    with entity_transaction(actor.entity_id):
        return [each.act for each in reversed(audit.acts(ActFilter(document=f"voucher:{voucher_id}")))]


def balance(actor, account):
    with entity_transaction(actor.entity_id):
        return sum((row.balance for row in ledger.balances(fiscal_year=2568) if row.account == account), Baht(0))


def test_save_draft_keeps_wrong_text_letter_for_letter():
    maker, _ = a_team()

    kept = a_draft(maker, LOST)

    with entity_transaction(maker.entity_id):
        found = queries.voucher(voucher_id=kept.row.voucher_id)
    assert found is not None
    assert found.content == LOST
    assert (found.row.state, found.row.revision, found.row.day) == (VoucherState.DRAFT, 1, None)


def test_save_draft_twice_with_the_same_content_changes_nothing():
    maker, _ = a_team()
    first = a_draft(maker)

    again = commands.save_draft(actor=maker, voucher_id=first.row.voucher_id, revision=0, content=content(), at=AT)

    assert again == first
    assert acts(maker, first.row.voucher_id) == ["journal_vouchers.create"]


def test_save_draft_refuses_to_overwrite_what_another_saved():
    maker, _ = a_team()
    first = a_draft(maker)
    identity = {"voucher_id": first.row.voucher_id, "at": AT}
    commands.save_draft(actor=maker, revision=1, content=content("300"), **identity)

    refused = codes(commands.save_draft, actor=maker, revision=1, content=content("400"), **identity)

    assert refused == [("journal_vouchers.changed_meanwhile", "")]
    with entity_transaction(maker.entity_id):
        found = queries.voucher(voucher_id=first.row.voucher_id)
    assert found is not None
    assert found.content == content("300")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (content(description="x" * 1001), "journal_vouchers.text_too_long"),
        (replace(content(), lines=content().lines * 251), "journal_vouchers.too_many_lines"),
    ],
)
def test_save_draft_refuses_only_what_is_too_much(typed, code):
    maker, _ = a_team()

    refused = codes(commands.save_draft, actor=maker, voucher_id=uuid.uuid4(), revision=0, content=typed, at=AT)

    assert [code for code, _ in refused] == [code]


@pytest.mark.parametrize("act", ["save", "submit", "post", "return", "cancel", "reverse", "attach"])
def test_each_act_refuses_the_role_that_may_not(act):
    maker, _ = a_team()
    auditor = replace(maker, roles=frozenset({"auditor"}))
    row = a_submitted(maker).row
    same = {"actor": auditor, "voucher_id": row.voucher_id, "at": AT}
    calls = {
        "save": (commands.save_draft, {"revision": 1, "content": content("9")}),
        "submit": (commands.submit_voucher, {"revision": 1, "key": uuid.uuid4()}),
        "post": (commands.post_voucher, {"revision": 1, "key": uuid.uuid4()}),
        "return": (commands.return_voucher, {"reason": "x", "key": uuid.uuid4()}),
        "cancel": (commands.cancel_voucher, {"reason": "x", "key": uuid.uuid4()}),
        "reverse": (commands.reverse_voucher, {"day": date(2024, 10, 4), "reason": "x", "key": uuid.uuid4()}),
        "attach": (commands.attach, {"attachment_id": uuid.uuid4(), "name": "a.pdf", "content": PDF}),
    }
    call, more = calls[act]

    assert codes(call, **same, **more) == [("identity.not_permitted", "")]


def test_submit_voucher_names_every_reason_at_once():
    maker, _ = a_team()
    row = a_draft(maker, LOST).row

    refused = codes(
        commands.submit_voucher, actor=maker, voucher_id=row.voucher_id, revision=1, key=uuid.uuid4(), at=AT
    )

    assert refused == [
        ("kernel.date_not_understood", "date"),
        ("ledger.account_unknown", "lines.0.account"),
        ("ledger.fund_source_unknown", "lines.0.fund_source"),
        ("kernel.amount_not_a_number", "lines.0.debit"),
        ("kernel.amount_too_many_decimals", "lines.0.credit"),
        ("ledger.too_few_lines", "lines"),
    ]


def test_submit_voucher_again_with_its_key_gives_the_first_answer():
    maker, _ = a_team()
    row = a_draft(maker).row
    same = {"actor": maker, "voucher_id": row.voucher_id, "revision": 1, "key": uuid.uuid4(), "at": AT}

    first, again = commands.submit_voucher(**same), commands.submit_voucher(**same)

    assert first == again
    assert first.row.state == VoucherState.SUBMITTED
    assert acts(maker, row.voucher_id) == ["journal_vouchers.create", "journal_vouchers.submit"]


def test_a_key_used_for_another_act_is_refused():
    maker, poster = a_team()
    row = a_draft(maker).row
    same = {"voucher_id": row.voucher_id, "key": uuid.uuid4(), "at": AT}
    commands.submit_voucher(actor=maker, revision=1, **same)

    assert codes(commands.post_voucher, actor=poster, revision=1, **same) == [("journal_vouchers.key_used", "")]


def test_post_voucher_posts_one_journal_that_names_it():
    maker, poster = a_team()

    posted = a_posted(maker, poster)

    assert posted.row.state == VoucherState.POSTED
    assert posted.row.journal is not None
    with entity_transaction(maker.entity_id):
        year, number = posted.row.journal
        journal = ledger.journal(fiscal_year=year, sequence_no=number)
        same = queries.voucher_of_journal(fiscal_year=year, sequence_no=number)
    assert journal is not None
    assert (journal.source_area, journal.source_id) == ("journal_vouchers", posted.row.voucher_id)
    assert (journal.label, journal.total, journal.posted_by_name) == (
        posted.row.journal_label,
        baht("250"),
        "Prasert Jaidee",
    )
    assert same == posted
    assert acts(maker, posted.row.voucher_id)[-1] == "journal_vouchers.post"


def test_post_voucher_twice_posts_once():
    maker, poster = a_team()
    row = a_submitted(maker).row
    same = {"actor": poster, "voucher_id": row.voucher_id, "revision": 1, "key": uuid.uuid4(), "at": AT}

    first, again = commands.post_voucher(**same), commands.post_voucher(**same)

    assert first == again
    assert journals(maker).count == 1


def test_post_voucher_keeps_the_day_that_today_was_when_it_was_typed():
    maker, poster = a_team()
    row = a_submitted(maker, content(date="วันนี้")).row

    late = AT + timedelta(days=40)
    posted = commands.post_voucher(actor=poster, voucher_id=row.voucher_id, revision=1, key=uuid.uuid4(), at=late)

    assert posted.row.day == AT.date()
    assert [journal.date for journal in journals(maker).rows] == [AT.date()]


def test_post_voucher_refuses_its_maker_and_names_who_may():
    maker, _ = a_team()
    both = replace(maker, roles=frozenset({"finance_officer", "head_of_treasury"}))
    row = a_submitted(both).row

    with pytest.raises(Exception, match=r"same_person.*Prasert Jaidee"):
        commands.post_voucher(actor=both, voucher_id=row.voucher_id, revision=1, key=uuid.uuid4(), at=datetime.now(UTC))
    assert journals(maker).count == 0


def test_post_voucher_refuses_whoever_changed_it():
    maker, poster = a_team()
    row = a_draft(maker).row
    commands.save_draft(actor=poster, voucher_id=row.voucher_id, revision=1, content=content("300"), at=AT)
    commands.submit_voucher(actor=maker, voucher_id=row.voucher_id, revision=2, key=uuid.uuid4(), at=AT)

    refused = codes(commands.post_voucher, actor=poster, voucher_id=row.voucher_id, revision=2, key=uuid.uuid4(), at=AT)

    assert refused == [("identity.same_person", "")]


def test_post_voucher_refuses_another_version_than_the_one_seen():
    maker, poster = a_team()
    row = a_submitted(maker).row

    refused = codes(commands.post_voucher, actor=poster, voucher_id=row.voucher_id, revision=7, key=uuid.uuid4(), at=AT)

    assert refused == [("journal_vouchers.changed_meanwhile", "")]


def test_return_and_submit_again_keeps_the_reason():
    maker, poster = a_team()
    row = a_submitted(maker).row
    same = {"voucher_id": row.voucher_id, "at": AT}

    returned = commands.return_voucher(actor=poster, reason="แนบใบเสร็จ", key=uuid.uuid4(), **same)
    commands.save_draft(actor=maker, revision=1, content=content("300"), **same)
    sent = commands.submit_voucher(actor=maker, revision=2, key=uuid.uuid4(), **same)

    assert (returned.row.state, returned.reason) == (VoucherState.RETURNED, "แนบใบเสร็จ")
    assert [event.act for event in sent.events] == [Act.CREATE, Act.SUBMIT, Act.RETURN, Act.SUBMIT]


def test_cancel_voucher_needs_a_reason_and_keeps_the_voucher():
    maker, _ = a_team()
    same = {"actor": maker, "voucher_id": a_draft(maker).row.voucher_id, "at": AT}

    refused = codes(commands.cancel_voucher, reason=" ", key=uuid.uuid4(), **same)
    cancelled = commands.cancel_voucher(reason="ซ้ำ", key=uuid.uuid4(), **same)

    assert refused == [("journal_vouchers.reason_missing", "reason")]
    assert (cancelled.row.state, cancelled.content) == (VoucherState.CANCELLED, content())
    assert codes(commands.save_draft, revision=1, content=content("9"), **same) == [
        ("journal_vouchers.move_not_allowed", "")
    ]


def test_reverse_voucher_takes_the_balances_back():
    maker, poster = a_team()
    row = a_posted(maker, poster).row
    same = {"actor": poster, "voucher_id": row.voucher_id, "day": date(2024, 10, 9), "reason": "ผิดบัญชี", "at": AT}
    key = uuid.uuid4()

    turned, again = commands.reverse_voucher(key=key, **same), commands.reverse_voucher(key=key, **same)

    assert turned == again
    assert turned.row.reversal_label != turned.row.journal_label
    assert (balance(maker, CASH), balance(maker, TAX)) == (Baht(0), Baht(0))
    assert journals(maker).count == 2


def test_reverse_voucher_refuses_a_second_reversal():
    maker, poster = a_team()
    row = a_posted(maker, poster).row
    same = {"actor": poster, "voucher_id": row.voucher_id, "reason": "ผิดบัญชี", "at": AT}
    commands.reverse_voucher(day=date(2024, 10, 9), key=uuid.uuid4(), **same)

    refused = codes(commands.reverse_voucher, day=date(2024, 10, 10), key=uuid.uuid4(), **same)

    assert [code for code, _ in refused] in (["ledger.already_reversed"], ["ledger.idempotency_conflict"])


def test_copy_voucher_makes_one_draft_dated_today():
    maker, poster = a_team()
    source = a_posted(maker, poster, content(date="1/10/2567")).row
    same = {"actor": maker, "voucher_id": source.voucher_id, "new_id": uuid.uuid4(), "at": AT}

    made, again = commands.copy_voucher(**same), commands.copy_voucher(**same)

    assert made == again
    assert (made.row.state, made.row.day, made.copied_from) == (
        VoucherState.DRAFT,
        date(2024, 10, 3),
        source.voucher_id,
    )
    assert made.content.lines == content().lines


def test_preview_voucher_shows_the_number_and_both_balances_and_posts_nothing():
    maker, poster = a_team()
    first = a_posted(maker, poster).row

    shown = commands.preview_voucher(actor=maker, voucher_id=uuid.uuid4(), content=content("50"), at=AT)

    assert shown.posted.label != first.journal_label
    assert [(each.account, each.before, each.after) for each in shown.effects] == [
        (CASH, baht("250"), baht("300")),
        (TAX, baht("-250"), baht("-300")),
    ]
    assert journals(maker).count == 1
    assert a_posted(maker, poster).row.journal_label == shown.posted.label


def test_attach_keeps_the_bytes_once_and_detach_keeps_them_still(settings):
    maker, _ = a_team()
    row = a_draft(maker).row
    same = {"actor": maker, "voucher_id": row.voucher_id, "attachment_id": uuid.uuid4(), "content": PDF, "at": AT}

    first, again = commands.attach(name="ใบเสร็จ.pdf", **same), commands.attach(name="ใบเสร็จ.pdf", **same)

    file = queries.attachment_file(entity_id=maker.entity_id, sha256=first.sha256)
    assert first == again
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (PDF, 0o600)
    commands.detach(actor=maker, attachment_id=first.attachment_id, at=AT)
    commands.detach(actor=maker, attachment_id=first.attachment_id, at=AT)
    with entity_transaction(maker.entity_id):
        assert queries.attachments(voucher_id=row.voucher_id) == ()
    assert file.exists()


def test_attach_and_detach_refuse_once_submitted():
    maker, _ = a_team()
    row = a_submitted(maker).row
    same = {"actor": maker, "voucher_id": row.voucher_id, "name": "a.pdf", "content": PDF, "at": AT}

    assert codes(commands.attach, attachment_id=uuid.uuid4(), **same) == [("journal_vouchers.move_not_allowed", "")]
    assert codes(commands.detach, actor=maker, attachment_id=uuid.uuid4(), at=AT) == [
        ("journal_vouchers.file_unknown", "")
    ]


def test_nothing_of_one_entity_is_seen_or_moved_from_another():
    maker, _ = a_team()
    row = a_submitted(maker).row
    stranger, strange_poster = a_team()

    with entity_transaction(stranger.entity_id):
        assert queries.voucher(voucher_id=row.voucher_id) is None
        assert queries.vouchers(VoucherFilter()).count == 0
    refused = codes(
        commands.post_voucher, actor=strange_poster, voucher_id=row.voucher_id, revision=1, key=uuid.uuid4(), at=AT
    )
    assert refused == [("journal_vouchers.voucher_unknown", "")]


def test_a_posted_voucher_and_its_history_are_kept_by_the_database():
    maker, poster = a_team()
    row = a_posted(maker, poster).row
    attacks = [
        lambda: Voucher.objects.filter(id=row.voucher_id).update(content={}),
        lambda: Voucher.objects.filter(id=row.voucher_id).update(state="draft", journal_no=None),
        lambda: Voucher.objects.filter(id=row.voucher_id).delete(),
        lambda: VoucherEvent.objects.filter(voucher_id=row.voucher_id).update(reason="x"),
        lambda: VoucherEvent.objects.filter(voucher_id=row.voucher_id).delete(),
    ]

    with entity_transaction(maker.entity_id):
        for attack in attacks:
            with pytest.raises(DatabaseError), transaction.atomic():
                attack()
