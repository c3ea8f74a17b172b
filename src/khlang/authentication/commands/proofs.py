"""Prove once more who one is, during a session: what approvals and payments ask for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from khlang.authentication.commands.attempts import Try, begin_try
from khlang.authentication.commands.factors import try_code, try_passkey
from khlang.authentication.commands.passwords import is_password_of, refuse_wrong
from khlang.authentication.queries import account_of, second_factors
from khlang.authentication.rules import Door, Origin
from khlang.authentication.rules.assurance import required
from khlang.kernel.refusals import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Proof:
    """What was given: a password, a code, or the answer of a passkey (JSON). The strongest that is given counts."""

    password: str = ""
    code: str = ""
    credential: str = ""


def try_proof(
    *, user: Any, proof: Proof, origin: Origin, at: datetime, roles: Collection[str] = ()
) -> tuple[Try, Door]:
    """Check a proof of the person who is logged in; `roles` are those she wears where she acts.

    Whoever has a passkey or an authenticator app proves herself with it: a password that was looked over a shoulder is
    then not enough. Refuses authentication.proof_missing, .factor_asked, .second_factor_needed, .password_wrong {left, minutes}, and those of
    `try_code` and `try_passkey`.
    """
    if proof.credential:
        return try_passkey(credential=proof.credential, origin=origin, at=at, user=user), Door.PASSKEY
    if proof.code.strip():
        return try_code(user=user, code=proof.code, origin=origin, at=at), Door.CODE
    if second_factors(user_id=int(user.pk)).any:
        raise Refused(Refusal("authentication.factor_asked"))
    # Only when a role asks for more than a password is that asked for; how surely she was proofed is ThaiD's matter.
    if required(roles, timezone.localdate(at))[1]:
        raise Refused(Refusal("authentication.second_factor_needed"))
    if not proof.password:
        raise Refused(Refusal("authentication.proof_missing"))
    return try_own_password(user=user, password=proof.password, origin=origin, at=at), Door.PASSWORD


def try_second_step(*, user: Any, proof: Proof, origin: Origin, at: datetime) -> tuple[Try, Door]:
    """The same for the second step of a log-in, where the password was given already."""
    if not proof.credential and not proof.code.strip():
        raise Refused(Refusal("authentication.code_missing", where="code"))
    return try_proof(user=user, proof=proof, origin=origin, at=at)


def try_own_password(*, user: Any, password: str, origin: Origin, at: datetime) -> Try:
    """Check the password of a known person; refuses authentication.password_wrong {left, minutes}, and pauses."""
    account = account_of(user=user)
    attempt = begin_try(account=account, door=Door.PASSWORD, origin=origin, at=at)
    if not is_password_of(account, password):
        refuse_wrong(attempt, at=at, clause="password_wrong")
    return attempt
