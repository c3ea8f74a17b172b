"""What the administrator of an entity does for the people whose account it keeps; each is recorded there."""

import secrets
from datetime import datetime

from khlang.audit import commands as audit
from khlang.authentication.commands.attempts import forgive_tries, note_change
from khlang.authentication.commands.factors import drop_factors
from khlang.authentication.commands.sessions import end_all_sessions
from khlang.authentication.rules import ALPHABET, Origin
from khlang.identity.commands.staff import required_here, required_ours
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.toolkit.tenancy import entity_transaction

ACT = "identity.manage_people"
_GROUPS, _GROUP_CHARACTERS = 4, 4


def reset_password(*, actor: Actor, user_id: int, at: datetime) -> str:
    """A password for one log-in, shown this once; she sets her own before anything else. Sessions and pauses end.

    Only the administrator of the entity that keeps her account: the department alone cannot.
    Refuses identity.person_unknown, .person_left, .home_elsewhere.
    """
    require(actor, ACT)
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(_GROUP_CHARACTERS)) for _ in range(_GROUPS))
    with entity_transaction(actor.entity_id):
        user = required_ours(actor, user_id)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        end_all_sessions(user_id=user_id, at=at)
        forgive_tries(user=user, origin=_origin(actor), at=at)
        note_change(user=user, origin=_origin(actor), at=at, what="password_reset")
        _record(actor, "reset_password", user_id)
    return password


def reset_factors(*, actor: Actor, user_id: int, at: datetime) -> None:
    """Take her passkeys, app and recovery codes away, when she lost them; the password alone counts until she has new ones.

    Refuses as `reset_password`.
    """
    require(actor, ACT)
    with entity_transaction(actor.entity_id):
        user = required_ours(actor, user_id)
        drop_factors(user_id=user_id)
        end_all_sessions(user_id=user_id, at=at)
        note_change(user=user, origin=_origin(actor), at=at, what="factors_reset")
        _record(actor, "reset_factors", user_id)


def unlock(*, actor: Actor, user_id: int, at: datetime) -> int:
    """Lift the pause of a person: her wrong tries up to now are forgiven; gives how many. Refuses as `reset_password`."""
    require(actor, ACT)
    with entity_transaction(actor.entity_id):
        user = required_ours(actor, user_id)
        count = forgive_tries(user=user, origin=_origin(actor), at=at)
        _record(actor, "unlock", user_id)
    return count


def end_sessions_of(*, actor: Actor, user_id: int, at: datetime) -> int:
    """End every session of somebody on the list; gives how many. Refuses identity.person_unknown, .person_left."""
    require(actor, ACT)
    with entity_transaction(actor.entity_id):
        required_here(actor, user_id)
        count = end_all_sessions(user_id=user_id, at=at)
        _record(actor, "end_sessions", user_id)
    return count


def _origin(actor: Actor) -> Origin:
    return Origin(actor.address, "", {})


def _record(actor: Actor, act: str, user_id: int) -> None:
    audit.record(actor=actor, act=f"authentication.{act}", document=f"person:{user_id}")
