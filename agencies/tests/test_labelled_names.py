"""The names labelled by hand to measure the matcher on: whole, split as said, and pointing at the registry."""

import csv
import hashlib
from collections import Counter
from functools import cache

from django.test import SimpleTestCase

from agencies.ingest.packed import read_packed_csv
from agencies.tests.portal_factories import ROOT

MATCHES, REGISTRY = ROOT / "data" / "matches", ROOT / "data" / "registry"
COLUMNS = [
    "name", "context_state", "city", "state", "truth", "ori", "agency_slug", "geoid", "origin", "split", "note",
]  # fmt: skip
TRUTHS = {"agency", "ambiguous", "not_in_registry", "not_agency", "unclear"}
BY_ORIGIN = {
    "agency_name_labels": 880,
    "flock_names_hard_unlabelled": 319,
    "irvine_2020": 120,
    "name_to_ori_287g": 284,
    "news_observer_2024": 149,
    "orange_county_2025_12": 79,
}


@cache
def labelled() -> list[dict[str, str]]:
    with (MATCHES / "labelled_names.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def registry() -> list[dict[str, str]]:
    with (REGISTRY / "curated_agencies.csv").open(encoding="utf-8", newline="") as file:
        curated = list(csv.DictReader(file))
    return [*read_packed_csv(REGISTRY / "agencies.csv.gz"), *curated]


def digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


class LabelledNamesTests(SimpleTestCase):
    def test_columns_truths_and_counts_are_as_documented(self) -> None:
        self.assertEqual(list(labelled()[0]), COLUMNS)
        self.assertLessEqual({row["truth"] for row in labelled()}, TRUTHS)
        self.assertEqual(Counter(row["origin"] for row in labelled()), BY_ORIGIN)
        page = (ROOT / "docs" / "sources" / "labelled-names.md").read_text(encoding="utf-8")
        for origin, rows in BY_ORIGIN.items():
            self.assertIn(f"| `{origin}` | {rows} |", page)

    def test_only_an_agency_has_an_identifier_and_exactly_one(self) -> None:
        for row in labelled():
            with self.subTest(row["name"]):
                named = sum(bool(row[column]) for column in ("ori", "agency_slug"))
                self.assertEqual(named, 1 if row["truth"] == "agency" else 0)
                self.assertFalse(row["geoid"] and row["truth"] != "agency")

    def test_every_agency_is_in_the_registry_and_has_no_slug_where_it_has_an_ori(self) -> None:
        oris = {row["ori"] for row in registry() if row["ori"]}
        slugs = {row["slug"] for row in registry() if not row["ori"]}
        wrong = [
            row["name"]
            for row in labelled()
            if (row["ori"] and row["ori"] not in oris) or (row["agency_slug"] and row["agency_slug"] not in slugs)
        ]
        self.assertEqual(wrong, [])

    def test_a_place_agrees_with_the_one_the_registry_has(self) -> None:
        places = {row["ori"]: row["place_geoid"] for row in registry() if row["ori"] and row["place_geoid"]}
        wrong = [row["name"] for row in labelled() if row["ori"] in places and row["geoid"] != places[row["ori"]]]
        self.assertEqual(wrong, [])
        self.assertTrue(all(len(row["geoid"]) in {0, 5, 7, 10} for row in labelled()))

    def test_no_name_stands_twice_in_one_context(self) -> None:
        keys = Counter((row["name"], row["context_state"], row["city"], row["state"]) for row in labelled())
        self.assertEqual([key for key, times in keys.items() if times > 1], [])

    def test_the_split_follows_from_the_name(self) -> None:
        for row in labelled():
            self.assertEqual(row["split"], "tune" if digest(row["name"])[0] < 128 else "test", row["name"])

    def test_everything_but_a_plain_agency_says_why(self) -> None:
        self.assertEqual([row["name"] for row in labelled() if row["truth"] != "agency" and not row["note"]], [])

    def test_no_person_is_named(self) -> None:
        with (MATCHES / "withheld_names.csv").open(encoding="utf-8", newline="") as file:
            withheld = {row["sha256"] for row in csv.DictReader(file)}
        self.assertEqual([row["name"] for row in labelled() if digest(row["name"]).hex() in withheld], [])
