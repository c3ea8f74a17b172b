"""The ground itself: roles, commits, the closed network, the browser."""

import socket

import psycopg
import pytest
import pytest_socket
from django.db import connection


@pytest.mark.django_db
def test_tests_connect_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('is_superuser'), rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )

        assert cursor.fetchone() == ("khlang_app", "off", False)


@pytest.mark.django_db
def test_application_role_cannot_make_tables():
    with pytest.raises(Exception, match="permission denied for schema public"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (a int)")


def test_owner_is_no_superuser_and_cannot_step_over_row_security(owner_connection):
    row = owner_connection.execute(
        "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()

    assert row == ("khlang_owner", False, False)


def test_committed_db_keeps_what_django_commits(committed_db, app_connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == app_connection.execute("SELECT current_database()").fetchone()


def test_network_outside_is_closed():
    with pytest.warns(UserWarning, match="192.0.2.1"), pytest.raises(pytest_socket.SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_unix_socket_of_the_database_is_private(superuser_connection):
    shown = superuser_connection.execute(
        "SELECT current_setting('listen_addresses'), current_setting('unix_socket_permissions')"
    ).fetchone()

    assert shown == ("", "0700")
    assert isinstance(superuser_connection, psycopg.Connection)


def test_browser_opens_a_page_of_khlang(live_khlang, page):
    response = page.goto(f"{live_khlang}/login/")

    assert response is not None
    assert response.status == 200
