"""Pages by cursor."""

import base64
import re
from datetime import date
from urllib.parse import quote, urlencode, urlsplit

from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, SharingLink
from agencies.tests.factories import make_agency, make_capture, make_grant, make_link, make_list
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
        pages: list[list[str]] = []
        while path:
            self.assertLess(len(pages), 10, "pages lead in a circle")
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

    def test_rows_of_one_value_are_given_once_from_where_the_page_before_ended(self) -> None:
        for ordering in ("last_seen", "-last_seen", "first_seen", "modified_at", "-modified_at"):
            with self.subTest(ordering), CaptureQueriesContext(connection) as queries:
                forth = self.walk(f"/api/v1/links/?page_size=2&ordering={ordering}")
                self.assertEqual(len({id for page in forth for id in page}), 6)
                self.assertEqual([len(page) for page in forth], [2, 2, 2])
                asked = [query["sql"] for query in queries if "agencies_sharinglink" in query["sql"]]
                self.assertFalse([sql for sql in asked if "OFFSET" in sql])
                self.assertEqual(sum(bool(re.search(r"\) [<>] \(?ROW\(", sql)) for sql in asked), 2)

    def test_statements_of_one_day_are_given_once_in_every_order(self) -> None:
        told = [make_grant(self.agencies[0], other).statement for other in self.agencies[1:]]
        for ordering in ("recorded_at", "-recorded_at", "-observed_on"):
            with self.subTest(ordering):
                pages = self.walk(f"/api/v1/statements/?page_size=2&ordering={ordering}")
                self.assertEqual([len(page) for page in pages], [2, 2, 2])
                self.assertEqual({id for page in pages for id in page}, {str(one.uuid) for one in told})

    def test_statements_by_day_come_document_by_document_the_last_recorded_first(self) -> None:
        days = [date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]
        lists = [make_list(make_capture(day=day)) for day in days]
        told = [make_grant(self.agencies[0], other, one).statement for other in self.agencies[1:4] for one in lists]
        told.sort(key=lambda one: (one.observed_on, one.capture.uuid, one.pk), reverse=True)
        forth = self.walk("/api/v1/statements/?page_size=2&ordering=-observed_on")
        self.assertEqual([id for page in forth for id in page], [str(one.uuid) for one in told])
        last = self.get("/api/v1/statements/?page_size=10&ordering=-observed_on")["next"]
        back = self.walk(self.get(last)["previous"], "previous")
        self.assertEqual(back, [[str(one.uuid) for one in told[:10]]])

    def test_statements_by_day_are_read_by_the_index_of_captures_forth_and_back(self) -> None:
        for number in range(300):
            make_grant(self.agencies[0], self.agencies[1], make_list(make_capture(day=date(2026, 1, number % 28 + 1))))
        path = "/api/v1/statements/?page_size=2&ordering=-observed_on"
        with CaptureQueriesContext(connection) as queries:
            second = self.get(self.get(path)["next"])
            self.get(second["previous"])
        asked = [sql for sql in (query["sql"] for query in queries) if "LIMIT 3" in sql]
        self.assertEqual(len(asked), 3)
        begun = []
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE agencies_statement, agencies_capture")
            for other_way in ("seqscan", "sort", "hashjoin", "mergejoin", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{other_way} = off")
            for sql in asked:
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                self.assertIn("Presorted Key: agencies_capture.observed_on, agencies_capture.uuid", plan)
                self.assertIn("using statement_once", plan)
                begun += re.findall(r"using capture_date_uuid on .*\n *(Index Cond: \(ROW)?", plan)
        self.assertEqual(begun, ["", "Index Cond: (ROW", "Index Cond: (ROW"])

    def test_previous_leads_back_through_rows_of_one_value(self) -> None:
        path = "/api/v1/links/?page_size=2&ordering=last_seen"
        forth = self.walk(path)
        last = self.get(self.get(self.get(path)["next"])["next"])
        self.assertIsNone(last["next"])
        back = self.walk(last["previous"].removeprefix("http://testserver"), "previous")
        self.assertEqual(back, forth[1::-1])

    def test_page_whose_rows_have_gone_still_leads_back(self) -> None:
        path = "/api/v1/links/?page_size=5&ordering=last_seen"
        first = self.get(path)
        SharingLink.objects.exclude(uuid__in=[row["id"] for row in first["results"]]).delete()
        empty = self.get(first["next"])
        self.assertEqual((empty["results"], empty["next"]), ([], None))
        self.assertTrue(self.get(empty["previous"])["results"])

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
        held = (
            "[]",
            '["a"]',
            '["a","b"]',
            '{"a":1}',
            "7",
            "null",
            "[7]",
            '[["a"]]',
            '["00000000-0000-0000-0000-0000000000zz"]',
        )
        wrong += [base64.b64encode(urlencode({"p": text}).encode()).decode() for text in held]
        for cursor in wrong:
            with self.subTest(cursor):
                problem = self.get(f"/api/v1/links/?cursor={cursor}", status=400)
                self.assertEqual(problem["errors"][0]["parameter"], "cursor")

    def test_values_that_no_row_can_have_are_refused(self) -> None:
        for held in ('["2026-02-30","1"]', '["2026-01-01","99999999999999999999"]', '["2026-01-01","x"]', '["x","1"]'):
            cursor = base64.b64encode(urlencode({"p": held}).encode()).decode()
            with self.subTest(held):
                problem = self.get(f"/api/v1/links/?ordering=last_seen&cursor={quote(cursor)}", status=400)
                self.assertEqual(problem["errors"][0]["parameter"], "cursor")
