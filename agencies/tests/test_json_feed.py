"""JSON feeds of what changed: the entries of the Atom feeds, with what JSON Feed 1.1 asks for."""

from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from django.test import TestCase
from django.urls import reverse

from agencies.history.rebuild import rebuild_changes
from agencies.matching.merge import merge
from agencies.models import Agency, Place
from agencies.tests.factories import make_agency, make_alias, make_decision, make_place, make_serving, make_source
from agencies.tests.history_factories import OWNER, april, make_copy

ATOM = "{http://www.w3.org/2005/Atom}"


class JsonFeedTests(TestCase):
    """A portal of which a list changed, and one in another state."""

    police: Agency
    city: Place

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        source = make_source(title="Portal of Union City", agency_alias=make_alias(OWNER, cls.police))
        make_decision(make_alias("Doe Jane"), "person")
        make_copy(april(1), ["Brea CA PD"], source=source)
        make_copy(april(8), ["Brea CA PD", "Doe Jane", "A & B <PD>\x19"], source=source)
        reno = make_source("reno", title="Portal of Reno")
        make_alias("Reno NV PD", make_agency("Reno Police Department", state="NV"))
        make_copy(april(2), ["Brea CA PD"], source=reno, owner="Reno NV PD")
        make_copy(april(9), ["Brea CA PD", "Chico CA PD"], source=reno, owner="Reno NV PD")
        cls.city = make_place()
        make_serving(cls.police, cls.city)
        rebuild_changes()

    def feed(self, address: str = "/changes/feed.json") -> dict[str, Any]:
        """Return a feed."""
        response = self.client.get(address)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response["Content-Type"], "application/feed+json; charset=utf-8")
        self.assertEqual(response["Access-Control-Allow-Origin"], "*")
        return response.json()

    def test_feed_has_what_json_feed_asks_for(self) -> None:
        feed = self.feed("/changes/feed.json?kind=added")
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
        self.assertEqual(feed["title"], "What changed · ALPR Sharing Atlas")
        self.assertEqual(feed["home_page_url"], "http://testserver/changes/")
        self.assertEqual(feed["feed_url"], "http://testserver/changes/feed.json?kind=added")
        self.assertEqual((feed["language"], feed["authors"]), ("en", [{"name": "ALPR Sharing Atlas"}]))
        self.assertEqual(len(feed["items"]), 2)
        for item in feed["items"]:
            self.assertTrue(item["id"].startswith("urn:uuid:"))
            self.assertTrue(item["url"].startswith("http://testserver/changes/"))
            self.assertTrue(item["title"] and item["content_html"])
            for name in ("date_published", "date_modified"):
                self.assertIsNotNone(datetime.fromisoformat(item[name]).tzinfo, name)

    def test_entries_are_those_of_the_atom_feed(self) -> None:
        agency, place = [self.police.slug], [self.city.geoid]
        for name, args in (("changes", []), ("agency-changes", agency), ("place-changes", place)):
            for query in ("", "?kind=added", "?state=NV"):
                with self.subTest(name + query):
                    atom = self.client.get(reverse(f"{name}-feed", args=args) + query).content
                    entries = ElementTree.fromstring(atom).findall(f"{ATOM}entry")
                    items = self.feed(reverse(f"{name}-feed-json", args=args) + query)["items"]
                    told = [(item["id"], item["title"], item["content_html"]) for item in items]
                    parts = ("id", "title", "summary")
                    self.assertEqual(told, [tuple(entry.findtext(ATOM + part) for part in parts) for entry in entries])

    def test_state_has_its_own(self) -> None:
        (item,) = self.feed("/changes/feed.json?state=NV")["items"]
        self.assertEqual(item["title"], "Portal of Reno, 9 April 2026: 1 name added")

    def test_names_are_escaped_and_those_of_persons_withheld(self) -> None:
        text = str(self.feed())
        self.assertNotIn("Doe", text)
        self.assertIn("A &amp; B &lt;PD&gt;", text)

    def test_what_the_reader_has_is_not_sent_again(self) -> None:
        first = self.client.get("/changes/feed.json")
        for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            again = self.client.get("/changes/feed.json", headers=header)
            self.assertEqual((again.status_code, again.content), (304, b""))
        self.assertNotEqual(self.client.get("/changes/feed/")["ETag"], first["ETag"])

    def test_merged_leads_on_to_the_same_form_and_none_is_404(self) -> None:
        twin = make_agency("Twin Police Department")
        merge(twin, self.police, reason="test")
        response = self.client.get(reverse("agency-changes-feed-json", args=[twin.slug]))
        target = reverse("agency-changes-feed-json", args=[self.police.slug])
        self.assertRedirects(response, target, status_code=301)
        for address in ("/agencies/none/changes/feed.json", "/places/99/changes/feed.json"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_feed_without_a_change_is_a_feed(self) -> None:
        self.assertEqual(self.feed(reverse("agency-changes-feed-json", args=[make_agency("None").slug]))["items"], [])

    def test_page_announces_it_with_its_filters(self) -> None:
        page = " ".join(self.client.get("/changes/?state=NV&page=1").content.decode().split())
        self.assertIn('type="application/feed+json" href="/changes/feed.json?state=NV"', page)
