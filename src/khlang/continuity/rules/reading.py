"""What a file is read against: whose it is, which year it declares, and the words it may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from khlang.continuity.rules.findings import Weight
from khlang.continuity.rules.layouts import HeaderMatch, place
from khlang.kernel.refusals import Refusal
from khlang.ledger.rules import JournalDraft


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of the reference tables, each with its code; keys are lower case."""

    kinds: Mapping[str, str]
    fund_sources: Mapping[str, str]
    budget_types: Mapping[str, str]
    accounts: frozenset[str]
    todays_code: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one file."""

    entity_id: int
    entity_code: str
    today: date
    vocabulary: Vocabulary
    fiscal_year: int | None = None
    converts_old_codes: bool = False


@dataclass(slots=True)
class Candidate:
    """One journal as the file tells it: a draft when it could be read, and everything found on the way."""

    sheet: str
    rows: list[int]
    reference: str
    match: HeaderMatch | None
    draft: JournalDraft | None = None
    found: list[tuple[Weight, Refusal]] = field(default_factory=list)
    repeats_earlier: bool = False
    key_is_ours: bool = True

    @property
    def row(self) -> int:
        """The row or line where it begins."""
        return self.rows[0]

    @property
    def has_errors(self) -> bool:
        """Whether anything found forbids posting it."""
        return any(weight is Weight.ERROR for weight, _ in self.found)

    def where(self, path: str) -> str:
        """The cell of a field path of its draft: `lines.2.debit` is the debit cell of its third row."""
        line, name = _split(path)
        if self.match is None:
            at = ".".join(part for part in ("" if line is None else f"lines.{line}", name) if part)
            return f"{self.row}:{at}" if at else str(self.row)
        row = self.rows[min(line or 0, len(self.rows) - 1)]
        return place(self.sheet, row, self.match.letter(_column(line, name)))

    def refuse(self, refusal: Refusal) -> None:
        """Add a reason of the ledger, moved from its field path to its cell."""
        self.found.append((Weight.ERROR, refusal.at(self.where(refusal.where))))


_ELSEWHERE = {
    "": "reference",
    "lines": "debit",
    "period": "date",
    "fiscal_year": "date",
    "idempotency_key": "reference",
}


def _column(line: int | None, name: str) -> str:
    if line is not None:
        return {"description": "line_description", "": "debit"}.get(name, name)
    return _ELSEWHERE.get(name, name)


def _split(path: str) -> tuple[int | None, str]:
    """`lines.2.debit` is (2, debit); `journals.4.date` and `date` are (None, date)."""
    parts = path.split(".")
    if parts[0] == "journals":
        parts = parts[2:]
    if len(parts) > 1 and parts[0] == "lines" and parts[1].isdigit():
        return int(parts[1]), ".".join(parts[2:])
    return None, ".".join(parts)


@dataclass(frozen=True, slots=True)
class SubAccountRow:
    """A sub-account that the file asks for."""

    row: int
    account: str
    sub_account: str
    name: str

    @property
    def code(self) -> str:
        """Its full code."""
        return f"{self.account}-{self.sub_account}"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file says about itself before its rows are read."""

    name: str
    size: int
    sha256: str
    version: str = ""
    entity_code: str = ""
    fiscal_year: int | None = None
    encoding: str = ""
    batch_id: UUID | None = None
