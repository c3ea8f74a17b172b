"""Template tags: words of doors and of what happened at them."""

from django.template import Library

from khlang.authentication.words import DOORS, EVENTS

register = Library()


@register.filter
def door(name: str) -> str:
    """The word of a door."""
    return str(DOORS.get(name, ""))


@register.inclusion_tag("web/_chip.html")
def door_event(event: str) -> dict[str, object]:
    """What happened at a door: shape, colour and word."""
    tone, word = EVENTS.get(event, ("none", event))
    return {"tone": tone, "label": word}
