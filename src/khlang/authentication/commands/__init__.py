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
from khlang.authentication.commands.emergencies import (
    ask_emergency,
    cancel_emergency,
    second_emergency,
    try_emergency,
)
from khlang.authentication.commands.factors import (
    add_app,
    add_passkey,
    drop_factors,
    lock_anew,
    new_passkey_options,
    offer_app,
    offered_app,
    passkey_options,
    remove_app,
    remove_passkey,
    rename_passkey,
    renew_recovery_codes,
    try_code,
    try_passkey,
)
from khlang.authentication.commands.passwords import change_password, give_up_password, try_password
from khlang.authentication.commands.proofs import Proof, try_own_password, try_proof, try_second_step
from khlang.authentication.commands.resets import end_sessions_of, reset_factors, reset_password, unlock
from khlang.authentication.commands.sessions import clear_sessions, end_all_sessions, end_session
from khlang.authentication.commands.thaid import try_thaid

__all__ = [
    "Proof",
    "Try",
    "add_app",
    "add_passkey",
    "ask_emergency",
    "begin_try",
    "cancel_emergency",
    "change_password",
    "clear_sessions",
    "drop_factors",
    "end_all_sessions",
    "end_session",
    "end_sessions_of",
    "give_up_password",
    "lock_anew",
    "new_passkey_options",
    "note_stolen",
    "offer_app",
    "offered_app",
    "pass_try",
    "passkey_options",
    "prune_attempts",
    "refuse_try",
    "remove_app",
    "remove_passkey",
    "rename_passkey",
    "renew_recovery_codes",
    "reset_factors",
    "reset_password",
    "second_emergency",
    "succeed",
    "try_code",
    "try_emergency",
    "try_own_password",
    "try_passkey",
    "try_password",
    "try_proof",
    "try_second_step",
    "try_thaid",
    "unlock",
]
