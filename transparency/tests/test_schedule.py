"""What runs by itself is told to who runs the site."""

from django.conf import settings
from django.test import SimpleTestCase


class ScheduleTests(SimpleTestCase):
    def test_every_task_of_beat_is_in_the_operators_guide(self) -> None:
        guide = (settings.BASE_DIR / "docs" / "operator.md").read_text(encoding="utf-8")
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            self.assertIn(f"| `{entry['task']}` |", guide)
