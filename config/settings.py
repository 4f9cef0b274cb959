"""The one settings file. Every variable of the environment stands in .env.example."""

import base64
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL = BASE_DIR / ".local"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)

# ---- keys and addresses -------------------------------------------------------------------

DEMO_SECRET_KEY = "demo-only-never-in-production-demo-only-never-in-production"
DEMO_FIELD_KEYS = base64.urlsafe_b64encode(b"demo-only-never-in-production-32"[:32]).decode()

SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else DEMO_SECRET_KEY)
FIELD_KEYS = env.list("FIELD_KEYS", default=[] if PRODUCTION else [DEMO_FIELD_KEYS])
SITE_URL = env.str("SITE_URL", default="" if PRODUCTION else "http://localhost:8000").rstrip("/")
MAIL_FROM = env.str("MAIL_FROM", default="" if PRODUCTION else "Pejling <pejling@example.org>")
ORGANIZER_EMAIL = env.str("ORGANIZER_EMAIL", default="" if PRODUCTION else "moede@example.org")
EMAIL_URL = env.str("EMAIL_URL", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
# Where the file backend keeps mails when there is no mail server (DEMO or DEBUG only).
MAIL_FOLDER = Path(env.str("MAIL_FOLDER", default=str(LOCAL / "mail")))


def _refuse_demo_values():
    """In production the app starts only with values of its own.

    Raises ImproperlyConfigured naming every variable that is missing or still the demo's.
    """
    wrong = [
        name
        for name, value, demo in [
            ("SECRET_KEY", SECRET_KEY, DEMO_SECRET_KEY),
            ("FIELD_KEYS", ",".join(FIELD_KEYS), DEMO_FIELD_KEYS),
            ("DATABASE_URL", env.str("DATABASE_URL", default=""), None),
            ("REDIS_URL", env.str("REDIS_URL", default=""), None),
            ("EMAIL_URL", EMAIL_URL, None),
            ("MAIL_FROM", MAIL_FROM, None),
            ("ORGANIZER_EMAIL", ORGANIZER_EMAIL, None),
            ("SITE_URL", SITE_URL, None),
            ("ALLOWED_HOSTS", ",".join(ALLOWED_HOSTS), "*"),
        ]
        if not value or (demo is not None and demo in value.split(","))
    ]
    if wrong:
        raise ImproperlyConfigured(
            "Missing or still a demo value: " + ", ".join(wrong) + ". See .env.example."
        )


if PRODUCTION:
    _refuse_demo_values()

SECURE = SITE_URL.startswith("https://")

# ---- the house ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_htmx",
    "notifications",
    "networks",
    "wellbeing",
    "meetings",
]

MIDDLEWARE = [
    "config.live.LiveMiddleware",  # first: a poll needs none of the others
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.htmx.ClientRedirectMiddleware",
    "config.htmx.ToastMiddleware",
    "networks.sign_in.LanguageMiddleware",
    "networks.sign_in.SignInMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "networks.sign_in.personas",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ---- data ---------------------------------------------------------------------------------

_embedded = embedded.urls()
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", _embedded.get("DATABASE_URL")))}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=8),
            "timeout": 5,  # seconds to wait for a connection before it's an error
        },
        # A query asked twice is planned once: planning costs more than answering (docs/figures.md).
        "server_side_binding": True,
        "prepare_threshold": 2,
    }
)
REDIS_URL = env.str("REDIS_URL", _embedded.get("REDIS_URL"))

CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# ---- sign-in ------------------------------------------------------------------------------

AUTH_USER_MODEL = "networks.User"
AUTHENTICATION_BACKENDS = ["networks.sign_in.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "networks.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_FORMS = {"request_login_code": "networks.forms.CodeForm"}
# A municipality's people come from one address behind its proxy, on a theme day all in one minute:
# limit per person, not per door.
ACCOUNT_RATE_LIMITS = {"request_login_code": "300/m/ip,5/m/key", "login": "60/m/ip"}

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

# ---- security -----------------------------------------------------------------------------

SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

FILE_UPLOAD_HANDLERS = [
    "config.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # of what is pasted

# ---- mail ---------------------------------------------------------------------------------


def _mailer():
    if not EMAIL_URL:
        return {
            "BACKEND": "notifications.mailbox.FolderBackend",
            "OPTIONS": {"file_path": str(MAIL_FOLDER)},
        }
    parts = env.email_url_config(EMAIL_URL)
    options = {
        "host": parts["EMAIL_HOST"],
        "port": parts["EMAIL_PORT"],
        "username": parts["EMAIL_HOST_USER"],
        "password": parts["EMAIL_HOST_PASSWORD"],
        "use_tls": parts.get("EMAIL_USE_TLS", False),
        "use_ssl": parts.get("EMAIL_USE_SSL", False),
        "timeout": 30,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


MAILERS = {"default": _mailer()}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM

# ---- the worker ---------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,  # of a ring: else it tries for six seconds. Worker and beat have their own
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "mail"
CELERY_TASK_ROUTES = {"*.tasks.heavy_*": {"queue": "heavy"}}  # minutes, not milliseconds
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# ---- words and time -----------------------------------------------------------------------

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"

# ---- files --------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None  # else served as they lie
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
