"""Who acts, where, and on what authority: the value every command takes."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Authority:
    """One hat a person wears at one moment, and why (R15, R17, R20).

    `hat` is a role or a duty; `basis` is position, appointment, acting, delegation or visit. Everything but a
    position rests on an order with its number and days; an acting officer signs for `acting_for`.
    """

    hat: str
    basis: str = "position"
    order_number: str = ""
    ordered_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    acting_for: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which entity, wearing which hats. Every command takes one.

    `roles` and `duties` are all that the person holds at this moment, by position or by order; `authorities` say why.
    `fresh` tells whether she proved who she is within the last minutes, as approvals and payments ask.
    """

    user_id: int
    name: str
    entity_id: int
    entity_code: str
    entity_name: str
    roles: frozenset[str]
    address: str = ""
    request_id: str = ""
    duties: frozenset[str] = frozenset()
    authorities: tuple[Authority, ...] = ()
    fresh: bool = True
