"""Post what a file holds, 500 journals in a transaction, so that a power cut costs at most the chunk under way."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from khlang.audit import commands as audit
from khlang.continuity import queries
from khlang.continuity.commands import checks, rows, streams
from khlang.continuity.commands.progress import Progress, silent
from khlang.continuity.readers.sources import Source
from khlang.continuity.rules.checking import check_candidate
from khlang.continuity.rules.findings import Findings, Weight
from khlang.continuity.rules.layouts import limit
from khlang.continuity.rules.reading import Candidate, Reading
from khlang.continuity.rules.side_sheets import facts_with
from khlang.continuity.rules.states import ImportState
from khlang.continuity.rules.views import ImportView
from khlang.identity import commands as identity
from khlang.identity import queries as identity_queries
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import commands as ledger_commands
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalDraft, LedgerFacts
from khlang.toolkit.tenancy import entity_transaction


@dataclass(slots=True)
class _Run:
    """One run of posting, from where the last one stopped."""

    actor: Actor
    view: ImportView
    source: Source
    reading: Reading
    facts: LedgerFacts
    findings: Findings
    accepts_valid: bool
    done: int
    posted: int
    replayed: int
    refused: list[tuple[Candidate, Refused]] = field(default_factory=list)


def post(
    *,
    actor: Actor,
    import_id: UUID,
    at: datetime,
    accepts_valid: bool = False,
    progress: Progress = silent,
) -> ImportView:
    """Post a checked import; called again after a break it goes on where it stopped, and posted it changes nothing.

    All or nothing unless `accepts_valid`: then the right journals are posted and the wrong ones left out. When the
    books change under way (another file took a reference), it stops and says where; the rest may follow, or be undone.
    Whoever sent the file does not approve it (R331): refuses identity.same_person. Also continuity.wrong_state,
    .file_has_errors {errors}, .undo_running, identity.not_permitted.
    """
    today = localdate(at)
    view = begin_posting(actor=actor, import_id=import_id, at=at, accepts_valid=accepts_valid)
    if view.state is not ImportState.POSTING:
        return view
    run = _begun(actor, view, today, accepts_valid=view.accepts_valid)
    if not _post_chunks(run, progress):
        return rows.load(actor=actor, import_id=import_id)
    return _finished(run)


def begin_posting(*, actor: Actor, import_id: UUID, at: datetime, accepts_valid: bool = False) -> ImportView:
    """Take every decision that posting needs, and move to posting; the work itself may follow in a job.

    Refuses what `post` refuses. A posted import is given back as it is.
    """
    require(actor, "continuity.post")
    view = rows.load(actor=actor, import_id=import_id)
    if view.state is ImportState.POSTED:
        return view
    view = _checked_again_if_needed(actor, view, localdate(at))
    accepts_valid = accepts_valid or view.accepts_valid
    if view.errors and not accepts_valid and view.state is ImportState.CHECKED:
        raise Refused(Refusal("continuity.file_has_errors", {"errors": view.errors}))
    with entity_transaction(actor.entity_id):
        hand = _second_hand(actor, view, at)
        return rows.move(actor=actor, view=view, to=ImportState.POSTING, accepts_valid=accepts_valid, **hand)


def _second_hand(actor: Actor, view: ImportView, at: datetime) -> dict[str, Any]:
    """Whoever sent a file is not the one who approves it; going on with what she approved asks nothing anew (R331)."""
    if view.posted_by == actor.user_id:
        return {}
    identity.separate(
        actor=actor,
        step="journal_approved",
        taken={"journal_prepared": [view.made_by]},
        act="continuity.post",
        document=f"import:{view.id}",
        at=at,
    )
    return {"posted_by": actor.user_id, "posted_by_name": actor.name}


def _checked_again_if_needed(actor: Actor, view: ImportView, today: date) -> ImportView:
    """A check speaks of the books as they were: when they have changed since, it is made again before anything is posted."""
    if view.state is not ImportState.CHECKED:
        return view
    with entity_transaction(actor.entity_id):
        if queries.is_undoing(besides=view.id):
            raise Refused(Refusal("continuity.undo_running"))
        same = queries.facts_digest(ledger.facts()) == view.facts_seen
    return view if same else checks.check(actor=actor, import_id=view.id, today=today)


def _begun(actor: Actor, view: ImportView, today: date, *, accepts_valid: bool) -> _Run:
    """Sub-accounts first, then the batch; both may have been made by an earlier run."""
    source = streams.opened(view)
    with entity_transaction(actor.entity_id):
        facts = ledger.facts()
        reading = queries.reading(actor=actor, view=view, facts=facts, today=today)
    findings = Findings()
    reading = source.describe(reading, Findings())
    asked = source.sub_accounts(reading, Findings(), facts)
    ledger_commands.open_batch(
        actor=actor,
        batch_id=view.id,
        kind="import",
        title=view.file_name,
        content=bytes.fromhex(view.file_sha256),
    )
    if not view.done:
        for row in asked:
            ledger_commands.add_sub_account(
                actor=actor, account=row.account, sub_account=row.sub_account, name_th=row.name
            )
    facts = facts_with(facts, asked)
    return _Run(actor, view, source, reading, facts, findings, accepts_valid, view.done, view.posted, view.replayed)


def _post_chunks(run: _Run, progress: Progress) -> bool:
    """Post chunk after chunk; False when the run had to stop."""
    size = limit("check", "journals_per_transaction")
    skip = run.done
    for some in streams.in_chunks(run.source.candidates(run.reading), size=size):
        if skip >= len(some):
            skip -= len(some)
            continue
        try:
            _post_chunk(run, some[skip:])
        except Refused as refused:
            if not run.accepts_valid:
                _stop(run, some[skip:], refused)
                return False
            _post_one_by_one(run, some[skip:])
        skip = 0
        progress(run.done)
    return True


def _post_chunk(run: _Run, some: list[Candidate]) -> None:
    """Everything of a chunk, and how far we have come, in one transaction."""
    if run.accepts_valid:
        for made in some:
            check_candidate(made, run.facts)
    with entity_transaction(run.actor.entity_id):
        chunk = streams.Chunk(some)
        streams.settle(chunk, reading=run.reading)
        drafts, replays = _drafts(run, chunk)
        answers = ledger_commands.post_journals(actor=run.actor, journals=drafts, batch_id=run.view.id)
        replays += sum(answer.replayed for answer in answers)
        posted = run.posted + sum(not answer.replayed for answer in answers)
        counts = {"done": run.done + len(some), "posted": posted, "replayed": run.replayed + replays}
        rows.advance(actor=run.actor, view=run.view, expected=run.done, **counts)
    run.done, run.posted, run.replayed = counts["done"], counts["posted"], counts["replayed"]


def _drafts(run: _Run, chunk: streams.Chunk) -> tuple[list[JournalDraft], int]:
    """What of a chunk is to be posted, and how many of it are in the books already."""
    drafts: list[JournalDraft] = []
    for position, made in enumerate(chunk.candidates):
        if made.has_errors and not run.accepts_valid:
            raise Refused(*(refusal for weight, refusal in made.found if weight is Weight.ERROR))
        if made.draft is not None and not made.has_errors and not chunk.is_replay(position):
            drafts.append(made.draft)
    return drafts, len(chunk.replayed)


def _post_one_by_one(run: _Run, some: list[Candidate]) -> None:
    """The books refuse something of a chunk that looked right: find it, leave it out, keep the reason."""
    for made in some:
        try:
            _post_chunk(run, [made])
        except Refused as refused:
            made.found = []
            for refusal in refused.refusals:
                made.refuse(refusal)
                run.findings.add(
                    Weight.ERROR, refusal.at(made.where(refusal.where)), row=made.row, reference=made.reference
                )
            with entity_transaction(run.actor.entity_id):
                rows.advance(actor=run.actor, view=run.view, expected=run.done, done=run.done + 1)
            run.done += 1


def _stop(run: _Run, some: list[Candidate], refused: Refused) -> None:
    for refusal in refused.refusals:
        made = _spoken_of(refusal, some)
        where = made.where(refusal.where) if refusal.where.startswith("journals.") else refusal.where
        run.findings.add(Weight.ERROR, refusal.at(where), row=made.row, reference=made.reference)
    rows.move(actor=run.actor, view=run.view, to=ImportState.STOPPED, **rows.kept_findings(run.findings))


def _spoken_of(refusal: Refusal, some: list[Candidate]) -> Candidate:
    """The journal a refusal of the ledger speaks of (`journals.3.lines.0.account`), the first of the chunk otherwise."""
    parts = refusal.where.split(".")
    position = int(parts[1]) if parts[0] == "journals" and parts[1:2] and parts[1].isdigit() else 0
    return some[min(position, len(some) - 1)]


def _finished(run: _Run) -> ImportView:
    """Estimates, the end of the batch, the record."""
    estimates = run.source.estimates(run.reading, Findings(), run.facts)
    year = run.reading.fiscal_year
    if estimates and year is not None:
        ledger_commands.set_estimates(actor=run.actor, fiscal_year=year, estimates=estimates)
    fields = {}
    if run.findings.errors:
        late = rows.kept_findings(run.findings)
        fields = {
            "errors": run.view.errors + late["errors"],
            "findings": [finding.as_json() for finding in run.view.findings] + late["findings"],
        }
    with entity_transaction(run.actor.entity_id):
        ledger_commands.finish_batch(actor=run.actor, batch_id=run.view.id)
        uses = identity_queries.exception_uses(document=f"import:{run.view.id}")
        facts: dict[str, object] = {"posted": run.posted, "replayed": run.replayed, "file": run.view.file_name}
        if uses:
            facts["exceptions"] = [{"rule": use.rule, "order": use.order_number} for use in uses]
        view = rows.move(actor=run.actor, view=run.view, to=ImportState.POSTED, **fields)
        audit.record(actor=run.actor, act="continuity.post", document=f"import:{run.view.id}", facts=facts)
    return view
