"""Modes of the whole system: which one holds at a moment, which is announced next, and what may be set."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal


class Mode(StrEnum):
    """What the system lets people do. Each is switched without a restart."""

    NORMAL = "normal"
    READ_ONLY = "read_only"
    IDENTITY_ONLY = "identity_only"
    MAINTENANCE = "maintenance"


ANNOUNCED_AHEAD = timedelta(days=7)
"""From so long before its beginning a planned mode stands on every page; the status page shows it from the first."""

RETRY_SECONDS_MIN, RETRY_SECONDS_MAX = 30, 120
"""Bounds of Retry-After: a mode may end earlier than expected, so that browsers ask again within minutes."""


@dataclass(frozen=True, slots=True)
class ModeView:
    """One row of the history: a mode from a moment on, what people are told, who set it and why.

    `called_off_by` names who took a planned one back before it began. The words and the reason are as written.
    """

    number: int
    mode: Mode
    starts_at: datetime
    expected_end: datetime | None
    words_th: str
    words_en: str
    reason: str
    set_by_name: str
    set_at: datetime
    called_off_by: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """The mode at one moment and the one announced next; `present` is None while nobody ever set a mode."""

    at: datetime
    present: ModeView | None = None
    next: ModeView | None = None

    @property
    def mode(self) -> Mode:
        """The mode that holds."""
        return self.present.mode if self.present else Mode.NORMAL

    @property
    def is_normal(self) -> bool:
        """Whether everything works."""
        return self.mode is Mode.NORMAL

    @property
    def announced(self) -> ModeView | None:
        """The planned mode that every page shows by now, unless it only ends what holds."""
        near = self.next is not None and self.next.starts_at - self.at <= ANNOUNCED_AHEAD
        return self.next if near and self.next and self.next.mode is not Mode.NORMAL else None

    @property
    def until(self) -> datetime | None:
        """When the mode that holds is expected to end: the planned return when there is one, else what was announced."""
        if self.present is None or self.is_normal:
            return None
        if self.next is not None and self.next.mode is Mode.NORMAL:
            return self.next.starts_at
        return self.present.expected_end

    @property
    def is_overdue(self) -> bool:
        """Whether the expected end has passed, and people are to be told so."""
        return self.until is not None and self.until <= self.at

    @property
    def retry_seconds(self) -> int:
        """After how many seconds a browser asks again (Retry-After)."""
        left = int((self.until - self.at).total_seconds()) if self.until else RETRY_SECONDS_MAX
        return max(RETRY_SECONDS_MIN, min(RETRY_SECONDS_MAX, left))

    @property
    def refusal(self) -> Refusal | None:
        """Why writing is closed: operations.read_only, .identity_only or .maintenance {until}; None in normal mode."""
        if self.is_normal:
            return None
        return Refusal(f"operations.{self.mode}", {"until": instant_words(self.until)})


def situation(rows: Iterable[ModeView], *, at: datetime) -> Situation:
    """Which mode holds at a moment and which is announced next, from rows in any order.

    Of the rows that have begun the latest holds, and of two that begin together the one written later. What was called
    off never counts.
    """
    live = [row for row in rows if not row.called_off_by]
    begun = [row for row in live if row.starts_at <= at]
    coming = [row for row in live if row.starts_at > at]
    present = max(begun, key=lambda row: (row.starts_at, row.number), default=None)
    return Situation(at, present, min(coming, key=lambda row: (row.starts_at, -row.number), default=None))


@dataclass(frozen=True, slots=True)
class ModeDraft:
    """A mode about to be set. `starts_at` None means at once. Only the record reads the reason; everybody the words."""

    mode: str
    starts_at: datetime | None = None
    expected_end: datetime | None = None
    words_th: str = ""
    words_en: str = ""
    reason: str = ""


def check_mode(draft: ModeDraft, *, at: datetime) -> Iterator[Refusal]:
    """Every reason against setting a mode now.

    operations.mode_unknown {mode}, .start_is_past {start}, .end_missing, .end_not_after_start {end},
    .words_missing, .reason_missing.
    """
    if draft.mode not in set(Mode):
        yield Refusal("operations.mode_unknown", {"mode": draft.mode}, "mode")
        return
    closes = draft.mode != Mode.NORMAL
    starts_at = draft.starts_at or at
    if starts_at < at:
        yield Refusal("operations.start_is_past", {"start": instant_words(starts_at)}, "starts_on")
    if closes and draft.expected_end is None:
        yield Refusal("operations.end_missing", where="ends_on")
    if draft.expected_end is not None and draft.expected_end <= max(starts_at, at):
        yield Refusal("operations.end_not_after_start", {"end": instant_words(draft.expected_end)}, "ends_on")
    if closes and not (draft.words_th.strip() and draft.words_en.strip()):
        yield Refusal("operations.words_missing", where="words_th" if not draft.words_th.strip() else "words_en")
    if not draft.reason.strip():
        yield Refusal("operations.reason_missing", where="reason")


def check_call_off(row: ModeView | None, *, at: datetime, number: int, reason: str) -> Iterator[Refusal]:
    """Only what is planned and has not begun can be called off.

    operations.not_planned {number}, operations.reason_missing.
    """
    if row is None or row.called_off_by or row.starts_at <= at:
        yield Refusal("operations.not_planned", {"number": number})
    if not reason.strip():
        yield Refusal("operations.reason_missing", where="reason")


def instant_words(moment: datetime | None) -> str:
    """A moment as a fact of a refusal, by the clock of a Thai office: `2026-11-25 22:00`; "-" when nobody knows it."""
    return f"{moment.astimezone(THAI_TIME):%Y-%m-%d %H:%M}" if moment else "-"
