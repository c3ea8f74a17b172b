"""What each mode lets through: one table of doors, asked for every request."""

from dataclasses import dataclass
from enum import Enum, auto

from khlang.operations.rules.modes import Mode


class Decision(Enum):
    """What becomes of a request: turned away, let in to read, or let in as on any day."""

    REFUSE = auto()
    READ = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as modes care: its view ("area:name"), the act that guards it, and whether its method is safe."""

    view: str
    act: str = ""
    safe: bool = True

    @property
    def area(self) -> str:
        """The area that answers."""
        return self.view.partition(":")[0]


ALWAYS = frozenset(
    {
        "web:preferences",
        "web:offline",
        "web:health",
        "web:figures",
        "web:notice",
        "web:status",
        "web:status-file",
        "web:mode",
        "web:manifest",
        "web:service-worker",
    },
)
"""Open in every mode: what this browser prefers, and what tells how things stand."""

ALWAYS_AREAS = frozenset({"doors", "authentication"})
"""The ways in and out, own security, sessions and step-up: without them nobody could come in and switch back."""

ALWAYS_ACTS = frozenset({"operations.set_mode"})

IDENTITY_VIEWS = frozenset({"web:entities"})
"""Also open in identity-only mode: choosing the entity to work in."""

IDENTITY_ACTS = frozenset(
    {
        "identity.read_permissions",
        "identity.read_people",
        "identity.manage_people",
        "operations.read_announcements",
    },
)
"""Also open in identity-only mode: why may I not, people and their enrolment, what the department announces."""

_OTHER_WORDS_FOR_READING = frozenset({"home", "print"})


def decide(mode: Mode, asked: Asked) -> Decision:
    """What a mode does with a request.

    Read-only serves every safe method and turns the others away; identity-only and maintenance turn away whatever is no
    door of theirs. Behind a door people also write: a log-in leaves a session and a line in the record.
    """
    if mode is Mode.NORMAL or _is_open_always(asked):
        return Decision.OPEN
    if mode is Mode.MAINTENANCE:
        return Decision.REFUSE
    if asked.view in IDENTITY_VIEWS or asked.act in IDENTITY_ACTS:
        return Decision.OPEN
    if mode is Mode.READ_ONLY and asked.safe:
        return Decision.READ
    return Decision.REFUSE


def closes(mode: Mode, act: str) -> bool:
    """Whether a mode closes an act to everybody: reading acts stay open where reading does."""
    verb = act.partition(".")[2]
    reads = verb.startswith("read") or verb in _OTHER_WORDS_FOR_READING
    return decide(mode, Asked("", act, safe=reads)) is Decision.REFUSE


def _is_open_always(asked: Asked) -> bool:
    return asked.view in ALWAYS or asked.area in ALWAYS_AREAS or asked.act in ALWAYS_ACTS
