"""The dry run: reads the whole file, posts nothing, keeps every reason and what would be posted."""

from datetime import date
from typing import Any
from uuid import UUID

from khlang.continuity import queries
from khlang.continuity.commands import rows, streams
from khlang.continuity.commands.progress import Progress, silent
from khlang.continuity.rules.checking import Totals, check_candidate
from khlang.continuity.rules.findings import Findings, Weight
from khlang.continuity.rules.layouts import limit
from khlang.continuity.rules.reading import Reading
from khlang.continuity.rules.side_sheets import facts_with
from khlang.continuity.rules.states import ImportState, check_move
from khlang.continuity.rules.views import ImportView
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import queries as ledger
from khlang.ledger.rules import LedgerFacts
from khlang.toolkit.tenancy import entity_transaction


def check(*, actor: Actor, import_id: UUID, today: date, progress: Progress = silent) -> ImportView:
    """Read the file against the books: uploaded → checking → checked, or refused when it cannot be read at all.

    Refuses continuity.wrong_state, .undo_running. What is wrong inside the file is kept, not raised.
    """
    require(actor, "continuity.import")
    view = rows.load(actor=actor, import_id=import_id)
    view = rows.move(actor=actor, view=view, to=ImportState.CHECKING, done=0, total=0)
    findings = Findings()
    try:
        state, fields = ImportState.CHECKED, _read(actor, view, today, findings, progress)
    except Refused as refused:
        findings.add_all(Weight.ERROR, refused.refusals, row=0)
        state, fields = ImportState.REFUSED, {"summary": {"findings": len(findings.shown)}}
    return rows.move(actor=actor, view=view, to=state, **fields, **rows.kept_findings(findings))


def choose(*, actor: Actor, import_id: UUID, converts_old_codes: bool) -> ImportView:
    """Choose how the file is read the next time it is checked. Refuses continuity.wrong_state once it is being posted."""
    require(actor, "continuity.import")
    view = rows.load(actor=actor, import_id=import_id)
    check_move(now=view.state, wanted=ImportState.CHECKING)
    rows.beat(actor=actor, view=view, converts_old_codes=converts_old_codes)
    return rows.load(actor=actor, import_id=import_id)


def _read(actor: Actor, view: ImportView, today: date, findings: Findings, progress: Progress) -> dict[str, Any]:
    source = streams.opened(view)
    with entity_transaction(actor.entity_id):
        if queries.is_undoing(besides=view.id):
            raise Refused(Refusal("continuity.undo_running"))
        facts = ledger.facts()
        reading = queries.reading(actor=actor, view=view, facts=facts, today=today)
        earlier = queries.same_file(sha256=view.file_sha256, besides=view.id)
    if earlier is not None:
        known = {"date": earlier.made_at.date().isoformat(), "state": str(earlier.state)}
        findings.add(Weight.WARNING, Refusal("continuity.file_sent_before", known), row=0)
    reading = source.describe(reading, findings)
    digest = queries.facts_digest(facts)
    asked = source.sub_accounts(reading, findings, facts)
    facts = facts_with(facts, asked)
    totals = Totals()
    for some in streams.in_chunks(source.candidates(reading), size=limit("check", "journals_per_transaction")):
        _check_chunk(actor, streams.Chunk(some), reading, facts, (findings, totals))
        rows.beat(actor=actor, view=view, total=totals.journals)
        progress(totals.journals)
    estimates = source.estimates(reading, findings, facts)
    if not totals.journals and not estimates and not asked and not findings.errors:
        findings.add(Weight.ERROR, Refusal("continuity.nothing_to_import"), row=0)
    return {
        "done": 0,
        "total": totals.journals,
        "facts_seen": digest,
        "fiscal_year": reading.fiscal_year,
        "summary": _summary(totals, findings, sub_accounts=len(asked), estimates=len(estimates)),
    }


def _check_chunk(
    actor: Actor,
    chunk: streams.Chunk,
    reading: Reading,
    facts: LedgerFacts,
    counted: tuple[Findings, Totals],
) -> None:
    findings, totals = counted
    for made in chunk.candidates:
        check_candidate(made, facts)
    with entity_transaction(actor.entity_id):
        streams.settle(chunk, reading=reading)
    for position, made in enumerate(chunk.candidates):
        totals.journals += 1
        findings.add_found(made.found, row=made.row, reference=made.reference)
        if chunk.is_replay(position):
            totals.replayed += 1
        elif made.draft is not None and not made.has_errors:
            totals.count(made, made.draft)


def _summary(totals: Totals, findings: Findings, *, sub_accounts: int, estimates: int) -> dict[str, Any]:
    return {
        "journals": totals.journals,
        "valid": totals.valid,
        "replayed": totals.replayed,
        "lines": totals.lines,
        "debit": str(totals.debit),
        "months": [[month, count, str(amount)] for month, (count, amount) in sorted(totals.by_month.items())],
        "preview": totals.preview,
        "sub_accounts": sub_accounts,
        "estimates": estimates,
        "findings": sum(findings.counts.values()),
        "by_code": findings.by_code,
    }
