"""Flock portals: what is read of a page, what never is, and the real captures."""

import unittest
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from agencies.ingest import flock_portal
from agencies.ingest.flock_portal import portal_source
from agencies.ingest.flock_portal_address import portal_slug, slug_option
from agencies.ingest.flock_portal_fields import number, prohibited_uses
from agencies.ingest.flock_portal_lists import OUTBOUND
from agencies.ingest.flock_portal_reduce import reduce
from agencies.ingest.parsed import ImportProblem, ParsedDocument, ParsedList, PrintedName
from agencies.tests.portal_factories import CAPTURES, SHARED, portal_page
from agencies.tests.portal_reading import names_on_page, real

PORTALS = SHARED / "flock_portals"
ACCESS = "Organizations granted access to Testville CA PD data"


def parsed(*usage: tuple[str, str], **page: str) -> ParsedDocument:
    return flock_portal.parse(portal_page(*usage, **page), file="page.html", slug="testville-ca-pd")


def listed(*usage: tuple[str, str]) -> tuple[str, list[str]]:
    """Return completeness and names of the outbound list."""
    found = parsed(*usage).lists[0]
    return found.completeness, [grant.grantee.text for grant in found.grants]


class PageTests(unittest.TestCase):
    document: ParsedDocument

    @classmethod
    def setUpClass(cls) -> None:
        data = (CAPTURES / "flock_portal.html").read_bytes()
        cls.document = flock_portal.parse(data, file="f", slug="testville-ca-pd", retrieved_on=date(2026, 4, 24))

    def test_source_is_named_by_the_address(self) -> None:
        source = self.document.source
        self.assertEqual(
            (source.slug, source.url),
            ("flock-portal-testville-ca-pd", "https://transparency.flocksafety.com/testville-ca-pd"),
        )
        self.assertEqual(source.agency, PrintedName("Testville CA PD", "CA"))

    def test_capture_has_the_pages_own_date_and_the_date_of_retrieval(self) -> None:
        capture = self.document.capture
        self.assertEqual((capture.published_on, capture.retrieved_on), (date(2026, 4, 23), date(2026, 4, 24)))
        self.assertEqual((len(capture.sha256), capture.bytes_kept), (64, "reduced"))

    def test_outbound_grants_leave_out_repeats_and_the_agency_itself(self) -> None:
        grants = self.document.lists[0].grants
        self.assertEqual(
            [(grant.printed, grant.account_status) for grant in grants],
            [
                ("Alpha CA PD", "active"),
                ("Beta County CA SO", "active"),
                ("Gamma MO PD (deactivated)", "deactivated"),
                ("Delta & Sons Towing", "active"),
            ],
        )
        self.assertEqual({grant.grantor for grant in grants}, {PrintedName("Testville CA PD", "CA")})
        self.assertEqual(grants[1].locator, "list of organizations with access, name 2 of 6")

    def test_inbound_list_turns_the_direction_and_the_reporter(self) -> None:
        inbound = self.document.lists[1]
        self.assertEqual((inbound.section, inbound.reported_by), ("organizations-sharing", "grantee"))
        self.assertEqual(inbound.grants[0].grantor, PrintedName("Omega CA PD", "CA"))
        self.assertEqual(inbound.grants[0].grantee, PrintedName("Testville CA PD", "CA"))

    def test_facts_have_units_and_unknown_is_no_zero(self) -> None:
        facts = {fact.field: (fact.knowledge, fact.value) for fact in self.document.facts}
        self.assertEqual(
            facts,
            {
                "detected": ("known", ["License Plates", "Vehicles"]),
                "not_detected": ("known", ["People", "Gender"]),
                "prohibited_uses": (
                    "known",
                    ["immigration_enforcement", "harassment_or_intimidation", "protected_class", "other"],
                ),
                "retention_days": ("known", 30),
                "cameras": ("known", 1020),
                "hotlists": ("known", ["California SVS", "NCMEC Amber Alert"]),
                "vehicles_30d": ("known", 502_867),
                "hotlist_hits_30d": ("not_published", None),
                "searches_30d": ("known", 0),
                "policy_url": ("known", ["https://testville.example/docs/12"]),
                "audit_published": ("known", True),
                "searches_seen": ("known", {"unknown": {"not_given": 1}}),
            },
        )

    def test_long_texts_are_not_repeated_as_printed(self) -> None:
        printed = {fact.field: fact.printed for fact in self.document.facts}
        self.assertEqual((printed["prohibited_uses"], printed["retention_days"]), ("", "30 days"))

    def test_audit_stories_and_free_texts_reach_nothing(self) -> None:
        everything = repr(self.document)
        for secret in ("25-1258", "row-1", "caseNumber", "not read", "Download CSV", "never executed"):
            with self.subTest(secret):
                self.assertNotIn(secret, everything)

    def test_kept_text_holds_the_sections_that_were_read(self) -> None:
        kept = self.document.kept_text
        self.assertIn(f"{ACCESS}\nAlpha CA PD, Beta County CA SO", kept)
        self.assertIn("ALPR Policy\nhttps://testville.example/docs/12", kept)
        self.assertNotIn("<", kept)


class SectionsTests(unittest.TestCase):
    def test_a_list_is_found_under_each_known_wording(self) -> None:
        for heading in (
            ACCESS,
            "Only Agencies With External Access",
            "Agencies NCRIC Shares With",
            "External Organizations with Access. The City of Rio Vista will not sell it.",
        ):
            with self.subTest(heading):
                self.assertEqual(listed((heading, "Alpha CA PD")), ("complete", ["Alpha CA PD"]))

    def test_heading_without_names_is_empty(self) -> None:
        self.assertEqual(listed((ACCESS, " ")), ("empty", []))

    def test_only_the_agencys_own_name_is_empty(self) -> None:
        self.assertEqual(listed((ACCESS, "Testville CA PD")), ("empty", []))

    def test_none_in_the_heading_or_as_the_text_is_none(self) -> None:
        self.assertEqual(listed((f"{ACCESS}- NONE", "")), ("none", []))
        self.assertEqual(listed((ACCESS, "None.")), ("none", []))

    def test_a_persons_name_is_withheld_from_the_kept_text(self) -> None:
        with patch("agencies.ingest.flock_portal_lists.is_withheld", lambda name: name == "Nobody Particular CA"):
            kept = parsed((ACCESS, "Alpha CA PD, Nobody Particular CA,Beta CA PD")).kept_text
        self.assertIn(f"{ACCESS}\nAlpha CA PD, [withheld], Beta CA PD", kept)

    def test_without_heading_the_outbound_list_is_absent_and_there_is_no_inbound_one(self) -> None:
        lists = parsed(("Searches in the last 30 days", "5")).lists
        self.assertEqual([(found.section, found.completeness) for found in lists], [(OUTBOUND, "absent")])

    def test_the_same_list_twice_is_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "twice"):
            parsed((ACCESS, "Alpha CA PD"), ("Only Agencies With External Access", "Beta CA PD"))

    def test_a_number_that_is_none_is_refused_with_its_heading(self) -> None:
        with self.assertRaises(ImportProblem) as caught:
            parsed(("Data retention (in days)", "about a month"))
        self.assertEqual((caught.exception.file, caught.exception.field), ("page.html", "Data retention (in days)"))

    def test_a_sentence_in_place_of_names_is_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "too long for a name"):
            parsed((ACCESS, "We share with " + "many good and trusted neighbours and " * 5))

    def test_a_page_that_is_no_portal_is_refused(self) -> None:
        for data in (b"", b"<h1>Not found</h1>", b"\xff\xfe\x00", b'<div id="usage"></div>'):
            with self.subTest(data), self.assertRaises(ImportProblem):
                flock_portal.parse(data, file="f", slug="x")

    def test_a_page_without_any_known_section_is_refused(self) -> None:
        for usage in ((), (("Who can see this", "Alpha CA PD"), ("Cameras, in all", "12"))):
            with self.subTest(usage), self.assertRaisesRegex(ImportProblem, "layout may have changed"):
                parsed(*usage)

    def test_last_updated_may_be_missing_but_not_unreadable(self) -> None:
        self.assertIsNone(parsed((ACCESS, ""), updated="").capture.published_on)
        with self.assertRaisesRegex(ImportProblem, "Last Updated"):
            parsed((ACCESS, ""), updated="yesterday")

    def test_state_of_names_without_a_code_is_set_by_hand(self) -> None:
        self.assertEqual(parsed((ACCESS, ""), name="NCRIC").source.agency, PrintedName("NCRIC", "CA"))


class DamagedTextTests(unittest.TestCase):
    """A name with a lost letter is another name, and would end the link of the right one."""

    def refuse(self, page: bytes, words: str) -> ImportProblem:
        """Assert that a page is refused for this reason; return the problem."""
        with self.assertRaises(ImportProblem) as caught:
            flock_portal.parse(page, file="page.html", slug="x")
        self.assertIn(words, caught.exception.message)
        self.assertEqual(caught.exception.file, "page.html")
        return caught.exception

    def test_bytes_that_are_no_utf_8_are_refused_with_their_place(self) -> None:
        page = portal_page((ACCESS, "Alameda CA PD, Beta CA PD")).replace(b"<body>", b"<body>\n\n")
        for byte in (b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xff"):
            problem = self.refuse(
                page.replace(b"Alameda", b"Alam" + byte + b"da"), f"not UTF-8: the byte 0x{byte[0]:02x}"
            )
            self.assertIn("Alam'", problem.message)
            self.assertEqual(problem.row, 3)
        self.refuse(page.replace(b"<h1>", b"<!-- \xe9 --><h1>"), "not UTF-8")

    def test_lost_character_is_refused_as_received_and_as_stored(self) -> None:
        page = portal_page((ACCESS, "Alameda CA PD, Beta CA PD"))
        for lost in ("\ufffd".encode(), b"&#xFFFD;", b"&#65533;", b"&#0;"):
            for part, place in ((b"Alameda", ACCESS), (b"Testville", "h1")):
                damaged = page.replace(part, lost + part[1:], 1)
                for data in (damaged, reduce(damaged)):
                    self.assertEqual(self.refuse(data, "a lost character (U+FFFD) in").field, place)
        self.refuse(reduce(page.replace(b"Alameda", b"Alam\xe9da")), "a lost character")

    def test_letters_of_all_scripts_are_no_damage(self) -> None:
        document = parsed((ACCESS, "Ca\u00f1on City CO PD, Espa\u00f1ola NM PD, \U0001f693 CA PD"))
        self.assertEqual(len(document.lists[0].grants), 3)


class CutShortTests(unittest.TestCase):
    """A page that breaks off is refused, as received and as stored, wherever it breaks off."""

    def refuse(self, data: bytes, words: str) -> None:
        """Assert that a page is refused for this reason, also after what must not be stored was cut out of it."""
        for page in (data, reduce(data), reduce(reduce(data))):
            with self.assertRaisesRegex(ImportProblem, words):
                flock_portal.parse(page, file="page.html", slug="x")

    def test_page_cut_anywhere_is_refused(self) -> None:
        page = (CAPTURES / "flock_portal.html").read_bytes().rstrip()
        for end in range(0, len(page), 7):
            with self.subTest(end), self.assertRaisesRegex(ImportProblem, "the page is cut short"):
                flock_portal.parse(reduce(page[:end]), file="page.html", slug="x")

    def test_page_cut_at_a_mark_is_refused_as_received_and_as_stored(self) -> None:
        page = portal_page((ACCESS, "Alpha CA PD, Beta CA PD"), ("Hotlists Alerted On", "NCIC"))
        for mark in (b"Beta", b"</div>", b"NCIC", b"</body>", b"</html>"):
            with self.subTest(mark):
                self.refuse(page[: page.index(mark)], "the page is cut short")
        self.refuse(page[:-1], "the page is cut short")

    def test_white_space_comments_and_capitals_at_the_end_are_whole(self) -> None:
        page = portal_page((ACCESS, "Alpha CA PD")).removesuffix(b"</html>")
        for end in (b"</html>", b"</html>\r\n\n", b"</HTML >", b"</html><!-- 12 ms -->\n<!--\nb -->"):
            with self.subTest(end):
                for data in (page + end, reduce(page + end)):
                    self.assertEqual(len(flock_portal.parse(data, file="f", slug="x").lists[0].grants), 1)

    def test_comment_that_never_ends_or_text_after_the_end_is_not_whole(self) -> None:
        page = portal_page((ACCESS, "Alpha CA PD"))
        for more in (b"<!-- ", b"<div>", b"Beta CA PD"):
            with self.subTest(more):
                self.refuse(page + more, "the page is cut short")


class FieldsTests(unittest.TestCase):
    def test_number_reads_thousands_and_days(self) -> None:
        self.assertEqual([number(text) for text in ("7", "502,867", "30 days", "1 day")], [7, 502_867, 30, 1])

    def test_number_refuses_what_is_none(self) -> None:
        for text in ("", "-1", "5,00", "3.5", "30 weeks", "NaN"):
            with self.subTest(text), self.assertRaises(ValueError):
                number(text)

    def test_speed_enforcement_is_traffic_enforcement(self) -> None:
        self.assertEqual(
            prohibited_uses("Speed enforcement, and personal use."), ["traffic_enforcement", "personal_use"]
        )


class AddressTests(unittest.TestCase):
    def test_portal_slug_is_the_last_step_of_a_portals_address(self) -> None:
        self.assertEqual(portal_slug("https://transparency.flocksafety.com/union-city-ca-pd"), "union-city-ca-pd")
        self.assertIsNone(portal_slug("https://example.org/union-city-ca-pd"))
        self.assertIsNone(portal_slug("https://transparency.flocksafety.com/a/b"))

    def test_slug_may_be_given_as_the_portals_whole_address(self) -> None:
        for text in (
            "hayward-ca-pd",
            " hayward-ca-pd\n",
            "https://transparency.flocksafety.com/hayward-ca-pd",
            "http://Transparency.FlockSafety.com/hayward-ca-pd/?utm=1#usage",
            "transparency.flocksafety.com/hayward-ca-pd",
        ):
            with self.subTest(text):
                self.assertEqual(slug_option(text), "hayward-ca-pd")
        self.assertEqual((slug_option(""), slug_option("centralia-pd-(wa)")), ("", "centralia-pd-(wa)"))

    def test_what_stands_in_no_portals_address_is_refused(self) -> None:
        for text in (
            "Hayward-CA-PD",
            "Hayward CA!",
            "hayward_ca_pd",
            "-().",
            "https://transparency.flocksafety.com/",
            "https://transparency.flocksafety.com",
            "https://transparency.flocksafety.com/Hayward",
            "https://transparency.flocksafety.com/a/b",
            "https://example.org/hayward-ca-pd",
        ):
            with self.subTest(text), self.assertRaises(ImportProblem) as caught:
                slug_option(text, "page.html")
            self.assertEqual((caught.exception.file, caught.exception.field), ("page.html", "slug"))

    def test_source_slug_is_plain_whatever_the_address_holds(self) -> None:
        agency = PrintedName("Centralia PD (WA)", "WA")
        self.assertEqual(portal_source("centralia-pd-(wa)", agency).slug, "flock-portal-centralia-pd-wa")
        self.assertEqual(portal_source("-el-cajon-pd-ca", agency).slug, "flock-portal-el-cajon-pd-ca")


class ReadTests(unittest.TestCase):
    def test_folder_is_read_in_order_of_dates(self) -> None:
        with TemporaryDirectory() as folder:
            for name in ("b-ca-pd/2026-01-01", "a-ca-pd/2026-02-01"):
                file = Path(folder, f"{name}.html")
                file.parent.mkdir()
                file.write_bytes(portal_page((ACCESS, "Alpha CA PD")))
            slugs = [document.source.slug for document in flock_portal.read(Path(folder))]
            (one,) = flock_portal.read(Path(folder, "a-ca-pd"))
        self.assertEqual(slugs, ["flock-portal-b-ca-pd", "flock-portal-a-ca-pd"])
        self.assertEqual((one.source.slug, one.file), ("flock-portal-a-ca-pd", "a-ca-pd/2026-02-01.html"))

    def test_file_without_a_date_and_empty_folder_are_refused(self) -> None:
        with TemporaryDirectory() as folder:
            with self.assertRaisesRegex(ImportProblem, "no portal captures"):
                list(flock_portal.read(Path(folder)))
            file = Path(folder, "latest.html")
            file.write_bytes(portal_page())
            with self.assertRaisesRegex(ImportProblem, "no date"):
                list(flock_portal.read(file))

    def test_name_of_a_folder_is_taken_only_of_files_called_as_captures_are(self) -> None:
        with TemporaryDirectory() as outer:
            for folder, name, slug in (
                ("testville-ca-pd", "2026-05-01", "testville-ca-pd"),
                ("testville-ca-pd", "latest", None),
                ("Downloads", "2026-05-01", None),
            ):
                file = Path(outer, folder, f"{name}.html")
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(portal_page((ACCESS, "Alpha CA PD")))
                if slug:
                    (document,) = flock_portal.read(file, retrieved_on="2026-05-01")
                    self.assertEqual(document.source.slug, f"flock-portal-{slug}")
                    continue
                with self.subTest(folder), self.assertRaisesRegex(ImportProblem, "nothing tells") as caught:
                    list(flock_portal.read(file, retrieved_on="2026-05-01"))
                self.assertEqual((caught.exception.file, caught.exception.field), (f"{name}.html", "slug"))

    def test_options_describe_a_single_file_of_any_name(self) -> None:
        with TemporaryDirectory() as folder:
            file = Path(folder, "kept-0123.html")
            file.write_bytes(portal_page((ACCESS, "Alpha CA PD")))
            told = {"slug": "testville-ca-pd", "retrieved_on": "2026-05-01", "sha256": "a" * 64, "compiled_by": ""}
            (document,) = flock_portal.read(file, **told)
            with self.assertRaisesRegex(ImportProblem, "not a date"):
                list(flock_portal.read(file, slug="x", retrieved_on="May"))
            with self.assertRaisesRegex(ImportProblem, "single file"):
                list(flock_portal.read(Path(folder), slug="x"))
            with self.assertRaisesRegex(ImportProblem, "not the name of a portal"):
                list(flock_portal.read(file, slug="Testville CA!", retrieved_on="2026-05-01"))
        capture = document.capture
        self.assertEqual(document.source.slug, "flock-portal-testville-ca-pd")
        self.assertEqual(document.file, "testville-ca-pd/kept-0123.html")
        self.assertEqual((capture.retrieved_on, capture.sha256, capture.compiled_by), (date(2026, 5, 1), "a" * 64, ""))


@unittest.skipUnless(PORTALS.is_dir(), f"shared portal captures not found at {PORTALS}")
class RealCapturesTests(unittest.TestCase):
    def outbound(self, slug: str) -> list[ParsedList]:
        """Return a portal's outbound lists, oldest first."""
        return [document.lists[0] for document in real() if document.source.slug == f"flock-portal-{slug}"]

    def test_every_capture_of_every_portal_is_read(self) -> None:
        self.assertEqual(len(real()), 351)
        self.assertEqual(len({document.source.slug for document in real()}), 99)
        self.assertTrue(all(document.source.agency and document.source.agency.state for document in real()))

    def test_every_capture_reads_the_same_as_stored_and_none_when_cut_in_its_list(self) -> None:
        for document in real()[::10]:
            data = (PORTALS / document.file).read_bytes()
            slug = document.file.partition("/")[0]
            stored = flock_portal.parse(reduce(data), file="f", slug=slug)
            self.assertEqual(stored.lists, document.lists, document.file)
            short = data[: data.rindex(b"</div>")]
            for page in (short, reduce(short)):
                with self.subTest(document.file), self.assertRaisesRegex(ImportProblem, "the page is cut short"):
                    flock_portal.parse(page, file="f", slug=slug)

    def test_outbound_grants_are_about_ninety_thousand(self) -> None:
        grants = [grant for document in real() for grant in document.lists[0].grants]
        self.assertEqual(len(grants), 89_785)
        self.assertEqual(len({(grant.grantor, grant.grantee) for grant in grants}), 21_850)

    def test_lists_are_complete_empty_none_or_absent_as_printed(self) -> None:
        self.assertEqual(
            Counter((found.section, found.completeness) for document in real() for found in document.lists),
            {
                ("organizations-with-access", "complete"): 314,
                ("organizations-with-access", "empty"): 7,
                ("organizations-with-access", "none"): 1,
                ("organizations-with-access", "absent"): 29,
                ("organizations-sharing", "complete"): 53,
            },
        )
        self.assertEqual([found.completeness for found in self.outbound("san-diego-county-ca-sd")], ["none"])
        self.assertEqual([found.completeness for found in self.outbound("culver-city-ca-pd")], ["empty"])
        self.assertEqual({found.completeness for found in self.outbound("alameda-county-ca-so")}, {"absent"})

    def test_union_city_lists_its_neighbours(self) -> None:
        newest = self.outbound("union-city-ca-pd")[-1]
        names = {grant.grantee.text for grant in newest.grants}
        self.assertLessEqual({"Alameda County CA SO", "Fremont CA PD", "University of California, Berkeley"}, names)
        self.assertNotIn("Berkeley", names)

    def test_monterey_park_falls_by_a_third(self) -> None:
        sizes = [len(found.grants) for found in self.outbound("monterey-park-ca-pd")]
        self.assertEqual(sizes[:2], [325, 216])  # 326 fragments; one is the end of a name with a comma

    def test_no_fragment_of_a_name_is_taken_for_a_name(self) -> None:
        names = {grant.printed for document in real() for found in document.lists for grant in found.grants}
        self.assertFalse(names & {"LLC", "Berkeley", "University of California", "Montgomery County Constable", ""})

    def test_no_kept_text_holds_a_withheld_name(self) -> None:
        self.assertEqual(sum(document.kept_text.count("[withheld]") for document in real()), 5)

    def test_three_lists_are_what_a_person_reads_on_the_page(self) -> None:
        by_hand = {
            ("truckee-ca-pd", "2026-04-24"): [
                "California Highway Patrol",
                "Grass Valley CA PD",
                "Nevada City CA PD",
                "Nevada County CA SO",
                "Placer County CA SO",
            ],
            ("mill-valley-ca-pd", "2026-04-20"): [
                "Belvedere CA PD",
                "Central Marin CA PD",
                "Marin County CA DA",
                "Marin County CA SO",
                "Palo Alto CA PD",
                "Sausalito CA PD",
            ],
            ("pacific-grove-ca-pd", "2026-04-24"): [
                "California Highway Patrol",
                "California State Parks",
                "Capitola CA PD",
                "Carmel CA PD",
                "Marina CA PD",
                "Monterey CA PD",
                "Monterey County CA SO",
                "Monterey County District Attorney's Office",
                "Salinas CA PD",
                "Sand City CA PD",
                "Santa Cruz CA PD (deactivated)",
                "Seaside CA PD",
                "Watsonville CA PD",
            ],
        }
        read = {(d.file.split("/")[0], str(d.capture.retrieved_on)): d.lists[0].grants for d in real()}
        for key, names in by_hand.items():
            with self.subTest(key):
                self.assertEqual([grant.printed for grant in read[key]], names)
        marked = [g.printed for g in read["pacific-grove-ca-pd", "2026-04-24"] if g.account_status != "active"]
        self.assertEqual(marked, ["Santa Cruz CA PD (deactivated)"])

    def test_every_page_has_the_fragments_that_a_plain_search_of_its_text_finds(self) -> None:
        """The oracle cuts the page's own characters at commas and knows nothing of the parser."""
        pages = names = 0
        for document in real():
            printed = names_on_page((PORTALS / document.file).read_text())
            if printed is None:
                continue
            agency = document.source.agency
            read = [part.strip() for grant in document.lists[0].grants for part in grant.printed.split(",")]
            self.assertEqual(set(read), printed - {agency.text}, document.file)
            pages, names = pages + 1, names + len(printed)
        self.assertEqual((pages, names), (309, 86_056))
