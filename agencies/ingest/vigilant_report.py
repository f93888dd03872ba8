"""Vigilant LEARN "Agency Data Sharing Report" PDFs: whom an agency shares detections and hot lists with, both ways.

The report is an agency's own print-out of what is set in LEARN: four lists in two columns. Scans are read by their
text layer. `vigilant_report_account` says what became of every line.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils.text import slugify

from agencies.ingest.compiled_table import opened
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedCapture,
    ParsedDocument,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.portal_names import US_STATES, clean, state_in_name
from agencies.ingest.single_files import date_option, files_at
from agencies.ingest.vigilant_report_account import SECTIONS, Fate, Line, Section, account
from agencies.ingest.vigilant_report_readings import as_shown

LONGEST_NAME = 150
"""Longest name in characters; the longest seen has 46. Longer ones are lines wrongly joined."""

_AGENCY = re.compile(r"^The (.+?) ?Agency ?is ?(?:sharing|receiving)", re.IGNORECASE)
_CREATED = re.compile(r"Date ?Created: ?(\d\d)-(\d\d)-(\d\d)\b")
_SMALL_STATE = re.compile(r"\(([A-Za-z]{2})\)$")

_IRVINE = PrintedName("Irvine Police Department", "CA")
_STATES_BY_HAND = {_IRVINE.text: _IRVINE.state}
"""States of agencies whose report prints none anywhere: names of the whole country stand in it."""


@dataclass(slots=True)
class _Name:
    """One name of a list with the lines that print it and the hot list beside it, as the text layer reads them."""

    section: Section
    lines: list[Line]
    hot_list: list[str] = field(default_factory=list)

    @property
    def read(self) -> str:
        """Return the name put together again."""
        return " ".join(line.text for line in self.lines)


def parse(
    data: bytes,
    *,
    file: str,
    state: str = "",
    url: str = "",
    compiled_by: str = "",
    retrieved_on: str = "",
    sha256: str = "",
) -> ParsedDocument:
    """Return all that the report's lists say.

    `state` is that of the agency whose report it is, for names that don't tell; `sha256` that of the bytes as
    received, where `data` is not all of them. Dates are ISO. A list that the report lacks is not given; one
    without names is "empty". Raises ImportProblem as `account` does, and where agency or date can't be read.
    """
    digest = hashlib.sha256(data).hexdigest()
    lines = account(data, file=file)
    agency = _agency(lines, state, digest, file)
    lists = _lists(lines, agency, digest, file)
    return ParsedDocument(
        source=_source(agency),
        capture=ParsedCapture(
            url,
            compiled_by=compiled_by,
            published_on=_created_on(lines, file),
            retrieved_on=date_option(retrieved_on, "retrieved_on", file),
            sha256=sha256 or digest,
        ),
        file=file,
        lists=lists,
        kept_text="\n\n".join(
            "\n".join([found.heading, *(grant.printed for grant in found.grants)]) for found in lists
        ),
    )


def read(path: Path, **options: str) -> Iterator[ParsedDocument]:
    """Yield the document of the PDF at `path`, or of every PDF below the folder. The options are those of `parse`."""
    for file in files_at(path, (".pdf",), options):
        yield parse(opened(file), file=file.name, **options)


def _agency(lines: list[Line], state: str, digest: str, file: str) -> PrintedName:
    """Return whose report it is: the name that most of the sentences over the lists give."""
    sentences: dict[Section, list[str]] = {}
    for line in lines:
        if line.fate is Fate.INTRODUCTION and line.section is not None:
            sentences.setdefault(line.section, []).append(line.text)
    found = [_AGENCY.match(clean(" ".join(parts))) for parts in sentences.values()]
    names = Counter(as_shown(match[1], digest) for match in found if match)
    if not names:
        raise ImportProblem("no sentence says whose report it is", file=file, field="agency")
    name = names.most_common(1)[0][0]
    if state and state not in US_STATES:
        raise ImportProblem(f"not a state's two letters: {state[:20]!r}", file=file, field="state")
    return PrintedName(name, state or _state(name) or _STATES_BY_HAND.get(name, ""))


def _created_on(lines: list[Line], file: str) -> date:
    """Return the date at the foot of the pages; where a page is misread, what most pages say."""
    found = Counter(
        match.groups() for line in lines if line.fate is Fate.FOOTER for match in _CREATED.finditer(line.text)
    )
    for (month, day, year), _ in found.most_common(1):
        try:
            return datetime.strptime(f"{month}-{day}-{year}", "%m-%d-%y").date()
        except ValueError as problem:
            raise ImportProblem(f"not a date: {month}-{day}-{year}", file=file, field="Date Created") from problem
    raise ImportProblem("no page says when it was created", file=file, field="Date Created")


def _source(agency: PrintedName) -> ParsedSource:
    """Return the source of all reports of one agency. Irvine's was named after its first one, and stays so."""
    slug = slugify(f"{agency.text} {agency.state if state_in_name(agency.text) != agency.state else ''}")
    title = f"Vigilant LEARN data sharing report of {agency.text}"
    if agency == _IRVINE:
        slug, title = "irvine-2020", "Vigilant LEARN data sharing report of the Irvine Police Department, March 2020"
    return ParsedSource(
        slug=f"vigilant-report-{slug[:100]}",
        title=title,
        kind="foia",
        publisher=agency.text,
        network="vigilant",
        agency=agency,
    )


def _lists(lines: list[Line], agency: PrintedName, digest: str, file: str) -> list[ParsedList]:
    """Return the report's lists in the record's order."""
    names = _names(lines, file)
    found = []
    for section in SECTIONS:
        heading = next((line.text for line in lines if line.fate is Fate.HEADING and line.section is section), None)
        if heading is None:
            continue
        grants = [_grant(name, agency, digest, file) for name in names if name.section is section]
        completeness = "complete" if grants else "empty"
        found.append(
            ParsedList("vigilant", section.access, section.reported_by, section.slug, completeness, heading, grants)
        )
    return found


def _names(lines: list[Line], file: str) -> list[_Name]:
    """Return the names in reading order, the lines of wrapped ones together."""
    names: list[_Name] = []
    newest: dict[int, _Name] = {}
    for line in lines:
        if line.fate is Fate.NAME and line.section is not None:
            newest[line.column] = _Name(line.section, [line])
            names.append(newest[line.column])
        elif line.fate is Fate.REST:
            newest[line.column].lines.append(line)
        elif line.fate is Fate.HOT_LIST:
            if 1 not in newest or newest[1].section is not line.section:
                message = f"line {line.number} names a hot list beside no agency"
                raise ImportProblem(message, file=file, field=f"page {line.page}")
            newest[1].hot_list.append(line.text)
    return names


def _grant(name: _Name, agency: PrintedName, digest: str, file: str) -> ParsedGrant:
    """Return what one name states; the locator says where it stands and what the text layer reads differently.

    The report lists agencies of the whole country, so that the state of the report's agency tells nothing of a
    name: its state is the one printed in it, or none.
    """
    shown = as_shown(name.read, digest)
    first, last = name.lines[0], name.lines[-1]
    if len(shown) > LONGEST_NAME:
        raise ImportProblem(f"too long for a name: {shown[:60]!r}", file=file, field=f"page {first.page}")
    lines = f"line {first.number}" if first is last else f"lines {first.number}-{last.number}"
    locator = f"{first.heading}, page {first.page}, column {first.column}, {lines}"
    if name.hot_list:
        locator += f"; hot list: {as_shown(' '.join(name.hot_list), digest)}"
    if shown != name.read:
        locator += f'; the text layer reads "{name.read}"'
    other = PrintedName(shown, _state(shown))
    grantor, grantee = (agency, other) if name.section.reported_by == "grantor" else (other, agency)
    return ParsedGrant(grantor, grantee, shown, locator)


def _state(name: str) -> str:
    """Return the state printed in a name: in brackets at its end, or after its first word.

    "LA Port Police" has none.
    """
    bracketed = _SMALL_STATE.search(name)
    if bracketed and bracketed[1].upper() in US_STATES:
        return bracketed[1].upper()
    return state_in_name(name.partition(" ")[2])
