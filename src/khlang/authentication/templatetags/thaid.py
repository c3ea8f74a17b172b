"""The door of ThaiD on the log-in page, with how ThaiD does now."""

from typing import Any

from django import template
from django.utils import timezone

from khlang.authentication.thaid.condition import Condition, current_state

register = template.Library()
_TONES = {Condition.WORKING: "ok", Condition.SLOW: "warn", Condition.DOWN: "bad"}


@register.inclusion_tag("authentication/_thaid_door.html")
def thaid_door(next_page: str) -> dict[str, Any]:
    """The way to ThaiD; nothing where there is none."""
    state = current_state(at=timezone.now())
    return {"state": state, "tone": _TONES.get(state.condition, ""), "next": next_page}
