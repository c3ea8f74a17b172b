"""What the department tells offices: to whom, from when until when, and how it is read."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khlang.kernel.refusals import Refusal
from khlang.operations.rules.modes import instant_words

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n\s*\n")


class Audience(StrEnum):
    """Whom an announcement reaches."""

    ALL = "all"
    PROVINCE = "province"
    KIND = "kind"
    ENTITY = "entity"


@dataclass(frozen=True, slots=True)
class AnnouncementDraft:
    """An announcement about to be published. English may be left out; readers then see the Thai."""

    audience: str
    audience_code: str
    title_th: str
    body_th: str
    shown_until: datetime | None
    title_en: str = ""
    body_en: str = ""
    shown_from: datetime | None = None
    is_important: bool = False
    is_acknowledged: bool = False
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """A published announcement; `replaced_by` names the correction that took its place."""

    number: int
    audience: str
    audience_code: str
    title_th: str
    title_en: str
    body_th: str
    body_en: str
    shown_from: datetime
    shown_until: datetime
    is_important: bool
    is_acknowledged: bool
    recorded_by_name: str
    recorded_at: datetime
    replaces: int | None = None
    replaced_by: int | None = None

    def is_shown(self, at: datetime) -> bool:
        """Whether readers see it at a moment."""
        return self.replaced_by is None and self.shown_from <= at < self.shown_until


@dataclass(frozen=True, slots=True)
class Received:
    """An announcement as one person has it."""

    announcement: AnnouncementView
    is_read: bool
    was_acknowledged: bool

    @property
    def is_owed(self) -> bool:
        """Whether the person is still asked to acknowledge it."""
        return self.announcement.is_acknowledged and not self.was_acknowledged


@dataclass(frozen=True, slots=True)
class Reader:
    """What of an entity decides whether an announcement reaches it."""

    code: str
    province: str
    kind: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or a link when `href` is set."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an announcement has come in one province: entities that it reaches, that read it, that acknowledged it."""

    province: str
    entities: int
    read: int
    acknowledged: int


def reaches(view: AnnouncementView, reader: Reader) -> bool:
    """Whether an announcement is meant for an entity."""
    match view.audience:
        case Audience.ALL:
            return True
        case Audience.PROVINCE:
            return view.audience_code == reader.province
        case Audience.KIND:
            return view.audience_code == reader.kind
        case _:
            return view.audience_code == reader.code


def in_reading_order(received: Iterable[Received]) -> list[Received]:
    """Unread before read, important before ordinary, the newest first."""
    return sorted(
        received,
        key=lambda each: (
            each.is_read and not each.is_owed,
            not each.announcement.is_important,
            -each.announcement.shown_from.timestamp(),
        ),
    )


def check_announcement(
    draft: AnnouncementDraft,
    *,
    at: datetime,
    codes: Collection[str],
    replaced: AnnouncementView | None,
) -> Iterator[Refusal]:
    """Every reason against publishing. `codes` are the audiences of this kind that exist.

    operations.title_missing, .body_missing, .audience_unknown {audience}, .shown_until_missing,
    .shown_until_not_after {end}, .not_to_replace {number}.
    """
    if not draft.title_th.strip():
        yield Refusal("operations.title_missing", where="title_th")
    if not draft.body_th.strip():
        yield Refusal("operations.body_missing", where="body_th")
    known = not draft.audience_code if draft.audience == Audience.ALL else draft.audience_code in codes
    if draft.audience not in set(Audience) or not known:
        yield Refusal(
            "operations.audience_unknown", {"audience": draft.audience_code or draft.audience or "-"}, "audience"
        )
    if draft.shown_until is None:
        yield Refusal("operations.shown_until_missing", where="until_on")
    elif draft.shown_until <= max(draft.shown_from or at, at):
        yield Refusal("operations.shown_until_not_after", {"end": instant_words(draft.shown_until)}, "until_on")
    if draft.replaces is not None and (replaced is None or replaced.replaced_by is not None):
        yield Refusal("operations.not_to_replace", {"number": draft.replaces})


def paragraphs(text: str) -> tuple[tuple[Piece, ...], ...]:
    """Plain text as paragraphs of text and links: an empty line ends a paragraph, only http and https become links."""
    return tuple(tuple(_pieces(part.strip())) for part in _PARAGRAPH.split(text.replace("\r\n", "\n")) if part.strip())


def _pieces(text: str) -> Iterator[Piece]:
    end = 0
    for found in _LINK.finditer(text):
        if found.start() > end:
            yield Piece(text[end : found.start()])
        yield Piece(found[0], found[0])
        end = found.end()
    if end < len(text):
        yield Piece(text[end:])
