"""Break-glass: two officers together let a third in. The states of one request, and who may take which part."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khlang.kernel.refusals import Refusal

# No letter or figure that is taken for another when it is read out by telephone.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
HALF_CHARACTERS = 8


class EmergencyState(StrEnum):
    """Asked for by one officer → ready with the second → used, lapsed, or taken back."""

    ASKED = "asked"
    READY = "ready"
    USED = "used"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """One request. No half of its code is in it."""

    emergency_id: str
    user_id: int
    user_name: str
    reason: str
    first_id: int
    first_name: str
    second_name: str
    asked_at: datetime
    expires_at: datetime
    state: EmergencyState


def state_of(*, used: bool, cancelled: bool, seconded: bool, expires_at: datetime, at: datetime) -> EmergencyState:
    """Where a request stands at a moment."""
    if used:
        return EmergencyState.USED
    if cancelled:
        return EmergencyState.CANCELLED
    if at >= expires_at:
        return EmergencyState.LAPSED
    return EmergencyState.READY if seconded else EmergencyState.ASKED


def check_first(*, officer: int, third: int, is_staff: bool, open_already: bool) -> Iterator[Refusal]:
    """Yield why one officer may not ask: authentication.emergency_for_oneself, .emergency_stranger, .emergency_open."""
    if officer == third:
        yield Refusal("authentication.emergency_for_oneself")
    if not is_staff:
        yield Refusal("authentication.emergency_stranger")
    if open_already:
        yield Refusal("authentication.emergency_open")


def check_second(*, officer: int, first: int, third: int, state: EmergencyState) -> Iterator[Refusal]:
    """Yield why another may not agree: authentication.emergency_over, .emergency_for_oneself, .emergency_same_officer."""
    if state is not EmergencyState.ASKED:
        yield Refusal("authentication.emergency_over")
    if officer == third:
        yield Refusal("authentication.emergency_for_oneself")
    if officer == first:
        yield Refusal("authentication.emergency_same_officer")


def read_half(text: str) -> str:
    """A half as it was made, however it was typed: spaces, hyphens and small letters do not matter."""
    return re.sub(r"[\s-]", "", text).upper()


def shown_half(half: str) -> str:
    """A half as people read it out: in two groups of four."""
    return f"{half[:4]}-{half[4:]}"
