"""What a check found: every reason counted, the first thousand kept, in the order of the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from khlang.continuity.rules.layouts import limit
from khlang.kernel.refusals import Refusal


class Weight(StrEnum):
    """How much a finding matters: an error is not posted, a warning is worth a look, a note says what we understood."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found at one place of the file."""

    weight: Weight
    refusal: Refusal
    row: int
    reference: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form in which a finding is kept."""
        return {
            "weight": str(self.weight),
            "code": self.refusal.code,
            "facts": dict(self.refusal.facts),
            "where": self.refusal.where,
            "row": self.row,
            "reference": self.reference,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Finding":
        """The finding that as_json() kept."""
        refusal = Refusal(kept["code"], kept["facts"], kept["where"])
        return cls(Weight(kept["weight"]), refusal, kept["row"], kept["reference"])


@dataclass(slots=True)
class Findings:
    """Gathers findings without growing with the file."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Weight), 0))
    by_code: dict[str, int] = field(default_factory=dict)
    shown: list[Finding] = field(default_factory=list)

    def add(self, weight: Weight, refusal: Refusal, *, row: int, reference: str = "") -> None:
        """Count a finding, and keep it while there is room. Each weight has room of its own."""
        self.counts[weight] += 1
        self.by_code[refusal.code] = self.by_code.get(refusal.code, 0) + 1
        kept_max = limit("check", "findings_shown_max")
        if self.counts[weight] <= kept_max:
            self.shown.append(Finding(weight, refusal, row, reference))

    def add_all(self, weight: Weight, refusals: Iterable[Refusal], *, row: int, reference: str = "") -> None:
        """Count several of one row."""
        for refusal in refusals:
            self.add(weight, refusal, row=row, reference=reference)

    def add_found(self, found: Iterable[tuple[Weight, Refusal]], *, row: int, reference: str) -> None:
        """Count what was found about one journal."""
        for weight, refusal in found:
            self.add(weight, refusal, row=row, reference=reference)

    @property
    def errors(self) -> int:
        """How many errors there are, kept or not."""
        return self.counts[Weight.ERROR]
