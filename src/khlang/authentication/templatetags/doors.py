"""Template tags: words of doors and of what happened at them."""

from django.conf import settings
from django.template import Library

from khlang.authentication.words import DOORS, EMERGENCIES, EVENTS

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


@register.inclusion_tag("web/_chip.html")
def emergency_chip(state: str) -> dict[str, object]:
    """The state of a request of two officers."""
    tone, word = EMERGENCIES[state]
    return {"tone": tone, "label": word}


@register.simple_tag
def has_thaid() -> bool:
    """Whether this installation has a ThaiD door."""
    return settings.THAID is not None
