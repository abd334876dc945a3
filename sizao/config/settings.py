"""Settings. What differs between installations comes from the environment, all of it named `SIZAO_…`."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from sizao.config.database import database
from sizao.vocabulary.text import LOCALE_DIR

PACKAGE = Path(__file__).resolve().parent.parent
CONFIG = PACKAGE / "config"
#: Where this installation keeps its database, keys and files.
HOME = Path(os.environ.get("SIZAO_HOME", PACKAGE.parent / "var")).resolve()
KEYRING = Path(os.environ.get("SIZAO_KEYRING", HOME / "keys" / "keyring.json"))
KEYS = os.environ.get("SIZAO_KEYS", "")  # the ring itself, where a key service puts it into the environment
STORE = HOME / "store"
BACKUPS = Path(os.environ.get("SIZAO_BACKUPS", HOME / "backups")).resolve()

#: "laptop" serves this machine alone over plain HTTP; "production" wants TLS and real secrets.
MODE = os.environ.get("SIZAO_MODE", "laptop")
PRODUCTION = MODE == "production"
DEBUG = os.environ.get("SIZAO_DEBUG") == "1"
SECRET_KEY = os.environ.get("SIZAO_SECRET_KEY") or ("" if PRODUCTION else "not-secret-outside-production")
ALLOWED_HOSTS = os.environ.get("SIZAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

ROOMS = (
    "governance", "registry", "incidents", "cases", "tracing", "surveillance", "reporting", "intake", "desk",
    "oversight",
)  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "sizao.config",
    *(f"sizao.ops.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "sizao.config.request_log.EachRequest",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sizao.config.middleware.ClosedUnlessListed",
    "sizao.config.accounts.middleware.EndIdleSessions",
    "sizao.config.accounts.middleware.RequireSecondFactor",
    "sizao.config.accounts.row_scope.RowScope",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sizao.config.middleware.SayRefusals",
]
ROOT_URLCONF = "sizao.config.urls"
WSGI_APPLICATION = "sizao.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [CONFIG / "templates", *(PACKAGE / "ops" / room / "templates" for room in ROOMS)],
        "OPTIONS": {
            "environment": "sizao.config.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "sizao.config.frame.frame",
            ],
        },
    },
]
FORM_RENDERER = "sizao.config.jinja.FormRenderer"

DATABASES = {"default": database(os.environ.get("SIZAO_DATABASE", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["sizao.ops.governance.readers.UsersWithGrants"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

#: The demonstration's own home: its users log in with a password everybody knows. `sizao demo` writes the mark.
DEMONSTRATION = not PRODUCTION and (HOME / "demonstration").exists()
#: "required": whoever holds a role that wants it proves themselves twice. "off" is for tests alone.
SECOND_FACTOR = os.environ.get("SIZAO_SECOND_FACTOR", "required")
#: PostgreSQL holds web processes to their reader's areas, where they log in as a role that owns no table.
ROW_SECURITY = os.environ.get("SIZAO_ROW_SECURITY") == "on"
IDLE_MINUTES = int(os.environ.get("SIZAO_IDLE_MINUTES", "60"))
ACCOUNT_ADAPTER = "sizao.config.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # many networks have no e-mail: links are handed over by a person
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on, all others end
#: By address for a whole office behind one address at eight in the morning; by account against guessing.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "30/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("SIZAO_PROXIES", "1" if PRODUCTION else "0"))
MFA_ADAPTER = "sizao.config.accounts.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sizao"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_TRACK_ACTIVITY = False  # one write per request is too many; log-in and address are kept

#: Attempt limits and used codes, shared by all processes.
CACHES = {
    "default": {
        "BACKEND": os.environ.get("SIZAO_CACHE", "django.core.cache.backends.db.DatabaseCache"),
        "LOCATION": "cache",
    }
}
CSRF_FAILURE_VIEW = "sizao.config.failures.form_expired"

TASKS = {"default": {"BACKEND": os.environ.get("SIZAO_TASKS", "django_tasks_db.DatabaseBackend")}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [LOCALE_DIR]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("SIZAO_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [CONFIG / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STORE}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MANIFEST_STRICT = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "sizao.config.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
#: The server in front says whether the reader came by https; it must overwrite this header (docs/how-to/production.md).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^ready/", r"^metrics/"]  # asked on this machine, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION

#: Who may read /metrics shows this; empty closes it.
METRICS_TOKEN = os.environ.get("SIZAO_METRICS_TOKEN", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "sizao.config.log_lines.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines" if PRODUCTION else ""}},
    "root": {"handlers": ["console"], "level": os.environ.get("SIZAO_LOG", "WARNING")},
    "loggers": {
        "sizao.request": {"level": "INFO" if PRODUCTION else os.environ.get("SIZAO_LOG", "WARNING")},
    },
}
