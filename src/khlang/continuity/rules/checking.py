"""The dry run: every journal of a file against the ledger's facts, every reason at its cell, totals of what is right."""

from dataclasses import dataclass, field

from khlang.continuity.rules.findings import Weight
from khlang.continuity.rules.reading import Candidate
from khlang.kernel.money import ZERO, Baht
from khlang.ledger.rules import JournalDraft, LedgerFacts, check_journal

PREVIEW_ROWS = 20


@dataclass(slots=True)
class Totals:
    """What a file holds, and what of it may be posted."""

    journals: int = 0
    valid: int = 0
    replayed: int = 0
    lines: int = 0
    debit: Baht = ZERO
    by_month: dict[str, tuple[int, Baht]] = field(default_factory=dict)
    preview: list[dict[str, str | int]] = field(default_factory=list)

    def count(self, candidate: Candidate, draft: JournalDraft) -> None:
        """Add a journal that may be posted."""
        self.valid += 1
        self.lines += len(draft.lines)
        debit = draft.debit
        self.debit += debit
        month = draft.date.isoformat()[:7]
        count, amount = self.by_month.get(month, (0, ZERO))
        self.by_month[month] = (count + 1, amount + debit)
        if len(self.preview) < PREVIEW_ROWS:
            self.preview.append(
                {
                    "reference": candidate.reference,
                    "where": candidate.where(""),
                    "date": draft.date.isoformat(),
                    "kind": draft.kind,
                    "description": draft.description,
                    "lines": len(draft.lines),
                    "amount": str(debit),
                },
            )


def check_candidate(candidate: Candidate, facts: LedgerFacts) -> None:
    """Add the ledger's reasons to a candidate; what the reader has said of a cell already is not said again."""
    draft = candidate.draft
    if draft is None:
        return
    said = {refusal.where for weight, refusal in candidate.found if weight is Weight.ERROR}
    unread = any(refusal.code.startswith(_AMOUNT_UNREAD) for _, refusal in candidate.found)
    for refusal in check_journal(draft, facts):
        where = candidate.where(refusal.where)
        if where in said or (unread and refusal.code in _FOLLOWS):
            continue
        candidate.found.append((Weight.ERROR, refusal.at(where)))


# An amount that could not be read leaves a line without amount and a journal out of balance: one cause, said once.
_AMOUNT_UNREAD = ("kernel.amount", "continuity.amount", "continuity.formula")
_FOLLOWS = frozenset({"ledger.unbalanced", "ledger.line_without_amount"})
