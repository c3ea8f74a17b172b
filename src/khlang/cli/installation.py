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


def connect(*, role: str) -> None:
    """From here on, this process works as `role`, at the place the database has by now."""
    entry = django_entry(postgres.dsn(Path(settings.KHLANG_HOME), role))
    connections["default"].close()
    connections["default"].settings_dict.update(entry)


def prepare_schema(*, say: Say = lambda _: None) -> None:
    """Migrate and load reference data, as owner. On a current database this changes nothing."""
    open_django()
    connect(role=OWNER)
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
