"""People as colleagues see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from khlang.kernel.actors import Authority


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as colleagues see her: number and name."""

    user_id: int
    name: str


def read_authority(entry: Mapping[str, str]) -> Authority:
    """One hat as identity_hats() tells it, and as the record of acts keeps it."""
    return Authority(
        hat=entry["hat"],
        basis=entry["basis"],
        order_number=entry.get("order", ""),
        ordered_on=_day(entry.get("ordered_on")),
        starts_on=_day(entry.get("starts_on")),
        ends_on=_day(entry.get("ends_on")),
        acting_for=entry.get("acting_for", ""),
        reason=entry.get("reason", ""),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
