"""Gunicorn's settings: where to listen, how many threads, and logs that hold no reader's query or address."""

import os

import zipcodes

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
limit_request_line = 4094
control_socket_disable = True
accesslog = None

# A page that takes longer than this in the database is a bug or an attack; imports run in the worker, unlimited.
raw_env = [f"DB_STATEMENT_TIMEOUT_MS={os.environ.get('WEB_STATEMENT_TIMEOUT_MS') or 15_000}"]


def post_fork(server: object, worker: object) -> None:
    """Read the ZIP table before the first reader asks: it is loaded at its first use, which takes half a second."""
    zipcodes.matching("94587")


logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private": {"()": "transparency.logs.PrivacyFilter"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["private"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Warns at every HEAD request: Django leaves it to the server to drop the body.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}
