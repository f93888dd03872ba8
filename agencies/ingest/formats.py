"""The importers by name: what `import_documents FORMAT` and `parse_documents FORMAT` may say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.ingest import (
    facts_csv,
    flock_federal_extract,
    flock_portal,
    flock_shared_networks,
    ice_287g,
    ice_287g_memoranda,
    ice_release_2019,
    mapped_csv,
    news_observer,
    vigilant_report,
)
from agencies.ingest.flock_audit_file import refuse_audit_in
from agencies.ingest.flock_portal_address import slug_option
from agencies.ingest.flock_portal_reduce import reduce as reduce_portal
from agencies.ingest.parsed import ImportProblem, ParsedDocument


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of document that can be read.

    `read` takes the path of a file (of a folder too where `takes_folders`) and the named `options`, all of them texts,
    and yields documents. `suffixes` are the endings of its files. `reduce` cuts out of received bytes what is never
    stored; None: they are stored as received, but for pages, see `kept.storable`. `keeps` tells whether files are kept
    as the bytes behind captures.
    `is_several_files`: a document is made of several files of one folder: those uploaded together are put into one.
    `tells_its_date`: every document says its own day, so that an upload needs none beside it.
    `may_begin_at_once`: `read` takes `at_once` too, and then may raise RowsApart, see `facts_csv.stream`.
    `cleaners`, by option: return the text as `read` takes it, or raise ImportProblem for one that it can't.
    """

    name: str
    title: str | Promise
    read: Callable[..., Iterator[ParsedDocument]]
    options: frozenset[str] = frozenset()
    suffixes: tuple[str, ...] = ()
    reduce: Callable[[bytes], bytes] | None = None
    keeps: bool = True
    takes_folders: bool = False
    is_several_files: bool = False
    tells_its_date: bool = False
    may_begin_at_once: bool = False
    cleaners: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


FETCHED = frozenset({"retrieved_on", "sha256", "compiled_by"})
"""Options of a single fetched file: the day (ISO), the hash of the bytes as received, who made the copy if not we."""

DESCRIBED = frozenset({"published_on", "url"})
"""Options of a file that does not tell its own date (ISO) or address."""

FORMATS: dict[str, Format] = {
    found.name: found
    for found in (
        Format(
            "csv",
            _("any table, through a saved column mapping"),
            mapped_csv.read,
            options=FETCHED | DESCRIBED | {"mapping", "first_reported_on", "archive_url", "encoding"},
            suffixes=(".csv", ".tsv", ".txt"),
        ),
        Format(
            "facts_csv",
            _("the atlas's own table of facts"),
            facts_csv.read,
            suffixes=(".csv", ".gz"),
            keeps=False,
            takes_folders=True,
            may_begin_at_once=True,
        ),
        Format(
            "flock_federal_extract",
            _("extract of Flock portals: federal bodies"),
            flock_federal_extract.read,
            suffixes=(".csv",),
        ),
        Format(
            "flock_portal",
            _("Flock Safety transparency portal"),
            flock_portal.read,
            options=FETCHED | {"slug"},
            suffixes=(".html",),
            reduce=reduce_portal,
            takes_folders=True,
            cleaners={"slug": slug_option},
        ),
        Format(
            "flock_shared_networks",
            _("Flock table of shared networks"),
            flock_shared_networks.read,
            options=FETCHED | DESCRIBED | {"agency", "state"},
            suffixes=(".xlsx", ".pdf"),
            takes_folders=True,
        ),
        Format(
            "ice_287g",
            _("ICE's lists of 287(g) agreements"),
            ice_287g.read,
            options=FETCHED,
            suffixes=(".xlsx",),
            takes_folders=True,
        ),
        Format(
            "ice_287g_memoranda",
            _("index of 287(g) memoranda"),
            ice_287g_memoranda.read,
            options=FETCHED,
            suffixes=(".csv",),
            tells_its_date=True,
        ),
        Format(
            "ice_release_2019",
            _("agencies named in ICE's release of 2019"),
            ice_release_2019.read,
            suffixes=(".csv",),
        ),
        Format(
            "news_observer",
            _("The News & Observer's tables of Flock portals"),
            news_observer.read,
            suffixes=(".csv",),
            takes_folders=True,
            is_several_files=True,
        ),
        Format(
            "vigilant_report",
            _("Vigilant LEARN data sharing report"),
            vigilant_report.read,
            options=FETCHED | {"state", "url"},
            suffixes=(".pdf",),
            takes_folders=True,
            tells_its_date=True,
        ),
    )
}
"""Formats by name."""


def read(
    format_name: str, paths: list[str], options: Mapping[str, Any] | None = None, *, at_once: bool = False
) -> Iterator[ParsedDocument]:
    """Yield the documents of all paths in order. `at_once` is for formats that may begin so; it is nothing to others.

    Of a folder, a format that reads single files gets every file with one of its endings, by name. Raises ImportProblem
    for an unknown format or option, one that the format refuses, a missing path, an empty file, a folder without such
    files, and a search audit among the files, before any document of its path is yielded.
    """
    wanted = FORMATS.get(format_name)
    if wanted is None:
        raise ImportProblem(f"unknown format {format_name!r} (known: {', '.join(FORMATS)})")
    given = dict(options or {})
    unknown = sorted(set(given) - wanted.options)
    if unknown:
        known = ", ".join(sorted(wanted.options)) or "none"
        raise ImportProblem(f"unknown option {unknown[0]!r} of format {format_name} (known: {known})", field=unknown[0])
    given |= {name: clean(given[name]) for name, clean in wanted.cleaners.items() if name in given}
    if wanted.may_begin_at_once:
        given["at_once"] = at_once
    for path in map(Path, paths):
        if not path.exists():
            raise ImportProblem("no such file or folder", file=str(path))
        if path.is_file() and not path.stat().st_size:
            raise ImportProblem("an empty file", file=str(path))
        for file in files_below(path, wanted.suffixes):
            with file.open("rb") as data:
                refuse_audit_in(data, file=str(file))
        for part in _parts(path, wanted):
            yield from wanted.read(part, **given)


def may_begin_at_once(format_name: str) -> bool:
    """Tell whether `at_once` makes a difference to a format."""
    return format_name in FORMATS and FORMATS[format_name].may_begin_at_once


def _parts(path: Path, wanted: Format) -> list[Path]:
    """Return what a format's reader gets of one path: the path itself, or the files of a folder."""
    if path.is_file() or wanted.takes_folders:
        return [path]
    files = list(files_below(path, wanted.suffixes))
    if not files:
        raise ImportProblem(f"no file with the ending {' or '.join(wanted.suffixes)} in this folder", file=str(path))
    return files


def files_below(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Yield a file, or the files below a folder by name: those with one of `suffixes`, or all where none are given."""
    if path.is_file():
        yield path
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and (not suffixes or file.suffix.lower() in suffixes):
                yield file
