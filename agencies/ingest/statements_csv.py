"""What a parser reads, as a flat table for those who check it: one row a statement, no database.

docs/data-sources.md describes the columns. Texts stand as printed: a spreadsheet may take one that begins with "="
for a formula, so open the table as text.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import TextIO

from agencies.ingest.parsed import ParsedDocument, ParsedGrant, ParsedList, PrintedName

COLUMNS = ("capture_file", "direction", "section", "printed_name", "locator", "value")
Row = tuple[str, str, str, str, str, str]


def write_statements(documents: Iterable[ParsedDocument], target: TextIO) -> int:
    """Write the header and a row for every statement of `documents`, as they come; return the number of statements.

    Raises ImportProblem as the parser does, with what was written before it left in `target`.
    """
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in statement_rows(documents):
        writer.writerow(row)
        count += 1
    return count


def statement_rows(documents: Iterable[ParsedDocument]) -> Iterator[Row]:
    """Yield the rows of documents in their order: of each its lists, its facts, its answers."""
    for document, capture_file in with_names(documents):
        for parsed in document.lists:
            for grant in parsed.grants:
                yield (capture_file, *_grant(grant, parsed, document.source.agency))
        for fact in document.facts:
            value = fact.value if fact.knowledge == "known" else {"knowledge": fact.knowledge}
            yield capture_file, "", fact.field, fact.agency.text, fact.locator, _json(value)
        for answer in document.answers:
            said = {
                "effect": answer.effect,
                "grantor": answer.grantor.text,
                "grantee": answer.grantee.text,
                "answers_source": answer.answers_source,
                "paraphrase": answer.paraphrase,
            }
            yield capture_file, "", "answer", answer.agency.text, answer.locator, _json(said)


def with_names(documents: Iterable[ParsedDocument]) -> Iterator[tuple[ParsedDocument, str]]:
    """Yield each document with the name of its capture: its file, and in a file of several FILE#SOURCE/DATE."""
    before = ""
    waiting: ParsedDocument | None = None
    for document in documents:
        if waiting is not None:
            yield waiting, _name(waiting, is_one_of_several=waiting.file in {before, document.file})
            before = waiting.file
        waiting = document
    if waiting is not None:
        yield waiting, _name(waiting, is_one_of_several=waiting.file == before)


def _name(document: ParsedDocument, *, is_one_of_several: bool) -> str:
    """Return the name of a document's capture."""
    if not is_one_of_several:
        return document.file
    capture = document.capture
    day = capture.published_on or capture.retrieved_on or capture.first_reported_on
    return f"{document.file}#{document.source.slug}/{day.isoformat() if day else ''}"


def _grant(grant: ParsedGrant, parsed: ParsedList, agency: PrintedName | None) -> tuple[str, str, str, str, str]:
    """Return direction, section, name, locator and value of a grant.

    Direction and name are seen from the document's agency; where it is neither side, from the side that reports the
    list, and for a third party's table from the grantor. The other side is named in the value unless it is the
    document's agency.
    """
    outward = grant.grantor == agency or (grant.grantee != agency and parsed.reported_by != "grantee")
    listed, other = (grant.grantee, grant.grantor) if outward else (grant.grantor, grant.grantee)
    value = grant.account_status
    if other != agency:
        value = _json({"account_status": grant.account_status, "grantor" if outward else "grantee": other.text})
    return "out" if outward else "in", parsed.section, listed.text, grant.locator, value


def _json(value: object) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)
