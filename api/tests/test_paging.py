"""Pages by cursor."""

import base64
from urllib.parse import urlsplit

from agencies.models import Agency, SharingLink
from agencies.tests.factories import make_agency, make_capture, make_link
from api.tests.base import ApiTestCase


class PagingTests(ApiTestCase):
    """Every list is paged the same way."""

    agencies: list[Agency]
    links: list[SharingLink]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make agencies that all have one name, and links among them."""
        cls.agencies = [make_agency("Lincoln Police Department", slug=f"lincoln-{n}") for n in range(7)]
        cls.links = [make_link(cls.agencies[0], other) for other in cls.agencies[1:]]

    def walk(self, path: str, rel: str = "next") -> list[list[str]]:
        """Return the ids of each page from a path onwards."""
        pages = []
        while path:
            data = self.get(path)
            pages.append([row["id"] for row in data["results"]])
            path = (data[rel] or "").removeprefix("http://testserver")
        return pages

    def test_pages_hold_every_row_once_even_where_names_are_alike(self) -> None:
        pages = self.walk("/api/v1/agencies/?page_size=3")
        self.assertEqual([len(page) for page in pages], [3, 3, 1])
        self.assertEqual({id for page in pages for id in page}, {str(agency.uuid) for agency in self.agencies})

    def test_previous_leads_back(self) -> None:
        first = self.get("/api/v1/links/?page_size=2")
        second = self.get(first["next"].removeprefix("http://testserver"))
        back = self.get(second["previous"].removeprefix("http://testserver"))
        self.assertEqual([row["id"] for row in back["results"]], [row["id"] for row in first["results"]])

    def test_filters_and_size_stay_in_the_next_address(self) -> None:
        query = urlsplit(self.get("/api/v1/agencies/?page_size=2&state=CA")["next"]).query
        self.assertIn("state=CA", query)
        self.assertIn("page_size=2", query)

    def test_link_header_repeats_the_addresses(self) -> None:
        response = self.client.get("/api/v1/agencies/?page_size=3")
        self.assertEqual(response.headers["Link"], f'<{response.json()["next"]}>; rel="next"')
        self.assertNotIn("Link", self.client.get("/api/v1/agencies/").headers)

    def test_count_only_when_asked(self) -> None:
        self.assertNotIn("count", self.get("/api/v1/agencies/"))
        self.assertEqual(self.get("/api/v1/agencies/?count=true&page_size=2")["count"], 7)
        self.get("/api/v1/agencies/?count=perhaps", status=400)

    def test_captures_come_last_recorded_first(self) -> None:
        captures = [make_capture() for _ in range(3)]
        pages = self.walk("/api/v1/captures/?page_size=2")
        self.assertEqual([id for page in pages for id in page], [str(c.uuid) for c in reversed(captures)])

    def test_page_size_out_of_range_is_refused(self) -> None:
        for size in ("0", "201", "-1", "ten", "1e2", "٣"):
            with self.subTest(size):
                problem = self.get(f"/api/v1/agencies/?page_size={size}", status=400)
                self.assertEqual(problem["errors"][0]["parameter"], "page_size")

    def test_cursor_of_another_list_is_refused(self) -> None:
        wrong = ["nonsense", "ü", *(base64.b64encode(text).decode() for text in (b"p=abc", b"p=%00", b"o=x", b"r=x"))]
        for cursor in wrong:
            with self.subTest(cursor):
                problem = self.get(f"/api/v1/links/?cursor={cursor}", status=400)
                self.assertEqual(problem["errors"][0]["parameter"], "cursor")
