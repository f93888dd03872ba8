"""What is refused before anything reads it, on files made by hand."""

import io
import zipfile
from unittest import TestCase, mock

from django.test import SimpleTestCase, override_settings

from agencies.ingest import safety, safety_pdf, safety_workbook
from agencies.ingest.file_type import CSV, GZIP, HTML, PDF, TEXT, XLSX, ZIP, file_type
from agencies.ingest.parsed import ImportProblem
from agencies.tests.hostile_files import (
    BILLION_LAUGHS,
    EXTERNAL_ENTITY,
    RELATION,
    pdf,
    pdf_with_packed_object,
    stream,
    with_declared_size,
    with_member_count,
    with_password,
    workbook,
)
from agencies.tests.portal_factories import SHARED, portal_page

PAGE = portal_page(("Hotlists Alerted On", "NCIC"))


class FileTypeTests(TestCase):
    """Types are told from bytes."""

    def test_each_type_is_known_by_its_bytes(self) -> None:
        for data, kind in (
            (PAGE, HTML),
            (b"\xef\xbb\xbf\n <!-- x -->\n<!DOCTYPE html><p>", HTML),
            (pdf(), PDF),
            (workbook(), XLSX),
            (b"a,b\n1,2\n", CSV),
            (b"a\tb\n1\t2\n", CSV),
            ("name;città\nx;y\n".encode("cp1252"), CSV),
            (b"a,b\n", TEXT),
            (b"one\ntwo\n", TEXT),
            (b"\x1f\x8b\x08\x00", GZIP),
            (b"PK\x03\x04....word/document.xml", ZIP),
        ):
            with self.subTest(data=data[:20]):
                self.assertEqual(file_type(data), kind)

    def test_other_bytes_get_a_guess_and_no_ending_of_ours(self) -> None:
        self.assertEqual(file_type(b"\x89PNG\r\n\x1a\n" + b"\0" * 20).media_type, "image/png")
        self.assertEqual(file_type(b"\x00\x01\x02\x03"), file_type(b"\x00\x01\x02\x03\x04"))
        self.assertEqual(file_type(b"\x00\x01\x02\x03").suffix, ".bin")

    def test_pdf_that_does_not_begin_as_one_is_none(self) -> None:
        self.assertEqual(file_type(b"<html>" + pdf()), HTML)


class RefusalTestCase(SimpleTestCase):
    """Asserts that a file is refused, and why."""

    def refuse(self, data: bytes, words: str, name: str = "list.xlsx", suffixes: tuple[str, ...] = ()) -> None:
        with self.assertRaises(ImportProblem) as refused:
            safety.check(data, name=name, suffixes=suffixes)
        self.assertIn(words, refused.exception.message)
        self.assertEqual(refused.exception.file, name)


class AgreementTests(RefusalTestCase):
    """Bytes, name and format must say the same."""

    def test_what_agrees_is_let_through(self) -> None:
        for data, name, suffixes in (
            (PAGE, "page.html", (".html",)),
            (PAGE, "PAGE.HTM", ()),
            (PAGE, "page", (".html", ".pdf")),
            (pdf(), "report.pdf", (".xlsx", ".pdf")),
            (workbook(), "list.xlsx", (".xlsx",)),
            (b"a\n1\n", "one-column.csv", (".csv",)),
            (b"a,b\n1,2\n", "list.txt", (".csv",)),
            (b"a,b\n1,2\n", "v1.2", (".csv",)),
        ):
            with self.subTest(name=name):
                safety.check(data, name=name, suffixes=suffixes)

    def test_name_that_belies_the_bytes_is_refused(self) -> None:
        self.refuse(PAGE, "ends in .pdf, but its bytes are text/html", "report.pdf")
        self.refuse(pdf(), "ends in .csv, but its bytes are application/pdf", "list.csv")
        self.refuse(workbook(), "ends in .html", "page.html")

    def test_format_that_does_not_read_the_type_is_refused(self) -> None:
        self.refuse(PAGE, "this format reads .pdf", "page.html", (".pdf",))
        self.refuse(PAGE, "this format reads .pdf, .xlsx", "page", (".xlsx", ".pdf"))

    def test_programs_pictures_and_nothing_are_refused(self) -> None:
        self.refuse(b"\x7fELF" + b"\0" * 50, "not a type of file that is read here", "a")
        self.refuse(b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "image/png", "a")
        self.refuse(b"", "an empty file", "a.csv")

    def test_two_types_at_once_are_refused(self) -> None:
        self.refuse(b"<html>" + pdf(), "both a web page and a PDF", "a.html")
        self.refuse(b"%PDF-1.4\n<script>alert(1)</script>" + pdf(), "both a PDF and a web page", "a.pdf")
        self.refuse(pdf() + workbook(), "both a PDF and a zip file", "a.pdf")
        self.refuse(PAGE + workbook(), "both a web page and a zip file", "a.html")
        self.refuse(PAGE.replace(b"NCIC", b"NC\xe9"), "not UTF-8: the byte 0xe9", "a.html")

    @override_settings(CAPTURES_MAX_BYTES=2**20)
    def test_size_at_the_limit_passes_and_one_more_byte_does_not(self) -> None:
        line = b"a,b\n"
        safety.check(line * 2**18, name="a.csv")
        self.refuse(line * 2**18 + b"\n", "too large: 1,048,577 bytes, and at most 1 MB", "a.csv")


class TableAndPageTests(RefusalTestCase):
    """Text."""

    def test_nul_wrong_encoding_and_endless_lines_are_refused(self) -> None:
        rows = b"a,b\n" * 20_000
        self.refuse(rows + b"x\0,y\n", "a NUL character", "a.csv")
        self.refuse("a,b\n1,2\n".encode("utf-16"), "not readable: it is in UTF-16", "a.csv")
        self.refuse("a,b\n1,2\n".encode("utf-16-le"), "it is in UTF-16", "a.txt")
        self.refuse("città,b\n1,2\n".encode("cp1252"), "not text in utf-8", "a.csv")
        self.refuse(b"a,b\n" + b"x" * 100_001, "a line of 100,001 characters", "a.csv")
        self.refuse(PAGE + b"\0", "a NUL character", "a.html")

    def test_other_encoding_passes_when_told(self) -> None:
        safety.check("città,b\n1,2\n".encode("cp1252"), name="a.csv", encoding="cp1252")

    def test_page_beyond_its_limit_is_refused(self) -> None:
        with mock.patch.object(safety, "LARGEST_HTML", len(PAGE)):
            safety.check(PAGE, name="a.html")
            self.refuse(PAGE + b" ", "too large for a web page", "a.html")


class WorkbookTests(RefusalTestCase):
    """Workbooks."""

    def test_link_that_a_reader_would_click_is_let_through(self) -> None:
        safety.check(
            workbook({"xl/worksheets/_rels/sheet1.xml.rels": RELATION.format(kind="hyperlink")}), name="a.xlsx"
        )

    def test_macros_are_refused_whatever_the_name(self) -> None:
        self.refuse(workbook({"xl/vbaProject.bin": b"x"}), "macros or controls")
        self.refuse(workbook({"xl/macrosheets/sheet1.xml": "<x/>"}), "macros or controls")
        types = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
        self.refuse(workbook({"[Content_Types].xml": types}), "macros, whatever its name says")
        self.refuse(workbook(), "a workbook with macros", "list.xlsm")

    def test_what_comes_from_elsewhere_is_refused(self) -> None:
        self.refuse(workbook({"xl/externalLinks/externalLink1.xml": "<x/>"}), "values from other files")
        self.refuse(workbook({"xl/connections.xml": "<x/>"}), "data connection")
        self.refuse(workbook({"xl/embeddings/oleObject1.bin": b"x"}), "other files inside")
        self.refuse(
            workbook({"xl/_rels/workbook.xml.rels": RELATION.format(kind="image")}), "links to elsewhere (image)"
        )

    def test_document_types_and_entities_are_refused(self) -> None:
        for text in (BILLION_LAUGHS, EXTERNAL_ENTITY):
            self.refuse(
                workbook({"xl/sharedStrings.xml": text}), "a document type or an entity in 'xl/sharedStrings.xml'"
            )
        self.refuse(workbook({"xl/workbook.xml": "<workbook"}), "is not XML")

    def test_encrypted_workbooks_are_refused(self) -> None:
        self.refuse(with_password(workbook()), "a password")
        self.refuse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted or an old Office file")

    def test_names_that_lead_out_are_refused(self) -> None:
        for name in ("../../etc/cron.d/x", "/etc/passwd", "xl/../../x", "xl\\..\\x", "C:x"):
            with self.subTest(name=name):
                self.refuse(workbook({name: "x"}), "leads out of it")

    def test_bomb_is_refused_before_it_is_unpacked(self) -> None:
        bomb = workbook({"xl/worksheets/sheet1.xml": b" " * 20_000_000})
        self.assertLess(len(bomb), 25_000)
        with mock.patch.object(zipfile.ZipFile, "open", side_effect=AssertionError("unpacked")):
            self.refuse(bomb, "would unpack to 20,000,")
        with mock.patch.object(safety_workbook, "MOST_UNPACKED", 5_000_000):
            self.refuse(workbook({"xl/media/a.bin": bytes(range(256)) * 20_000}), "would unpack to 5,120")

    def test_size_that_is_a_lie_unpacks_no_more_than_it_says(self) -> None:
        liar = with_declared_size(workbook({"xl/media/a.bin": b" " * 20_000_000}), "xl/media/a.bin", 100)
        self.refuse(liar, "a damaged workbook")

    def test_too_many_files_and_a_cut_off_end_are_refused(self) -> None:
        self.refuse(with_member_count(workbook(), 60_000), "a workbook of 60,000 files")
        self.refuse(workbook({f"xl/{n}.bin": b"" for n in range(2_000)}), "a workbook of 2,003 files")
        self.refuse(workbook()[:-30], "a damaged workbook")

    def test_one_name_twice_is_refused(self) -> None:
        packed = io.BytesIO(workbook())
        with zipfile.ZipFile(packed, "a") as book, self.assertWarns(UserWarning):
            book.writestr("xl/workbook.xml", "<other/>")
        self.refuse(packed.getvalue(), "two files of one name")


class PdfTests(RefusalTestCase):
    """PDF files."""

    def refuse_pdf(self, data: bytes, words: str) -> None:
        self.refuse(data, words, "report.pdf")

    def test_plain_one_is_let_through_and_a_form_is_remarked_on(self) -> None:
        self.assertEqual(safety.check(pdf(pages=3), name="a.pdf").remarks, ())
        self.assertEqual(safety.check(pdf(catalog="/AcroForm << >>"), name="a.pdf").remarks, ("it holds a form",))

    def test_scripts_starters_and_other_files_are_refused(self) -> None:
        for found, words in (
            ("<< /S /JavaScript /JS (app.alert) >>", "a script"),
            ("<< /Names << /JavaScript 9 0 R >> >>", "a script"),
            ("<< /Type /Annot /A << /S /Launch /F (cmd.exe) >> >>", "starts a program"),
            ("<< /Names << /EmbeddedFiles 9 0 R >> >>", "other files inside"),
            ("<< /Type /Filespec /EF << /F 9 0 R >> >>", "other files inside"),
            ("<< /S /SubmitForm /F (https://elsewhere.example) >>", "sends data elsewhere"),
            ("<< /Subtype /RichMedia >>", "a film"),
            ("[[<< /XFA [] >>]]", "an XFA form"),
        ):
            with self.subTest(found=found):
                self.refuse_pdf(pdf(found), words)
        self.refuse_pdf(pdf(catalog="/OpenAction << /S /JavaScript /JS (x) >>"), "a script")

    def test_script_hidden_in_a_packed_object_is_found(self) -> None:
        self.refuse_pdf(pdf_with_packed_object("<< /S /JavaScript /JS (x) >>"), "a script")
        safety.check(pdf_with_packed_object("<< /S /GoTo >>"), name="a.pdf")

    def test_encrypted_damaged_and_empty_ones_are_refused(self) -> None:
        key = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (x) /U (x) >> /ID [(a) (b)]"
        self.refuse_pdf(pdf(trailer=key), "password")
        self.refuse_pdf(b"%PDF-1.4\nnothing", "a damaged PDF")
        self.refuse_pdf(pdf(pages=0), "without pages")

    def test_large_damaged_one_is_refused_unread_and_a_small_one_is_searched(self) -> None:
        self.refuse(b"%PDF-1.4\n" + b"a" * (48 * 2**20) + b"\n%%EOF", "its table of objects is not where", "a.pdf")
        whole = pdf()
        lost = [whole.replace(b"startxref\n", b"startxref\n1"), whole.replace(b"startxref\n", b"startxref\n7\n")]
        for damaged in lost:
            self.assertEqual(safety_pdf.check(damaged, "a.pdf"), ())
        with mock.patch.object(safety_pdf, "LARGEST_DAMAGED", 100):
            for sound in (whole, pdf_with_packed_object("<< /A 1 >>")):
                self.assertEqual(safety_pdf.check(sound, "a.pdf"), ())
            for damaged in lost:
                self.refuse(damaged, "its table of objects is not where its end says", "a.pdf")

    def test_objects_that_take_too_long_to_read_are_given_up(self) -> None:
        with mock.patch.object(safety_pdf, "MOST_SECONDS", 0.2):
            for slow in (b"(" + b"a\n" * 2**23 + b")", b"/" + b"a" * 2**24):
                self.refuse(pdf(slow), "objects take more than 0.2 seconds to read", "a.pdf")

    def test_too_many_pages_and_objects_are_refused(self) -> None:
        with mock.patch.object(safety_pdf, "MOST_PAGES", 3):
            safety.check(pdf(pages=3), name="a.pdf")
            self.refuse_pdf(pdf(pages=4), "a PDF of 4 pages")
        with mock.patch.object(safety_pdf, "MOST_OBJECTS", 5):
            self.refuse_pdf(pdf(pages=4), "more than 5 objects")

    def test_streams_that_would_fill_the_memory_are_refused(self) -> None:
        with mock.patch.object(safety_pdf, "LARGEST_STREAM", 10_000):
            safety.check(pdf(stream(b"x" * 10_000)), name="a.pdf")
            self.refuse_pdf(pdf(stream(b" " * 10_001)), "a stream that unpacks to more")
            self.refuse_pdf(pdf(stream(b" " * 10_000_000, times=2)), "a stream that unpacks to more")
            safety.check(pdf(stream(b" " * 20_000, "/Subtype /Image")), name="a.pdf")
        with mock.patch.object(safety_pdf, "MOST_UNPACKED", 15_000):
            self.refuse_pdf(pdf(stream(b"x" * 10_000), stream(b"y" * 10_000)), "would unpack to more")
        self.refuse_pdf(pdf(stream(b"x" * 99, times=4)), "packed again and again")


class RealFileTests(SimpleTestCase):
    """Real documents pass."""

    def test_shared_documents_are_let_through(self) -> None:
        files = [file for kind in ("pdf", "xlsx", "csv") for file in sorted(SHARED.rglob(f"*.{kind}"))]
        files += sorted((SHARED / "flock_portals").glob("*/*.html"))[::10]
        if not files:
            self.skipTest(f"no shared documents at {SHARED}")
        for file in files:
            with self.subTest(file=file.name):
                safety.check(file.read_bytes(), name=file.name)
