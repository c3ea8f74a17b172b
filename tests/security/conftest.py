"""Two offices with something of everything, and each address with the methods that it knows."""

import pytest

from khlang.identity.rules import GRANTABLE_ROLES, roles_at
from tests.security.office import a_full_office, an_office_above, browser_of
from tests.security.walk import METHODS, addresses

LOCAL_ROLES = sorted(map(str, roles_at("local_government")))
ABOVE_ROLES = sorted(map(str, GRANTABLE_ROLES.difference(roles_at("local_government"))))


@pytest.fixture(scope="session")
def offices(django_db_setup, django_db_blocker):
    """Ours with a person of each role, and another one with documents of its own."""
    with django_db_blocker.unblock():
        return a_full_office(roles=frozenset(map(str, roles_at("local_government")))), a_full_office(roles=frozenset())


@pytest.fixture
def office(offices, committed_db, real_announcements):
    return offices[0]


@pytest.fixture
def other(offices, committed_db):
    return offices[1]


@pytest.fixture(scope="session")
def offices_above(offices, django_db_blocker):
    """The office of each role that works above the local governments."""
    with django_db_blocker.unblock():
        return {role: an_office_above(role) for role in ABOVE_ROLES}


@pytest.fixture
def place_of(office, offices_above):
    """Where somebody of a role works: our office, or one above it."""
    return lambda role: offices_above.get(role, office)


@pytest.fixture(scope="session")
def known(offices, django_db_blocker):
    """Each page with each method that it knows, reading first; what nobody is told is enough to see it."""
    found = [(each, method) for method in METHODS for each in addresses() if each.is_of_entity]
    with django_db_blocker.unblock():
        client = browser_of(None)
        answers = [getattr(client, method)(each.filled(offices[0])).status_code for each, method in found]
    return [pair for pair, status in zip(found, answers, strict=True) if status != 405]
