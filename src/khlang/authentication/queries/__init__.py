"""Reads about doors and sessions; all return frozen values."""

from khlang.authentication.queries.emergencies import emergencies, emergency, view_of
from khlang.authentication.queries.factors import second_factors
from khlang.authentication.queries.sign_ins import devices, sign_ins
from khlang.authentication.queries.thaid import thaid_condition
from khlang.authentication.queries.tries import (
    SESSION_NUMBER,
    Account,
    account_named,
    account_of,
    account_of_citizen,
    known_device,
    limits,
    person,
    roles_of,
    seen,
    sessions,
)

__all__ = [
    "SESSION_NUMBER",
    "Account",
    "account_named",
    "account_of",
    "account_of_citizen",
    "devices",
    "emergencies",
    "emergency",
    "known_device",
    "limits",
    "person",
    "roles_of",
    "second_factors",
    "seen",
    "sessions",
    "sign_ins",
    "thaid_condition",
    "view_of",
]
