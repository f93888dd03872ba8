"""The commands of the long-running processes, in one place.

``./run`` starts exactly these, and so do ``docker-compose.yml`` and the tests; what differs between a laptop and
a server comes from the environment.
"""

WEB = ["gunicorn", "transparency.wsgi:application", "--config", "python:transparency.gunicorn_conf"]
WORKER = ["celery", "--app", "transparency", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
BEAT = ["celery", "--app", "transparency", "beat", "--loglevel", "INFO", "--pidfile", ""]

# Run to their end, in this order, before the processes above start.
MIGRATE = ["python", "manage.py", "migrate", "--noinput"]
LOAD_STARTER = ["python", "manage.py", "load_starter"]
COLLECT_STATIC = ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]

PROCESSES = {"web": WEB, "worker": WORKER, "beat": BEAT}
