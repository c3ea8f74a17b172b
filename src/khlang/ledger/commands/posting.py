"""Post, preview, reverse: a thin typed door to ledger_post_journals()."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, OPENING_PERIOD, fiscal_year_of, period_of
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import postings, queries
from khlang.ledger.rules import JournalDraft, LineDraft, PostedJournal, split_account
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

_POST = "SELECT * FROM ledger_post_journals(%s, %s, %s, %s, %s, %s::jsonb)"


def post_journal(*, actor: Actor, journal: JournalDraft) -> PostedJournal:
    """Post one journal; the same key with the same content gives the first answer again.

    Refuses every reason of `check_journal`, ledger.idempotency_conflict, identity.not_permitted. Source: R9, R10, R268.
    """
    require(actor, "ledger.post")
    return _post_one(actor=actor, journal=journal)


def post_journals(
    *,
    actor: Actor,
    journals: Sequence[JournalDraft],
    batch_id: UUID | None = None,
) -> tuple[PostedJournal, ...]:
    """Post all of these journals of one entity or none, in one transaction, in the order given.

    A refusal's `where` begins with the journal it speaks of: "journals.3.lines.0.account".
    """
    require(actor, "continuity.import" if batch_id else "ledger.post")
    return _post(actor=actor, journals=journals, batch_id=batch_id)


def _post_one(*, actor: Actor, journal: JournalDraft) -> PostedJournal:
    try:
        return _post(actor=actor, journals=(journal,), batch_id=None)[0]
    except Refused as refused:
        raise Refused(*(r.at(r.where.removeprefix("journals.0.")) for r in refused.refusals)) from refused


def _post(*, actor: Actor, journals: Sequence[JournalDraft], batch_id: UUID | None) -> tuple[PostedJournal, ...]:
    if not journals:
        return ()
    request = json.dumps([_request(journal) for journal in journals], ensure_ascii=False)
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        values = (actor.entity_id, actor.user_id, actor.name, actor.request_id, batch_id, request)
        answers = sorted(sql.rows(_POST, values))
        return tuple(_posted(answer) for answer in answers)


def preview_journal(*, actor: Actor, journal: JournalDraft) -> PostedJournal:
    """Do everything that posting does, then take it back: the number shown is the one it would get now."""
    require(actor, "ledger.read")
    with entity_transaction(actor.entity_id):
        point = transaction.savepoint()
        try:
            return _post_one(actor=actor, journal=journal)
        finally:
            transaction.savepoint_rollback(point)


def reverse_journal(
    *,
    actor: Actor,
    fiscal_year: int,
    sequence_no: int,
    day: date,
    reason: str,
    idempotency_key: UUID,
) -> PostedJournal:
    """Post the mirror of a journal, dated `day` (its own day for opening and closing journals).

    Refuses ledger.journal_unknown, ledger.already_reversed, ledger.reason_missing and what posting refuses (R9).
    """
    require(actor, "ledger.reverse")
    if not reason.strip():
        raise Refused(Refusal("ledger.reason_missing", where="reason"))
    with entity_transaction(actor.entity_id):
        journal = queries.journal(fiscal_year=fiscal_year, sequence_no=sequence_no)
        if journal is None:
            facts = {"fiscal_year": fiscal_year, "sequence_no": sequence_no}
            raise Refused(Refusal("ledger.journal_unknown", facts))
        fixed = journal.period in (OPENING_PERIOD, CLOSING_PERIOD)
        draft = postings.reversal(
            journal=journal,
            day=journal.date if fixed else day,
            period=journal.period if fixed else period_of(day),
            reason=reason.strip(),
            idempotency_key=idempotency_key,
        )
        return _post_one(actor=actor, journal=draft)


def _request(journal: JournalDraft) -> dict[str, Any]:
    reverses_year, reverses_no = journal.reverses or (None, None)
    return {
        "idempotency_key": str(journal.idempotency_key),
        "date": journal.date.isoformat(),
        "fiscal_year": journal.year,
        "period": journal.posting_period,
        "kind": journal.kind,
        "description": journal.description,
        "source_area": journal.source_area,
        "source_id": str(journal.source_id) if journal.source_id else None,
        "reverses_year": reverses_year,
        "reverses_no": reverses_no,
        "lines": [_line(line) for line in journal.lines],
    }


def _line(line: LineDraft) -> dict[str, str | None]:
    account, sub_account = split_account(line.account)
    return {
        "account": account,
        "sub_account": sub_account,
        "fund_source": line.fund_source,
        "budget_type": line.budget_type or None,
        "debit": str(line.debit),
        "credit": str(line.credit),
        "description": line.description,
    }


def _posted(answer: tuple[Any, ...]) -> PostedJournal:
    _, fiscal_year, sequence_no, series, number, period, day, replayed = answer
    label = queries.journal_label(series=series, number=number, fiscal_year=fiscal_year)
    return PostedJournal(fiscal_year, sequence_no, series, number, label, period, day, replayed)


def default_reversal_day(*, journal_day: date, today: date) -> date:
    """Today when it lies in the journal's fiscal year, else the journal's own day."""
    return today if fiscal_year_of(today) == fiscal_year_of(journal_day) else journal_day
