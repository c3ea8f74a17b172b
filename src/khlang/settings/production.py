"""Behind a front proxy that speaks TLS. KHLANG_HOSTS lists the host names, separated by spaces."""

import os

from django.core.exceptions import ImproperlyConfigured

from khlang.authentication.rules.thaid import production_faults
from khlang.settings.base import *
from khlang.settings.base import KHLANG_HOME, THAID
from khlang.toolkit.postgres_home import secret

SECRET_KEY = os.environ.get("KHLANG_SECRET_KEY") or secret(KHLANG_HOME, "django-secret-key")
DEBUG = False
if faults := production_faults(THAID):
    raise ImproperlyConfigured("; ".join(faults))
ALLOWED_HOSTS = os.environ["KHLANG_HOSTS"].split()
KHLANG_RP_ID = os.environ.get("KHLANG_RP_ID") or ALLOWED_HOSTS[0]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-khlang"
CSRF_COOKIE_NAME = "__Host-khlang-csrf"
KHLANG_DEVICE_COOKIE = "__Host-khlang-device"
LANGUAGE_COOKIE_SECURE = True
# Whether a whole domain goes into the browsers' own lists is its owner's decision, not this program's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
