"""A network view as files: they hold what the table shows, and say what they are."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import networkx
from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from agencies.models import SharingLink
from agencies.network_files import cell
from agencies.tests.factories import make_agency, make_link, make_network

RECENT = timezone.localdate() - timedelta(100)


class NetworkExportTests(TestCase):
    """Union City gives Colma and the FBI access, Colma gives the sheriff and ICE, the sheriff gives Reno access."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.city = make_agency()
        cls.colma = make_agency('Colma "Police" & <Department>', slug="colma")
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
        make_link(cls.city, cls.colma, network=make_network("vigilant"), last_seen=RECENT)

    def setUp(self) -> None:
        cache.clear()

    def get(self, format: str, **asked: str) -> bytes:
        """Return a file."""
        response: Any = self.client.get(f"/network/export.{format}", asked)
        self.assertEqual(response.status_code, 200)
        body: bytes = b"".join(response.streaming_content) if response.streaming else response.content
        return body

    def graph(self, format: str = "graphml", **asked: str) -> Any:
        """Return a file as networkx reads it."""
        file = BytesIO(self.get(format, **asked))
        return networkx.read_graphml(file) if format == "graphml" else networkx.read_gexf(file)

    def rows(self, **asked: str) -> list[dict[str, str]]:
        """Return the rows of the CSV."""
        return list(csv.DictReader(StringIO(self.get("csv", **asked).decode())))

    def test_graphs_hold_as_many_agencies_as_the_table_at_each_distance(self) -> None:
        for asked in ({}, {"federal": "yes"}, {"network": "vigilant"}, {"direction": "receipts"}, {"kind": "sheriff"}):
            whole = {"agency": self.city.slug, **asked}
            side = self.client.get("/network/", whole).context["sides"][0]
            shown = sorted((row.agency.slug, row.hops) for row in side.rows)
            for format in ("graphml", "gexf"):
                with self.subTest(format=format, **asked):
                    nodes = self.graph(format, **whole).nodes(data=f"hops_{side.direction}")
                    self.assertEqual(sorted((key, hops) for key, hops in nodes if hops), shown)

    def test_edges_lead_from_grantor_to_grantee_each_once(self) -> None:
        edges = [("colma", self.ice.slug), ("colma", self.sheriff.slug), (self.city.slug, self.fbi.slug)]
        expected = sorted([*edges, (self.city.slug, "colma"), (self.city.slug, "colma")])
        for format in ("graphml", "gexf"):
            found = self.graph(format, agency=self.city.slug)
            self.assertTrue(found.is_directed())
            self.assertEqual(sorted((one, other) for one, other, *_ in found.edges), expected)
        self.assertEqual(
            sorted((row["grantor_slug"], row["grantee_slug"]) for row in self.rows(agency=self.city.slug)), expected
        )

    def test_edge_says_what_the_record_says_of_the_link(self) -> None:
        link = SharingLink.objects.get(grantor=self.colma, grantee=self.ice)
        row = next(row for row in self.rows(agency=self.city.slug) if row["grantee_slug"] == self.ice.slug)
        self.assertEqual(
            {
                name: row[name]
                for name in ("uuid", "network", "access", "status", "last_seen", "ended_as_of", "hop_grants")
            },
            {
                "uuid": str(link.uuid),
                "network": "flock",
                "access": "configured_access",
                "status": "listed",
                "last_seen": RECENT.isoformat(),
                "ended_as_of": "",
                "hop_grants": "2",
            },
        )
        self.assertTrue(row["evidence"].endswith(f"/links/colma/{self.ice.slug}/"))
        self.assertIn("CC BY 4.0", row["licence"])

    def test_agency_on_the_way_is_told_apart(self) -> None:
        nodes = dict(self.graph(agency=self.city.slug, federal="yes").nodes(data="role"))
        self.assertEqual(
            nodes, {self.city.slug: "subject", "colma": "on the way", self.fbi.slug: "found", self.ice.slug: "found"}
        )

    def test_both_directions_are_in_one_file(self) -> None:
        found = self.graph(agency="colma", direction="both")
        self.assertEqual(found.nodes[self.city.slug]["hops_grants"], 1)
        self.assertEqual(found.nodes[self.city.slug]["hops_receipts"], 1)
        self.assertEqual(found.number_of_edges(), 7)

    def test_link_on_both_ways_round_is_written_once(self) -> None:
        one, other = make_agency("One Police"), make_agency("Other Police")
        for grantor, grantee in ((self.city, one), (one, other), (other, self.city)):
            make_link(grantor, grantee, last_seen=RECENT)
        for format in ("graphml", "gexf"):
            edges = [edge[:2] for edge in self.graph(format, agency=self.city.slug, direction="both").edges]
            self.assertEqual(edges.count((one.slug, other.slug)), 1)
        rows = self.rows(agency=self.city.slug, direction="both")
        found = [(row["hop_grants"], row["hop_receipts"]) for row in rows if row["grantee_slug"] == other.slug]
        self.assertEqual(found, [("2", "2")])

    def test_without_a_subject_all_links_that_fit_are_sent(self) -> None:
        self.assertEqual(self.graph().number_of_edges(), 7)
        self.assertEqual(len(self.rows(federal="yes")), 2)
        self.assertEqual(len(self.rows(network="vigilant")), 1)
        make_link(self.reno, self.city, access="hotlist_feed")
        self.assertEqual(len(self.rows()), 7)
        self.assertEqual(len(self.rows(access="hotlist_feed")), 1)

    def test_too_many_links_are_refused_before_any_is_sent(self) -> None:
        with patch("agencies.network_export.MOST", 3):
            response = self.client.get("/network/export.csv")
        self.assertEqual(response.status_code, 400)
        self.assertIn("take the newest release", response.content.decode())

    def test_file_says_what_it_is_and_on_what_terms(self) -> None:
        told = self.graph(agency=self.city.slug, federal="yes", as_of=RECENT.isoformat()).graph
        self.assertIn("Federal agency: yes", told["filters"])
        self.assertIn("links as of", told["filters"])
        self.assertIn("/network/?agency=union-city-police-department-ca&direction=grants", told["source"])
        self.assertIn("gets no access to plate reads of Union City", told["note"])
        self.assertIn("CC BY 4.0", told["licence"])
        response = self.client.get("/network/export.csv", {"agency": self.city.slug})
        self.assertIn(
            'filename="alpr-network-union-city-police-department-ca-', response.headers["Content-Disposition"]
        )
        self.assertIn("public", response.headers["Cache-Control"])

    def test_text_that_a_spreadsheet_takes_for_a_formula_is_not_one(self) -> None:
        self.colma.name = "=1+1"
        self.colma.save(update_fields=["name"])
        self.assertIn("'=1+1", {row["grantor_name"] for row in self.rows(agency="colma")})
        self.assertEqual([cell(value) for value in ("@a", "-1", "a", 1, None)], ["'@a", "'-1", "a", 1, ""])

    def test_control_characters_do_not_break_the_xml(self) -> None:
        self.colma.name = "Colma\x01 Police"
        self.colma.save(update_fields=["name"])
        self.assertEqual(self.graph(agency="colma").nodes["colma"]["name"], "Colma Police")

    def test_picture_has_title_legend_date_and_source(self) -> None:
        svg = ElementTree.fromstring(self.get("svg", agency=self.city.slug))
        texts = " ".join(svg.itertext())
        for part in (
            "Who gets access from Union City",
            "broken ones are links",
            "CC BY 4.0",
            "made on",
            "/network/?agency=",
        ):
            self.assertIn(part, texts)
        self.assertTrue(all(link.attrib["href"].startswith("http") for link in svg.findall(".//{*}a")))
        self.assertFalse([element for element in svg.iter() if element.tag.endswith(("script", "style"))])

    def test_picture_comes_as_png_too(self) -> None:
        image = Image.open(BytesIO(self.get("png", agency=self.city.slug)))
        self.assertEqual((image.format, image.width), ("PNG", 2000))

    def test_what_cannot_be_sent_is_told(self) -> None:
        for path, told in (
            ("export.svg", "in one direction"),
            (f"export.svg?agency={self.city.slug}&direction=both", "in one direction"),
            ("export.csv?status=gone", "status: Select a valid choice"),
            ("export.csv?agency=nobody-of-this-name", "agency: No agency is called so."),
        ):
            response = self.client.get(f"/network/{path}")
            self.assertEqual(response.status_code, 400)
            self.assertIn(told, response.content.decode())
        self.assertEqual(self.client.get("/network/export.pdf").status_code, 404)

    def test_files_made_in_a_minute_are_bounded(self) -> None:
        with patch("agencies.views.export.MADE_A_MINUTE", 1):
            self.get("csv", agency="colma")
            self.assertEqual(self.client.get("/network/export.csv?agency=colma").status_code, 503)

    def test_query_count_is_the_same_for_few_and_many(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.get("graphml", agency=self.city.slug, direction="both")
        for number in range(10):
            make_link(self.colma, make_agency(f"Far {number}"), last_seen=RECENT)
        with self.assertNumQueries(len(first)):
            self.get("graphml", agency=self.city.slug, direction="both")
