"""Workbooks (XLSX): no macros, nothing fetched from elsewhere, no password, no bomb, no document type."""

import io
import re
import struct
import zipfile
import zlib
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from agencies.ingest.parsed import ImportProblem

MOST_MEMBERS = 2_000
"""Files in a workbook; one with a hundred sheets has about 210."""

LARGEST_DIRECTORY = 500_000
"""Bytes of the list of a workbook's files, read before the list itself is."""

MOST_UNPACKED = 200 * 2**20
"""Bytes of all files of a workbook, unpacked."""

HIGHEST_RATIO = 200
"""Unpacked bytes for one packed byte, over the whole workbook; those seen have up to 15."""

RATIO_FROM = 5 * 2**20
"""Unpacked bytes from which on the ratio counts: little files of one repeated row pack very well."""

_END = b"PK\x05\x06"
_FORBIDDEN = (
    (re.compile(r"vba|macrosheet|activex|ctrlprops", re.I), "a workbook with macros or controls; save it as .xlsx"),
    (re.compile(r"externallinks?/", re.I), "a workbook that takes values from other files"),
    (re.compile(r"(^|/)(connections\.xml|querytables/)", re.I), "a workbook that takes values from a data connection"),
    (re.compile(r"(^|/)embeddings/", re.I), "a workbook with other files inside"),
)
"""Names inside a workbook that are refused, and why."""

_FORBIDDEN_TYPES = (b"macroenabled", b"vbaproject", b"ms-office.activex")
"""Parts of content types that are refused."""


class _Relations(ContentHandler):
    """Notes links to elsewhere, except those that a reader would click on."""

    def __init__(self) -> None:
        super().__init__()
        self.external = ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Look at one element."""
        kind = attrs.get("Type", "")
        if attrs.get("TargetMode", "").lower() == "external" and not kind.endswith("/hyperlink"):
            self.external = self.external or kind.rsplit("/", 1)[-1] or "a link of no type"


def check(data: bytes, name: str) -> None:
    """Raise ImportProblem for a workbook that may not be read, with the reason."""
    _check_directory(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            _check_members(book, len(data), name)
            for member in book.infolist():
                _check_member(book, member, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as problem:
        raise ImportProblem(f"a damaged workbook: {problem}", file=name) from problem


def _check_directory(data: bytes, name: str) -> None:
    """Refuse a zip file whose list of files is too long to be read, before it is."""
    end = data.rfind(_END, max(0, len(data) - 66_000))
    if end < 0 or len(data) - end < 22:
        is_zip = data.startswith(b"PK")
        raise ImportProblem("a damaged workbook: its end is missing" if is_zip else "not a workbook (XLSX)", file=name)
    _, members, size, start = struct.unpack("<HHII", data[end + 8 : end + 20])
    if members > MOST_MEMBERS or size > LARGEST_DIRECTORY:
        raise ImportProblem(f"a workbook of {members:,} files, and at most {MOST_MEMBERS:,} are read", file=name)
    if start + size > end:
        raise ImportProblem("a damaged workbook: its list of files lies elsewhere", file=name)


def _check_members(book: zipfile.ZipFile, packed: int, name: str) -> None:
    """Refuse names that lead out of the workbook or act, passwords, and sizes that do not add up."""
    members = book.infolist()
    if len(members) > MOST_MEMBERS:
        raise ImportProblem(f"a workbook of {len(members):,} files, and at most {MOST_MEMBERS:,} are read", file=name)
    if len({member.filename.lower() for member in members}) != len(members):
        raise ImportProblem("a workbook with two files of one name", file=name)
    for member in members:
        path = member.filename
        if path.startswith("/") or "\\" in path or ":" in path or ".." in path.split("/"):
            raise ImportProblem(f"a file inside the workbook leads out of it: {path[:80]!r}", file=name)
        if member.flag_bits & 1:
            raise ImportProblem("a workbook with a password", file=name)
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ImportProblem("a workbook packed in an unusual way", file=name)
        for forbidden, reason in _FORBIDDEN:
            if forbidden.search(path):
                raise ImportProblem(reason, file=name)
    _check_sizes(members, packed, name)


def _check_sizes(members: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    """Refuse a bomb: what the list of files says of their sizes; no more than that is ever unpacked."""
    unpacked = sum(member.file_size for member in members)
    if sum(member.compress_size for member in members) > packed:
        raise ImportProblem("a workbook whose files lie over each other", file=name)
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FROM and unpacked > packed * HIGHEST_RATIO):
        raise ImportProblem(f"a workbook that would unpack to {unpacked:,} bytes from {packed:,}", file=name)


def _check_member(book: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """Read one file of a workbook to its end; refuse a document type, an entity, a link to elsewhere."""
    path = member.filename.lower()
    if not path.endswith((".xml", ".rels", ".vml")):
        with book.open(member) as part:
            while part.read(2**20):
                pass
        return
    if path == "[content_types].xml":
        types = book.read(member).lower()
        if any(forbidden in types for forbidden in _FORBIDDEN_TYPES):
            raise ImportProblem("a workbook with macros, whatever its name says; save it as .xlsx", file=name)
    handler = _Relations() if path.endswith(".rels") else ContentHandler()
    try:
        with book.open(member) as part:
            defusedxml.sax.parse(part, handler, forbid_dtd=True)
    except DefusedXmlException as problem:
        raise ImportProblem(f"a document type or an entity in {member.filename!r}", file=name) from problem
    except SAXParseException as problem:
        raise ImportProblem(f"{member.filename!r} is not XML: {problem.getMessage()}", file=name) from problem
    if isinstance(handler, _Relations) and handler.external:
        raise ImportProblem(f"a workbook that links to elsewhere ({handler.external})", file=name)
