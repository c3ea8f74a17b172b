"""Loading into the database: again and again the same, never a change of meaning, never by the serving role."""

import shutil
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import psycopg
import pytest
from django.db import connections, transaction

from khlang.kernel.refusals import Refused
from khlang.reference import commands, queries
from khlang.settings.database import django_entry
from khlang.toolkit import postgres
from khlang.toolkit.postgres_roles import OWNER
from tests.conftest import test_home

DATA = resources.files("khlang.reference") / "data"
OLD = "chart_of_accounts/2546/accounts.csv"


@contextmanager
def as_owner():
    """Work as the owner of the database; everything is taken back at the end."""
    connection = connections["default"]
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(django_entry(postgres.dsn(test_home(), OWNER)))
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def owner(committed_db):
    with as_owner():
        yield


@pytest.fixture
def folder(tmp_path) -> Path:
    shutil.copytree(str(DATA), tmp_path / "data")
    return tmp_path / "data"


def change(folder: Path, path: str, before: str, after: str) -> None:
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def refused_codes(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        commands.load_reference_data(directory=folder)
    return [(refusal.code, refusal.where) for refusal in refused.value.refusals]


def test_loading_again_changes_nothing(owner):
    commands.load_reference_data()

    report = commands.load_reference_data()

    assert report.changes == 0
    assert {each.name: each.rows for each in report.lists}["province"] == 77


def test_a_changed_name_is_taken_over_and_a_new_row_added(owner, folder):
    commands.load_reference_data()
    change(folder, "banks.csv", "Bangkok Bank", "Bangkok Bank PCL")
    change(folder, "holidays.csv", "2024-01-01", "2023-12-31")

    report = commands.load_reference_data(directory=folder)

    assert {
        each.name: (each.added, each.changed, each.removed) for each in report.lists if each.changed or each.added
    } == {
        "bank": (0, 1, 0),
        "holiday": (1, 0, 1),
    }
    assert queries.banks()[1].name_en == "Bangkok Bank PCL"


def test_a_row_that_left_its_file_is_refused(owner, folder):
    commands.load_reference_data()
    change(folder, "banks.csv", "002,BBL", "992,BBL")

    assert refused_codes(folder) == [("reference.row_may_not_leave", "banks.csv")]


def test_an_unused_account_may_still_be_corrected(owner, folder):
    commands.load_reference_data()
    change(folder, OLD, "true,LFP_CASH,1101010101,010,,true", "true,LFP_PROVINCE,1101020602,010,,false")
    change(folder, "statements/2546/financial-position.csv", "=012", "=012;=010")

    assert commands.load_reference_data(directory=folder).changes == 2


def test_the_meaning_of_a_used_account_is_fixed(owner, folder):
    commands.load_reference_data()
    use_account("010")
    change(folder, OLD, "true,LFP_CASH,1101010101,010,,true", "true,LFP_PROVINCE,1101020602,010,,false")
    change(folder, "statements/2546/financial-position.csv", "=012", "=012;=010")

    assert refused_codes(folder) == [("reference.meaning_is_fixed", f"{OLD}:2")]


def use_account(code: str) -> None:
    """A row of one entity refers to the account."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_entity (entity_id, code, level, kind, name_th, name_en, sort_key, province_code, search_text)"
            " VALUES (9001, 'T9001', 'local_government', 'school', 'T', '', 'T', '', '')"
        )
        cursor.execute("SET LOCAL khlang.entity_id = 9001")
        cursor.execute(
            "INSERT INTO ledger_sub_account (entity_id, account_code, sub_account, name_th) VALUES (9001, %s, '01', 'T')",
            [code],
        )


@pytest.mark.django_db
def test_the_serving_role_may_not_load():
    with pytest.raises(Refused) as refused:
        commands.load_reference_data()

    assert refused.value.refusals[0].code == "reference.only_owner_loads"


@pytest.mark.parametrize("statement", ["UPDATE reference_account SET kind = 'asset'", "DELETE FROM reference_province"])
def test_the_serving_role_may_not_write(app_connection, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement)
