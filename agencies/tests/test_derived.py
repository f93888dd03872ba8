"""Findings and graph follow the record, whoever changed it."""

from unittest.mock import patch

from django.core.cache import cache
from django.test import TestCase, override_settings

from agencies.derived import refresh_derived
from agencies.tests.factories import make_agency


@override_settings(REVISION_SECONDS=60)
class DerivedTests(TestCase):
    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)
        build = patch("agencies.derived.build_graph")
        self.build = build.start()
        self.addCleanup(build.stop)

    def test_unchanged_record_is_not_read_again(self) -> None:
        refresh_derived()
        refresh_derived()
        self.assertEqual(self.build.call_count, 1)

    def test_changed_record_is(self) -> None:
        refresh_derived()
        make_agency("Another Police Department")
        refresh_derived()
        self.assertEqual(self.build.call_count, 2)
