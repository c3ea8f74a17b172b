"""How an endpoint of the budget learns who calls: in one entity, permitted, to read in a transaction that only reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from khlang.identity.access import actor_of
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.toolkit.tenancy import entity_transaction


@contextmanager
def reading(request: HttpRequest, entity_code: str, *, act: str = "budget.read") -> Iterator[Actor]:
    """The caller, who may do `act`."""
    actor = actor_of(request, entity_code)
    require(actor, act)
    with entity_transaction(actor.entity_id, read_only=True):
        yield actor


def acting(request: HttpRequest, entity_code: str, act: str) -> Actor:
    """The caller, who may do `act`: asked before her body is read, so that whoever may not learns only that."""
    actor = actor_of(request, entity_code)
    require(actor, act)
    return actor
