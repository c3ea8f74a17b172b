"""The list of changes of a year: narrowed and sorted. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from khlang.budget.rules.changes import ChangeView
from khlang.kernel.thai_text import search_key

_EVER = datetime.min.replace(tzinfo=UTC)
ORDERS: dict[str, Callable[[ChangeView], Any]] = {
    "number": lambda view: (view.number is None, view.number or 0, view.saved_at or _EVER),
    "kind": lambda view: view.draft.kind,
    "reason": lambda view: search_key(view.draft.reason),
    "amount": lambda view: view.amount,
    "approved": lambda view: view.approved_on or date.max,
    "due": lambda view: (view.notified_on is not None, view.notice_due_on or date.max),
    "maker": lambda view: view.made_by_name,
    "state": lambda view: view.state,
}
"""What the list can be sorted by."""


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes a list shows; an empty choice takes all. `order` is a name of ORDERS, downwards with a minus."""

    search: str = ""
    kind: str = ""
    state: str = ""
    order: str = "number"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.search or self.kind or self.state)


def narrowed(views: Iterable[ChangeView], chosen: ChangeFilter) -> list[ChangeView]:
    """The changes a list shows, in its order. Search finds words of the reason, names, numbers, lines and amounts."""
    words = search_key(chosen.search).replace(",", "").split()
    found = [
        view
        for view in views
        if (not chosen.kind or view.draft.kind == chosen.kind)
        and (not chosen.state or view.state == chosen.state)
        and all(word in _text(view) for word in words)
    ]
    key = ORDERS.get(chosen.order.removeprefix("-"), ORDERS["number"])
    return sorted(found, key=key, reverse=chosen.order.startswith("-"))


def _text(view: ChangeView) -> str:
    lines = " ".join(effect.label for effect in view.effects)
    return search_key(f"{view.label} {view.draft.reason} {view.made_by_name} {lines} {view.amount}")
