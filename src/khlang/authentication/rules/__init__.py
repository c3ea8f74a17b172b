"""Values and checks of doors and sessions; pure."""

from khlang.authentication.rules.assurance import assurance_level, assurance_refusals
from khlang.authentication.rules.devices import agent_mark, device_label
from khlang.authentication.rules.emergencies import (
    ALPHABET,
    HALF_CHARACTERS,
    EmergencyState,
    EmergencyView,
    check_first,
    check_second,
    read_half,
    shown_half,
    state_of,
)
from khlang.authentication.rules.factors import PasskeyView, SecondFactors
from khlang.authentication.rules.limits import Limits, Seen, check_try, clock, network_of, tries_left
from khlang.authentication.rules.origins import Origin
from khlang.authentication.rules.sessions import (
    DeviceView,
    Door,
    Lifetimes,
    SessionView,
    SignInView,
    comes_from_elsewhere,
    ends_at,
)

__all__ = [
    "ALPHABET",
    "HALF_CHARACTERS",
    "DeviceView",
    "Door",
    "EmergencyState",
    "EmergencyView",
    "Lifetimes",
    "Limits",
    "Origin",
    "PasskeyView",
    "SecondFactors",
    "Seen",
    "SessionView",
    "SignInView",
    "agent_mark",
    "assurance_level",
    "assurance_refusals",
    "check_first",
    "check_second",
    "check_try",
    "clock",
    "comes_from_elsewhere",
    "device_label",
    "ends_at",
    "network_of",
    "read_half",
    "shown_half",
    "state_of",
    "tries_left",
]
