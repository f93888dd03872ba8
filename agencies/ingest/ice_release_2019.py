"""Agencies named as giving ICE access in the records release of March 2019: one CSV in, a document a publication out.

The list itself (80 and more agencies, from ICE's own records) is not in public print as a whole; the table
holds the names that ACLU affiliates and the press printed, with where each stands. Answers and the facts of
the release are in `ice_release_2019_facts`.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from agencies.ingest.compiled_table import opened, rows
from agencies.ingest.ice_release_2019_facts import (
    ANSWERS,
    ICE,
    PUBLICATIONS,
    RELEASE_FACTS,
    RELEASED_ON,
    AnswerRecord,
    Publication,
)
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedAnswer,
    ParsedCapture,
    ParsedDocument,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)

COMPILER = "a table of the agencies named in March 2019 (compiler not named)"
COLUMNS = ("agency_name_as_printed", "state", "source_url", "quote_or_note")
SECTION = "ice-access-2019"

_ANSWERED = re.compile(r"\b(?:DISPUTED|denied|ended|deactivated|stopped|statement)\b")
"""Words of a note that tell of an agency's answer."""

_COMPILERS_WORDING = " (police department)"


def parse(data: bytes, *, file: str) -> Iterator[ParsedDocument]:
    """Yield a document for every publication that names agencies, then one for every further answer.

    Raises ImportProblem for a missing column, an empty cell, a state that is no code, an address that is no
    known publication, or a note that tells of an answer which is not among ANSWERS.
    """
    slugs = {publication.url: publication.slug for publication in PUBLICATIONS}
    grants: dict[str, list[ParsedGrant]] = {}
    for row, record in rows(data, COLUMNS, file=file):
        url = record["source_url"]
        if not re.fullmatch(r"[A-Z]{2}", record["state"]):
            raise ImportProblem("not a state's code", file=file, row=row, field="state")
        if url not in slugs:
            raise ImportProblem("not a known publication", file=file, row=row, field="source_url")
        grant = _grant(record, row)
        if _ANSWERED.search(record["quote_or_note"]) and not _answers_of(grant.grantor):
            raise ImportProblem("the note tells of an unknown answer", file=file, row=row, field="quote_or_note")
        grants.setdefault(url, []).append(grant)
    digest = hashlib.sha256(data).hexdigest()
    listed_in = {grant.grantor: slugs[url] for url, found in grants.items() for grant in found}
    for publication in PUBLICATIONS:
        yield _document(publication, grants.get(publication.url, []), listed_in, digest, file)


def read(path: Path) -> Iterator[ParsedDocument]:
    """Yield the documents of the table at `path`."""
    yield from parse(opened(path), file=path.name)


def _grant(record: dict[str, str], row: int) -> ParsedGrant:
    """Return the grant that a row states.

    "Bell (police department)" is the compiler's wording for Bell's police department: the name is cut to what
    the publication prints, and the locator says so.
    """
    listed = record["agency_name_as_printed"]
    name = listed.removesuffix(_COMPILERS_WORDING)
    place = f"row {row} of the compiled table"
    if name != listed:
        place += f"; police department of {name}, as listed by the compiler"
    return ParsedGrant(PrintedName(name, record["state"]), ICE, name, place)


def _answers_of(grantor: PrintedName) -> list[AnswerRecord]:
    """Return the answers that are known of an agency."""
    return [answer for answer in ANSWERS if answer.agency == grantor]


def _document(
    publication: Publication,
    grants: list[ParsedGrant],
    listed_in: dict[PrintedName, str],
    digest: str,
    file: str,
) -> ParsedDocument:
    """Return one publication: whom it names, what it answers, and the release's facts where it states them."""
    lists = []
    if grants:
        heading = "agencies named as giving ICE access"
        lists = [ParsedList("vigilant", "configured_access", "grantee", SECTION, "extract", heading, grants)]
    return ParsedDocument(
        source=ParsedSource(
            publication.slug,
            publication.title,
            publication.kind,
            publication.publisher,
            publication.url,
            network="vigilant",
            agency=publication.agency,
        ),
        capture=ParsedCapture(
            publication.url,
            compiled_by=COMPILER if grants else "",
            published_on=publication.published_on,
            first_reported_on=None if publication.published_on else publication.first_reported_on or RELEASED_ON,
            sha256=digest if grants else "",
        ),
        file=file,
        lists=lists,
        facts=list(RELEASE_FACTS) if publication.states_release_facts else [],
        answers=list(_answers(publication, listed_in)),
    )


def _answers(publication: Publication, listed_in: dict[PrintedName, str]) -> Iterator[ParsedAnswer]:
    """Yield the answers that stand in a publication, each to the publication that named the agency."""
    for answer in ANSWERS:
        if answer.published_in == publication.slug and answer.agency in listed_in:
            yield ParsedAnswer(
                agency=answer.agency,
                effect=answer.effect,
                paraphrase=answer.paraphrase,
                network="vigilant",
                grantor=answer.agency,
                grantee=ICE,
                answers_source=listed_in[answer.agency],
                locator=answer.locator,
            )
