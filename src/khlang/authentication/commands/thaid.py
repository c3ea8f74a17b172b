"""The door of ThaiD: the officer who was registered beforehand, sure enough for what she holds."""

from datetime import datetime

from django.utils import timezone

from khlang.authentication.commands.attempts import Try, begin_try, refuse_try
from khlang.authentication.queries import account_of, account_of_citizen, roles_of
from khlang.authentication.rules import Door, Origin, assurance_refusals
from khlang.identity import queries as identity
from khlang.kernel.refusals import Refusal, Refused


def try_thaid(*, pid_hash: str, ial: str, origin: Origin, at: datetime) -> Try:
    """Find whom ThaiD proved; nobody is made by a log-in.

    Refuses authentication.thaid_not_registered, .assurance_too_low {given, needed}. Both are in the record of tries.
    """
    user = identity.user_by_pid_hash(pid_hash=pid_hash)
    account = account_of(user=user) if user is not None else account_of_citizen(pid_hash=pid_hash)
    attempt = begin_try(account=account, door=Door.THAID, origin=origin, at=at, paused=False)
    refusals = [Refusal("authentication.thaid_not_registered")]
    if user is not None:
        # The phone, and what opens it, are two factors by themselves.
        refusals = list(
            assurance_refusals(
                roles=roles_of(user_id=user.pk, at=at), ial=ial, has_second_factor=True, on_date=timezone.localdate(at)
            )
        )
    if refusals:
        refuse_try(attempt=attempt, at=at, reason=refusals[0].code)
        raise Refused(*refusals)
    return attempt
