"""The network view: who is one and two links away, as a diagram and as a table."""

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.link_filter import LinkFilter
from agencies.models import Agency
from agencies.pictures.layers import Picture
from agencies.tests.factories import make_agency, make_link, make_network, make_place, make_serving
from agencies.tests.pages import words
from agencies.two_hop_picture import picture
from agencies.two_hops import layers, subject_of

RECENT = timezone.localdate() - timedelta(100)


class NetworkViewTests(TestCase):
    """Union City gives Colma and the FBI access, Colma gives the sheriff and ICE, the sheriff gives Reno access."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.place = make_place()
        cls.city = make_agency()
        make_serving(cls.city, cls.place)
        cls.colma = make_agency("Colma Police Department")
        cls.fbi = make_agency("Federal Bureau of Investigation", "", kind="federal")
        cls.ice = make_agency("Immigration and Customs Enforcement", "", kind="federal")
        cls.sheriff = make_agency("Marin Sheriff", kind="sheriff")
        cls.reno = make_agency("Reno Police Department", "NV")
        for grantor, grantee in (
            (cls.city, cls.colma),
            (cls.city, cls.fbi),
            (cls.colma, cls.sheriff),
            (cls.colma, cls.ice),
            (cls.colma, cls.city),
            (cls.sheriff, cls.reno),
        ):
            make_link(grantor, grantee, last_seen=RECENT)

    def get(self, **asked: str) -> Any:
        """Return the answer for the city's police, unless another is asked for."""
        named = {} if "place" in asked or "agency" in asked else {"agency": self.city.slug}
        return self.client.get("/network/", {**named, **asked})

    def rows(self, **asked: str) -> list[tuple[int, str]]:
        """Return (links away, name) of the first direction's rows."""
        return [(row.hops, row.agency.name) for row in self.get(**asked).context["sides"][0].rows]

    def test_two_links_are_those_whom_the_grantees_list_and_no_third(self) -> None:
        self.assertEqual(
            self.rows(),
            [
                (1, "Federal Bureau of Investigation"),
                (1, "Colma Police Department"),
                (2, "Immigration and Customs Enforcement"),
                (2, "Marin Sheriff"),
            ],
        )

    def test_page_never_says_that_access_is_passed_on(self) -> None:
        text = words(self.get())
        self.assertIn("Agencies listed, when last seen", text)
        self.assertIn(
            "as getting access from Union City Police Department (CA): 2. Of these, 1 have links to others on record",
            text,
        )
        self.assertIn("gets no access to plate reads of Union City Police Department (CA)", text)
        for word in ("shares with", "reaches", "can see", " since ", "hands over"):
            self.assertNotIn(word, text.lower())

    def test_receipts_are_followed_the_other_way_and_never_turned_round(self) -> None:
        self.assertEqual(
            self.rows(agency=self.ice.slug, direction="receipts"),
            [
                (1, "Colma Police Department"),
                (2, "Union City Police Department"),
            ],
        )
        self.assertEqual(self.rows(agency=self.ice.slug), [])
        text = words(self.get(agency=self.ice.slug, direction="receipts"))
        self.assertIn("Immigration and Customs Enforcement gets no access to plate reads of who is two", text)

    def test_both_directions_stand_beside_each_other(self) -> None:
        sides = self.get(direction="both").context["sides"]
        self.assertEqual([side.direction for side in sides], ["grants", "receipts"])

    def test_each_hop_has_its_date_and_leads_to_its_evidence(self) -> None:
        response = self.get()
        self.assertContains(response, f'href="/links/{self.city.slug}/{self.colma.slug}/"')
        self.assertContains(response, f'href="/links/{self.colma.slug}/{self.ice.slug}/"')
        self.assertIn("through Colma Police Department (CA): listed on", words(response))

    def test_partner_filters_ask_about_both_layers_and_keep_who_is_on_the_way(self) -> None:
        self.assertEqual(
            self.rows(federal="yes"),
            [(1, "Federal Bureau of Investigation"), (2, "Immigration and Customs Enforcement")],
        )
        response = self.get(kind="sheriff")
        self.assertIn("No agency one link away fits these filters.", words(response))
        self.assertContains(response, "on the way")

    def test_filters_on_links_ask_about_every_hop(self) -> None:
        make_link(self.city, self.reno, network=make_network("vigilant"), last_seen=RECENT)
        self.assertEqual(self.rows(network="vigilant"), [(1, "Reno Police Department")])

    def test_day_and_status_ask_about_every_hop(self) -> None:
        self.assertEqual(self.rows(as_of="2024-04-25"), [])
        self.assertEqual(len(self.rows(as_of="2024-04-26")), 4)
        make_link(self.city, self.reno, status="ended", ended_as_of=RECENT, last_seen=date(2025, 1, 1))
        self.assertNotIn((1, "Reno Police Department"), self.rows())
        self.assertIn((1, "Reno Police Department"), self.rows(status="all"))
        text = words(self.get(status="ended"))
        self.assertIn("no longer listed as of", text)
        self.assertIn("A link that is inactive or no longer listed claims no access.", text)
        self.assertNotIn("as getting access from Union City", text)

    def test_hot_list_is_no_access_unless_asked_for(self) -> None:
        make_link(self.city, self.reno, access="hotlist_feed", last_seen=RECENT)
        self.assertNotIn((1, "Reno Police Department"), self.rows())
        self.assertEqual(self.rows(access="hotlist_feed"), [(1, "Reno Police Department")])

    def test_place_stands_for_its_agencies(self) -> None:
        response = self.get(place=self.place.geoid)
        self.assertEqual(len(response.context["sides"][0].rows), 4)
        self.assertIn("Network of the agencies of Union City, CA", words(response))

    def test_links_within_a_place_lead_nowhere(self) -> None:
        make_serving(self.colma, self.place)
        found = self.rows(place=self.place.geoid)
        self.assertEqual({hops for hops, _name in found[:3]}, {1})
        self.assertNotIn((1, "Colma Police Department"), found)
        self.assertIn((1, "Marin Sheriff"), found)

    def test_place_without_an_agency_says_so(self) -> None:
        text = words(self.get(place=make_place("Nowhere").geoid))
        self.assertIn("knows of no agency of Nowhere, CA's own", text)

    def test_nothing_on_record_is_not_a_no(self) -> None:
        self.assertIn("so this is not a no about Reno Police Department (NV)", words(self.get(agency=self.reno.slug)))

    def test_what_cannot_be_used_is_told(self) -> None:
        for asked, told in (
            ({"agency": "nobody-of-this-name"}, "No agency is called so."),
            ({"place": "9999999"}, "No place has this number."),
            ({"place": self.place.geoid, "agency": self.city.slug}, "not both"),
            ({"status": "gone"}, "Select a valid choice"),
        ):
            response = self.client.get("/network/", asked)
            self.assertEqual(response.status_code, 400)
            self.assertIn(told, words(response))

    def test_name_that_fits_several_agencies_offers_them(self) -> None:
        make_agency("Union City Police Department", "GA", search_key="union city police department ga")
        response = self.client.get("/network/", {"agency": "union city police", "federal": "yes"})
        self.assertContains(response, "?agency=union-city-police-department-ga&amp;federal=yes", status_code=400)

    def test_without_a_subject_the_page_asks_for_one(self) -> None:
        response = self.client.get("/network/")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Name an agency", words(response))

    def test_without_a_subject_all_links_that_fit_can_be_taken_away(self) -> None:
        response = self.client.get("/network/", {"federal": "yes"})
        self.assertContains(response, "/network/export.csv?direction=grants&amp;status=listed&amp;federal=yes")
        self.assertIn("Every link on record that these filters keep:", words(response))

    def test_files_and_pictures_carry_the_filters_of_the_page(self) -> None:
        response = self.get(state="CA", direction="both")
        named = f"agency={self.city.slug}&amp;direction"
        self.assertContains(response, f"export.graphml?{named}=both&amp;status=listed&amp;state=CA")
        for side in ("grants", "receipts"):
            self.assertContains(response, f"export.svg?{named}={side}&amp;status=listed&amp;state=CA")

    def test_diagram_links_every_agency_and_says_what_is_drawn_in_words(self) -> None:
        svg = self.svg()
        links = svg.findall(".//{*}a")
        self.assertEqual(len(links), 5)
        titles = [link.findtext("{*}title") or "" for link in links]
        self.assertTrue(
            any(title.startswith("Immigration and Customs Enforcement, 2 links away: federal") for title in titles)
        )

    def test_diagram_draws_twelve_of_a_layer_and_counts_the_rest(self) -> None:
        for number in range(20):
            make_link(self.city, make_agency(f"Many {number:02}"), last_seen=RECENT)
        texts = " ".join(self.svg().itertext())
        self.assertIn("and 10 more", texts)
        self.assertEqual(texts.count("Many "), 2 * 10)

    def picture(self, direction: str = "grants", status: str = "listed") -> Picture:
        """Return what is drawn of the city's network."""
        subject, chosen = subject_of(self.city), LinkFilter(direction, status)
        return picture(subject, chosen, layers(subject, chosen), Agency.get_absolute_url)

    def test_arrows_are_turned_where_access_is_got(self) -> None:
        self.assertFalse(self.picture().is_turned)
        self.assertTrue(self.picture(direction="receipts").is_turned)

    def test_line_is_broken_for_history_and_for_what_is_not_listed(self) -> None:
        before = timezone.localdate() - timedelta(3 * 365 + 1)
        make_link(self.city, make_agency("Old Police"), first_seen=before, last_seen=before)
        make_link(self.city, make_agency("Ended Police"), status="ended", ended_as_of=RECENT)
        drawn = self.picture(status="all")
        broken = {drawn.near[tie.end].name for tie in drawn.first if tie.is_broken}
        self.assertEqual(broken, {"Old Police (CA)", "Ended Police (CA)"})

    def test_at_most_two_lines_lead_to_an_agency(self) -> None:
        for number in range(4):
            between = make_agency(f"Between {number}")
            make_link(self.city, between, last_seen=RECENT)
            make_link(between, self.ice, last_seen=RECENT)
        drawn = self.picture()
        place = [node.name for node in drawn.far].index("Immigration and Customs Enforcement")
        self.assertEqual(len([tie for tie in drawn.second if tie.end == place]), 2)
        self.assertIn("through 5", drawn.far[place].notes)

    def svg(self) -> ElementTree.Element:
        """Return the wide drawing."""
        found = ElementTree.fromstring(str(self.get().context["sides"][0].drawings[0]))
        return found

    def test_query_count_is_the_same_for_few_and_many(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.get()
        for number in range(12):
            far = make_agency(f"Far {number}", kind="federal")
            make_link(self.colma, far, last_seen=RECENT)
            make_link(self.city, make_agency(f"Near {number}"), last_seen=RECENT)
        with self.assertNumQueries(len(first)):
            self.get()
