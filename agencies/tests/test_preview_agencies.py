"""A page of another agency than earlier copies, or of one that has another portal: told, and left to a person."""

from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import skipUnless

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse

from agencies.ingest import rollback, runs
from agencies.ingest.preview_text import preview_lines
from agencies.models import ImportRun, RunEvent, SharingLink, Source
from agencies.tests.factories import make_agency, make_alias, make_network
from agencies.tests.portal_factories import portal_page
from agencies.tests.portal_reading import NO_PORTALS, PORTALS
from agencies.tests.run_factories import make_watch

CITY, OTHER = "Union City CA PD", "Hayward CA PD"
ACCESS = "Organizations granted access to Union City CA PD data"
TYPO = "union-city-ca-pdd"
SECOND = f"a portal of {CITY} is on record under another name, flock-portal-union-city-ca-pd: flock-portal-{TYPO}"
SAME_BYTES = (
    "the same bytes are on record as the copy of flock-portal-union-city-ca-pd of 2026-04-01: flock-portal-" + TYPO
)
SAID = f"the page names {OTHER}, earlier copies {CITY}: Flock Safety transparency portal of {CITY}"


class OtherAgencyTests(TestCase):
    """One portal, of which a first copy is on record."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_network("flock")
        for name in (CITY, OTHER, "Alpha CA PD", "Beta CA SO"):
            make_alias(name, make_agency(name))

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        self.assertEqual(self.take_in(CITY, "2026-04-01").status, "done")

    def page(self, agency: str, day: str, listed: str = "Alpha CA PD, Beta CA SO") -> str:
        """Write a page that names this agency; return its path."""
        file = self.folder / f"{day}.html"
        file.write_bytes(portal_page((ACCESS, listed), name=agency, updated=f"{day}T12:00:00Z"))
        return str(file)

    def take_in(self, agency: str, day: str, slug: str = "union-city-ca-pd", **values: Any) -> ImportRun:
        """Import a page, under the slug of Union City's portal where no other is given."""
        options = {"slug": slug, "retrieved_on": day}
        return runs.perform(runs.start("flock_portal", [self.page(agency, day)], options=options, **values))

    def warnings(self, run: ImportRun) -> list[str]:
        return list(RunEvent.objects.filter(run=run, level="warning").values_list("message", flat=True))

    def reason(self, run: ImportRun) -> str:
        """Return why a run waits."""
        self.assertEqual(run.status, "review")
        assert run.preview is not None
        return str(run.preview["reason"])

    def test_trusted_schedule_waits_and_ends_nothing(self) -> None:
        watch = make_watch(is_trusted=True, largest_change=100)
        run = self.take_in(OTHER, "2026-04-08", watch=watch, needs_review=True)
        self.assertEqual(self.reason(run), SAID)
        self.assertEqual({link.status for link in SharingLink.objects.all()}, {"listed"})
        self.assertEqual(self.take_in(CITY, "2026-04-15", watch=watch, needs_review=True).status, "done")

    def test_untrusted_schedule_and_upload_say_so_too(self) -> None:
        for watch in (make_watch(), None):
            run = self.take_in(OTHER, "2026-04-08", needs_review=True, watch=watch)
            self.assertEqual(self.reason(run), SAID)

    def test_command_goes_on_and_logs_it(self) -> None:
        run = self.take_in(OTHER, "2026-04-08")
        self.assertEqual(run.status, "done")
        self.assertIn(SAID, self.warnings(run))

    def test_terminal_and_admin_show_it(self) -> None:
        out = StringIO()
        words = ("--option", "slug=union-city-ca-pd", "--option", "retrieved_on=2026-04-08", "--dry-run")
        call_command("import_documents", "flock_portal", self.page(OTHER, "2026-04-08"), *words, stdout=out)
        self.assertIn(f"another agency: {SAID}", out.getvalue())
        run = self.take_in(OTHER, "2026-04-08", needs_review=True)
        self.client.force_login(User.objects.create_superuser("editor"))
        page = self.client.get(reverse("admin:agencies_importrun_change", args=[run.pk]))
        self.assertContains(page, f"The page names {OTHER}, earlier copies {CITY}")

    def test_name_that_an_accepted_copy_gave_is_known_until_it_is_rolled_back(self) -> None:
        renamed = self.take_in(OTHER, "2026-04-08")
        self.assertEqual(self.warnings(self.take_in(OTHER, "2026-04-15")), [])
        self.assertEqual(self.warnings(self.take_in(CITY, "2026-04-16")), [])
        for run in ImportRun.objects.filter(pk__gte=renamed.pk, status="done"):
            rollback.roll_back(run, "wrong page")
        self.assertIn(SAID, self.warnings(self.take_in(OTHER, "2026-04-20")))

    def test_capitals_and_first_copies_are_no_other_name(self) -> None:
        self.assertEqual(self.warnings(self.take_in(CITY.upper(), "2026-04-08")), [])
        options = {"slug": "hayward-ca-pd", "retrieved_on": "2026-04-08"}
        run = runs.perform(runs.start("flock_portal", [self.page(OTHER, "2026-04-08")], options=options))
        self.assertEqual((run.status, self.warnings(run)), ("done", []))

    def test_mistyped_name_of_a_portal_waits_and_names_the_other(self) -> None:
        for watch in (make_watch(is_trusted=True, largest_change=100), None):
            run = self.take_in(CITY, "2026-04-08", TYPO, needs_review=True, watch=watch)
            self.assertEqual(self.reason(run), SECOND)

    def test_command_logs_a_second_portal_and_its_bytes_and_goes_on(self) -> None:
        run = self.take_in(CITY, "2026-04-01", TYPO)
        self.assertEqual((run.status, self.warnings(run)), ("done", [SECOND, SAME_BYTES]))

    def test_second_portal_is_known_once_a_copy_of_it_stands(self) -> None:
        first = self.take_in(CITY.upper(), "2026-04-08", TYPO)
        self.assertEqual(self.warnings(first), [SECOND.replace(CITY, CITY.upper())])
        self.assertEqual(self.warnings(self.take_in(CITY, "2026-04-15", TYPO)), [])
        for run in ImportRun.objects.filter(pk__gte=first.pk):
            rollback.roll_back(run, "mistyped")
        self.assertEqual(self.warnings(self.take_in(CITY, "2026-04-16", TYPO)), [SECOND.replace(CITY, CITY.upper())])

    def test_portal_that_was_rolled_back_is_no_other(self) -> None:
        for run in ImportRun.objects.all():
            rollback.roll_back(run, "mistyped")
        self.assertEqual(self.warnings(self.take_in(CITY, "2026-04-01", TYPO)), [])

    def test_namesake_in_another_state_and_other_network_are_no_second_portal(self) -> None:
        run = self.take_in("Union City NJ PD", "2026-04-08", "union-city-nj-pd")
        self.assertEqual(self.warnings(run), [])
        Source.objects.update(agency_alias=make_alias(CITY, network=make_network("vigilant")))
        self.assertEqual(self.warnings(self.take_in(CITY, "2026-04-09", TYPO)), [])

    def test_terminal_and_admin_show_a_second_portal_and_its_bytes(self) -> None:
        out = StringIO()
        words = ("--option", f"slug={TYPO}", "--option", "retrieved_on=2026-04-01", "--dry-run")
        call_command("import_documents", "flock_portal", self.page(CITY, "2026-04-01"), *words, stdout=out)
        self.assertIn(f"another portal: {SECOND}", out.getvalue())
        self.assertIn(SAME_BYTES, out.getvalue())
        run = self.take_in(CITY, "2026-04-01", TYPO, needs_review=True)
        self.client.force_login(User.objects.create_superuser("editor"))
        page = self.client.get(reverse("admin:agencies_importrun_change", args=[run.pk]))
        self.assertContains(page, f"A portal of {CITY} is on record under another name")
        self.assertContains(page, "the copy of flock-portal-union-city-ca-pd of 2026-04-01")

    def test_preview_stored_before_this_was_looked_for_is_still_shown(self) -> None:
        run = self.take_in(OTHER, "2026-04-08", needs_review=True)
        assert run.preview is not None
        del run.preview["agencies"], run.preview["portals"]
        self.assertNotIn("another", "\n".join(preview_lines(run.preview)))

    @skipUnless(PORTALS.is_dir(), NO_PORTALS)
    def test_real_page_of_a_neighbour_waits(self) -> None:
        options = {"slug": "union-city-ca-pd", "retrieved_on": "2026-04-28"}
        page = str(sorted((PORTALS / "hayward-ca-pd").glob("*.html"))[-1])
        watch = make_watch(is_trusted=True, largest_change=100)
        run = runs.perform(runs.start("flock_portal", [page], options=options, watch=watch, needs_review=True))
        self.assertIn(f"the page names {OTHER}", self.reason(run))
