"""Changes, findings and laws: what follows from statements, through the API."""

from agencies.models import Change, Finding
from api.tests.following import FollowingTestCase


class FollowingTests(FollowingTestCase):
    """GET /api/v1/changes/, /findings/ and /laws/."""

    def test_change_names_both_copies_and_the_name_that_is_gone(self) -> None:
        row = next(row for row in self.get("/api/v1/changes/?kind=removed")["results"])
        self.assertEqual(row["name"]["agency"]["slug"], self.sheriff.slug)
        self.assertEqual(row["about"]["agency"]["slug"], self.union_city.slug)
        self.assertEqual(row["observed_on"], "2026-04-09")
        self.assertEqual(self.get(f"/api/v1/changes/{row['id']}/")["before"], row["before"])
        self.assertEqual(Change.objects.filter(kind="removed").count(), 1)

    def test_changes_by_agency_place_and_state(self) -> None:
        for query, number in (
            (f"agency={self.sheriff.slug}", 1),
            (f"agency={self.quiet.slug}", 0),
            ("place=0681204", 1),
            ("state=CA", 1),
            ("state=NV", 0),
            ("observed_on__gte=2026-04-10", 0),
        ):
            with self.subTest(query):
                self.assertEqual(len(self.get(f"/api/v1/changes/?{query}")["results"]), number)

    def test_finding_says_its_words_its_law_and_its_statements(self) -> None:
        row = next(row for row in self.get("/api/v1/findings/?rule=sanctuary")["results"])
        self.assertEqual((row["agency"]["slug"], row["status"]), (self.union_city.slug, "open"))
        self.assertIn("may conflict", row["text"])
        self.assertIsNone(row["law"]["verified_on"])
        one = self.get(f"/api/v1/findings/{row['id']}/")
        self.assertTrue(one["statements"])
        self.assertEqual(self.get("/api/v1/findings/?state=NV")["results"], [])
        self.assertEqual(Finding.objects.count(), len(self.get("/api/v1/findings/")["results"]))

    def test_laws_by_what_they_limit_and_when(self) -> None:
        for query, number in (
            ("limits=immigration", 1),
            ("limits=retention", 0),
            ("verified=false", 1),
            ("verified=true", 0),
            ("as_of=2017-12-31", 0),
            ("as_of=2018-01-01", 1),
            ("place=06", 1),
        ):
            with self.subTest(query):
                self.assertEqual(len(self.get(f"/api/v1/laws/?{query}")["results"]), number)
        self.assertEqual(self.get("/api/v1/laws/ca-values-act/")["place"]["geoid"], "06")

    def test_all_of_them_as_csv(self) -> None:
        for path in ("changes", "findings", "laws"):
            response = self.client.get(f"/api/v1/{path}/?format=csv")
            lines = b"".join(response.streaming_content).splitlines()
            self.assertGreater(len(lines), 1, path)
