"""Brings a database to the current schema and loads the national reference data."""

import importlib
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from khlang.settings.database import django_entry
from khlang.toolkit import postgres
from khlang.toolkit.postgres_roles import OWNER

# Areas that own national data, lowest first. Each offers `commands.load_reference_data()`.
AREAS_WITH_REFERENCE_DATA = ("reference", "identity")
Say = Callable[[str], None]


def open_django() -> None:
    """Start Django for one command; twice is harmless."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khlang.settings.local")
    if not apps.ready:
        django.setup()


def connect_as_owner() -> None:
    """From here on, this process works as owner, at the place the database has by now.

    The owner is under row-level security too. A new foreign key makes PostgreSQL look through its tables,
    which fails while no entity is named; entity 0 has no rows. A migration that adds one to tables in use
    therefore proves their rows itself, entity by entity.
    """
    entry = django_entry(postgres.dsn(Path(settings.KHLANG_HOME), OWNER))
    entry["OPTIONS"]["options"] = f"{entry['OPTIONS'].get('options', '')} -c khlang.entity_id=0".strip()
    connections["default"].close()
    connections["default"].settings_dict.update(entry)


def prepare_schema(*, say: Say = lambda _: None) -> None:
    """Migrate and load reference data, as owner. On a current database this changes nothing."""
    open_django()
    connect_as_owner()
    say("migrate")
    call_command("migrate", verbosity=0, interactive=False)
    for area in AREAS_WITH_REFERENCE_DATA:
        if importlib.util.find_spec(f"khlang.{area}.commands") is None:
            continue
        load = getattr(importlib.import_module(f"khlang.{area}.commands"), "load_reference_data", None)
        if load is not None:
            say(area)
            load()
    connections["default"].close()
