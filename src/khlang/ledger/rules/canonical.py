"""The one canonical text of a journal, and its hash: the twin of ledger_content() and ledger_chain() in SQL."""

import hashlib
from datetime import UTC

from khlang.ledger.rules.drafts import JournalDraft, split_account
from khlang.ledger.rules.views import JournalView, LineView

FIELD, RECORD, PART = "\x1f", "\x1e", "\x1d"
VERSION = "khlang-1"


def content_text(journal: JournalView) -> str:
    """What was asked for: day, year, period, kind, words, source, and every line."""
    reverses = journal.reverses or ("", "")
    head = (
        journal.date.isoformat(),
        journal.fiscal_year,
        journal.period,
        journal.kind,
        journal.description,
        journal.source_area,
        journal.source_id or "",
        *reverses,
    )
    return RECORD.join([FIELD.join(str(value) for value in head), *(_line_text(line) for line in journal.lines)])


def _line_text(line: LineView) -> str:
    fields = (
        line.line_no,
        line.account_code,
        line.sub_account,
        line.fund_source,
        line.budget_type or "",
        line.debit,
        line.credit,
        line.description,
    )
    return FIELD.join(str(value) for value in fields)


def draft_content_hash(draft: JournalDraft) -> bytes:
    """The hash under which the ledger keeps the content of a draft: equal hashes are a replay, others a conflict."""
    head = (
        draft.date.isoformat(),
        draft.year,
        draft.posting_period,
        draft.kind,
        draft.description,
        draft.source_area,
        draft.source_id or "",
        *(draft.reverses or ("", "")),
    )
    lines = (
        (
            number,
            *split_account(line.account),
            line.fund_source,
            line.budget_type or "",
            line.debit,
            line.credit,
            line.description,
        )
        for number, line in enumerate(draft.lines, start=1)
    )
    text = RECORD.join(FIELD.join(map(str, fields)) for fields in (head, *lines))
    return hashlib.sha256(text.encode()).digest()


def journal_hash(journal: JournalView, *, entity_id: int, previous_hash: bytes) -> bytes:
    """The hash the ledger must have stored: previous hash, then place, number, time, person, key and content."""
    head = (
        VERSION,
        entity_id,
        journal.sequence_no,
        journal.series,
        journal.number,
        journal.batch_id or "",
        journal.posted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        journal.posted_by,
        journal.posted_by_name,
        journal.idempotency_key,
    )
    text = FIELD.join(str(value) for value in head) + PART + content_text(journal)
    return hashlib.sha256(previous_hash + text.encode()).digest()
