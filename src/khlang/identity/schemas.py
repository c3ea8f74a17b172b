"""Bodies of the API about people and rights."""

from datetime import date, datetime

from ninja import Schema

from khlang.identity.permissions import MATRIX
from khlang.identity.rules import HeldHat, PersonRow, PersonView
from khlang.kernel.actors import Actor, Authority
from khlang.kernel.refusals import Refusal


class HatOut(Schema):
    """One hat a person wears now, and on what it rests."""

    hat: str
    basis: str
    order_number: str = ""
    acting_for: str = ""
    ends_on: date | None = None

    @classmethod
    def of(cls, held: HeldHat) -> "HatOut":
        """From the list of people."""
        until = held.until.date() if isinstance(held.until, datetime) else held.until
        return cls(
            hat=held.hat,
            basis=held.basis,
            order_number=held.order_number,
            acting_for=held.acting_for,
            ends_on=until,
        )

    @classmethod
    def of_authority(cls, authority: Authority) -> "HatOut":
        """From an actor."""
        return cls(
            hat=authority.hat,
            basis=authority.basis,
            order_number=authority.order_number,
            acting_for=authority.acting_for,
            ends_on=authority.ends_on,
        )


class PersonOut(Schema):
    """A person on the list of an entity, without contact."""

    user_id: int
    username: str
    name: str
    title: str
    left: bool
    hats: list[HatOut]

    @classmethod
    def of(cls, row: PersonRow) -> "PersonOut":
        """From a row of the list."""
        return cls(
            user_id=row.user_id,
            username=row.username,
            name=row.name,
            title=row.title,
            left=row.left_at is not None,
            hats=[HatOut.of(held) for held in row.hats],
        )


class PeoplePage(Schema):
    """Fifty people at a time."""

    count: int
    page: int
    pages: int
    people: list[PersonOut]


class ColleagueOut(Schema):
    """Somebody who can do an act now."""

    name: str
    title: str


class HindranceOut(Schema):
    """What closes an act besides roles: the code of a refusal and its facts."""

    code: str
    facts: dict[str, str | int]


class WhyOut(Schema):
    """Why the caller may or may not do an act, and who can."""

    act: str
    may: bool
    asks_for_proof: bool
    hats: list[HatOut]
    allowing: list[str]
    needed: list[str]
    who_can: list[ColleagueOut]
    hindered_by: list[HindranceOut]

    @classmethod
    def of(cls, actor: Actor, act: str, people: list[PersonView], hindered_by: list[Refusal]) -> "WhyOut":
        """The answer for one caller: `may` by her roles, unless something hinders her besides."""
        allowing = sorted({each.hat for each in actor.authorities} & MATRIX[act].hats)
        return cls(
            act=act,
            may=bool(allowing) and not hindered_by,
            asks_for_proof=MATRIX[act].step_up,
            hats=[HatOut.of_authority(each) for each in actor.authorities],
            allowing=allowing,
            needed=sorted(MATRIX[act].hats),
            who_can=[ColleagueOut(name=each.name, title=each.title) for each in people],
            hindered_by=[HindranceOut(code=each.code, facts=dict(each.facts)) for each in hindered_by],
        )
