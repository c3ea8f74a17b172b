"""Brings a database to the current schema and loads the national reference data."""

import importlib
import importlib.util
import os
from collections.abc import Callable

import django
from django.core.management import call_command
from django.db import connection

# Areas that own national data, lowest first. Each offers `commands.load_reference_data()`.
AREAS_WITH_REFERENCE_DATA = ("reference", "identity", "ledger")


def open_django(*, as_owner: bool = False) -> None:
    """Start Django for one command, as the role that serves or as the role that migrates."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khlang.settings.local")
    if as_owner:
        os.environ["KHLANG_DATABASE_ROLE"] = "owner"
    django.setup()


def prepare_schema(*, say: Callable[[str], None] = lambda _: None) -> None:
    """Migrate and load reference data, as owner, in a process of its own role."""
    open_django(as_owner=True)
    say("migrate")
    call_command("migrate", verbosity=0, interactive=False)
    for area in AREAS_WITH_REFERENCE_DATA:
        if importlib.util.find_spec(f"khlang.{area}.commands") is None:
            continue
        load = getattr(importlib.import_module(f"khlang.{area}.commands"), "load_reference_data", None)
        if load is not None:
            say(f"reference {area}")
            load()
    connection.close()
