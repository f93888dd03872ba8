"""The public record written and read again: nothing lost, nothing withheld let out, the same bytes."""

import csv
import gzip
import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import TestCase

from agencies.ingest import facts_csv
from agencies.ingest.decisions_csv import load_decisions
from agencies.ingest.facts_export import export_facts
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.record import record
from agencies.matching.decide import decide
from agencies.models import Alias, MatchDecision, SharingLink, Withdrawal
from agencies.tests import factories as make
from agencies.tests.test_record import CITY, document


class ExportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.make_network()
        cls.city = make.make_agency(ori="CA0011300")
        cls.dublin = make.make_agency("Dublin Police Department")
        record(
            [document("Dublin CA PD", "Nowhere HOA"), document(day=date(2026, 4, 30), completeness="empty")],
            make.make_run(),
        )

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def rows(self, name: str) -> list[dict[str, str]]:
        export_facts(self.folder)
        with gzip.open(self.folder / f"{name}.csv.gz", "rt") as file:
            return list(csv.DictReader(file))

    def test_what_is_written_reads_back_as_the_same_statements(self) -> None:
        export_facts(self.folder)
        counts = record(facts_csv.read(self.folder), make.make_run())
        self.assertEqual((counts["statements known"], counts["statements new"], counts["captures new"]), (2, 0, 0))

    def test_empty_list_is_written_as_such(self) -> None:
        lists = [row["completeness"] for row in self.rows("statements") if row["row"] == "list"]
        self.assertEqual(lists, ["complete", "empty"])

    def test_same_record_gives_the_same_bytes(self) -> None:
        export_facts(self.folder / "one")
        export_facts(self.folder / "two")
        for file in (self.folder / "one").iterdir():
            self.assertEqual(file.read_bytes(), (self.folder / "two" / file.name).read_bytes())

    def test_withdrawn_statement_is_left_out(self) -> None:
        statement = (
            SharingLink.objects.get().grantor.decisions.get(alias__printed_name=CITY.text).alias.grants_out.first()
        )
        Withdrawal.objects.create(statement=statement.statement, kind="error", reason="test")
        printed = [row["grantee"] for row in self.rows("statements") if row["row"] == "sharing"]
        self.assertEqual(printed, ["Nowhere HOA"])

    def test_persons_name_is_nowhere_in_the_export(self) -> None:
        decide(Alias.objects.get(printed_name="Nowhere HOA"), outcome="person", reason="test")
        export_facts(self.folder)
        for file in self.folder.iterdir():
            self.assertNotIn(b"Nowhere HOA", gzip.decompress(file.read_bytes()))

    def test_decision_is_written_with_what_it_was_made_of(self) -> None:
        [row] = [row for row in self.rows("decisions") if row["printed_name"] == "Dublin CA PD"]
        best = json.loads(row["candidates"])[0]
        self.assertEqual((row["method"], best["name"], best["features"]["exact"]), ("scored", self.dublin.name, 1.0))
        self.assertEqual(float(row["score"]), best["score"])

    def test_decisions_read_back_change_nothing(self) -> None:
        decide(Alias.objects.get(printed_name="Nowhere HOA"), outcome="not_agency", reason="test")
        self.assertEqual(len(self.rows("decisions")), 3)
        self.assertEqual(load_decisions(self.folder / "decisions.csv.gz"), 0)


class LoadDecisionsTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.make_network()
        cls.city = make.make_agency(ori="CA0011300")
        cls.other = make.make_agency("Dublin Police Department", ori="CA001300X")

    def load(self, *lines: str) -> int:
        path = Path(self.enterContext(TemporaryDirectory())) / "decisions.csv"
        path.write_text("\n".join(["printed_name,network,state,outcome,agency_ori,agency_slug,reason", *lines]))
        return load_decisions(path)

    def refused(self, message: str, line: str) -> None:
        with self.assertRaisesMessage(ImportProblem, message):
            self.load(line)

    def test_decision_may_come_before_any_document(self) -> None:
        self.assertEqual(self.load("Union City CA PD,flock,CA,matched,CA0011300,,the city's own"), 1)
        self.assertEqual(Alias.objects.get().decision.agency, self.city)

    def test_file_replaces_a_machines_decision_but_never_an_editors(self) -> None:
        line = "Union City CA PD,flock,CA,matched,CA0011300,,the city's own"
        self.load(line.replace("CA0011300", "CA001300X"))
        self.assertEqual(self.load(line), 1)
        editor = make.make_editor()
        decide(Alias.objects.get(), outcome="ambiguous", reason="not sure", user=editor)
        self.assertEqual(self.load(line), 0)
        self.assertEqual(MatchDecision.objects.count(), 3)

    def test_candidates_are_kept_as_written(self) -> None:
        path = Path(self.enterContext(TemporaryDirectory())) / "decisions.csv"
        header = "printed_name,network,state,outcome,agency_ori,method,score,reason,candidates"
        row = "Union City CA PD,flock,CA,matched,CA0011300,scored,0.99,r"
        path.write_text(f'{header}\n{row},"[{{""slug"":""x""}}]"\n')
        load_decisions(path)
        decision = Alias.objects.get().decision
        self.assertEqual((decision.score, decision.candidates), (0.99, [{"slug": "x"}]))
        path.write_text(f"{header}\n{row.replace('CA PD', 'PD')},[oops\n")
        with self.assertRaisesMessage(ImportProblem, "row 2, field 'candidates': not JSON"):
            load_decisions(path)

    def test_bad_rows_name_row_and_field(self) -> None:
        self.refused("row 2, field 'agency_ori': 'CA9999999' is no agency", "X,flock,CA,matched,CA9999999,,r")
        self.refused("row 2, field 'outcome': 'maybe' is no outcome", "X,flock,CA,maybe,,,r")
        self.refused("names an agency", "X,flock,CA,matched,,,r")
        self.refused("unknown network 'zzz'", "X,zzz,CA,ambiguous,,,r")
        self.refused("row 2: has not the header's 7 fields", "X,flock,CA,ambiguous")

    def test_file_that_is_no_table_of_decisions_is_named(self) -> None:
        path = Path(self.enterContext(TemporaryDirectory())) / "decisions.csv"
        header = "printed_name,outcome,score\n"
        for said, data in (
            ("decisions.csv: not readable: it is in UTF-16", f"{header}X,ambiguous,\n".encode("utf-16")),
            ("decisions.csv: not readable as UTF-8 CSV", f"{header}Peñasco,ambiguous,\n".encode("latin-1")),
            ("decisions.csv, row 1: missing columns ['printed_name']", b"outcome\nambiguous\n"),
            ("decisions.csv, row 2, field 'score': 'high' is no number", f"{header}X,ambiguous,high\n".encode()),
        ):
            path.write_bytes(data)
            with self.subTest(said), self.assertRaisesMessage(ImportProblem, said):
                load_decisions(path)
