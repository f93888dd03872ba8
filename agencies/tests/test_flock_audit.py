"""Search audits of portals: only numbers by month and kind of reason ever leave them."""

import re
import unittest
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from agencies.ingest import flock_portal
from agencies.ingest.flock_audit import REASONS, kind_of_reason, month_of, searches_seen
from agencies.ingest.flock_portal_reduce import reduce
from agencies.ingest.parsed import ImportProblem, ParsedDocument
from agencies.ingest.statements_csv import statement_rows
from agencies.tests.portal_factories import portal_page
from agencies.tests.portal_reading import NO_PORTALS, PORTALS, audit_rows, real

HEADER = "id,userId,searchDate,networkCount,reason,caseNumber,offenseType\n"
ROW = "s-1,Officer Nobody,2026-03-02T10:00:00.000Z,12,stolen veh 7ABC123,26-777,\n"


def page_with(address: str) -> bytes:
    """Return a portal page whose audit is behind this address."""
    link = f'<div><p>Public Search Audit</p><div><a href="{address}">Download CSV</a></div></div></div></body>'
    return portal_page(("Searches in the last 30 days", "3")).replace(b"</div></body>", link.encode())


def page(table: str) -> bytes:
    """Return a portal page with an audit."""
    return page_with("data:text/csv;charset=utf-8," + quote(table))


def seen(data: bytes) -> dict[str, dict[str, int]] | None:
    """Return the numbers of a page's audit."""
    return searches_seen(LexborHTMLParser(data), file="page.html")


class ReasonTests(unittest.TestCase):
    def test_immigration_is_counted_where_the_words_mean_nothing_else(self) -> None:
        for reason in (
            "Immigration",
            "illegal immigrant",
            "ICE",
            "ice ero",
            "ICE/ERO warrant",
            "assist ICE",
            "deported felon",
        ):
            with self.subTest(reason):
                self.assertEqual(kind_of_reason(reason), "immigration")
        self.assertEqual(kind_of_reason("26-100", "Immigration (civil)"), "immigration")

    def test_immigration_is_not_counted_on_a_hint_or_against_the_words(self) -> None:
        for reason in (
            "HSI case",
            "black ice crash",
            "ice",
            "service call",
            "not immigration related",
            "non-immigration",
            "no immigration purpose",
            "border patrol assist",
            "NOTICE",
        ):
            with self.subTest(reason):
                self.assertNotEqual(kind_of_reason(reason), "immigration")

    def test_vendors_kind_of_offence_goes_before_the_reasons_words(self) -> None:
        self.assertEqual(kind_of_reason("stolen vehicle", "Robbery"), "violence")
        self.assertEqual(kind_of_reason("stolen vehicle", "Illegal Dumping/Littering"), "stolen_vehicle")

    def test_each_category_is_reached(self) -> None:
        reasons = {
            "immigration": "immigration",
            "federal_assist": "FBI request",
            "missing_person": "Missing juvenile",
            "stolen_vehicle": "10851 VC",
            "violence": "attempted homicide",
            "theft": "mail theft",
            "drugs": "narcotics",
            "traffic": "hit and run",
            "wanted_person": "felony warrant",
            "unspecific": "Criminal Investigation",
            "number_only": "26-001234",
            "other": "ruth op",
            "not_given": "  ",
        }
        self.assertEqual(
            {kind: kind_of_reason(text) for kind, text in reasons.items()}, {kind: kind for kind in REASONS}
        )

    def test_long_hostile_reasons_are_read_at_once(self) -> None:
        for text in ("up " * 20_000 + "!", "1 " * 20_000 + "z", "not " * 20_000 + "immigr", "inv" * 20_000 + "!"):
            self.assertIn(kind_of_reason(text), REASONS)

    def test_month_is_utc_and_an_unreadable_date_has_none(self) -> None:
        self.assertEqual(month_of("2026-04-01T01:00:00+05:00"), "2026-03")
        for stamp in ("", "yesterday", "1970-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "Officer Nobody"):
            with self.subTest(stamp):
                self.assertEqual(month_of(stamp), "unknown")


class PageTests(unittest.TestCase):
    def test_rows_are_counted_by_month_and_category(self) -> None:
        rows = ROW * 2 + "s-2,u,2026-02-28T10:00:00.000Z,3,,,\n" + "s-3,u,soon,3,ICE,,\n" + "s-4\n"
        expected = {
            "2026-02": {"not_given": 1},
            "2026-03": {"stolen_vehicle": 2},
            "unknown": {"immigration": 1, "not_given": 1},
        }
        self.assertEqual(seen(page(HEADER + rows)), expected)

    def test_an_audit_without_rows_is_empty_and_a_page_without_audit_has_no_fact(self) -> None:
        self.assertEqual(seen(page(HEADER)), {})
        self.assertIsNone(seen(page_with("https://example.org/audit.csv")))

    def test_base64_and_other_writings_of_the_address_are_read(self) -> None:
        body = b64encode((HEADER + ROW).encode()).decode()
        self.assertEqual(seen(page_with(f"data:text/csv;base64,{body}")), {"2026-03": {"stolen_vehicle": 1}})
        self.assertEqual(seen(page_with("\n DATA:text/csv," + quote(HEADER + ROW))), {"2026-03": {"stolen_vehicle": 1}})

    def test_a_broken_audit_is_refused_without_a_word_of_it(self) -> None:
        for address in ("data:text/csv;base64,c2VjcmV0A", "data:text/csv," + quote(HEADER + '"' + "secret" * 30_000)):
            with self.subTest(address[:24]), self.assertRaises(ImportProblem) as caught:
                flock_portal.parse(page_with(address), file="page.html", slug="x")
            self.assertEqual(
                str(caught.exception), "page.html, field 'Public Search Audit': the search audit is no CSV table"
            )


class ReduceTests(unittest.TestCase):
    def test_audit_images_scripts_and_attributes_are_cut_out(self) -> None:
        data = page(HEADER + ROW).replace(
            b"<body>",
            b"<head><script>var rows='Officer Nobody'</script><meta http-equiv=refresh content='0;url=data:x'></head>"
            b"<body data-rows='Officer Nobody'><!-- Officer Nobody --><img src='data:image/png;base64,AAAA' alt='7ABC'>"
            b"<picture><source srcset='data:x'><img></picture><p title='data:text/csv,Officer'>Kept</p>",
        )
        reduced = reduce(b"<!-- Officer Nobody -->" + data + b"<!-- Officer Nobody --><!-- 7ABC")
        for secret in (b"Officer", b"7ABC", b"26-777", b"s-1", b"data:", b"<img", b"<script", b"base64"):
            with self.subTest(secret):
                self.assertNotIn(secret, reduced)
        self.assertIn(b"Kept", reduced)

    def test_reduced_page_gives_the_same_document_with_the_audits_numbers(self) -> None:
        data = page(HEADER + ROW)
        whole = flock_portal.parse(data, file="f", slug="x", sha256="a" * 64)
        reduced = flock_portal.parse(reduce(data), file="f", slug="x", sha256="a" * 64)
        self.assertEqual(whole.facts[-1].field, "searches_seen")
        self.assertEqual(reduced, whole)

    def test_other_words_than_our_categories_are_no_numbers(self) -> None:
        bare = portal_page(("Searches in the last 30 days", "3"))
        odd = b'<meta name="searches-seen" content=\'{"2026-03": {"7ABC123": 1}}\'>' + bare
        for data in (bare, odd):
            document = flock_portal.parse(data, file="f", slug="x", sha256="a" * 64)
            self.assertNotIn("searches_seen", [fact.field for fact in document.facts])

    def test_reducing_twice_changes_nothing_and_never_fails(self) -> None:
        for data in (page(HEADER + ROW), b"", b"\xff\xfe\x00", b"<" * 5000, b"<p>" * 500, b"%PDF-1.4"):
            with self.subTest(data[:20]):
                self.assertEqual(reduce(reduce(data)), reduce(data))


PRIVATE = ("id", "userId", "searchDate", "caseNumber", "reason")
"""Columns of an audit of which nothing may be seen outside."""


@unittest.skipUnless(PORTALS.is_dir(), NO_PORTALS)
class RealAuditsTests(unittest.TestCase):
    def test_numbers_are_those_of_a_plain_count_of_rows(self) -> None:
        months: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        audits = 0
        for document in real():
            rows = audit_rows((PORTALS / document.file).read_text())
            value = next((fact.value for fact in document.facts if fact.field == "searches_seen"), None)
            self.assertEqual(value is not None, bool(rows), document.file)
            for month, counts in (value or {}).items():
                months[month] += sum(counts.values())
                kinds.update(counts)
            self.assertEqual(
                {month: sum(counts.values()) for month, counts in (value or {}).items()},
                Counter(row["searchDate"][:7] for row in rows),
            )
            audits += bool(rows)
        self.assertEqual((audits, months), (160, {"2026-02": 279, "2026-03": 3228, "2026-04": 938}))
        self.assertEqual(
            kinds,
            {
                "not_given": 1171,
                "unspecific": 1086,
                "number_only": 713,
                "other": 326,
                "stolen_vehicle": 265,
                "theft": 206,
                "violence": 198,
                "traffic": 154,
                "drugs": 119,
                "wanted_person": 112,
                "missing_person": 90,
                "federal_assist": 5,
            },
        )
        self.assertEqual(kinds["immigration"], 0)

    def test_facts_hold_months_categories_and_numbers_only(self) -> None:
        for document in real():
            for fact in document.facts:
                if fact.field == "searches_seen":
                    self.assertEqual((fact.printed, fact.locator), ("", "Public Search Audit, rows seen"))
                    self.assertTrue(all(re.fullmatch(r"20\d\d-[01]\d|unknown", month) for month in fact.value))
                    pairs = [pair for counts in fact.value.values() for pair in counts.items()]
                    self.assertTrue(all(kind in REASONS and type(number) is int for kind, number in pairs))

    def test_no_text_of_any_row_is_in_the_document_the_reduced_page_or_the_table(self) -> None:
        looked_for = 0
        for document in real():
            page = (PORTALS / document.file).read_text()
            rows = audit_rows(page)
            outside = _outside(document, _without_counts(reduce(page.encode()).decode())) if rows else ""
            own_words = re.sub(r'href="data:[^"]*"', "", page)
            secrets = {row[column].strip() for row in rows for column in PRIVATE if row.get(column)}
            for secret in (secret for secret in secrets if len(secret) > 3 and not _stands(secret, own_words)):
                self.assertFalse(_stands(secret, outside), f"a row's text of {document.file} got out")
                looked_for += 1
        self.assertGreater(looked_for, 10_000)

    def test_offered_audits_are_as_many_as_embedded_ones(self) -> None:
        facts = [fact for document in real() for fact in document.facts if fact.field == "audit_published"]
        self.assertEqual(sum(fact.value is True for fact in facts), 160)


def _without_counts(reduced: str) -> str:
    """Return a reduced page without the element that holds our own categories and numbers."""
    return re.sub(r'<meta name="searches-seen" content="[^"]*">', "", reduced)


def _outside(document: ParsedDocument, reduced: str) -> str:
    """Return all that anyone gets to see of a page but the audit's fact: document, kept text, reduced page, table."""
    others = replace(document, facts=[fact for fact in document.facts if fact.field != "searches_seen"])
    table = [cell for row in statement_rows([others]) for cell in row]
    return "\n".join([repr(others), document.kept_text, reduced, *table])


def _stands(text: str, within: str) -> bool:
    """Tell whether a text stands within another as words of its own, case aside (a hash holds any short number)."""
    place = within.casefold().find(text.casefold())
    return place >= 0 and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", within, re.IGNORECASE) is not None
