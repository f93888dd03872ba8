"""The Celery app. Its settings are those of ``settings.py`` that start with ``CELERY_``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "transparency.settings")

app = Celery("transparency")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
