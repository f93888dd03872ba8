"""Flock Safety transparency portals: one captured HTML page in, one document out.

A page is read by known sections only. Images, stories and free texts are never read, and of search audits (a CSV inside
a link) only numbers, so that nothing else of them can reach the record.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agencies.ingest.compiled_table import opened
from agencies.ingest.file_type import refuse_other_than_utf_8
from agencies.ingest.flock_audit import AUDIT_HEADING, data_links, searches_seen
from agencies.ingest.flock_portal_address import PORTAL_ADDRESS, is_slug, slug_option
from agencies.ingest.flock_portal_fields import Item, fact, field_of, policy_items
from agencies.ingest.flock_portal_lists import LONGEST_NAME, is_list_heading, portal_lists, without_persons
from agencies.ingest.flock_portal_policy import OVERVIEW, Declared, declared, policy_fact
from agencies.ingest.flock_portal_reduce import cut
from agencies.ingest.flock_portal_whole import is_whole
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.portal_names import clean, state_in_name
from agencies.ingest.single_files import date_option

COLLECTED = "a collection of portal pages (collector not named)"
"""Who made the copies in a folder of captures, unless the caller knows better."""

_STATES_BY_HAND = {
    "NCRIC": "CA",
    "Shasta County SO": "CA",
    "Yuba County Sheriffs Office": "CA",
    "University of Louisiana at Lafayette PD": "LA",
}
"""States of agencies whose printed name carries none."""


def portal_source(slug: str, agency: PrintedName) -> ParsedSource:
    """Return the source that every capture and table of one portal belongs to.

    Its name here is the portal's slug in plain letters, digits and single hyphens: some addresses hold
    brackets, full stops or a hyphen at an end ("centralia-pd-(wa)", "hamlet-pd-").
    """
    name = re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", slug)).strip("-")
    return ParsedSource(
        slug=f"flock-portal-{name}",
        title=f"Flock Safety transparency portal of {agency.text}",
        kind="portal",
        publisher=agency.text,
        url=f"{PORTAL_ADDRESS}{slug}",
        network="flock",
        agency=agency,
    )


def portal_agency(name: str) -> PrintedName:
    """Return a portal's agency as printed, with its state: "" for the vendor's own demonstration portals."""
    return PrintedName(name, state_in_name(name) or _STATES_BY_HAND.get(name, ""))


def parse(
    data: bytes, *, file: str, slug: str, retrieved_on: date | None = None, compiled_by: str = "", sha256: str = ""
) -> ParsedDocument:
    """Return what one captured portal page says: its lists, its facts, and the text of what was read.

    `slug` is the last part of the portal's address, `sha256` the hash of the bytes as received where `data` is what was
    kept of them. Raises ImportProblem for a page that is no portal or cut short, one without any known section (its
    layout has changed), or a text that can't be read.
    """
    refuse_other_than_utf_8(data, file)
    tree = LexborHTMLParser(data)
    cut_short = "" if is_whole(data) else "the page is cut short: no </html> stands at its end"
    agency = _agency(tree, file, cut_short)
    if cut_short:
        raise ImportProblem(cut_short, file=file)
    seen = searches_seen(tree, file=file)
    items = portal_items(tree)
    _refuse_lost(agency, items, file)
    lists, list_items = portal_lists(items, agency, file)
    facts, fact_items = _facts(items, agency, file)
    if not list_items and not fact_items:
        raise ImportProblem("no known section stands on this portal page: its layout may have changed", file=file)
    said = declared(_overview(tree), items, [item.heading for item in list_items])
    if said.categories:
        facts.append(policy_fact(agency, said))
    if seen is not None:
        facts.append(ParsedFact(agency, "searches_seen", seen, "flock", locator=f"{AUDIT_HEADING}, rows seen"))
    return ParsedDocument(
        source=portal_source(slug, agency),
        capture=ParsedCapture(
            url=f"{PORTAL_ADDRESS}{slug}",
            compiled_by=compiled_by,
            published_on=_last_updated(tree, file),
            retrieved_on=retrieved_on,
            sha256=sha256 or hashlib.sha256(data).hexdigest(),
            bytes_kept="reduced",
        ),
        file=file,
        lists=lists,
        facts=facts,
        kept_text=_kept_text(items, list_items | fact_items, said),
    )


def read(
    path: Path, *, slug: str = "", retrieved_on: str = "", sha256: str = "", compiled_by: str = COLLECTED
) -> Iterator[ParsedDocument]:
    """Yield the document of a file SLUG/DATE.html, or of every such file in a folder SLUG or one above, oldest first.

    Options describe one file that has another name: the portal's `slug` or address, the day it was retrieved
    (`retrieved_on`, an ISO date), the hash of the bytes as received (`sha256`). Raises ImportProblem where they are
    given for a folder, and where nothing tells slug or day.
    """
    if path.is_file():
        yield _read_file(path.resolve(), slug=slug, retrieved_on=retrieved_on, sha256=sha256, compiled_by=compiled_by)
        return
    if slug or retrieved_on or sha256:
        raise ImportProblem("slug, date and hash describe a single file, not a folder", file=str(path))
    folder = path.resolve()
    files = sorted([*folder.glob("*.html"), *folder.glob("*/*.html")], key=lambda file: (file.stem, file.parent.name))
    if not files:
        raise ImportProblem("no portal captures (SLUG/DATE.html) found", file=str(path))
    for file in files:
        yield _read_file(file, compiled_by=compiled_by)


def _read_file(
    file: Path, *, slug: str = "", retrieved_on: str = "", sha256: str = "", compiled_by: str
) -> ParsedDocument:
    """Return the document of one captured page; what is not given is read from the file's and folder's names."""
    name = f"{slug or file.parent.name}/{file.name}"
    day = date_option(retrieved_on, "retrieved_on", name)
    if day is None:
        try:
            day = date.fromisoformat(file.stem)
        except ValueError as problem:
            raise ImportProblem("the file's name is no date", file=name) from problem
    slug = slug_option(slug, name) or _slug_of_folder(file)
    return parse(
        opened(file),
        file=f"{slug}/{file.name}",
        slug=slug,
        retrieved_on=day,
        compiled_by=compiled_by,
        sha256=sha256,
    )


def _slug_of_folder(file: Path) -> str:
    """Return the slug in the path SLUG/DATE.html of a file.

    Raises ImportProblem for a file or a folder of another name: a page recorded under a folder's name by chance would
    be a source of its own, whose lists nothing later ends.
    """
    try:
        date.fromisoformat(file.stem)
    except ValueError:
        slug = ""
    else:
        slug = file.parent.name
    if not is_slug(slug):
        said = "nothing tells which portal this is: give the option slug, the last part of its address"
        raise ImportProblem(said, file=file.name, field="slug")
    return slug


def _agency(tree: LexborHTMLParser, file: str, cut_short: str) -> PrintedName:
    """Return the agency as the page's h1 prints it. Raises ImportProblem for a page that is no portal or, where it is
    `cut_short`, not enough of one to tell."""
    heading = tree.css_first("h1")
    name = clean(heading.text()) if heading else ""
    if not name or len(name) > LONGEST_NAME or tree.css_first("#usage") is None:
        problem = "not a transparency portal: no name or no usage section"
        raise ImportProblem(f"{problem}; or {cut_short}" if cut_short else problem, file=file)
    return portal_agency(name)


def _refuse_lost(agency: PrintedName, items: list[Item], file: str) -> None:
    """Refuse a page on which U+FFFD stands for a lost character, whoever lost it: a name without it is another name.

    Pages are stored as UTF-8, so that of a stored one nobody can tell whether the portal printed it.
    """
    texts = [("h1", agency.text), *((item.heading, item.heading + item.text) for item in items)]
    for place, text in texts:
        at = text.find("\ufffd")
        if at >= 0:
            said = f"a lost character (U+FFFD) in {text[max(0, at - 20) : at + 20]!r}"
            raise ImportProblem(said, file=file, field=place[:80])


def _last_updated(tree: LexborHTMLParser, file: str) -> date | None:
    """Return the UTC date of the page's "Last Updated" stamp, or None when there is none."""
    span = tree.css_first("header span[title]")
    stamp = span.attributes.get("title") if span else None
    if not stamp:
        return None
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC).date()
    except ValueError as problem:
        raise ImportProblem(f"not a time: {stamp[:40]!r}", file=file, field="Last Updated") from problem


def _overview(tree: LexborHTMLParser) -> str:
    """Return the text with which the page opens, or "" when there is none."""
    return " ".join(clean(paragraph.text()) for paragraph in tree.css("#overview p"))


def portal_items(tree: LexborHTMLParser) -> list[Item]:
    """Return the items of the page's policy, usage and additional sections.

    Links that hold data themselves (the search audit) are cut out of the page first.
    """
    cut(data_links(tree))
    found = []
    for paragraph in tree.css("#policies p, #usage p, #additionalInfo p"):
        body = _next_element(paragraph)
        if body is not None:
            links = tuple(dict.fromkeys(link.attributes.get("href") or "" for link in body.css("a[href]")))
            found.append(Item(clean(paragraph.text()), clean(body.text()), links))
    return found


def _next_element(node: LexborNode) -> LexborNode | None:
    """Return the element that follows a node among its siblings."""
    following = node.next
    while following is not None and (following.tag or "").startswith("-"):
        following = following.next
    return following


def _facts(items: list[Item], agency: PrintedName, file: str) -> tuple[list[ParsedFact], set[Item]]:
    """Return the page's facts and the items that they stand in."""
    facts: dict[str, ParsedFact] = {}
    used: set[Item] = set()
    for item in items:
        known = field_of(item.heading)
        if known is None or known[0] in facts:
            continue
        facts[known[0]] = fact(agency, item, *known, file=file)
        used.add(item)
    policies = policy_items(items)
    if policies:
        addresses = list(dict.fromkeys(link for _, links in policies for link in links))
        facts["policy_url"] = ParsedFact(agency, "policy_url", addresses, "flock", locator=policies[0][0].heading)
    audit = any(item.heading == AUDIT_HEADING for item in items)
    facts["audit_published"] = ParsedFact(agency, "audit_published", audit, "flock", locator="usage section")
    return list(facts.values()), used


def _kept_text(items: list[Item], used: set[Item], said: Declared) -> str:
    """Return heading and text of the items that were read, in the page's order, and policies' addresses.

    Of the overview, only sentences that declare something of sharing are kept; persons' names on lists are not.
    """
    blocks = [f"{OVERVIEW}\n{said.overview}"] if said.overview else []
    read_for = used | {item for item in items if item.heading in said.headings}
    for item in items:
        if item in read_for:
            text = without_persons(item.text) if is_list_heading(item.heading) else item.text
            blocks.append(f"{item.heading}\n{text}".rstrip())
    blocks += ["\n".join([item.heading, *links]).lstrip() for item, links in policy_items(items)]
    return "\n\n".join(blocks)
