"""The database entry of the settings, from the launcher's description of this home."""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from khlang.toolkit import postgres
from khlang.toolkit.postgres_roles import APP, OWNER


def configuration(home: Path) -> dict[str, Any]:
    """Connect as the application role, or as owner when KHLANG_DATABASE_ROLE=owner (migrations only).

    KHLANG_DATABASE_POOL is the number of connections of one web process; without it, one per thread.
    """
    role = OWNER if os.environ.get("KHLANG_DATABASE_ROLE") == "owner" else APP
    return django_entry(postgres.dsn(home, role), pool_size=int(os.environ.get("KHLANG_DATABASE_POOL", "0")))


def django_entry(dsn: str, *, pool_size: int = 0) -> dict[str, Any]:
    """A connection address in Django's words."""
    parts = {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    entry: dict[str, Any] = {word: parts.pop(key, "") for word, key in named.items()}
    options: dict[str, Any] = dict(parts)
    if pool_size:
        options["pool"] = {"min_size": min(2, pool_size), "max_size": pool_size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **entry,
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }
