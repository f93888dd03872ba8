"""All settings of the site. Closed by default; what differs between installs comes from the environment.

Every variable read here is listed in ``.env.example`` and explained in ``docs/operator.md``.
"""

import os
import secrets
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

# --- Typed helpers -----------------------------------------------------------------------------------


def env_str(name: str, default: str = "") -> str:
    """Return the variable, or the default where it is unset or empty."""
    return os.environ.get(name) or default


def env_bool(name: str, default: bool) -> bool:
    """Return a yes or no; raise where the value is neither."""
    value = env_str(name).strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def env_int(name: str, default: int) -> int:
    """Return a whole number; raise where the value is none."""
    value = env_str(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def env_list(name: str) -> list[str]:
    """Return the parts of a comma-separated value, without empty ones."""
    return [part.strip() for part in env_str(name).split(",") if part.strip()]


def kept_secret(path: Path) -> str:
    """Return the secret kept in a file of mode 0600, made on the first call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(fresh, path)  # Never replaces: of two first starts at once, one secret wins.
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def package_dir(name: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ImproperlyConfigured(f"The package {name} is not installed; run ./run manage check.")
    return Path(spec.submodule_search_locations[0])


def celery_broker(redis_url: str) -> str:
    """Return the broker URL in Celery's spelling, which differs for a unix socket."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{parts.path}?virtual_host={parse_qs(parts.query).get('db', ['0'])[0]}"


# --- Where things are --------------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_str("ATLAS_VAR_DIR", str(BASE_DIR / "var")))
DATA_DIR = BASE_DIR / "data"
CAPTURES_DIR = Path(env_str("CAPTURES_DIR", str(VAR_DIR / "captures")))
LEAFLET_DIR = package_dir("leaflet")
TESTING = "test" in sys.argv[1:2]

# --- Security ----------------------------------------------------------------------------------------

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_str("SECRET_KEY") or kept_secret(VAR_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env_list("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

HTTPS = env_bool("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env_bool("HSTS_PRELOAD", False)
if env_bool("BEHIND_PROXY", False):  # Only where the proxy sets or strips this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Not "no-referrer": it makes browsers send "Origin: null" with the login form, which Django refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# A reader gets no session: only the admin starts one.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = "/admin/"
SESSION_COOKIE_AGE = 12 * 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}

# "Use my location" asks for it on our own pages; no page of ours needs anything else of the device.
PERMISSIONS_POLICY: dict[str, list[str] | str] = {
    "geolocation": "self",
    **dict.fromkeys(("camera", "display-capture", "microphone", "payment", "publickey-credentials-get", "usb"), []),
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Applications ------------------------------------------------------------------------------------

# `leaflet` stands in no list of apps: its app and the admin together import GIS forms, which need GDAL.
# Its templates, tags, translations and static files are added by the settings below.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "csp",
    "django_celery_beat",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "agencies",
    "api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "compression_middleware.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "transparency.language.AddressLocaleMiddleware",
    "transparency.nul.NulRefusedMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "transparency.urls"
WSGI_APPLICATION = "transparency.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "transparency" / "templates", LEAFLET_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "libraries": {"leaflet_tags": "leaflet.templatetags.leaflet_tags"},
        },
    }
]

# --- Database, cache and work ------------------------------------------------------------------------

if not env_str("DATABASE_URL"):
    raise ImproperlyConfigured(
        "DATABASE_URL is not set. Start commands with ./run (./run manage ..., ./run serve): it starts a "
        "PostgreSQL of its own. Or name a server: DATABASE_URL=postgres://user:password@host:5432/atlas"
    )

DATABASES = {"default": dj_database_url.config(conn_max_age=env_int("DB_CONN_MAX_AGE", 60), conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server (postgres://...).")
# 0 is no limit. The web process sets a limit of its own, see gunicorn_conf.py; imports may take long.
DB_STATEMENT_TIMEOUT_MS = env_int("DB_STATEMENT_TIMEOUT_MS", 0)
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "application_name": "alpr-sharing-atlas",
    "connect_timeout": 10,
    "options": (
        f"-c statement_timeout={DB_STATEMENT_TIMEOUT_MS} -c lock_timeout=60000"
        " -c idle_in_transaction_session_timeout=600000"
    ),
}
# Of use where two test runs share a server.
DATABASES["default"]["TEST"] = {"NAME": env_str("TEST_DATABASE_NAME") or None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_str("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "atlas",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
if REDIS_URL and not TESTING:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "atlas",
    }

# How long the record's revision is taken as unchanged; pages keep their numbers until it changes. 0: never.
REVISION_SECONDS = 0 if TESTING else 5

# Tests never reach the queue of a worker that runs beside them.
CELERY_BROKER_URL = celery_broker(REDIS_URL) if REDIS_URL and not TESTING else "memory://"
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = env_int("TASK_SOFT_TIME_LIMIT", 1500)
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 60
CELERY_WORKER_CONCURRENCY = env_int("WORKER_CONCURRENCY", 1)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task may run, so that none is delivered twice while it runs.
    "visibility_timeout": CELERY_TASK_TIME_LIMIT + 60,
    # Look for what a dead worker left every 10 s; the default is every 10 s x 10.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-runs": {"task": "agencies.sweep_import_runs", "schedule": 60.0, "options": {"expires": 55.0}},
    "what-follows": {"task": "agencies.refresh_derived", "schedule": 120.0, "options": {"expires": 110.0}},
    "deliver-webhooks": {"task": "agencies.deliver_webhooks", "schedule": 60.0, "options": {"expires": 55.0}},
    "nightly-release": {"task": "agencies.make_release", "schedule": crontab(hour=3, minute=20)},
}

# --- Readers' way to us: shown in the footer of every page -------------------------------------------

CONTACT_EMAIL = env_str("CONTACT_EMAIL")
CONTACT_URL = env_str("CONTACT_URL")
if CONTACT_URL and urlsplit(CONTACT_URL).scheme not in {"https", "http"}:
    raise ImproperlyConfigured("CONTACT_URL must begin with https:// or http://.")

# --- Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
FORMAT_MODULE_PATH = "transparency.formats"
LOCALE_PATHS = [BASE_DIR / "transparency" / "locale", LEAFLET_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env_str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static", LEAFLET_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG or TESTING
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Captures: the kept bytes of documents, which no address of the site serves ------------------------

CAPTURES_BUCKET = env_str("CAPTURES_BUCKET")
if TESTING:
    STORAGES["captures"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
elif CAPTURES_BUCKET:
    STORAGES["captures"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": CAPTURES_BUCKET,
            "location": env_str("CAPTURES_PREFIX"),
            "endpoint_url": env_str("CAPTURES_ENDPOINT_URL") or None,
            "region_name": env_str("CAPTURES_REGION") or None,
            "access_key": env_str("CAPTURES_ACCESS_KEY") or None,
            "secret_key": env_str("CAPTURES_SECRET_KEY") or None,
            "addressing_style": env_str("CAPTURES_ADDRESSING", "auto"),
            "default_acl": None,  # The bucket's own rule, which must be private.
        },
    }
else:
    STORAGES["captures"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": CAPTURES_DIR,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }

# Largest document that is taken in, uploaded or fetched.
CAPTURES_MAX_BYTES = env_int("CAPTURES_MAX_MB", 50) * 2**20
# Seconds between two requests to one host, over all processes. A robots.txt may ask for more.
FETCH_PACE_SECONDS = env_int("FETCH_PACE_SECONDS", 10)
# Only for trials with a server of your own: lets addresses be fetched that lie in this machine or its network.
FETCH_PRIVATE_ADDRESSES = env_bool("FETCH_PRIVATE_ADDRESSES", False)

LEAFLET_CONFIG = {
    "TILES": [],  # The default asks OpenStreetMap's servers. The basemap is our own file.
    "OVERLAYS": [],
    "ATTRIBUTION_PREFIX": False,
    "RESET_VIEW": False,
    "MINIMAP": False,
    "SCALE": "both",
    "SPATIAL_EXTENT": (-179.2, 17.6, -64.5, 71.5),
}

# Tiles of another host under the map; see agencies/map_tiles.py. Empty: none, and no page asks another host.
MAP_TILES_URL = env_str("MAP_TILES_URL")
MAP_TILES_ATTRIBUTION = env_str("MAP_TILES_ATTRIBUTION")

# --- API ---------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.FormatFirstNegotiation",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_FILTER_BACKENDS": ["api.parameters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.AddressThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": env_str("API_RATE", "600/min")},
    # The reader's address is the last one that our own proxy added; without a proxy, the peer's.
    "NUM_PROXIES": 1 if env_bool("BEHIND_PROXY", False) else 0,
    "EXCEPTION_HANDLER": "api.errors.problem_response",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "ALPR Sharing Atlas API",
    "DESCRIPTION": (
        "Which agencies give each other access to licence plate reader data, since when, and how anyone knows. "
        "Read-only but for webhooks. A link shows access as listed on the dates given; it does not show that a search "
        "took place, and what is not on record is not a no."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "Access": "agencies.models.Access",
        "AccountStatus": "agencies.models.AccountStatus",
        "AgencyKind": "agencies.models.Agency.Kind",
        "AgencyStatus": "agencies.models.Agency.Status",
        "AnswerEffect": "agencies.models.AnswerEffect",
        "BytesKept": "agencies.models.Capture.BytesKept",
        "Completeness": "agencies.models.Completeness",
        "EvidenceState": "api.serializers.reach.EVIDENCE",
        "FactField": "agencies.models.FactField",
        "FindingStatus": "agencies.findings.status.FindingStatus",
        "Knowledge": "agencies.models.Knowledge",
        "LawKind": "agencies.models.Law.Kind",
        "LinkReporter": "agencies.models.SharingLink.Reporter",
        "LinkStatus": "agencies.models.SharingLink.Status",
        "PlaceKind": "agencies.models.Place.Kind",
        "RungState": "api.serializers.reach.RUNG_STATES",
        "Precision": "agencies.models.Agency.Precision",
        "ReportedBy": "agencies.models.ReportedBy",
        "ServingBasis": "agencies.models.AgencyPlace.Basis",
        "SourceKind": "agencies.models.Source.Kind",
        "StatementKind": "agencies.models.Statement.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_problems",
    ],
}

# --- Releases: whole publications of the record, served under /data/releases/ -------------------------

RELEASES_DIR = Path(env_str("RELEASES_DIR", str(VAR_DIR / "releases")))
STORAGES["releases"] = {
    "BACKEND": f"django.core.files.storage.{'InMemoryStorage' if TESTING else 'FileSystemStorage'}",
    "OPTIONS": {"location": RELEASES_DIR},
}

# --- Logs: no query strings, no addresses ------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private": {"()": "transparency.logs.PrivacyFilter"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["private"]},
    },
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "httpx": {"handlers": [], "propagate": True, "level": "WARNING"},  # Each fetch leaves a row of its own.
        # Its warnings quote documents.
        "pdfminer": {"handlers": [], "propagate": True, "level": "ERROR"},
        # Every scan of the internet would write a traceback; the answer is 400 all the same.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False, "level": "CRITICAL"},
    },
}
