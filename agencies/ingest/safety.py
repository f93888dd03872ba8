"""What is asked of a file before anything reads it: its type, its size, and nothing in it that acts.

Every refusal is an ImportProblem with the file's name and a reason in plain words.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from agencies.ingest import safety_pdf, safety_workbook
from agencies.ingest.file_type import (
    CSV,
    HTML,
    OLE,
    PDF,
    TEXT,
    XLSX,
    ZIP,
    FileType,
    file_type,
    refuse_other_than_utf_8,
    refuse_utf_16,
    type_of_suffix,
)
from agencies.ingest.flock_audit_file import refuse_audit
from agencies.ingest.parsed import ImportProblem

LARGEST_HTML = 20 * 2**20
"""Bytes of a web page; the largest portal seen has 0.3 million."""

LONGEST_LINE = 100_000
"""Characters of one line of a table; a sharing list of 1,000 names has about 25,000."""

_TEXTS = {CSV, TEXT}
"""Types that one file may be taken for or the other: a table of one column looks like text."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be read: its type, and what a person should look at before it is."""

    kind: FileType
    remarks: tuple[str, ...] = ()


def check(data: bytes, *, name: str, suffixes: tuple[str, ...] = (), encoding: str = "utf-8") -> Checked:
    """Return the type of a file that may be read; raises ImportProblem for any that may not.

    `name` is what the file was called: its ending, where it has one, must agree with the bytes. `suffixes` are
    those that the chosen format reads; empty: any known type. `encoding` is that of a table.
    """
    if not data:
        raise ImportProblem("an empty file", file=name)
    check_size(len(data), name)
    refuse_audit(data, file=name)
    if not _TEXTS.isdisjoint(map(type_of_suffix, suffixes or (_ending(name),))):
        refuse_utf_16(data, name)
    kind = file_type(data)
    _agree(kind, name, suffixes)
    if kind == PDF:
        return Checked(kind, safety_pdf.check(data, name))
    if kind == XLSX:
        safety_workbook.check(data, name)
    elif kind == HTML:
        _check_html(data, name)
    elif kind in _TEXTS:
        _check_table(data, name, encoding)
    elif kind.suffix == ".bin":
        raise ImportProblem(f"not a type of file that is read here ({kind.media_type})", file=name)
    return Checked(kind)


def check_size(size: int, name: str) -> None:
    """Raise ImportProblem for a file larger than settings.CAPTURES_MAX_BYTES."""
    if size > settings.CAPTURES_MAX_BYTES:
        most = settings.CAPTURES_MAX_BYTES // 2**20
        raise ImportProblem(f"too large: {size:,} bytes, and at most {most} MB are taken", file=name)


def _agree(kind: FileType, name: str, suffixes: tuple[str, ...]) -> None:
    """Refuse a file whose bytes, ending and format do not all say the same."""
    if kind == OLE:
        raise ImportProblem("an encrypted or an old Office file; save it as .xlsx without a password", file=name)
    ending = _ending(name)
    if ending in {".xlsm", ".xlsb", ".xltm", ".xlam"}:
        raise ImportProblem("a workbook with macros; save it as .xlsx", file=name)
    declared = type_of_suffix(ending) if ending else None
    if declared is not None and not _alike(kind, declared):
        raise ImportProblem(f"its name ends in {ending}, but its bytes are {kind.media_type}", file=name)
    readable = [found for found in map(type_of_suffix, suffixes) if found is not None]
    if suffixes and not any(_alike(kind, wanted) for wanted in readable):
        wanted_suffixes = ", ".join(sorted(suffixes))
        raise ImportProblem(f"this format reads {wanted_suffixes}, and the bytes are {kind.media_type}", file=name)
    if kind == ZIP and (declared or suffixes):
        raise ImportProblem("a zip file that holds no workbook", file=name)


def _ending(name: str) -> str:
    """Return the ending of a file's name, in small letters, "" where it has none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _alike(kind: FileType, other: FileType) -> bool:
    """Tell whether bytes of one type may be a file of the other."""
    return kind == other or {kind, other} <= _TEXTS


def _check_html(data: bytes, name: str) -> None:
    """Refuse a page that is too large to be one, that holds NUL, is not UTF-8, or is another type as well."""
    if len(data) > LARGEST_HTML:
        raise ImportProblem(f"too large for a web page: {len(data):,} bytes", file=name)
    if b"%PDF-" in data[:1024]:
        raise ImportProblem("both a web page and a PDF", file=name)
    if b"PK\x05\x06" in data[-66_000:]:
        raise ImportProblem("both a web page and a zip file", file=name)
    if b"\0" in data:
        raise ImportProblem("a NUL character in a web page", file=name)
    refuse_other_than_utf_8(data, name)


def _check_table(data: bytes, name: str, encoding: str) -> None:
    """Refuse a table that holds NUL, is not in the encoding it should be in, or has a line without end."""
    if b"\0" in data:
        raise ImportProblem("a NUL character in a table", file=name)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as problem:
        raise ImportProblem(f"not text in {encoding}: {problem}", file=name) from problem
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise ImportProblem(f"a line of {len(line):,} characters", file=name, row=number)
