"""What a file is, told from its bytes and never from its name."""

import codecs
import csv
import io
import re
from dataclasses import dataclass

import puremagic

from agencies.ingest.parsed import ImportProblem

HEAD = 65_536
"""Bytes at the beginning that are looked at."""

_LETTERS = 40
"""Bytes at the beginning of a text, headings of a table or a page's first tag, whose letters are those of English."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A media type, and the ending that files of this type get here."""

    media_type: str
    suffix: str


PDF = FileType("application/pdf", ".pdf")
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
HTML = FileType("text/html", ".html")
CSV = FileType("text/csv", ".csv")
TEXT = FileType("text/plain", ".txt")
GZIP = FileType("application/gzip", ".gz")
ZIP = FileType("application/zip", ".zip")
OLE = FileType("application/x-ole-storage", ".ole")

_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HTML_WITHIN = re.compile(rb"<(?:!doctype\s+html|html)\b", re.I)
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def file_type(data: bytes) -> FileType:
    """Return what the bytes are; of no known type: what their first bytes suggest, with the suffix ".bin"."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        # Names of members stand uncompressed in a zip file.
        return XLSX if b"[Content_Types].xml" in data and b"xl/workbook.xml" in data else ZIP
    if data.startswith(b"\x1f\x8b\x08"):
        return GZIP
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    if _HTML_START.match(data[:HEAD]):
        return HTML
    if is_text(data):
        return CSV if looks_like_table(data) else TEXT
    return FileType(_guess(data), ".bin")


def may_be_page(data: bytes) -> bool:
    """Tell whether bytes are a web page or the like: what begins with a tag, and text in which a page begins.

    Wider than HTML, for what must be cut out of any page wherever it comes from.
    """
    head = in_utf8(data[:HEAD])
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        return True
    return file_type(head) in {CSV, TEXT} and _HTML_WITHIN.search(head) is not None


def type_of_suffix(suffix: str) -> FileType | None:
    """Return the type that files with this ending are expected to be; None for an ending nobody reads here."""
    return {
        ".pdf": PDF,
        ".xlsx": XLSX,
        ".html": HTML,
        ".htm": HTML,
        ".csv": CSV,
        ".tsv": CSV,
        ".txt": TEXT,
        ".gz": GZIP,
    }.get(suffix.lower())


def is_text(data: bytes) -> bool:
    """Tell whether the first bytes are text: no control characters but white space, whatever the encoding."""
    return bool(data) and not _NOT_IN_TEXT.search(data[:HEAD])


def looks_like_table(data: bytes) -> bool:
    """Tell whether the first lines hold the same number of fields, at least two, between commas or the like."""
    lines = decoded_head(data).splitlines()[:20]
    return any(_is_even(lines, delimiter) for delimiter in (",", ";", "\t", "|"))


def utf_16(data: bytes) -> str:
    """Return the name of the UTF-16 encoding that a text begins in, "" for any other: its first letters tell."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = data[0:_LETTERS:2], data[1:_LETTERS:2]
    if len(odd) > 1 and not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if len(odd) > 1 and not any(even) and all(odd) else ""


def refuse_utf_16(data: bytes, file: str) -> None:
    """Raise ImportProblem, with what to do, for a table in UTF-16; its first bytes are enough."""
    if utf_16(data):
        said = "not readable: it is in UTF-16, as Excel saves “Unicode text”; save it as UTF-8 (“CSV UTF-8”)"
        raise ImportProblem(said, file=file)


def refuse_other_than_utf_8(data: bytes, file: str) -> None:
    """Raise ImportProblem, with the line, for a page that is not UTF-8: a name with a lost letter is another name."""
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        before = data[max(0, problem.start - 20) : problem.start].decode("utf-8", "ignore")
        said = f"not UTF-8: the byte 0x{data[problem.start]:02x} behind {before!r}"
        raise ImportProblem(said, file=file, row=data.count(b"\n", 0, problem.start) + 1) from problem


def in_utf8(data: bytes) -> bytes:
    """Return text that is in UTF-16 in UTF-8, with a mark for what is none; any other bytes as they are."""
    encoding = utf_16(data)
    return data.decode(encoding, "replace").encode("utf-8", "replace") if encoding else data


def decoded_head(data: bytes) -> str:
    """Return the first bytes as text: UTF-16 or UTF-8 where they are, else as if each byte were a letter."""
    head = in_utf8(data[:HEAD])
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _is_even(lines: list[str], delimiter: str) -> bool:
    """Tell whether there are two rows at least, and the first two have the same number of cells, two or more."""
    try:
        rows = [row for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter) if row][:2]
    except csv.Error:
        return False
    return len(rows) == 2 and len(rows[0]) == len(rows[1]) > 1


def _guess(data: bytes) -> str:
    """Return the media type that the first bytes suggest."""
    try:
        return str(puremagic.magic_string(data[:HEAD])[0].mime_type) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "application/octet-stream"
