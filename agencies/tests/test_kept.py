"""The store of captures: once by content, whole or not at all, never what must not be kept."""

import hashlib
import os
import stat
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import TestCase, TransactionTestCase

from agencies.ingest import kept
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.personal_data import count_personal_data
from agencies.models import KeptFile
from agencies.tests.hostile_files import pdf, stream, workbook

PAGE = b"<!DOCTYPE html><html><head></head><body><p>Alpha PD</p><i>secret</i></body></html>"


def without_secret(data: bytes) -> bytes:
    """Cut the secret out."""
    return data.replace(b"<i>secret</i>", b"")


class KeepTests(TestCase):
    """What is stored, and what comes back."""

    def test_bytes_come_back_with_the_right_ending(self) -> None:
        for data, suffix in ((PAGE, ".html"), (b"a,b\n1,2\n", ".csv"), (pdf(), ".pdf"), (workbook(), ".xlsx")):
            with self.subTest(suffix=suffix):
                found = kept.keep(data)
                digest = hashlib.sha256(data).hexdigest()
                self.assertEqual((found.sha256, found.stored_sha256, found.size), (digest, digest, len(data)))
                self.assertFalse(found.is_reduced)
                with kept.local_path(kept.kept_path(found)) as path:
                    self.assertEqual((path.suffix, path.read_bytes()), (suffix, data))
                self.assertFalse(path.exists())

    def test_same_bytes_are_written_once_and_give_the_same_row(self) -> None:
        first = kept.keep(PAGE, reduce=without_secret)
        with mock.patch.object(kept, "_write", side_effect=AssertionError("written again")):
            self.assertEqual(kept.keep(PAGE, reduce=without_secret), first)
        self.assertEqual(KeptFile.objects.count(), 1)

    def test_reduced_bytes_are_found_by_the_hash_of_those_received(self) -> None:
        found = kept.keep(PAGE, reduce=without_secret)
        stored = without_secret(PAGE)
        self.assertEqual(found.sha256, hashlib.sha256(PAGE).hexdigest())
        self.assertEqual((found.stored_sha256, found.size), (hashlib.sha256(stored).hexdigest(), len(stored)))
        self.assertTrue(found.is_reduced)
        self.assertEqual(kept.read_kept(found), stored)

    def test_file_without_a_row_is_written_anew(self) -> None:
        name = kept.keep(PAGE).stored_name
        KeptFile.objects.all().delete()
        store = kept.captures_store()
        with store.open(name, "wb") as file:
            file.write(PAGE[:10])
        self.assertEqual(kept.read_kept(kept.keep(PAGE)), PAGE)

    def test_damaged_and_missing_bytes_are_noticed(self) -> None:
        found = kept.keep(PAGE)
        store = kept.captures_store()
        with store.open(found.stored_name, "wb") as file:
            file.write(PAGE + b" ")
        with self.assertRaisesMessage(ImportProblem, "damaged"):
            kept.read_kept(found)
        store.delete(found.stored_name)
        with self.assertRaisesMessage(ImportProblem, "missing"), kept.local_path(kept.kept_path(found)):
            pass

    def test_other_paths_are_given_as_they_are(self) -> None:
        with kept.local_path("/srv/list.csv") as path:
            self.assertEqual(path, Path("/srv/list.csv"))
        for wrong in ("kept:" + "0" * 64, "kept:../../etc/passwd", "kept:"):
            with self.subTest(path=wrong), self.assertRaisesMessage(ImportProblem, "no such file is kept"):
                kept.find_kept(wrong)

    def test_file_that_parsers_open_has_the_name_that_it_came_with(self) -> None:
        page = kept.keep(PAGE)
        for given, name in (
            ("2026-04-24.html", "2026-04-24.html"),
            ("../../etc/pass\x00wd", "passwd.html"),
            ("C:\\docs\\..hidden.html", "hidden.html"),
            ("é" * 200 + ".html", "é" * 97 + ".html"),
            ("..", f"kept-{page.sha256[:12]}.html"),
        ):
            with self.subTest(given=given), kept.local_path(kept.kept_path(page, given)) as path:
                self.assertEqual((path.name, path.read_bytes()), (name, PAGE))

    def test_nothing_and_what_reduces_to_nothing_are_refused(self) -> None:
        with self.assertRaisesMessage(ImportProblem, "a.html: an empty file"):
            kept.keep(b"", name="a.html")
        with self.assertRaises(ImportProblem):
            kept.keep(PAGE, reduce=lambda data: b"")
        self.assertFalse(KeptFile.objects.exists())

    def test_folder_lets_nobody_else_read(self) -> None:
        with TemporaryDirectory() as folder:
            store = FileSystemStorage(folder, file_permissions_mode=0o600, directory_permissions_mode=0o700)
            with mock.patch.object(kept, "captures_store", return_value=store):
                found = kept.keep(PAGE)
            file = Path(folder) / found.stored_name
            self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
            self.assertEqual(stat.S_IMODE(os.stat(file.parent).st_mode), 0o700)


class ConcurrencyTests(TransactionTestCase):
    """Several workers at once."""

    def test_workers_that_keep_the_same_bytes_write_once(self) -> None:
        start, found, writes = threading.Barrier(4), [], []
        write = kept._write

        def work() -> None:
            try:
                start.wait()
                found.append(kept.keep(PAGE).pk)
            finally:
                connection.close()

        def counted(name: str, data: bytes) -> str:
            writes.append(name)
            return write(name, data)

        with mock.patch.object(kept, "_write", counted):
            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual((len(found), len(set(found)), len(writes)), (4, 1, 1))


class PersonalDataTests(TestCase):
    """What a reviewer is told of e-mail addresses and telephone numbers."""

    def test_different_ones_are_counted_in_text(self) -> None:
        text = b"a@b.example, A@B.example; (510) 555-1234, 510-555-1234, 510.555.9999, +1 510-555-1234, c.d@e-f.example"
        self.assertEqual(count_personal_data(text, "text/plain"), {"emails": 2, "phones": 2})

    def test_numbers_of_other_kinds_are_none(self) -> None:
        text = b"2026-04-23 1,020 502,867 ORI CA0013000 4111-1111-1111-1111 192.168.100.2000 123-456-7890 @home a@b"
        self.assertEqual(count_personal_data(text, "text/csv"), {})

    def test_workbooks_and_pdfs_are_looked_through(self) -> None:
        strings = {"xl/sharedStrings.xml": "<sst><si><t>Call (510) 555-1234</t></si></sst>"}
        book = workbook({**strings, "xl/worksheets/sheet1.xml": "<c><is><t>x@y.example</t></is></c>"})
        found = count_personal_data(book, kept.keep(book).media_type)
        self.assertEqual(found, {"emails": 1, "phones": 1})
        text = stream(b"BT /F 12 Tf 9 50 Td (Call 510-555-1234) Tj 0 -20 Td (or x@y.example) Tj ET")
        font = "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        report = pdf(text, page=f"/Contents 1000 0 R {font}")
        self.assertEqual(count_personal_data(report, "application/pdf"), {"emails": 1, "phones": 1})

    def test_page_without_text_and_file_that_cannot_be_read_are_not_called_clean(self) -> None:
        self.assertEqual(count_personal_data(pdf(pages=2), "application/pdf"), {"pages_without_text": 2})
        self.assertEqual(count_personal_data(b"%PDF-1.4", "application/pdf"), {"unread": 1})
        self.assertEqual(count_personal_data(b"\x1f\x8b", "application/gzip"), {"unread": 1})

    def test_kept_file_carries_the_counts_of_what_is_stored(self) -> None:
        page = PAGE.replace(b"secret", b"x@y.example").replace(b"Alpha", b"c@d.example")
        counted = kept.keep(page, reduce=lambda data: data.replace(b"<i>x@y.example</i>", b""))
        self.assertEqual(counted.personal_data, {"emails": 1})
