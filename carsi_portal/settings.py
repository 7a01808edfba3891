"""Settings, in order of topics; every value comes from the environment, with a safe default.

`make run` needs none of them. A production site sets at least SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL and
REDIS_URL: see docs/deploy.md. `manage.py check --deploy` refuses what is unsafe.
"""

import sys
from email.utils import parseaddr
from pathlib import Path

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from carsi_portal import embedded
from carsi_portal.logs import without_secrets
from carsi_portal.queues import DEFAULT, QUEUES, ROUTES
from carsi_portal.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Safety -----------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# DEMONSTRATION: this site shows made-up programs and prints its accounts; never on in production.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or embedded.secret_key()
# Keys of before: sessions, links and second factors made with them stay good while the key is changed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# HTTPS: on everywhere but on the demonstration site of one's own machine, which has no certificate.
HTTPS = env.bool("HTTPS", default=not (DEBUG or DEMONSTRATION))
# MFA_REQUIRED: coordinators, managers and administrators must have a second factor. Off on the demonstration site
# alone, whose accounts share a printed password; `check --deploy` refuses a site without it.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=not DEMONSTRATION)

# --- Applications -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.admin",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "csp",
    "django_structlog",
    "carsi_portal",
    "core",
    "goals",
    "donors",
    "programs",
    "programs.overlap",
    "programs.money",
    "programs.exchange",
    "programs.discussion",
    "programs.webhooks",
    "programs.agreements",
    "programs.priorities",
    "programs.region",
    "programs.reports",
]

MIDDLEWARE = [
    "carsi_portal.health.ProbeMiddleware",
    "carsi_portal.bodies.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carsi_portal.middleware.CompressedTextMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "carsi_portal.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "donors.middleware.SessionLimitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "donors.middleware.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "carsi_portal.middleware.PrivatePagesMiddleware",
    "carsi_portal.middleware.ApiCopiesMiddleware",
    "donors.middleware.KeyUseMiddleware",
]

ROOT_URLCONF = "carsi_portal.urls"
WSGI_APPLICATION = "carsi_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "carsi_portal.context_processors.portal",
            ],
        },
    },
]

# Forms may have templates of ours in place of Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database and Redis -----------------------------------------------------------------------------------
# Without DATABASE_URL and REDIS_URL these are the embedded servers under var/, which `make setup` starts.
DATABASE_URL = env.str("DATABASE_URL", default="") or embedded.database_url()
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A server that answers nothing (a machine gone, a firewall) is an error in seconds, not a page that hangs for minutes.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Seconds after which the database ends a statement, and a transaction in which nothing happens
# (carsi_portal/database_limits.py). A worker's are about the limits of its tasks, below.
DATABASE_SECONDS = {
    "web": (env.int("WEB_STATEMENT_SECONDS", default=30), 60),
    "worker": (env.int("WORKER_STATEMENT_SECONDS", default=250), 300),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or embedded.redis_url()
CACHES = {
    "default": {
        "BACKEND": "core.caching.Cache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# Figures of the whole region that took longer to make than so many seconds are shown as they were before a change,
# until a job has made them again (programs/money/memory.py).
FIGURES_AT_ONCE_SECONDS = env.float("FIGURES_AT_ONCE_SECONDS", default=0.05)

# Of so many rows of a coordinator's queue one is a pair that the engine is not sure of, so that what it misses is seen;
# 0 for none.
UNCERTAIN_ONE_IN = env.int("UNCERTAIN_ONE_IN", default=10)

# --- Background jobs --------------------------------------------------------------------------------------
CELERY_BROKER_URL = embedded.celery_broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# What kills a worker must not come back by itself, without end: sweeps find what is left to do, and count how often.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = DEFAULT
CELERY_TASK_QUEUES = [Queue(name) for name in QUEUES]
CELERY_TASK_ROUTES = ROUTES
# A worker's process that holds more than so many KiB after a job is ended, and another one takes its place.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_MEMORY_KB", default=600_000)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task of a killed worker comes back after this time: at least twice the hard time limit.
    "visibility_timeout": 600,
    # A frozen broker must not hold up a save: what is to do is derived from the database anyway.
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "retry_on_timeout": False,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_SCHEDULE", default=str(embedded.VAR / "beat-schedule"))
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "donors.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # emails are unique whatever their capitals: user_email_is_unique
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "region:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "donors.adapter.InvitedOnlyAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made from a link that was sent to the address
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to the person by mail
MFA_ADAPTER = "donors.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proved by the invitation, not by an email of allauth
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "donors.forms.AddSecurityKeyForm",
    "login_webauthn": "donors.forms.KeySignInForm",
    "authenticate_webauthn": "donors.forms.KeyAfterPasswordForm",
    "reauthenticate_webauthn": "donors.forms.KeyConfirmsForm",
}
MFA_TOTP_ISSUER = "CARSI Portal"
MFA_TOTP_TOLERANCE = 1  # telephones' clocks are up to half a minute off
INVITATION_DAYS = 7

# --- Emails ----------------------------------------------------------------------------------------------
# EMAIL_URL: smtp+tls://user:password@mail.example.org:587. Without it emails are written to files under var/mail on
# the demonstration site, so that their links can be opened, and to the log elsewhere.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://" if DEBUG or DEMONSTRATION else "consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CARSI Portal <portal@localhost>")
EMAIL_FILE_PATH = str(embedded.VAR / "mail")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds that a page waits for a mail server that hangs
# RATES_SOURCES: which sources of exchange rates are read each night (ecb, hmrc), or none. An address is
# given where it is not the source's own; {year} and {month} in it are those of a month. A source that is off has none.
RATES_SOURCES = env.list("RATES_SOURCES", default=["ecb", "hmrc"])
RATES_ECB_URL = (
    env.str("RATES_ECB_URL", default="") or "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml"
    if "ecb" in RATES_SOURCES
    else ""
)
RATES_HMRC_URL = (
    env.str("RATES_HMRC_URL", default="")
    or "https://www.trade-tariff.service.gov.uk/api/v2/exchange_rates/files/monthly_xml_{year}-{month}.xml"
    if "hmrc" in RATES_SOURCES
    else ""
)
# WEBHOOK_NETWORKS: networks of one's own that webhooks may lead into, such as 10.20.0.0/16; none unless told.
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
# PORTAL_URL: how links in emails begin; they are also written where there is no request to tell.
PORTAL_URL = env.str("PORTAL_URL", default="").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0]}" if HTTPS and ALLOWED_HOSTS else f"http://localhost:{env.int('PORT', default=8000)}"
)

# --- Sessions, cookies, headers ---------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# A session ends after three hours without use, and after twelve in all (donors/middleware.py).
SESSION_COOKIE_AGE = SESSION_IDLE_SECONDS = 3 * 60 * 60
SESSION_WHOLE_SECONDS = 12 * 60 * 60
# How exactly the last use of a session and of an API key is kept: it is written at most once in so many seconds.
USE_NOTED_EVERY_SECONDS = env.float("USE_NOTED_EVERY_SECONDS", default=60)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else all people would be counted as one, the proxy, and ten wrong passwords would lock everybody out.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# A body without files. What a view takes at most, files included, is in carsi_portal/bodies.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Languages and time -----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["carsi_portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Guatemala"  # UTC-6 without daylight saving, as most of the region keeps it

# --- Static files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(embedded.VAR / "static")))
RUNNING_TESTS = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if RUNNING_TESTS or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Pages name files by their hash alone: without the copies under their plain names half as much is compressed.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = RUNNING_TESTS or DEBUG
# Looked for when asked for, not all of them for each client of a test.
WHITENOISE_AUTOREFRESH = RUNNING_TESTS or DEBUG

# --- API --------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "donors.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "donors.scopes.KeyHasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.api.parsers.NamedFormats",
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.JsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pages.CursorPages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["donors.rate.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": env.str("API_RATE", default="6000/hour")},
    "COERCE_DECIMAL_TO_STRING": True,
}
API_TAGS = {
    "accuracy": "How right the overlap engine has been.",
    "agreements": "Agreements between partners, their answers and commitments.",
    "areas": "Departments, provinces, districts and municipalities.",
    "comments": "Comments on programs, overlaps and other topics.",
    "countries": "Countries, the seven of the region among them.",
    "dumps": "Nightly files of all public programs.",
    "exchange-rates": "What currencies were worth in US dollars, month by month.",
    "gaps": "Goals and priorities with little or no funding.",
    "goals": "The five goals.",
    "imports": "Files of programs: uploaded, checked, applied and undone.",
    "matrix": "Programs and funds by goal and country.",
    "me": "The owner of the key and what the key may do.",
    "money": "Where the money goes: from donors to countries and goals.",
    "organizations": "Donors, implementers and other organizations.",
    "overlaps": "Pairs of programs that may overlap, and the decisions on them.",
    "priorities": "What the countries and SICA ask for.",
    "programs": "Programs and all that belongs to one.",
    "reports": "Overlap reports of a period.",
    "saved-searches": "Saved filters of the list of overlaps.",
    "search": "One search over all that you may see.",
    "sectors": "DAC sectors.",
    "transactions": "Commitments, disbursements and other transactions of programs.",
    "years": "Money by year: committed, spent and planned.",
    "uncertain-pairs": "Pairs of programs that the engine is not sure of.",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CARSI Portal API",
    "DESCRIPTION": "Programs, donors, goals and overlaps of citizen-safety cooperation in Central America.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": "/", "description": "This portal"}],
    "CONTACT": {"name": "Administrators of the portal", "email": parseaddr(DEFAULT_FROM_EMAIL)[1]},
    "LICENSE": {"name": "MIT License", "identifier": "MIT"},
    "TAGS": [{"name": name, "description": words} for name, words in API_TAGS.items()],
    "DEFAULT_GENERATOR_CLASS": "core.api.schema.OneSchema",
    "SERVE_INCLUDE_SCHEMA": False,
    # What is only shown is no part of a body, not even of its required fields.
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    # Not the one for choices: they stay where they are used, as many fields of different lists are called kind or type.
    "POSTPROCESSING_HOOKS": ["core.api.examples.add_examples"],
}

# --- Logs -------------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="console" if DEBUG or DEMONSTRATION else "json")
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # no personal data in the logs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "events": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if LOG_FORMAT == "json"
            else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.format_exc_info,
                without_secrets,
            ],
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "events"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        without_secrets,  # behind all that makes text, tracebacks too
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

# --- History ----------------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
