"""The matches made by hand: whole, consistent, and pointing at agencies that the registry has."""

import csv
import unittest
from collections import Counter
from collections.abc import Iterator

from agencies.ingest import flock_federal_extract, flock_portal, ice_release_2019
from agencies.ingest.packed import read_packed_csv
from agencies.ingest.parsed import ParsedDocument, PrintedName
from agencies.tests.portal_factories import ROOT, SHARED

DATA = ROOT / "data"
COLUMNS = ["printed_name", "network", "state", "outcome", "agency_ori", "agency_slug", "reason"]
Key = tuple[str, str, str]


def rows() -> list[dict[str, str]]:
    with (DATA / "matches" / "hand_decisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decisions() -> dict[Key, dict[str, str]]:
    return {(row["printed_name"], row["network"], row["state"]): row for row in rows()}


def names_of(document: ParsedDocument) -> Iterator[Key]:
    """Yield every name of a document's grants and answers in its context."""
    printed: list[tuple[PrintedName, str]] = [
        (name, found.network)
        for found in document.lists
        for grant in found.grants
        for name in (grant.grantor, grant.grantee)
    ]
    printed += [(answer.agency, answer.network) for answer in document.answers]
    printed += [(fact.agency, fact.network) for fact in document.facts]
    yield from ((name.text, network, name.state) for name, network in printed)


class FileTests(unittest.TestCase):
    def test_columns_contexts_and_reasons(self) -> None:
        found = rows()
        self.assertEqual(list(found[0]), COLUMNS)
        self.assertEqual(len(decisions()), len(found), "a context decided twice")
        self.assertEqual([row for row in found if not row["reason"] or len(row["reason"]) > 300], [])
        self.assertEqual([row for row in found if row["printed_name"] != " ".join(row["printed_name"].split())], [])

    def test_a_match_names_one_agency_and_no_other_outcome_names_any(self) -> None:
        for row in rows():
            with self.subTest(row["printed_name"]):
                self.assertIn(row["outcome"], {"matched", "not_agency", "ambiguous"})
                named = sum(bool(row[column]) for column in ("agency_ori", "agency_slug"))
                self.assertEqual(named, 1 if row["outcome"] == "matched" else 0)

    def test_every_agency_is_in_the_registry_or_among_the_curated(self) -> None:
        with (DATA / "registry" / "curated_agencies.csv").open(encoding="utf-8", newline="") as file:
            curated = list(csv.DictReader(file))
        known = [*read_packed_csv(DATA / "registry" / "agencies.csv.gz"), *curated]
        oris, slugs = ({row[column] for row in known if row[column]} for column in ("ori", "slug"))
        wrong = [
            row["printed_name"]
            for row in rows()
            if (row["agency_ori"] and row["agency_ori"] not in oris)
            or (row["agency_slug"] and row["agency_slug"] not in slugs)
        ]
        self.assertEqual(wrong, [])
        repeated = [slug for slug, times in Counter(row["slug"] for row in known).items() if times > 1]
        self.assertEqual(repeated, [])
        for row in curated:
            self.assertLessEqual({row["parent_slug"], row["operated_by_slug"]} - {""}, slugs)
            self.assertTrue(row["source_url"].startswith("https://"))

    def test_union_city_in_california_is_told_from_the_bare_name(self) -> None:
        found = decisions()
        self.assertEqual(found["Union City Police Department", "vigilant", ""]["outcome"], "ambiguous")
        for name in ("Union City Police Department", "Union City Police Department (CA)"):
            self.assertEqual(found[name, "vigilant", "CA"]["agency_ori"], "CA0011300")

    def test_accounts_named_after_people_are_known_by_hash_only(self) -> None:
        with (DATA / "matches" / "withheld_names.csv").open(encoding="utf-8", newline="") as file:
            people = [row["sha256"] for row in csv.DictReader(file)]
        self.assertEqual(len(people), 8)


@unittest.skipUnless(SHARED.is_dir(), f"shared data not found at {SHARED}")
class RecordTests(unittest.TestCase):
    def test_each_of_the_99_portals_own_agencies_is_matched(self) -> None:
        agencies = {
            document.source.agency
            for document in flock_portal.read(SHARED / "flock_portals")
            if document.source.agency is not None
        }
        found = decisions()
        lacking = [
            name for name in agencies if found.get((name.text, "flock", name.state), {}).get("outcome") != "matched"
        ]
        self.assertEqual((len(agencies), lacking), (99, []))

    def test_every_federal_body_of_the_extract_is_matched_whatever_its_mark(self) -> None:
        found = decisions()
        grantees = {
            (grant.grantee.text, "flock", grant.grantee.state)
            for document in flock_federal_extract.read(SHARED / "flock_federal_grantees_2025-06-11.csv")
            for grant in document.lists[0].grants
        }
        self.assertEqual([key for key in grantees if found.get(key, {}).get("outcome") != "matched"], [])

    def test_every_name_of_the_2019_release_is_decided(self) -> None:
        found = decisions()
        documents = ice_release_2019.read(SHARED / "aclu_2019_ice_list.csv")
        names = {name for document in documents for name in names_of(document)}
        self.assertEqual([name for name in names if name not in found], [])
