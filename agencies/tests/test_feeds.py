"""Atom feeds of what changed."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.feeds import ENTRIES
from agencies.history.rebuild import rebuild_changes
from agencies.matching.merge import merge
from agencies.models import Change
from agencies.tests.factories import make_agency, make_alias, make_decision, make_place, make_serving, make_source
from agencies.tests.history_factories import OWNER, april, make_copy

ATOM = "{http://www.w3.org/2005/Atom}"


class FeedTests(TestCase):
    """A portal of which a long list changed, and another that names the same agency."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.source = make_source(title="Portal of Union City", agency_alias=make_alias(OWNER, cls.police))
        make_decision(make_alias("Doe Jane"), "person")
        make_copy(april(1), ["Brea CA PD", "Doe Jane"], source=cls.source)
        names = ["Brea CA PD", "A & B <PD>\x19", *(f"Name {number:03}" for number in range(300))]
        cls.new = make_copy(april(8), names, source=cls.source)
        other = make_source("reno", title="Portal of Reno")
        make_copy(april(2), ["Brea CA PD"], source=other, owner="Reno NV PD")
        make_copy(april(9), ["Brea CA PD", "Chico CA PD", OWNER], source=other, owner="Reno NV PD")
        rebuild_changes()

    def feed(self, address: str = "/changes/feed/") -> ElementTree.Element:
        """Return a feed's root."""
        response = self.client.get(address)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response["Content-Type"], "application/atom+xml; charset=utf-8")
        return ElementTree.fromstring(response.content)

    def entries(self, address: str = "/changes/feed/") -> list[ElementTree.Element]:
        """Return a feed's entries."""
        return self.feed(address).findall(f"{ATOM}entry")

    def ids(self, address: str = "/changes/feed/") -> list[str]:
        """Return the ids of a feed's entries."""
        return [str(entry.findtext(f"{ATOM}id")) for entry in self.entries(address)]

    def test_feed_has_what_atom_asks_for(self) -> None:
        root = self.feed()
        self.assertEqual(root.tag, f"{ATOM}feed")
        for part in (root, *root.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                self.assertEqual(len(part.findall(f"{ATOM}{name}")), 1, name)
            self.assertTrue(str(part.findtext(f"{ATOM}id")).startswith("urn:uuid:"))
        self.assertTrue(root.findtext(f"{ATOM}author/{ATOM}name"))
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        self.assertEqual(links, {"alternate": "http://testserver/changes/", "self": "http://testserver/changes/feed/"})

    def test_long_list_is_one_entry_with_its_first_names(self) -> None:
        reno, union_city = self.entries()
        self.assertEqual(reno.findtext(f"{ATOM}title"), "Portal of Reno, 9 April 2026: 2 names added")
        title = "Portal of Union City, 8 April 2026: 301 names added, 1 name no longer listed"
        self.assertEqual(union_city.findtext(f"{ATOM}title"), title)
        told = str(union_city.findtext(f"{ATOM}summary"))
        self.assertIn("and 251 more", told)
        self.assertIn("A &amp; B &lt;PD&gt;\N{REPLACEMENT CHARACTER}", told)
        self.assertIn(f"http://testserver/captures/{self.new.capture.uuid}/", told)
        link = union_city.find(f"{ATOM}link")
        assert link is not None
        self.assertEqual(link.get("href"), f"http://testserver/changes/{self.new.capture.uuid}/")

    def test_persons_names_are_withheld_and_counted(self) -> None:
        self.assertNotIn("Doe", self.client.get("/changes/feed/").content.decode())
        self.assertIn("a person's and is withheld", str(self.entries()[1].findtext(f"{ATOM}summary")))

    def test_ids_stay_when_changes_are_rebuilt_from_nothing(self) -> None:
        before = self.ids()
        Change.objects.all().delete()
        rebuild_changes()
        self.assertEqual(self.ids(), before)
        self.assertEqual(len(set(before)), 2)

    def test_part_of_a_document_is_another_entry_than_the_whole(self) -> None:
        whole = set(self.ids())
        self.assertFalse(whole & set(self.ids("/changes/feed/?kind=added")))
        self.assertFalse(whole & set(self.ids(reverse("agency-changes-feed", args=[self.police.slug]))))
        self.assertFalse(whole & set(self.ids("/es/changes/feed/")))

    def test_newly_noted_document_comes_first_however_old_it_is(self) -> None:
        Change.objects.update(noted_at="2026-01-01T00:00:00Z")
        source = make_source("old", title="Old portal")
        make_copy(april(1).replace(year=2024), ["Albany CA PD"], source=source)
        make_copy(april(8).replace(year=2024), ["Brea CA PD"], source=source)
        rebuild_changes()
        self.assertIn("Old portal, 8 April 2024", str(self.entries()[0].findtext(f"{ATOM}title")))

    def test_document_noted_later_on_the_same_day_comes_first_in_every_feed(self) -> None:
        moment = datetime(2026, 11, 29, 6, tzinfo=UTC)
        Change.objects.update(noted_at=moment)
        source = make_source("old", title="Old portal", agency_alias=make_alias(OWNER, self.police))
        for number in range(ENTRIES + 1):
            newer = make_source(f"newer-{number}", title=f"Newer portal {number}")
            make_copy(april(10), ["Albany CA PD"], source=newer)
            make_copy(april(11), ["Brea CA PD"], source=newer)
        rebuild_changes()
        Change.objects.update(noted_at=moment)
        make_copy(april(1).replace(year=2024), ["Albany CA PD"], source=source)
        make_copy(april(8).replace(year=2024), ["Brea CA PD"], source=source)
        rebuild_changes()
        Change.objects.filter(capture__source=source).update(noted_at=moment + timedelta(minutes=1))
        city = make_place()
        make_serving(self.police, city)
        for name, args in (("changes", []), ("agency-changes", [self.police.slug]), ("place-changes", [city.geoid])):
            with self.subTest(name):
                first = self.entries(reverse(f"{name}-feed", args=args))[0]
                self.assertIn("Old portal, 8 April 2024", str(first.findtext(f"{ATOM}title")))
                item = self.client.get(reverse(f"{name}-feed-json", args=args)).json()["items"][0]
                self.assertEqual(item["id"], first.findtext(f"{ATOM}id"))

    def test_feed_of_an_agency_has_the_lines_that_name_it(self) -> None:
        titles = [
            e.findtext(f"{ATOM}title") for e in self.entries(reverse("agency-changes-feed", args=[self.police.slug]))
        ]
        self.assertEqual(titles[0], "Portal of Reno, 9 April 2026: 1 name added")
        self.assertEqual(len(titles), 2)

    def test_feed_of_a_place_has_the_documents_of_those_that_serve_it(self) -> None:
        city = make_place()
        make_serving(self.police, city)
        address = reverse("place-changes-feed", args=[city.geoid])
        self.assertEqual(self.ids(address), self.ids()[1:])

    def test_filters_are_the_pages(self) -> None:
        self.assertEqual(len(self.entries("/changes/feed/?from_date=2026-04-09")), 1)
        self.assertEqual(len(self.entries("/changes/feed/?from_date=&state=")), 2)

    def test_what_cannot_be_used_is_refused_with_what_is_allowed(self) -> None:
        own = reverse("agency-changes-feed", args=[self.police.slug])
        for asked, said in (
            ("state=ca", "state: allowed are AK, AL, "),
            ("state=ZZ", "state: allowed are AK, AL, "),
            ("kind=foo", "kind: allowed are added, removed, "),
            ("network=foo", "network: allowed are flock"),
            ("from_date=nonsense", "from_date: allowed is a day, written YYYY-MM-DD"),
            ("agency=a%00b", "agency: allowed is a text without NUL"),
            ("nosuch=1", "nosuch: no such parameter; allowed are agency, state, network, kind, from_date, to_date"),
            ("state=CA&state=NV", "state: given more than once; allowed is one value"),
        ):
            for address in ("/changes/feed/", "/changes/feed.json", own):
                with self.subTest(address + asked):
                    response = self.client.get(f"{address}?{asked}")
                    self.assertEqual(
                        (response.status_code, response["Content-Type"]), (400, "text/plain; charset=utf-8")
                    )
                    self.assertTrue(response.content.decode().startswith(said), response.content)
                    self.assertNotIn("ETag", response)

    def test_feed_without_a_change_is_a_feed(self) -> None:
        self.assertEqual(self.entries(reverse("agency-changes-feed", args=[make_agency("Nobody").slug])), [])

    def test_what_the_reader_has_is_not_sent_again(self) -> None:
        first = self.client.get("/changes/feed/")
        for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            again = self.client.get("/changes/feed/", headers=header)
            self.assertEqual((again.status_code, again.content), (304, b""))
        self.assertNotEqual(self.client.get("/es/changes/feed/")["ETag"], first["ETag"])

    def test_new_change_is_a_new_feed(self) -> None:
        first = self.client.get("/changes/feed/")
        make_copy(april(15), ["Brea CA PD"], source=self.source)
        rebuild_changes()
        again = self.client.get("/changes/feed/", headers={"If-None-Match": first["ETag"]})
        self.assertEqual(again.status_code, 200)

    def test_what_is_not_there_is_404_and_merged_leads_on(self) -> None:
        for address in ("/agencies/none/changes/feed/", "/places/99/changes/feed/"):
            self.assertEqual(self.client.get(address).status_code, 404)
        twin = make_agency("Twin Police Department")
        merge(twin, self.police, reason="test")
        response = self.client.get(reverse("agency-changes-feed", args=[twin.slug]))
        self.assertRedirects(response, reverse("agency-changes-feed", args=[self.police.slug]), status_code=301)

    @override_settings(ALLOWED_HOSTS=["*"])
    def test_id_is_the_same_on_every_install(self) -> None:
        here = self.ids()
        root = ElementTree.fromstring(self.client.get("/changes/feed/", headers={"host": "elsewhere.example"}).content)
        self.assertEqual([entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")], here)

    def test_query_count_is_the_same_for_two_entries_and_for_many(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.feed()
        for number in range(5):
            source = make_source(f"portal-{number}")
            make_copy(april(1), ["Albany CA PD"], source=source)
            make_copy(april(8), ["Brea CA PD"], source=source)
        rebuild_changes()
        with self.assertNumQueries(len(first)):
            self.feed()
