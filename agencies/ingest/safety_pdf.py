"""PDF files: no password, no script, nothing that starts or unpacks other things, not too many pages."""

import io
import re
import time
import zlib
from collections.abc import Iterator

from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import PSLiteral

from agencies.ingest.parsed import ImportProblem

MOST_PAGES = 500
"""Pages; the longest sharing report seen has 17."""

MOST_OBJECTS = 200_000
"""Objects of which a PDF is made up; a scanned page has about ten."""

LARGEST_STREAM = 32 * 2**20
"""Bytes of one packed stream that is no image, unpacked."""

MOST_UNPACKED = 1_000 * 2**20
"""Bytes of all packed streams, unpacked: pages scanned in colour have 25 million each."""

LARGEST_DAMAGED = 8 * 2**20
"""Bytes of a PDF whose table of objects is not where its end says. All of it is searched then, in time that grows with
the square of a line's length: 8 MB without a line's end take half a second, 48 MB minutes."""

MOST_SECONDS = 20.0
"""Seconds of the processor's time, whatever else it does, for the objects of one PDF; 200,000 objects take about 4."""

_END = 2048
"""Bytes at the end of a PDF among which the place of its table stands."""

_PIECE = 65_536
_TABLE_AT = re.compile(rb"startxref\s+(\d{1,12})\s")
_TABLE = re.compile(rb"\s{0,9}(?:xref\s|\d{1,9}\s{1,9}\d{1,9}\s{1,9}obj\b)")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_REFUSED_KEYS = {
    "JS": "a PDF with a script",
    "JavaScript": "a PDF with a script",
    "EmbeddedFiles": "a PDF with other files inside",
    "EF": "a PDF with other files inside",
    "XFA": "a PDF with an XFA form",
}
_REFUSED_ACTIONS = {
    "JavaScript": "a PDF with a script",
    "Launch": "a PDF that starts a program",
    "ImportData": "a PDF that takes data from elsewhere",
    "SubmitForm": "a PDF that sends data elsewhere",
    "RichMedia": "a PDF with a film or the like inside",
    "RichMediaExecute": "a PDF with a film or the like inside",
    "GoToE": "a PDF with other files inside",
}
"""What is refused: keys of dictionaries, and values of their /S and /Subtype. Save such a file as a plain PDF."""


def check(data: bytes, name: str) -> tuple[str, ...]:
    """Return remarks on a PDF that may be read; raises ImportProblem for one that may not, with the reason."""
    head = data[:1024].lower()
    if b"<html" in head or b"<script" in head or b"<!doctype" in head:
        raise ImportProblem("both a PDF and a web page", file=name)
    if b"PK\x05\x06" in data[-66_000:]:
        raise ImportProblem("both a PDF and a zip file", file=name)
    if len(data) > LARGEST_DAMAGED and not _has_table(data):
        raise ImportProblem("a damaged PDF: its table of objects is not where its end says; save it anew", file=name)
    _check_streams(data, name)
    try:
        document = PDFDocument(PDFParser(_InTime(data, name)))
        pages = _check_objects(document, name)
    except ImportProblem:
        raise
    except PDFPasswordIncorrect as problem:
        raise ImportProblem("a PDF with a password", file=name) from problem
    except Exception as problem:  # pdfminer raises whatever a damaged file makes it stumble over.
        raise ImportProblem(f"a damaged PDF ({type(problem).__name__})", file=name) from problem
    if document.encryption is not None:
        raise ImportProblem("an encrypted PDF; save it without encryption", file=name)
    if not pages:
        raise ImportProblem("a PDF without pages", file=name)
    if pages > MOST_PAGES:
        raise ImportProblem(f"a PDF of {pages:,} pages, and at most {MOST_PAGES} are read", file=name)
    return ("it holds a form",) if "AcroForm" in document.catalog else ()


def _has_table(data: bytes) -> bool:
    """Tell whether a table of objects, or the object that is one, stands where the end of a PDF says."""
    places = _TABLE_AT.findall(data, max(0, len(data) - _END))
    return bool(places) and _TABLE.match(data, int(places[-1])) is not None


class _InTime(io.BytesIO):
    """The bytes of a PDF, which can't be read on once MOST_SECONDS are over: then `read` raises ImportProblem.

    pdfminer reads in small pieces and puts a long line, text or name together from them, each time copying all.
    """

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self._name, self._end = name, time.thread_time() + MOST_SECONDS

    def read(self, size: int | None = -1, /) -> bytes:
        """Read what comes next."""
        if time.thread_time() > self._end:
            raise ImportProblem(f"a PDF whose objects take more than {MOST_SECONDS:g} seconds to read", file=self._name)
        return super().read(size)


def _check_streams(data: bytes, name: str) -> None:
    """Refuse a PDF whose packed streams would fill the memory; a stream packed twice is unpacked twice."""
    total = 0
    for start in _STREAM.finditer(data):
        # The dictionary of a stream stands before it; an image's unpacked bytes are never asked for.
        dictionary = data[max(0, start.start() - 600) : start.start()].rsplit(b"obj", 1)[-1]
        total += _unpacked_size(memoryview(data)[start.end() :], b"/Image" in dictionary, name)
        if total > MOST_UNPACKED:
            raise ImportProblem(f"a PDF that would unpack to more than {MOST_UNPACKED // 2**20} MB", file=name)


def _unpacked_size(packed: memoryview, is_image: bool, name: str) -> int:
    """Return how many bytes a stream unpacks to; 0 for one that is not packed with zlib."""
    total = 0
    for _ in range(4):
        if bytes(packed[:1]) != b"\x78":
            return total
        unpacked = _inflated(packed)
        if len(unpacked) > LARGEST_STREAM and not is_image:
            raise ImportProblem(f"a stream that unpacks to more than {LARGEST_STREAM // 2**20} MB", file=name)
        total, packed = total + len(unpacked), memoryview(unpacked)
    raise ImportProblem("a stream packed again and again", file=name)


def _inflated(packed: memoryview) -> bytes:
    """Return what a stream unpacks to, up to a little more than LARGEST_STREAM; a damaged one as far as it goes."""
    unpacker, parts, size = zlib.decompressobj(), [], 0
    for start in range(0, len(packed), _PIECE):
        try:
            part = unpacker.decompress(packed[start : start + _PIECE], LARGEST_STREAM + 1 - size)
        except zlib.error:
            break
        parts.append(part)
        size += len(part)
        if unpacker.eof or size > LARGEST_STREAM:
            break
    return b"".join(parts)


def _check_objects(document: PDFDocument, name: str) -> int:
    """Look at every object, refuse what acts, and return the number of pages."""
    pages = 0
    for found in _dictionaries(document, name):
        _refuse(found, name)
        pages += _literal(found.get("Type")) == "Page"
    return pages


def _dictionaries(document: PDFDocument, name: str) -> Iterator[dict[str, object]]:
    """Yield every dictionary of a PDF: those that its list of objects names, and all that these lead to.

    The list alone will not do: a PDF may have parts of it that pdfminer passes over.
    """
    listed = {ident for xref in document.xrefs for ident in xref.get_objids()}
    waiting: list[object] = [document.catalog, *(_object(document, ident) for ident in listed)]
    while waiting:
        if len(listed) > MOST_OBJECTS:
            raise ImportProblem(f"a PDF of more than {MOST_OBJECTS:,} objects", file=name)
        found = waiting.pop()
        if isinstance(found, PDFObjRef) and found.objid not in listed:
            listed.add(found.objid)
            found = _object(document, found.objid)
        if isinstance(found, PDFStream):
            found = found.attrs
        if isinstance(found, dict):
            yield found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found


def _object(document: PDFDocument, ident: int) -> object:
    """Return an object of a PDF, None where its number leads nowhere: readers pass over that."""
    try:
        return document.getobj(ident)
    except (PDFException, KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None


def _refuse(found: dict[str, object], name: str) -> None:
    """Refuse a dictionary that acts."""
    reason = next((why for key, why in _REFUSED_KEYS.items() if key in found), None)
    for key in ("S", "Subtype", "Type"):
        reason = reason or _REFUSED_ACTIONS.get(_literal(found.get(key)))
    if reason:
        raise ImportProblem(reason, file=name)


def _literal(value: object) -> str:
    """Return a name of a PDF as text; "" for anything else."""
    if isinstance(value, PDFObjRef):
        return ""
    return str(value.name) if isinstance(value, PSLiteral) else ""
