"""What stands in the way of an act besides roles: the mode of the system, and who took the other step of a document.

Both are known above this area only; each area that knows something says so once, when its application is ready.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from khlang.identity.queries.actors import people_who_may, separations
from khlang.identity.rules import STEP_OF, Role, Separated, check_separation
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal

Closes = Callable[[str, datetime], Refusal | None]
Taken = Mapping[str, Collection[int]]
_closes: list[Closes] = []
_hands: dict[str, Callable[[str], Taken]] = {}


def close_acts_when(closes: Closes) -> None:
    """Ask `closes(act, at)` why an act is closed to everybody at a moment."""
    if closes not in _closes:
        _closes.append(closes)


def tell_hands_of(kind: str, taken: Callable[[str], Taken]) -> None:
    """Ask `taken(number)` who took which step of a document of this kind; nobody where the number is unknown."""
    _hands[kind] = taken


def closed_to_all(*, act: str, at: datetime) -> Refusal | None:
    """Why nobody may do an act at this moment, whoever she is; None when it is open."""
    return next((refusal for closes in _closes if (refusal := closes(act, at)) is not None), None)


def hands_of(*, document: str) -> Taken:
    """Who took which step of a document ("voucher:…") of the entity of the transaction; empty when it is unknown."""
    kind, _, number = document.partition(":")
    return _hands[kind](number) if kind in _hands else {}


def separated(
    *, actor: Actor, step: str, taken: Taken, act: str, at: datetime
) -> tuple[Separated, tuple[Refusal, ...]]:
    """Whether the actor may take `step` of a transaction in which `taken` says who took which steps before.

    Answers identity.same_person {rule, first, second, who} for each step she took, or the written exceptions that cover
    her. The operator of the server is nobody of the office: he is kept apart from nothing.
    """
    if Role.OPERATOR in actor.roles or not any(actor.user_id in people for people in taken.values()):
        return Separated(), ()
    day = at.astimezone(THAI_TIME).date()
    busy = {number for people in taken.values() for number in people}
    return check_separation(
        step=step,
        user_id=actor.user_id,
        taken=taken,
        exceptions=separations(user_id=actor.user_id, day=day),
        day=day,
        others=", ".join(person.name for person in people_who_may(act=act, at=at) if person.user_id not in busy),
    )


def hindrances(*, actor: Actor, act: str, document: str, at: datetime) -> list[Refusal]:
    """Why the actor may not do an act now although her roles allow it: closed to everybody, or her own other step."""
    closed, step = closed_to_all(act=act, at=at), STEP_OF.get(act)
    _, refusals = (
        separated(actor=actor, step=step, taken=hands_of(document=document), act=act, at=at) if step else ((), ())
    )
    return [*([closed] if closed else []), *refusals]
