"""The only writes about doors and sessions."""

from khlang.authentication.commands.attempts import (
    Try,
    begin_try,
    note_stolen,
    pass_try,
    prune_attempts,
    refuse_try,
    succeed,
)
from khlang.authentication.commands.passwords import try_password
from khlang.authentication.commands.sessions import clear_sessions, end_all_sessions, end_session

__all__ = [
    "Try",
    "begin_try",
    "clear_sessions",
    "end_all_sessions",
    "end_session",
    "note_stolen",
    "pass_try",
    "prune_attempts",
    "refuse_try",
    "succeed",
    "try_password",
]
