"""On one's own machine: what `make run` uses."""

import os

from khlang.settings.base import *
from khlang.settings.base import KHLANG_HOME
from khlang.toolkit.postgres_home import secret

SECRET_KEY = secret(KHLANG_HOME, "django-secret-key")
DEBUG = os.environ.get("KHLANG_DEBUG") == "1"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *os.environ.get("KHLANG_HOSTS", "").split()]
