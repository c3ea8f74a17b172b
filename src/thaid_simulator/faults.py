"""Failures on demand: which are switched on, how often each is still to happen, and how large it is."""

import threading
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure that can be asked for. `seconds` is 0 where it has no size."""

    name: str
    place: str
    th: str
    en: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Switched:
    """A failure that is on; `times` is how often it is still to happen, None for ever."""

    fault: Fault
    times: int | None
    seconds: int


@cache
def known_faults() -> dict[str, Fault]:
    """Every failure by its name, in the order of the file."""
    text = (resources.files("thaid_simulator") / "data" / "faults.toml").read_text(encoding="utf-8")
    return {name: Fault(name=name, **entry) for name, entry in tomllib.loads(text).items()}


class FaultBoard:
    """The switches, used by many threads. `take` is called where a failure would act."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: dict[str, Switched] = {}
        self.stopping = threading.Event()

    def switch_on(self, name: str, *, times: int | None = None, seconds: int | None = None) -> None:
        """Switch one on, for ever or for so many times; KeyError when there is no such failure."""
        fault = known_faults()[name]
        with self._lock:
            self._on[name] = Switched(fault, times, fault.seconds if seconds is None else seconds)

    def switch_off(self, name: str) -> None:
        """Switch one off."""
        with self._lock:
            self._on.pop(name, None)

    def clear(self) -> None:
        """Switch all off."""
        with self._lock:
            self._on.clear()

    def switched(self) -> dict[str, Switched]:
        """What is on now."""
        with self._lock:
            return dict(self._on)

    def take(self, name: str) -> Switched | None:
        """The failure if it is to happen now; one occurrence is used up."""
        with self._lock:
            found = self._on.get(name)
            if found is None:
                return None
            if found.times is not None:
                if found.times <= 1:
                    del self._on[name]
                else:
                    self._on[name] = replace(found, times=found.times - 1)
            return found

    def wait(self, name: str) -> None:
        """Hold the answer back for the seconds of this failure, if it is to happen; the end of the program wakes it."""
        found = self.take(name)
        if found is not None:
            self.stopping.wait(found.seconds)
