"""The head of a list that can be sorted: its state is in the address, so that a sorted list can be sent to others."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its words, the order that pressing it asks for ("" when it sorts nothing), and how it is sorted now."""

    label: str
    order: str
    sorted: str
    place: str = ""


def headings(
    columns: Mapping[str, tuple[object, str]],
    order: str,
    *,
    fixed: Collection[str] = (),
    latest_first: Collection[str] = (),
) -> list[Heading]:
    """The columns (name → words and class) of a list in `order` ("name", or "-name" for downwards).

    Pressing the column a list is sorted by turns it round; one of `latest_first` begins downwards; `fixed` ones stay.
    """
    found = []
    for name, (label, place) in columns.items():
        down, up = order == f"-{name}", order == name
        state = "descending" if down else "ascending" if up else ""
        turned = f"-{name}" if up or (name in latest_first and not down) else name
        found.append(Heading(str(label), "" if name in fixed else turned, state, place))
    return found
