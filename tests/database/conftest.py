"""Two offices that attack each other."""

import pytest

from tests.database.isolation import count, fill, tables
from tests.security.office import a_full_office


@pytest.fixture(scope="module")
def two_offices(django_db_setup, django_db_blocker):
    """Ours, whose entity is set, and theirs, whose rows must not be seen."""
    with django_db_blocker.unblock():
        return a_full_office(roles=frozenset()), a_full_office(roles=frozenset())


@pytest.fixture
def attacker(two_offices, superuser_connection):
    """The application role's rights in a transaction in which every table has rows of both offices."""
    connection = superuser_connection
    for office in two_offices:
        for table in tables(connection):
            if not count(connection, table, office):
                fill(connection, table, office)
    return connection
