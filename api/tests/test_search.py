"""GET /api/v1/search/"""

from api.tests.base import RecordTestCase


class SearchTests(RecordTestCase):
    """Places and agencies as people type them."""

    def test_city_finds_its_place_and_its_agency(self) -> None:
        found = self.get("/api/v1/search/?q=union+city+ca")
        self.assertEqual(found["certain"], "0681204")
        self.assertEqual([place["geoid"] for place in found["places"]], ["0681204"])
        self.assertIn(self.union_city.slug, [agency["slug"] for agency in found["agencies"]])
        self.assertFalse(found["misspelt"])

    def test_slip_of_the_pen_is_said_to_be_one(self) -> None:
        found = self.get("/api/v1/search/?q=unoin+city")
        self.assertTrue(found["misspelt"])
        self.assertIsNone(found["certain"])

    def test_query_is_needed(self) -> None:
        for query in ("", "?q=", "?q=+", f"?q={'x' * 101}", "?q=%00"):
            with self.subTest(query):
                self.get(f"/api/v1/search/{query}", status=400)
