"""Vouchers on paper and behind their journal: who made it, who posted it, what is attached."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from khlang.journal_vouchers import commands as vouchers
from khlang.kernel.money import baht
from khlang.official_forms import queries
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.journal_vouchers.makers import AT, PDF, a_draft, a_posted, a_team, content

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(settings, tmp_path):
    """A posted voucher with one file, its maker and who posted it."""
    settings.KHLANG_HOME = tmp_path
    maker, poster = a_team()
    draft = a_draft(maker).row
    vouchers.attach(
        actor=maker, voucher_id=draft.voucher_id, attachment_id=uuid.uuid4(), name="receipt.pdf", content=PDF, at=AT
    )
    row = vouchers.submit_voucher(
        actor=maker, voucher_id=draft.voucher_id, revision=draft.revision, key=uuid.uuid4(), at=AT
    ).row
    voucher = vouchers.post_voucher(
        actor=poster, voucher_id=row.voucher_id, revision=row.revision, key=uuid.uuid4(), at=AT
    )
    return maker, poster, voucher


def paper_of(actor, voucher_id):
    with entity_transaction(actor.entity_id):
        return queries.voucher_paper(actor=actor, voucher_id=voucher_id)


def get(actor, address):
    client = Client()
    builders.sign_in(client, actor)
    return client.get(address)


def test_posted_voucher_names_maker_poster_and_files(posted):
    maker, poster, voucher = posted

    paper = paper_of(maker, voucher.row.voucher_id)

    assert (paper.prepared_by, paper.posted_by) == (maker.name, poster.name)
    assert paper.attachments == ("receipt.pdf",)
    assert paper.label == voucher.row.journal_label
    assert (paper.debit, paper.credit) == (baht("250.00"), baht("250.00"))


def test_draft_voucher_prints_what_can_be_read_so_far():
    maker, _ = a_team()
    voucher = a_draft(maker, content("2,50x"))

    paper = paper_of(maker, voucher.row.voucher_id)

    assert paper.posted_at is None
    assert paper.debit == baht("0.00")
    assert paper.lines[0].account_name == "เงินสด"
    where = {"entity_code": maker.entity_code, "voucher_id": voucher.row.voucher_id}
    assert get(maker, reverse("official_forms:voucher", kwargs=where)).content.startswith(b"%PDF")


def test_journal_page_leads_to_its_voucher_and_files(posted):
    maker, _, voucher = posted
    fiscal_year, sequence_no = voucher.row.journal
    where = {"entity_code": maker.entity_code, "fiscal_year": fiscal_year, "sequence_no": sequence_no}

    page = get(maker, reverse("reporting:journal", kwargs=where)).content.decode()

    detail = {"entity_code": maker.entity_code, "voucher_id": voucher.row.voucher_id}
    file = detail | {"attachment_id": voucher.attachments[0].attachment_id}
    assert reverse("journal_vouchers:detail", kwargs=detail) in page
    assert reverse("journal_vouchers:attachment", kwargs=file) in page
    assert "receipt.pdf" in page


def test_posted_voucher_without_files_says_so():
    maker, poster = a_team()

    assert paper_of(maker, a_posted(maker, poster).row.voucher_id).attachments == ()
