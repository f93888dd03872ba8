"""The filters that the API's lists of links share with the pages: the same parameters keep the same links."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.urls import reverse
from django.utils import timezone

from agencies.link_filter import LinkFilter
from agencies.models import SharingLink
from agencies.tests.factories import make_agency, make_link, make_network
from api.tests.base import ApiTestCase

ASKED: tuple[dict[str, str], ...] = (
    {},
    {"kind": "sheriff"},
    {"kind": "transit"},
    {"federal": "yes"},
    {"federal": "no"},
    {"federal": "yes", "state": "NV"},
    {"state": "NV"},
    {"state": "NV", "kind": "sheriff", "status": "ended"},
    {"status": "all"},
    {"status": "listed"},
    {"status": "disputed"},
    {"status": "listed", "as_of": "2025-03-31"},
    {"status": "ended", "as_of": "2025-04-01"},
    {"status": "inactive", "as_of": "2025-06-01", "federal": "yes"},
    {"as_of": "2025-01-10", "network": "vigilant"},
    {"access": "hotlist_feed", "state": "TX"},
)


class SharedFilterTests(ApiTestCase):
    """One agency that gives and gets access, and two others with a link of their own."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.sheriff = make_agency("Washoe Sheriff", "NV", kind="sheriff")
        cls.fbi = make_agency("FBI", "", kind="federal")
        cls.other = make_agency("Other Police", "TX")
        seen = {"first_seen": date(2025, 1, 10), "last_seen": date(2025, 3, 1)}
        cls.ended = make_link(cls.police, cls.sheriff, status="ended", ended_as_of=date(2025, 4, 1), **seen)
        cls.inactive = make_link(
            cls.police,
            cls.fbi,
            status="inactive",
            inactive_as_of=date(2025, 6, 1),
            network=make_network("vigilant"),
            first_seen=date(2025, 1, 10),
            last_seen=date(2025, 6, 1),
        )
        cls.hot = make_link(cls.police, cls.other, access="hotlist_feed", **seen)
        cls.back = make_link(cls.other, cls.police, disputed_on=date(2025, 5, 1), **seen)
        cls.apart = make_link(cls.other, cls.sheriff, **seen)
        cls.own = f"/api/v1/agencies/{cls.police.slug}/links/"

    def found(self, path: str = "", **asked: str) -> set[str]:
        """Return the ids of the links that the API gives, of all unless a path says otherwise."""
        rows = self.client.get(path or "/api/v1/links/", asked).json()["results"]
        return {row["id"] for row in rows}

    def ids(self, *links: SharingLink) -> set[str]:
        """Return the ids of links."""
        return {str(link.uuid) for link in links}

    def test_agency_has_the_rows_of_the_tables_on_its_pages(self) -> None:
        for side in ("grants", "receipts"):
            page = reverse(f"agency-{side}", args=[self.police.slug])
            for asked in ASKED:
                with self.subTest(side, **asked):
                    shown = self.client.get(page, asked).context["page"].object_list
                    self.assertEqual(self.found(self.own, direction=side, **asked), self.ids(*shown))

    def test_agency_s_two_sides_together_are_both(self) -> None:
        for asked in ASKED:
            with self.subTest(**asked):
                sides = [self.found(self.own, direction=side, **asked) for side in ("grants", "receipts")]
                self.assertEqual(self.found(self.own, **asked), sides[0] | sides[1])
                self.assertEqual(self.found(self.own, direction="both", **asked), sides[0] | sides[1])

    def test_whole_record_is_asked_as_on_pages_about_no_agency(self) -> None:
        for direction in ("grants", "receipts", "both"):
            for asked in ASKED:
                with self.subTest(direction, **asked):
                    wanted = LinkFilter.parse({**asked, "direction": direction}).apply(SharingLink.objects.all())
                    self.assertEqual(self.found(direction=direction, **asked), self.ids(*wanted))

    def test_many_partners_are_asked_otherwise_with_the_same_answer(self) -> None:
        for direction in ({}, {"direction": "grants"}):
            for asked in ASKED:
                with self.subTest(**direction, **asked):
                    by_key = self.found(**direction, **asked)
                    with patch("api.filters.link.FEW", 0):
                        self.assertEqual(self.found(page_size="51", **direction, **asked), by_key)

    def test_partner_is_either_end_unless_one_is_named(self) -> None:
        self.assertEqual(self.found(state="TX"), self.ids(self.hot, self.back, self.apart))
        self.assertEqual(self.found(state="TX", grantor=self.police.slug), self.ids(self.hot))
        self.assertEqual(self.found(state="TX", grantee=self.police.slug), self.ids(self.back))
        self.assertEqual(self.found(state="CA", grantor=self.police.slug), set())
        both = {"grantor": self.police.slug, "grantee": self.other.slug}
        self.assertEqual(self.found(state="CA", **both), self.ids(self.hot))

    def test_kind_and_state_are_asked_of_the_same_end(self) -> None:
        self.assertEqual(self.found(state="TX", kind="sheriff"), set())

    def test_link_stands_as_of_its_first_day_and_until_the_day_it_ended(self) -> None:
        self.assertEqual(self.found(as_of="2025-01-09"), set())
        self.assertEqual(len(self.found(as_of="2025-01-10")), 5)
        for day, status, expected in (
            ("2025-03-31", "ended", set()),
            ("2025-04-01", "ended", self.ids(self.ended)),
            ("2025-05-31", "inactive", set()),
            ("2025-06-01", "inactive", self.ids(self.inactive)),
            ("2025-04-30", "disputed", set()),
            ("2025-05-01", "disputed", self.ids(self.back)),
        ):
            with self.subTest(day, status=status):
                self.assertEqual(self.found(as_of=day, status=status), expected)
                self.assertEqual(self.found(self.own, as_of=day, status=status), expected)
        self.assertEqual(self.found(as_of="2025-03-31", status="listed"), self.found(as_of="2025-03-31"))
        self.assertNotIn(str(self.ended.uuid), self.found(as_of="2025-04-01", status="listed"))

    def test_every_format_keeps_the_same_links(self) -> None:
        for path in ("/api/v1/links/", self.own):
            for form in ("csv", "ndjson", "geojson"):
                with self.subTest(path, form=form):
                    asked = {"federal": "yes", "as_of": "2025-06-01", "status": "inactive", "format": form}
                    answer: Any = self.client.get(path, asked)
                    text = answer.getvalue().decode()
                    self.assertIn(str(self.inactive.uuid), text)
                    for other in (self.ended, self.hot, self.back, self.apart):
                        self.assertNotIn(str(other.uuid), text)

    def test_what_cannot_be_used_is_refused_by_name(self) -> None:
        tomorrow = (timezone.localdate() + timedelta(1)).isoformat()
        for name, value in (
            ("kind", "spies"),
            ("federal", "true"),
            ("state", "QQ"),
            ("state", "ca"),
            ("status", "gone"),
            ("direction", "up"),
            ("as_of", "1/2/2025"),
            ("as_of", "1999-12-31"),
            ("as_of", tomorrow),
        ):
            for path in ("/api/v1/links/", self.own):
                with self.subTest(path, **{name: value}):
                    problem = self.get(f"{path}?{name}={value}", status=400)
                    self.assertEqual([error["parameter"] for error in problem["errors"]], [name])
        self.get("/api/v1/links/?as_of=2000-01-01")
        self.get(f"/api/v1/links/?as_of={timezone.localdate().isoformat()}")

    def test_document_describes_them_for_both_lists(self) -> None:
        paths = self.get("/api/v1/schema/")["paths"]
        for path in ("/api/v1/links/", "/api/v1/agencies/{id}/links/"):
            described = {one["name"]: one for one in paths[path]["get"]["parameters"]}
            with self.subTest(path):
                self.assertEqual(described["federal"]["schema"]["enum"], ["no", "yes"])
                self.assertEqual(
                    set(described["status"]["schema"]["enum"]), {"listed", "inactive", "ended", "disputed", "all"}
                )
                self.assertEqual(set(described["direction"]["schema"]["enum"]), {"grants", "receipts", "both"})
                self.assertIn("CA", described["state"]["schema"]["enum"])
                self.assertIn("sheriff", described["kind"]["schema"]["enum"])
                self.assertEqual(described["as_of"]["schema"], {"type": "string", "format": "date"})
                for name in ("kind", "federal", "state", "as_of", "direction"):
                    self.assertTrue(described[name]["description"], name)
