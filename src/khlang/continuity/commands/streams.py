"""The one stream that dry run and posting share: candidates out of the file, with what the books say of their keys."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from khlang.continuity import queries
from khlang.continuity.readers.sources import Source, open_source
from khlang.continuity.rules import keys
from khlang.continuity.rules.findings import Weight
from khlang.continuity.rules.reading import Candidate, Reading
from khlang.continuity.rules.views import ImportView
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import queries as ledger
from khlang.ledger.queries import PostedKey
from khlang.ledger.rules import draft_content_hash


@dataclass(slots=True)
class Chunk:
    """Some candidates in file order; those already in the books are told apart."""

    candidates: list[Candidate]
    replayed: set[int] = field(default_factory=set)

    def is_replay(self, position: int) -> bool:
        """Whether the candidate at this position stands in the books already."""
        return position in self.replayed


def opened(view: ImportView) -> Source:
    """The stored file of an import. Refuses continuity.file_lost and what the readers refuse."""
    path = Path(queries.stored_path(view))
    if not path.is_file():
        raise Refused(Refusal("continuity.file_lost"))
    return open_source(path, name=view.file_name)


def in_chunks(candidates: Iterable[Candidate], *, size: int) -> Iterator[list[Candidate]]:
    """Candidates, so many at a time."""
    chunk: list[Candidate] = []
    for candidate in candidates:
        chunk.append(candidate)
        if len(chunk) >= size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def settle(chunk: Chunk, *, reading: Reading) -> None:
    """Ask the books about the keys of a chunk, inside an entity transaction.

    A journal that was undone gets the key of a next attempt; other content under a living key is
    ledger.idempotency_conflict; a key of the sender's own that was undone is continuity.replays_reversed.
    """
    candidates = chunk.candidates
    open_ones = {position: 1 for position, made in enumerate(candidates) if made.draft and not made.has_errors}
    while open_ones:
        posted = ledger.posted_keys(keys=[_key(candidates[position]) for position in open_ones])
        again: dict[int, int] = {}
        for position, attempt in open_ones.items():
            found = posted.get(_key(candidates[position]))
            if found is not None and _is_undone(chunk, position, found):
                again[position] = attempt + 1
                _next_attempt(candidates[position], reading, attempt + 1)
        open_ones = again
    for position, made in enumerate(candidates):
        if made.repeats_earlier:
            chunk.replayed.add(position)


def _key(made: Candidate) -> UUID:
    if made.draft is None:
        raise ValueError("a candidate without a draft has no key")
    return made.draft.idempotency_key


def _is_undone(chunk: Chunk, position: int, found: PostedKey) -> bool:
    """Whether the candidate needs the key of a next attempt."""
    made = chunk.candidates[position]
    if made.draft is None:
        return False
    if found.is_reversed:
        if made.key_is_ours:
            return True
        facts = {"key": str(found.key)}
        made.found.append(
            (Weight.WARNING, Refusal("continuity.replays_reversed", facts, made.where("idempotency_key")))
        )
        chunk.replayed.add(position)
    elif found.content_hash == draft_content_hash(made.draft):
        chunk.replayed.add(position)
    else:
        made.refuse(
            Refusal("ledger.idempotency_conflict", {"key": made.reference, "journal": found.label}, "idempotency_key")
        )
    return False


def _next_attempt(made: Candidate, reading: Reading, attempt: int) -> None:
    draft = made.draft
    if draft is None:
        return
    if draft.kind == "opening" and not made.reference:
        key = keys.opening_key(entity_id=reading.entity_id, fiscal_year=draft.year, attempt=attempt)
    else:
        key = keys.journal_key(
            entity_id=reading.entity_id,
            fiscal_year=draft.year,
            reference=made.reference,
            attempt=attempt,
        )
    made.draft = replace(draft, idempotency_key=key)
