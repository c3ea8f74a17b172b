"""What the pages of people and rights are filled with, worked out from frozen values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from khlang.identity import words
from khlang.identity.rules import Duty, HeldHat, PersonRow, Role
from khlang.kernel.refusals import Refusal

FINDINGS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down list."""

    value: str
    label: str
    detail: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class HatLine:
    """One hat of a person in words."""

    hat: str
    name: str
    basis: str
    basis_name: str
    since: datetime | date
    until: datetime | date | None
    order_id: str
    order_number: str
    acting_for: str
    reason: str
    ended_reason: str

    @property
    def end_key(self) -> str:
        """The name of the form that ends it."""
        return f"end-{self.hat}"


def hat_line(held: HeldHat) -> HatLine:
    """A hat with its words."""
    return HatLine(
        hat=held.hat,
        name=words.hat(held.hat),
        basis=held.basis,
        basis_name=str(words.BASES[held.basis]),
        since=held.since,
        until=held.until,
        order_id=held.order_id,
        order_number=held.order_number,
        acting_for=held.acting_for,
        reason=held.reason,
        ended_reason=held.ended_reason,
    )


def hat_choices(hats: Collection[str], *, chosen: Collection[str] = ()) -> list[Choice]:
    """Roles and duties for a drop-down list, in the order of the table."""
    return [
        Choice(each, words.hat(each), words.hat_does(each), each in chosen) for each in [*Role, *Duty] if each in hats
    ]


def hats_in_words(row: PersonRow) -> list[HatLine]:
    """The hats a person wears now."""
    return [hat_line(held) for held in row.hats]


def cell_findings(refusals: Sequence[Refusal]) -> tuple[tuple[Refusal, ...], tuple[Refusal, ...]]:
    """What is wrong at a cell of a file, and what is wrong with the whole of it."""
    of_file = tuple(each for each in refusals if each.where in ("", "file"))
    return tuple(each for each in refusals if each not in of_file), of_file
