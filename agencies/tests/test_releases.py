"""Releases: the same record gives the same files, and they give the same record."""

import csv
import gzip
import hashlib
import io
import json
import sqlite3
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq
from django.core.management import call_command
from django.db import connection
from django.test import TestCase

from agencies.ingest.parsed import ImportProblem
from agencies.models import (
    Agency,
    AgencyPlace,
    Alias,
    Capture,
    MatchDecision,
    Network,
    Place,
    Release,
    SharingLink,
    Source,
    Statement,
)
from agencies.network.rebuild import rebuild_links
from agencies.releases.load import load_release
from agencies.releases.make import make_release
from agencies.releases.record_files import record_hash, write_record
from agencies.releases.store import store
from agencies.tests.factories import (
    make_agency,
    make_answer,
    make_capture,
    make_decision,
    make_fact,
    make_grant,
    make_list,
    make_place,
    make_serving,
    make_source,
)

DAY = date(2026, 11, 24)


class ReleaseTestCase(TestCase):
    """A record with two grants, one denied, a fact, a person's name, and names of places."""

    city_pd: Agency
    source: Source
    capture: Capture

    @classmethod
    def setUpTestData(cls) -> None:
        cls.build()

    @classmethod
    def build(cls) -> None:
        """Make the record."""
        county = make_place("Alameda County", kind="county", geoid="06001")
        city = make_place("Union City", geoid="0681204", county=county)
        cls.city_pd = make_agency(ori="CA0011200", county=county)
        sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff", county=county, parent=None)
        ice = make_agency("Immigration and Customs Enforcement", state="", kind="federal", slug="ice")
        make_serving(cls.city_pd, city)
        cls.source = make_source()
        cls.capture = make_capture(cls.source)
        sharing_list = make_list(cls.capture)
        make_grant(cls.city_pd, sheriff, sharing_list)
        denied = make_grant(cls.city_pd, ice, sharing_list)
        make_answer(cls.city_pd, denied)
        make_fact(cls.city_pd, "retention_days", 30, cls.capture)
        person = make_grant(cls.city_pd, make_agency("Jane Q Officer", slug="jane"), sharing_list)
        make_decision(person.grantee_alias, outcome="person")
        rebuild_links()

    def setUp(self) -> None:
        for name in ("2026-11-24-1", "2026-11-24-2", "2026-11-25-1"):
            self.clear(name)
            self.addCleanup(self.clear, name)

    def clear(self, name: str) -> None:
        """Empty the store, which outlives a test's transaction."""
        for folder in ("", "/record", "/delta"):
            if store().exists(f"{name}{folder}"):
                for file in store().listdir(f"{name}{folder}")[1]:
                    store().delete(f"{name}{folder}/{file}")

    def made(self, day: date = DAY) -> Release:
        """Return a release that must come about."""
        release = make_release(day)
        assert release is not None
        return release

    def read(self, release: Release, name: str) -> bytes:
        """Return the bytes of a file."""
        with store().open(f"{release.name}/{name}") as file:
            return bytes(file.read())

    def table(self, release: Release, name: str) -> list[dict[str, str]]:
        """Return the rows of a CSV."""
        return list(csv.DictReader(io.StringIO(self.read(release, name).decode(), newline="")))


class MakeTests(ReleaseTestCase):
    def test_manifest_names_every_file_with_its_rows_size_and_hash(self) -> None:
        release = self.made()
        manifest = json.loads(self.read(release, "manifest.json"))
        self.assertEqual(manifest, release.manifest)
        self.assertEqual((manifest["name"], manifest["before"]), ("2026-11-24-1", None))
        for file in manifest["files"]:
            data = self.read(release, file["name"])
            self.assertEqual(
                (len(data), hashlib.sha256(data).hexdigest()), (file["bytes"], file["sha256"]), file["name"]
            )
        rows = {file["name"]: file.get("rows") for file in manifest["files"]}
        self.assertEqual((rows["links.csv"], rows["facts.csv"]), (2, 1))

    def test_persons_name_stands_in_no_file(self) -> None:
        Agency.objects.filter(slug="jane").update(name="Stand-in", search_key="stand in")
        release = self.made()
        for file in release.manifest["files"]:
            data = self.read(release, file["name"])
            text = gzip.decompress(data) if file["name"].endswith(".gz") else data
            self.assertNotIn(b"Jane Q Officer", text, file["name"])
        self.assertEqual(len(self.table(release, "statements.csv")), 2)

    def test_all_formats_hold_the_same_links(self) -> None:
        release = self.made()
        ids = sorted(row["id"] for row in self.table(release, "links.csv"))
        lines = [json.loads(line) for line in self.read(release, "links.ndjson").splitlines()]
        self.assertEqual([line["id"] for line in lines], ids)
        self.assertIsNone(lines[0]["ended_as_of"])
        self.assertEqual(pq.read_table(io.BytesIO(self.read(release, "links.parquet")))["id"].to_pylist(), ids)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "atlas.sqlite"
            path.write_bytes(self.read(release, "atlas.sqlite"))
            connection = sqlite3.connect(path)
            found = connection.execute("SELECT id FROM links ORDER BY id").fetchall()
            unknown = connection.execute("SELECT count(*) FROM links WHERE ended_as_of IS NULL").fetchone()
            connection.close()
        self.assertEqual(([ident for (ident,) in found], unknown), (ids, (2,)))
        graph = ElementTree.fromstring(self.read(release, "network.graphml"))
        self.assertEqual(len(graph.findall(".//{*}edge")), 2)
        self.assertEqual(graph.find(".//{*}graph").get("edgedefault"), "directed")
        points = json.loads(self.read(release, "agencies.geojson"))["features"]
        self.assertEqual(len(points), Agency.objects.count())

    def test_datapackage_describes_every_column(self) -> None:
        package = json.loads(self.read(self.made(), "datapackage.json"))
        for resource in package["resources"]:
            header = self.read(Release.objects.get(), resource["path"]).splitlines()[0].decode().split(",")
            fields = resource["schema"]["fields"]
            self.assertEqual([field["name"] for field in fields], header)
            self.assertEqual([field["name"] for field in fields if not field["description"]], [], resource["name"])

    def test_nothing_changed_gives_no_release(self) -> None:
        self.made()
        self.assertIsNone(make_release(date(2026, 11, 25)))
        out = StringIO()
        call_command("make_release", "--date", "2026-11-25", stdout=out)
        self.assertIn("Nothing changed", out.getvalue())

    def test_delta_tells_what_is_new_changed_and_gone(self) -> None:
        first = self.made()
        other = make_agency("Fremont Police Department", slug="fremont")
        make_grant(self.city_pd, other, make_list(make_capture(self.source, day=date(2026, 5, 1))))
        Agency.objects.filter(slug="ice").update(name="U.S. Immigration and Customs Enforcement")
        rebuild_links()
        second = self.made()
        self.assertEqual((second.name, second.before), ("2026-11-24-2", first))
        agencies = {row["slug"]: row["change"] for row in self.table(second, "delta/agencies.csv")}
        self.assertEqual(agencies, {"fremont": "added", "ice": "changed"})
        links = [row["change"] for row in self.table(second, "delta/links.csv")]
        self.assertEqual(sorted(links), ["added", "changed", "changed"], "two ended by the newer list")

    def test_same_record_gives_the_same_bytes(self) -> None:
        with TemporaryDirectory() as one, TemporaryDirectory() as two:
            write_record(Path(one))
            write_record(Path(two))
            self.assertEqual(record_hash(Path(one)), record_hash(Path(two)))
            for file in Path(one).iterdir():
                self.assertEqual(file.read_bytes(), (Path(two) / file.name).read_bytes())


class LoadTests(ReleaseTestCase):
    def unpacked(self, release: Release) -> Path:
        """Return a folder with the release's record."""
        folder = Path(self.enterContext(TemporaryDirectory()))
        for file in release.manifest["files"]:
            if file["name"].startswith("record/"):
                (folder / file["name"].removeprefix("record/")).write_bytes(self.read(release, file["name"]))
        return folder

    def empty(self) -> None:
        """Forget the record, append-only triggers and all."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "TRUNCATE agencies_network, agencies_place, agencies_agency, agencies_source, agencies_alias, "
                "agencies_importrun, agencies_release CASCADE"
            )

    def test_empty_database_gets_the_same_record(self) -> None:
        release = self.made()
        tables: list[Any] = [Agency, AgencyPlace, Alias, Capture, Network, Place, SharingLink, Source, Statement]
        before = [table.objects.count() for table in tables]
        ids = set(SharingLink.objects.values_list("uuid", "status", "first_seen"))
        folder = self.unpacked(release)
        self.empty()
        self.assertEqual(load_release(folder), release.record_sha256)
        # The names and statements of persons are no part of a release.
        after = [table.objects.count() for table in tables]
        self.assertEqual(after[0:2] + after[3:8], before[0:2] + before[3:8])
        self.assertEqual(set(SharingLink.objects.values_list("uuid", "status", "first_seen")), ids)
        self.assertFalse(MatchDecision.objects.filter(outcome="person").exists())

    def test_database_with_a_record_is_refused(self) -> None:
        folder = self.unpacked(self.made())
        with self.assertRaisesMessage(ImportProblem, "empty database"):
            load_release(folder)

    def test_damaged_file_leaves_nothing(self) -> None:
        folder = self.unpacked(self.made())
        file = folder / "statements.csv.gz"
        file.write_bytes(file.read_bytes()[:-20])
        self.empty()
        with self.assertRaises(ImportProblem):
            load_release(folder)
        self.assertFalse(Agency.objects.exists())


class PageTests(ReleaseTestCase):
    def test_files_are_sent_as_they_are_and_may_be_kept(self) -> None:
        release = self.made()
        response: Any = self.client.get(f"/data/releases/{release.name}/links.csv")
        self.assertEqual(b"".join(response.streaming_content), self.read(release, "links.csv"))
        self.assertEqual(response.headers["Content-Type"], "text/csv")
        self.assertIn("immutable", response.headers["Cache-Control"])
        nested: Any = self.client.get(f"/data/releases/{release.name}/record/statements.csv.gz")
        self.assertEqual(nested.status_code, 200)

    def test_only_files_of_the_manifest_are_sent(self) -> None:
        release = self.made()
        for path in ("nothing.csv", "../2026-11-24-1/links.csv", "..%2f..%2fsettings.py", "record/"):
            with self.subTest(path):
                self.assertEqual(self.client.get(f"/data/releases/{release.name}/{path}").status_code, 404)
        self.assertEqual(self.client.get("/data/releases/2020-01-01-1/links.csv").status_code, 404)

    def test_latest_leads_to_the_newest(self) -> None:
        self.assertEqual(self.client.get("/data/releases/latest/").status_code, 404)
        release = self.made()
        self.assertRedirects(self.client.get("/data/releases/latest/"), f"/data/releases/{release.name}/")
        answer = self.client.get("/data/releases/latest/links.csv")
        self.assertEqual(answer.headers["Location"], f"/data/releases/{release.name}/links.csv")

    def test_pages_say_what_there_is(self) -> None:
        self.assertContains(self.client.get("/data/"), "No release has been made yet")
        release = self.made()
        self.assertContains(self.client.get("/data/"), release.name)
        page = self.client.get(f"/data/releases/{release.name}/")
        self.assertContains(page, "links.parquet")
        self.assertContains(page, release.record_sha256)

    def test_what_was_taken_down_answers_410_with_the_reason(self) -> None:
        release = self.made()
        call_command("take_down_release", release.name, "--reason", "A name that had to go", stdout=StringIO())
        for path in ("", "links.csv", "manifest.json"):
            response = self.client.get(f"/data/releases/{release.name}/{path}")
            self.assertContains(response, "A name that had to go", status_code=410)
        self.assertFalse(store().exists(f"{release.name}/links.csv"))
        problem = self.client.get(f"/api/v1/releases/{release.name}/")
        self.assertEqual((problem.status_code, problem.json()["withdrawal"]["reason"]), (410, "A name that had to go"))
