"""An agency's own portal is live while others' lists mark its account as inactive."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agencies.findings.draft import SAMPLE, Draft, Rule
from agencies.findings.material import Material, standing_grants
from agencies.models import Access, AccountStatus, Completeness, Finding, ReportedBy, SharingList

DAYS_APART = 31
"""A portal and another's list are held against each other when no more days than this lie between them."""

Subject = tuple[int, int]
"""(agency, network)."""


@dataclass(frozen=True)
class Mention:
    """How one copy of another's list names an account."""

    statement: int
    day: date
    source: int
    status: str


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each agency whose newest complete own portal list stands beside marks by others.

    Of each other list the copy nearest in time counts. It marks the agency only when every line on it that names the
    agency is marked: an agency often has a second account that is retired.
    """
    portals = _portals(material)
    mentions = _mentions(material, portals)
    for subject, portal in sorted(portals.items()):
        marks, unmarked = [], 0
        for copies in mentions[subject].values():
            if not (lines := _nearest(copies, portal.capture.observed_on)):
                continue
            if all(line.status != AccountStatus.ACTIVE for line in lines):
                marks.append(lines[0])
            else:
                unmarked += 1
        if marks:
            yield _draft(material, subject, portal, marks, unmarked)


def _draft(material: Material, subject: Subject, portal: SharingList, marks: list[Mention], unmarked: int) -> Draft:
    """Return the finding on one portal."""
    marks = sorted(marks, key=lambda mark: (mark.day, mark.statement), reverse=True)
    newest = marks[0]
    return Draft(
        severity=Finding.Severity.LOW,
        agency=subject[0],
        network=subject[1],
        as_of=max(portal.capture.observed_on, newest.day),
        key=(portal.stream.source.slug,),
        data={
            "day": portal.capture.observed_on.isoformat(),
            "marked": newest.day.isoformat(),
            "mark": newest.status,
            "publisher": material.sources[newest.source].publisher,
            "marks": len(marks),
            "unmarked": unmarked,
        },
        statements=tuple(mark.statement for mark in marks[:SAMPLE]),
        lists=(portal.pk,),
    )


def _portals(material: Material) -> dict[Subject, SharingList]:
    """Return the newest complete list of whom an agency gives access, on its own portal; one query."""
    lists = SharingList.objects.standing().filter(
        stream__reported_by=ReportedBy.GRANTOR,
        stream__access=Access.CONFIGURED,
        completeness=Completeness.COMPLETE,
        capture__source__kind="portal",
    )
    lists = lists.select_related("stream__source", "capture").defer("capture__kept_text")
    same = ("stream__source_id", "stream__network_id")
    newest = lists.newest_first(*same).distinct(*same)
    found: dict[Subject, SharingList] = {}
    for one in sorted(newest, key=lambda one: (one.capture.observed_on, one.pk), reverse=True):
        if owner := material.publisher(one.stream.source_id):
            found.setdefault((owner, one.stream.network_id), one)
    return found


def _mentions(
    material: Material, portals: dict[Subject, SharingList]
) -> dict[Subject, dict[int, dict[int, list[Mention]]]]:
    """Return how others' lists name the agencies that any list marks: by subject, stream and list; two queries."""
    marked: set[int] = set()
    for sided in (ReportedBy.GRANTOR, ReportedBy.GRANTEE):
        side = "grantor_alias" if sided == ReportedBy.GRANTEE else "grantee_alias"
        rows = (
            standing_grants()
            .exclude(account_status=AccountStatus.ACTIVE)
            .filter(sharing_list__stream__reported_by=sided)
        )
        marked |= {agency for alias in rows.values_list(side, flat=True) if (agency := material.agency_of.get(alias))}
    aliases = material.aliases_of(marked & {agency for agency, _network in portals})
    found: dict[Subject, dict[int, dict[int, list[Mention]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for sided in (ReportedBy.GRANTOR, ReportedBy.GRANTEE):
        side = "grantor_alias" if sided == ReportedBy.GRANTEE else "grantee_alias"
        rows = standing_grants().filter(**{f"{side}__in": aliases}, sharing_list__stream__reported_by=sided)
        columns = (side, "sharing_list__stream__network", "sharing_list__stream", "sharing_list", "statement")
        rest = ("statement__observed_on", "sharing_list__stream__source", "account_status")
        for alias, network, stream, pk, *mention in rows.values_list(*columns, *rest):
            agency = material.agency_of[alias]
            if material.publisher(mention[2]) != agency:
                found[agency, network][stream][pk].append(Mention(*mention))
    return found


def _nearest(copies: dict[int, list[Mention]], day: date) -> list[Mention]:
    """Return the lines of the copy nearest to a day, at most DAYS_APART away; the later of two as near."""
    near = [lines for lines in copies.values() if abs((lines[0].day - day).days) <= DAYS_APART]
    return min(near, key=lambda lines: (abs((lines[0].day - day).days), -lines[0].day.toordinal()), default=[])


RULE = Rule("inactive-portal", 1, find)
