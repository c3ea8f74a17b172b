"""For the test suite: fast password hashes, plain static files, the database given by tests/conftest.py."""

from typing import Any

from khlang.settings.base import *  # noqa: F403  (settings are inherited by star; it is Django's way)
from khlang.settings.base import STORAGES as BASE_STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105  (guards nothing)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES: dict[str, Any] = {
    "default": BASE_STORAGES["default"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are found in the source; nothing is collected first.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
