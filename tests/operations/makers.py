"""The department, and modes set by it; everything goes through the commands that users use."""

import uuid
from datetime import UTC, datetime, timedelta

from khlang.kernel.actors import Actor
from khlang.operations import commands, queries
from khlang.operations.rules import AnnouncementDraft, Mode, ModeDraft, ModeView
from tests import builders

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = {"words_th": "ย้ายฐานข้อมูลไปเครื่องใหม่", "words_en": "The database moves to a new machine."}


def the_department(*roles: str) -> Actor:
    """Somebody of the department who can log in."""
    return builders.a_person(*roles or ("department_operator",), entity=builders.an_entity(kind="department"))


def a_mode(
    mode: str = "read_only", *, starts_at: datetime | None = None, hours: int = 1, at: datetime = AT
) -> ModeDraft:
    """A mode that may be set."""
    end = None if mode == "normal" else (starts_at or at) + hours * HOUR
    return ModeDraft(mode, starts_at, end, reason="Incident 12/2569", **WORDS)


def switch(mode: str, *, actor: Actor | None = None, hours: int = 1, starts_in: timedelta | None = None) -> int:
    """Set a mode now, or plan it, by the clock of the machine."""
    at = datetime.now(UTC)
    starts_at = at + starts_in if starts_in else None
    draft = a_mode(mode, starts_at=starts_at, hours=hours, at=at)
    return commands.set_mode(
        actor=actor or builders.an_actor(entity=builders.an_entity(kind="department")),
        draft=draft,
        at=at,
        key=uuid.uuid4(),
    )


def a_row(
    number: int, mode: str, starts_at: datetime, *, end: datetime | None = None, called_off_by: str = ""
) -> ModeView:
    """A row of the history."""
    return ModeView(number, Mode(mode), starts_at, end, "ก", "a", "reason", "Somchai", starts_at, called_off_by)


def open_again() -> None:
    """Normal mode, and nothing planned."""
    at, actor = datetime.now(UTC), builders.an_actor(entity=builders.an_entity(kind="department"))
    for row in queries.history():
        if row.starts_at > at and not row.called_off_by:
            commands.call_off_mode(actor=actor, number=row.number, reason="the test is over", at=at, key=uuid.uuid4())
    switch("normal")


def an_announcement(**change) -> AnnouncementDraft:
    """An announcement that may be published."""
    given = {
        "audience": "all",
        "audience_code": "",
        "title_th": "ปิดงวดบัญชี",
        "title_en": "Closing",
        "body_th": "ปิดงวดภายในวันที่ 5",
        "shown_until": datetime.now(UTC) + timedelta(days=30),
    }
    return AnnouncementDraft(**{**given, **change})


def announced(*, actor: Actor | None = None, **change) -> int:
    """Publish one; returns its number."""
    department = actor or the_department("department_officer")
    return commands.announce(actor=department, draft=an_announcement(**change), at=datetime.now(UTC), key=uuid.uuid4())
