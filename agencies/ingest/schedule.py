"""Each watch's entry in the schedule that beat keeps, in step with the watch."""

import json
import zlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from agencies.models import Watch

TASK = "agencies.fetch_watch"


@transaction.atomic
def sync_schedule(watch: Watch) -> PeriodicTask:
    """Bring a watch's entry up to date, made when missing; beat notices by itself.

    An entry that is new, resumed or has a new interval comes due at a moment of the interval that depends on the
    watch, so that a list of watches is not fetched all at once.
    """
    hours = IntervalSchedule.HOURS
    interval = IntervalSchedule.objects.filter(every=watch.every_hours, period=hours).first()
    interval = interval or IntervalSchedule.objects.create(every=watch.every_hours, period=hours)
    entry = watch.schedule or PeriodicTask()
    if entry.interval_id != interval.pk or entry.last_run_at is None:  # None of one that was paused.
        entry.last_run_at = timezone.now() - timedelta(hours=watch.every_hours) * (1 - place_in_interval(watch))
    entry.name = f"fetch {watch.slug}"
    entry.task, entry.args, entry.interval = TASK, json.dumps([watch.pk]), interval
    entry.enabled = watch.is_enabled
    entry.expire_seconds = watch.every_hours * 3600
    entry.description = watch.url[:200]
    entry.save()
    if watch.schedule_id != entry.pk:
        watch.schedule = entry
        watch.save(update_fields=["schedule"])
    return entry


def place_in_interval(watch: Watch) -> float:
    """Return how far into its interval a watch's turn is, from 0 to 1: always the same for one watch."""
    return zlib.crc32(watch.slug.encode()) / 2**32
