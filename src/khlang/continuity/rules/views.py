"""What an import shows of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from khlang.continuity.rules.findings import Finding
from khlang.continuity.rules.states import AT_WORK, ImportState


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import as pages, commands and jobs see it."""

    id: UUID
    mode: str
    state: ImportState
    file_name: str
    file_size: int
    file_sha256: str
    file_path: str
    fiscal_year: int | None
    converts_old_codes: bool
    accepts_valid: bool
    compare_to: date | None
    done: int
    total: int
    posted: int
    replayed: int
    undone: int
    errors: int
    warnings: int
    findings: tuple[Finding, ...]
    summary: Mapping[str, Any]
    facts_seen: str
    reason: str
    made_by: int
    made_by_name: str
    made_at: datetime
    posted_by: int | None
    posted_by_name: str
    beat_at: datetime

    @property
    def is_at_work(self) -> bool:
        """Whether a job is busy with it, or was before it was interrupted."""
        return self.state in AT_WORK

    @property
    def percent(self) -> int:
        """How much of the work is done."""
        if self.state is ImportState.POSTED:
            return 100
        done = self.undone if self.state is ImportState.UNDOING else self.done
        of = self.posted if self.state is ImportState.UNDOING else self.total
        return min(100, 100 * done // of) if of else 0

    @property
    def valid(self) -> int:
        """How many journals may be posted."""
        return int(self.summary.get("valid", 0))

    @property
    def may_post(self) -> bool:
        """Whether the whole file may be posted."""
        return self.state is ImportState.CHECKED and not self.errors and (self.valid > 0 or self.has_side_data)

    @property
    def may_post_valid(self) -> bool:
        """Whether the right journals may be posted while the wrong ones are left out."""
        return self.state is ImportState.CHECKED and self.errors > 0 and self.valid > 0

    @property
    def may_undo(self) -> bool:
        """Whether there is something to take back."""
        return self.state in (ImportState.POSTED, ImportState.STOPPED) and self.posted > 0

    @property
    def has_side_data(self) -> bool:
        """Whether it brings estimates or sub-accounts."""
        return bool(self.summary.get("estimates") or self.summary.get("sub_accounts"))

    @property
    def hidden_findings(self) -> int:
        """How many findings are counted but not kept."""
        return max(0, int(self.summary.get("findings", 0)) - len(self.findings))


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What the command answers."""

    import_id: UUID
    posted: int
    replayed: int
    refused: tuple[Finding, ...]
    errors: int
    state: ImportState
