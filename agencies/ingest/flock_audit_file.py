"""Whether a file is a search audit, whatever it is wrapped in: told by its headings, refused without a word of it.

Looked through are tables, workbooks, and what is packed or in UTF-16: that is stored as it came or not at all. A page
of any other kind may hold an audit: `flock_portal_reduce` cuts it out.
"""

import io
import re
import zipfile
import zlib
from gzip import GzipFile

from selectolax.lexbor import LexborHTMLParser

from agencies.ingest import safety_workbook
from agencies.ingest.file_type import GZIP, HEAD, XLSX, ZIP, decoded_head, file_type, in_utf8, may_be_page, utf_16
from agencies.ingest.flock_audit import embeds_audit, is_heading
from agencies.ingest.flock_audit_workbook import is_audit_workbook
from agencies.ingest.parsed import ImportProblem

MOST = 100 * 2**20
"""Bytes of a workbook, or of an unpacked page, beyond which it is refused because it is not looked through."""

_LINES = 20
"""Lines at the beginning of a table in which its headings may stand."""

_PACKED = {GZIP, XLSX, ZIP}

_DAMAGED = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What reading raises where something packed is damaged, or packed in a way that is not known."""


def is_audit(data: bytes) -> bool:
    """Tell by its headings, between commas or the like, whether a file is the table of a search audit."""
    lines = decoded_head(data).splitlines()[:_LINES]
    return any(is_heading(cell.strip("\"' ") for cell in re.split(r"[,;\t|]", line)) for line in lines)


def refuse_audit(data: bytes, *, file: str) -> None:
    """Raise ImportProblem as `refuse_audit_in` does, for bytes."""
    refuse_audit_in(io.BytesIO(data), file=file)


def refuse_audit_in(opened: io.BufferedIOBase, *, file: str) -> None:
    """Raise ImportProblem for a search audit, and for what is packed so that it can't be told.

    `opened` stands at its beginning. Of tables the first bytes are read; of a workbook and of a packed page all, up to
    MOST. What is refused of workbooks, see `safety_workbook`, is refused here too.
    """
    if _is_one(opened, file):
        raise ImportProblem("a search audit, with a row for each search: it is neither kept nor read", file=file)


def _is_one(opened: io.BufferedIOBase, file: str) -> bool:
    """Tell whether a file as received is an audit, or a wrapping that holds one."""
    head = _taken(opened, HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _is_in_zip(head + _rest(opened, file), file)
    if file_type(head) == GZIP:
        opened.seek(0)
        return _is_unpacked_one(GzipFile(fileobj=opened), file)
    return is_audit(head) or (bool(utf_16(head)) and _is_page_with_one(head, opened, file))


def _is_in_zip(data: bytes, file: str) -> bool:
    """Tell whether a workbook, or any file in a zip file, is an audit."""
    is_workbook = file_type(data) == XLSX
    try:
        safety_workbook.check(data, file)
    except ImportProblem as problem:
        if is_workbook:
            raise
        raise ImportProblem("a zip file that holds no workbook, or a damaged one", file=file) from problem
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if is_audit_workbook(book):
            return True
        for member in book.infolist():
            if is_workbook:
                with book.open(member) as part:
                    found = is_audit(part.read(HEAD))
            else:
                found = _is_unpacked_one(io.BytesIO(book.read(member)), file)
            if found:
                return True
    return False


def _is_unpacked_one(opened: io.BufferedIOBase, file: str) -> bool:
    """Tell whether what came out of a wrapping is an audit. Raises ImportProblem for a further wrapping."""
    head = _taken(opened, HEAD)
    if file_type(head) in _PACKED:
        raise ImportProblem("packed more than once: unpack it first", file=file)
    return is_audit(head) or _is_page_with_one(head, opened, file)


def _is_page_with_one(head: bytes, opened: io.BufferedIOBase, file: str) -> bool:
    """Tell whether a page, whose beginning was read already, has an audit anywhere in it."""
    if not may_be_page(head):
        return False
    page = in_utf8(head + _rest(opened, file))
    return embeds_audit(LexborHTMLParser(page)) or is_heading(re.findall(r"[A-Za-z]+", page.decode("utf-8", "replace")))


def _rest(opened: io.BufferedIOBase, file: str) -> bytes:
    """Return what follows in a file. Raises ImportProblem where that is more than MOST."""
    found = _taken(opened, MOST + 1)
    if len(found) > MOST:
        raise ImportProblem(f"too large to be looked through: more than {MOST // 2**20} MB", file=file)
    return found


def _taken(opened: io.BufferedIOBase, most: int) -> bytes:
    """Return the next bytes, at most so many, up to where something packed is damaged."""
    found = bytearray()
    try:
        while len(found) < most and (block := opened.read1(min(most - len(found), HEAD))):
            found += block
    except _DAMAGED:
        pass
    return bytes(found)
