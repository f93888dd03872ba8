"""Documents into the record: once, in one transaction, or not at all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from agencies.ingest import facts_csv
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedAnswer,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.preview_read import shrunken_lists
from agencies.ingest.record import Sizes, record
from agencies.models import (
    Alias,
    Answer,
    Capture,
    Fact,
    SharingLink,
    SharingList,
    SharingStatement,
    Source,
    Statement,
    Withdrawal,
)
from agencies.tests import factories as make
from agencies.tests.run_factories import Listener

CITY = PrintedName("Union City CA PD", "CA")
PORTAL = ParsedSource("portal", "A portal", "portal", "A city", network="flock", agency=CITY)


def document(*names: str, day: date = date(2026, 4, 23), **values: Any) -> ParsedDocument:
    grants = [ParsedGrant(CITY, PrintedName(name, "CA"), name, f"name {n}") for n, name in enumerate(names, 1)]
    completeness = values.pop("completeness", "complete")
    found = ParsedList("flock", "configured_access", "grantor", "list", completeness, grants=grants)
    capture = ParsedCapture("https://example.org", retrieved_on=day)
    return ParsedDocument(PORTAL, capture, lists=[found], **values)


class RecordTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.make_network()
        cls.city = make.make_agency(kind="municipal_police")
        cls.dublin = make.make_agency("Dublin Police Department")

    def record(self, *documents: ParsedDocument) -> Counter[str]:
        return record(documents, make.make_run())

    def test_new_document_gives_statements_names_and_links(self) -> None:
        counts = self.record(document("Dublin CA PD", "Nowhere HOA"))
        self.assertEqual((counts["statements new"], counts["names new"], counts["links new"]), (2, 3, 1))
        link = SharingLink.objects.get()
        self.assertEqual((link.grantor, link.grantee), (self.city, self.dublin))
        self.assertEqual(Source.objects.get().agency_alias.printed_name, CITY.text)

    def test_unresolved_name_is_kept_and_never_guessed(self) -> None:
        make.make_agency("Dublin Police Department", state="GA")
        self.record(document("Dublin PD", "Nowhere CA PD"))
        undecided = Alias.objects.filter(decision__isnull=True).values_list("printed_name", flat=True)
        self.assertEqual(sorted(undecided), ["Dublin PD", "Nowhere CA PD"])
        self.assertFalse(SharingLink.objects.exists())

    def test_capture_or_source_that_pages_cannot_show_is_refused(self) -> None:
        good = document("Dublin CA PD")
        for part, values, said in (
            ("capture", {"url": "javascript:alert(1)"}, "field 'url': 'javascript:alert(1)' is no web address"),
            ("capture", {"archive_url": "file:///etc"}, "field 'archive_url'"),
            ("capture", {"sha256": "zz"}, "field 'sha256': 'zz' is not 64 lower-case hex digits"),
            (
                "capture",
                {"published_on": date(2026, 4, 19), "retrieved_on": date(2026, 4, 17)},
                "field 'retrieved_on': 2026-04-17 is before the document's own date, 2026-04-19",
            ),
            ("capture", {"retrieved_on": date(2999, 1, 1)}, "field 'retrieved_on': 2999-01-01 is still to come"),
            ("source", {"licence_url": "data:,x"}, "field 'licence_url'"),
            ("source", {"kind": "rumour"}, "field 'kind': 'rumour' is not one of"),
        ):
            with self.subTest(values), self.assertRaisesMessage(ImportProblem, said):
                self.record(replace(good, **{part: replace(getattr(good, part), **values)}))
        self.assertFalse(Capture.objects.exists())
        # Another time zone's day.
        day_before = replace(good.capture, published_on=date(2026, 4, 19), retrieved_on=date(2026, 4, 18))
        self.record(replace(good, capture=day_before))

    def test_another_value_of_the_same_document_is_told_and_recorded_once_the_first_is_withdrawn(self) -> None:
        log = Listener()

        def read(value: object) -> Counter[str]:
            log.lines.clear()
            facts = [ParsedFact(CITY, "retention_days", value, "flock")]
            return record([document(facts=facts)], make.make_run(), log)

        first, second = read(30), read(60)
        self.assertEqual((first["statements new"], first["facts known with another value"]), (1, 0))
        self.assertEqual((second["statements new"], second["facts known with another value"]), (0, 1))
        self.assertIn("retention_days of Union City CA PD is on record as 30 and not 60", log.lines[0])
        self.assertIn("what is on record stays", log.lines[-1])
        Withdrawal.objects.create(statement=Statement.objects.get(kind="fact"), kind="error", reason="misread")
        third, fourth = read(60), read(60)
        self.assertEqual((third["statements new"], third["facts known with another value"]), (1, 0))
        self.assertEqual((fourth["statements new"], fourth["statements known"], log.lines), (0, 1, []))
        self.assertEqual(Statement.objects.standing().get(kind="fact").fact.value, 60)
        self.assertEqual(read(30)["facts known with another value"], 1)
        self.assertIn("is on record as 60 and not 30", log.lines[0])

    def test_second_value_of_a_fact_within_one_document_is_told(self) -> None:
        facts = [ParsedFact(CITY, "retention_days", value, "flock") for value in (30, 60, 30)]
        counts = self.record(document(facts=facts))
        self.assertEqual((counts["statements new"], counts["statements known"]), (1, 2))
        self.assertEqual(counts["facts known with another value"], 1)

    def test_same_document_again_changes_nothing(self) -> None:
        first = document("Dublin CA PD", facts=[ParsedFact(CITY, "retention_days", 30)])
        self.record(first)
        rows = list(Statement.objects.values_list("pk", "uuid"))
        counts = self.record(first)
        self.assertEqual((counts["statements new"], counts["statements known"], counts["links same"]), (0, 2, 1))
        self.assertEqual(list(Statement.objects.values_list("pk", "uuid")), rows)

    def test_same_document_twice_in_one_import_stands_once(self) -> None:
        self.record(document("Dublin CA PD"), document("Dublin CA PD"))
        self.assertEqual(Statement.objects.count(), 1)

    def test_same_document_in_two_batches_stands_once(self) -> None:
        """The second is looked up before the first has lines."""
        with patch("agencies.ingest.record.DOCUMENTS", 1):
            counts = self.record(*[document("Dublin CA PD", "Dublin CA PD", "Brea CA PD")] * 3)
        self.assertEqual((counts["statements new"], counts["statements known"]), (3, 6))
        self.assertEqual(Statement.objects.count(), 3)

    def test_many_small_batches_give_what_one_gives(self) -> None:
        days = [document("Dublin CA PD", f"City {day} PD", day=date(2026, 5, day)) for day in range(1, 6)]
        days[2].facts.append(ParsedFact(CITY, "retention_days", 30))
        denial = ParsedAnswer(CITY, "denies", "It says no.", "flock", CITY, PrintedName("Dublin CA PD", "CA"), "portal")
        days[3].answers.append(denial)
        rows = []
        for documents, statements in ((500, 20_000), (1, 20_000), (2, 3)):
            with (
                self.subTest(documents=documents, statements=statements),
                patch("agencies.ingest.record.DOCUMENTS", documents),
                patch("agencies.ingest.record.BATCH", statements),
                patch("agencies.ingest.recording_rows.BATCH", statements),
                transaction.atomic(),
            ):
                self.record(*days)
                queries = (
                    Statement.objects.values_list("uuid", "kind", "printed", "observed_on"),
                    SharingStatement.objects.values_list("statement__uuid", "grantee_alias__printed_name"),
                    Answer.objects.values_list("statement__uuid", "answer_targets__sharing__statement__uuid"),
                    Fact.objects.values_list("statement__uuid", "value"),
                )
                rows.append([sorted(query.order_by()) for query in queries])
                transaction.set_rollback(True)
        self.assertEqual(len(rows[0][0]), 12)
        self.assertEqual(rows[0], rows[1])
        self.assertEqual(rows[0], rows[2])

    def test_sizes_are_those_of_new_lists_alone(self) -> None:
        """A name that stands there twice, or with accounts of two states, is one name."""
        twice = document("Dublin CA PD", "Dublin CA PD", "Brea CA PD")
        marked = document("Dublin CA PD", "Brea CA PD", "Napa CA PD", day=date(2026, 5, 1))
        marked.lists[0].grants.append(marked.lists[0].grants[0]._replace(account_status="inactive"))
        empty = document(day=date(2026, 5, 2), completeness="empty")
        sizes: Sizes = {}
        record([twice, marked], make.make_run(), sizes=sizes)
        first, second = SharingList.objects.order_by("pk").values_list("pk", flat=True)
        self.assertEqual(sizes, {first: 2, second: 3})
        record([twice, empty], make.make_run(), sizes=sizes)
        self.assertEqual(sizes, {first: None, SharingList.objects.latest("pk").pk: 0})

    def test_list_that_comes_in_parts_is_measured_whole(self) -> None:
        six = [f"City {number} CA PD" for number in range(6)]
        for day, documents in ((2, 500), (3, 1)):
            before, parts = document(*six, day=date(2026, 5, 1)), (six[:3], six[3:])
            after = [document(*part, day=date(2026, 5, day)) for part in parts]
            run, sizes = make.make_run(), Sizes()
            with self.subTest(documents=documents), patch("agencies.ingest.record.DOCUMENTS", documents):
                record([before, *after], run, sizes=sizes)
                self.assertEqual(SharingStatement.objects.filter(statement__observed_on__day=day).count(), 6)
                self.assertIsNone(sizes[SharingList.objects.get(capture__observed_on__day=day).pk])
                self.assertEqual(shrunken_lists(run, sizes), [])

    def test_what_the_database_refuses_in_any_batch_leaves_nothing(self) -> None:
        days = [document("Dublin CA PD", day=date(2026, 5, day)) for day in range(1, 5)]
        for refused in range(4):
            bad = list(days)
            bad[refused] = document("Brea CA PD", day=date(2026, 6, 1))
            bad[refused].lists[0].grants[0] = bad[refused].lists[0].grants[0]._replace(account_status="asleep")
            with (
                self.subTest(refused=refused),
                patch("agencies.ingest.record.DOCUMENTS", 1),
                self.assertRaises(IntegrityError),
            ):
                self.record(*bad)
            self.assertEqual([model.objects.count() for model in (Capture, Statement, Alias, Source)], [0, 0, 0, 0])

    def test_name_printed_twice_in_one_list_is_two_statements_and_one_link(self) -> None:
        self.record(document("Dublin CA PD", "Dublin CA PD"))
        self.assertEqual((SharingStatement.objects.count(), SharingLink.objects.get().statement_count), (2, 2))

    def test_problem_in_a_later_document_leaves_no_trace_of_earlier_ones(self) -> None:
        def documents() -> Iterator[ParsedDocument]:
            yield document("Dublin CA PD")
            raise ImportProblem("the second page is broken", file="two.html")

        with self.assertRaises(ImportProblem):
            record(documents(), make.make_run())
        self.assertEqual([model.objects.count() for model in (Capture, Statement, Alias, Source)], [0, 0, 0, 0])

    def test_name_too_long_for_the_record_is_refused_by_its_file(self) -> None:
        long = PrintedName("x" * 301, "CA")
        good, grant = document("Dublin CA PD", file="a.html"), ParsedGrant(CITY, long, "x")
        in_list, in_source = document("Dublin CA PD", file="b.html"), document("Dublin CA PD", file="b.html")
        in_list.lists[0].grants.append(grant)
        in_source.source = replace(PORTAL, slug="other", agency=long)
        in_fact = document(file="b.html", facts=[ParsedFact(long, "cameras", 5)])
        denial = ParsedAnswer(CITY, "denies", "It says no.", "flock", long, PrintedName("Dublin CA PD", "CA"), "portal")
        in_answer = document(file="b.html", answers=[replace(denial, agency=long)])
        said = "b.html, field 'printed_name': is longer than 300 characters"
        for bad in (in_list, in_source, in_fact, in_answer):
            with self.assertRaisesMessage(ImportProblem, said):
                self.record(good, bad)
        with self.assertRaisesMessage(ImportProblem, "b.html, field 'printed_name': has a NUL character"):
            self.record(good, document("x\0", file="b.html"))

    def test_unknown_network_is_refused_by_name(self) -> None:
        in_list, in_source = document("Dublin CA PD", file="a.csv"), document("Dublin CA PD", file="a.csv")
        in_list.lists[0].network = "nonesuch"
        in_source.source = replace(PORTAL, network="nonesuch")
        in_fact = document(file="a.csv", facts=[ParsedFact(CITY, "cameras", 5, "nonesuch")])
        for found in (in_list, in_source, in_fact):
            with self.assertRaisesMessage(ImportProblem, "a.csv, field 'network': unknown network 'nonesuch'"):
                self.record(found)

    def test_unknown_network_of_a_facts_file_is_refused_by_its_row(self) -> None:
        source, header = (
            "portal,A portal,portal,A city,{network}",
            "row,source,retrieved_on,network,access,reported_by,",
        )
        header += "section,grantor,grantee,agency,field,value,answers_source,effect,paraphrase"
        listed = "sharing,portal,2026-04-23,{network},configured_access,grantor,out,City PD,Dublin CA PD,,,,,,"
        fact = "fact,portal,2026-04-23,{network},,,,,,City PD,cameras,5,,,"
        answer = "answer,portal,2026-04-23,{network},,,,City PD,Dublin CA PD,City PD,,,portal,denies,No."
        good = listed.format(network="flock")
        kinds = (("list", listed, "nonesuch"), ("no network", listed, ""), ("fact", fact, "nonesuch"))
        for name, row, network in (*kinds, ("answer", answer, "nonesuch"), ("source", source, "nonesuch")):
            with self.subTest(name), TemporaryDirectory() as folder:
                bad = row.format(network=network)
                about = bad if name == "source" else source.format(network="flock")
                Path(folder, "sources.csv").write_text(f"slug,title,kind,publisher,network\nx,X,portal,X,\n{about}\n")
                rows = [header, good, good, *([] if name == "source" else [bad, bad]), good]
                Path(folder, "statements.csv").write_text("\n".join(rows) + "\n")
                where = "sources.csv, row 3" if name == "source" else "statements.csv, row 4"
                with self.assertRaisesMessage(ImportProblem, f"{where}, field 'network': unknown network {network!r}"):
                    record(facts_csv.read(Path(folder)), make.make_run())

    def test_list_that_contradicts_what_was_recorded_is_refused(self) -> None:
        self.record(document("Dublin CA PD"))
        with self.assertRaisesMessage(ImportProblem, "recorded as complete, not extract"):
            self.record(document("Dublin CA PD", completeness="extract"))

    def test_answer_is_tied_to_what_it_answers_and_disputes_it(self) -> None:
        says = ParsedSource("article", "An article", "article", "A paper")
        when = ParsedCapture("https://example.org/a", published_on=date(2026, 5, 1))
        denial = ParsedAnswer(CITY, "denies", "It says no.", "flock", CITY, PrintedName("Dublin CA PD", "CA"), "portal")
        self.record(document("Dublin CA PD"), ParsedDocument(says, when, answers=[denial]))
        self.assertEqual(SharingLink.objects.get().disputed_on, date(2026, 5, 1))

    def test_answer_to_nothing_is_refused(self) -> None:
        denial = ParsedAnswer(
            CITY, "denies", "It says no.", "flock", CITY, PrintedName("Dublin CA PD", "CA"), "nowhere"
        )
        said = "article.csv, field 'answers_source': nothing in source 'nowhere' says"
        with self.assertRaisesMessage(ImportProblem, said):
            self.record(document("Dublin CA PD", answers=[denial], file="article.csv"))

    def test_persons_name_is_withheld_from_the_start(self) -> None:
        with self.settings(DATA_DIR=make.withheld_folder(self, "Pat Example Demo Cam")):
            self.record(document("Pat Example Demo Cam"))
        self.assertEqual(Alias.objects.get(printed_name="Pat Example Demo Cam").decision.outcome, "person")

    def test_query_count_does_not_grow_with_the_length_of_a_list(self) -> None:
        self.record(document("Elsewhere PD"))
        with CaptureQueriesContext(connection) as short:
            self.record(document("Nowhere PD", day=date(2026, 5, 1)))
        with self.assertNumQueries(len(short)):
            self.record(document(*(f"City {number} PD" for number in range(50)), day=date(2026, 5, 8)))
