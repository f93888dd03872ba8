"""The project: settings, URLs, the Celery app, and what starts and stops the processes of the site.

Nothing about agencies lives here; the record is in ``agencies`` and its API in ``api``.
"""

from transparency.celery import app as celery_app

__all__ = ["celery_app"]
