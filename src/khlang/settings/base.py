"""What is the same everywhere."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from khlang.settings import database, thaid
from khlang.toolkit.postgres_home import home_folder

PACKAGE = Path(__file__).resolve().parent.parent
KHLANG_HOME = home_folder()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "procrastinate.contrib.django",
    "khlang.toolkit",
    "khlang.reference",
    "khlang.audit",
    "khlang.identity",
    "khlang.authentication",
    "khlang.operations",
    "khlang.ledger",
    "khlang.budget",
    "khlang.journal_vouchers",
    "khlang.reporting",
    "khlang.official_forms",
    "khlang.continuity",
    "khlang.oversight",
    "khlang.web",
    "khlang.api",
    # Last, so that our own Thai words come before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "khlang.toolkit.request_log.RequestLogMiddleware",
    "khlang.toolkit.traffic_log.TrafficLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "khlang.toolkit.response_headers.ResponseHeadersMiddleware",
    "khlang.toolkit.unreadable.UnreadableMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "khlang.authentication.middleware.SessionGuardMiddleware",
    "khlang.toolkit.request_language.ChosenLanguageMiddleware",
    # Before the form's token is judged: a closed system says so, whatever the form looks like.
    "khlang.web.modes.ModeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "khlang.authentication.middleware.SessionEndMiddleware",
    "khlang.authentication.middleware.NewPasswordMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "khlang.authentication.step_up.StepUpMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "khlang.web.urls"
WSGI_APPLICATION = "khlang.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "khlang.web.shell.page_frame",
            ],
        },
    },
]

# The transaction belongs to the command or the page decorator, which also names the entity: no ATOMIC_REQUESTS.
DATABASES: dict[str, Any] = {"default": database.configuration(KHLANG_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
PASSWORD_HASHERS = [
    "khlang.authentication.hashers.OfficeArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

# Addresses of our own front proxies: only what they say about where a request comes from is believed.
KHLANG_PROXIES = frozenset(os.environ.get("KHLANG_PROXIES", "").split())

# Sessions have a table of their own: keys as hashes, and how long they last is a parameter of the reference data.
SESSION_ENGINE = "khlang.authentication.session_store"
# Marks a browser on which somebody logged in before, so that strangers cannot lock her out of it.
KHLANG_DEVICE_COOKIE = "khlang_device"

# The host name for which passkeys are made. Chosen before the first one and never changed: they would all be lost.
KHLANG_RP_ID = os.environ.get("KHLANG_RP_ID", "")
# allauth checks passkeys, authenticator codes and recovery codes behind our own pages; it opens no page and sends no mail,
# and how often one may try is our own rule (authentication.rules.limits).
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "khlang.authentication.mfa_adapter.KhlangMFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# One step of thirty seconds early or late: the clocks of telephones are not perfect.
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "khlang.web.views.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "Thai"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "khlang_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
# The command line is no Django app, so its catalogue is named here.
LOCALE_PATHS = [PACKAGE / "cli" / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = KHLANG_HOME / "static"
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(KHLANG_HOME / "attachments"), "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "khlang.toolkit.static_storage.HashedStaticFiles"},
}
WHITENOISE_MAX_AGE = 60 * 60
FILE_UPLOAD_PERMISSIONS = 0o600
# A program that gets each sent file on its standard input: exit 0 clean, 1 infected (docs/handbook/operate.md).
KHLANG_VIRUS_SCAN = os.environ.get("KHLANG_VIRUS_SCAN", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
# A voucher of several hundred lines is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# None when no KHLANG_THAID_URL is given: then there is no ThaiD door.
THAID = thaid.configuration(os.environ, KHLANG_HOME)

# What the Computer Crime Act asks for lies apart from every other log, and the state of the system apart from both.
KHLANG_TRAFFIC = KHLANG_HOME / "traffic"
KHLANG_STATUS = KHLANG_HOME / "status"

# The worker looks for jobs itself: every other command starts a third sooner without importing all of them.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "khlang.toolkit.json_logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "khlang": {"level": "INFO"},
        # Bad requests carry what people typed into the address; the request log has their route and status.
        "django.security": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR"},
    },
}
