"""For the test suite: fast password hashes, plain static files, the database given by tests/conftest.py."""

import os
import tempfile

# One throw-away home for a run of tests, shared by its workers; each worker has a database of its own.
# A server named in the environment is never touched by tests. All this must stand before base is read.
_HOME = f"{tempfile.gettempdir()}/khlang-test-{os.geteuid()}-{os.getpid()}"
os.environ["KHLANG_HOME"] = os.environ.setdefault("KHLANG_TEST_HOME", _HOME)
os.environ["KHLANG_DATABASE_NAME"] = f"khlang_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
os.environ.pop("DATABASE_URL", None)

from khlang.settings.base import *  # noqa: E402

SECRET_KEY = "only-for-tests"
DEBUG = False
# A ThaiD named in the environment is never asked by tests.
THAID = None
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Static files are found in the source; nothing is collected first.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# As with the pool of real web processes: a request does not wait for a new connection.
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
