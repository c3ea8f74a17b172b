"""Where a try to come in comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Origin:
    """The address, what the browser says of itself, and which devices of which persons it proves to be."""

    address: str
    agent: str
    devices: Mapping[int, UUID]
