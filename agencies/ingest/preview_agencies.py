"""Whether a run's documents are of the agency that earlier copies are of, and of one that has no other portal."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from agencies.folding import fold
from agencies.ingest.preview import OtherAgency, SecondPortal
from agencies.ingest.runs_input import Met
from agencies.models import Capture, Fact, ImportRun, Source, Statement


def other_agencies(run: ImportRun, met: Met) -> list[OtherAgency]:
    """Return the sources of a run of which a document names another agency than earlier copies do, by title.

    To be called inside its transaction, after all is recorded. A page may stand under a wrong name, an address may lead
    on to another's page, or the agency was renamed: a person can tell. A name that an earlier copy which still stands
    gave counts as known too. Capitals, accents and punctuation make no other name. One query, two where names differ.
    """
    rows = Source.objects.filter(slug__in=met.agencies, agency_alias__isnull=False).order_by("title", "slug")
    columns = ("slug", "title", "agency_alias__printed_name")
    found = [
        (slug, OtherAgency(title=title, page=name, before=before))
        for slug, title, before in rows.values_list(*columns)
        for name in sorted(met.agencies[slug])
        if fold(name) != fold(before)
    ]
    known = _names_before(run, {slug for slug, _ in found}) if found else {}
    return [one for slug, one in found if fold(one["page"]) not in known.get(slug, ())]


def second_portals(run: ImportRun, met: Met) -> list[SecondPortal]:
    """Return the portals that the run brought, of agencies of which another portal in the same network is on record.

    To be called as `other_agencies`. On record is a portal of which a copy from before the run stands. A page may be
    given under a mistyped name, or the agency's portal have moved: a person can tell. Agencies are the same by name as
    printed (capitals, accents and punctuation aside) and state. One query, two where there are new portals.
    """
    before = Capture.objects.standing().filter(source=OuterRef("pk"), created_at__lt=run.began_at)
    portals = Source.objects.filter(kind=Source.Kind.PORTAL, agency_alias__isnull=False)
    new = list(_whose(portals.filter(~Exists(before), slug__in=met.agencies)))
    if not new:
        return []
    states = {portal.state for portal in new}
    known = {
        portal.key: portal.slug for portal in _whose(portals.filter(Exists(before), agency_alias__state__in=states))
    }
    return [
        SecondPortal(
            agency=portal.agency,
            slug=portal.slug,
            before=known[portal.key],
            address=Source(slug=known[portal.key]).get_absolute_url(),
        )
        for portal in new
        if portal.key in known
    ]


class _Portal(NamedTuple):
    """A portal, and of whom it is: name as printed, state, network (id)."""

    slug: str
    agency: str
    state: str
    network: int | None

    @property
    def key(self) -> tuple[str, str, int | None]:
        """Return what is the same for two portals of one agency, as far as its name tells."""
        return fold(self.agency), self.state, self.network


def _whose(portals: QuerySet[Source]) -> Iterator[_Portal]:
    """Yield portals by slug; one query."""
    columns = (f"agency_alias__{name}" for name in ("printed_name", "state", "network"))
    yield from map(_Portal._make, portals.order_by("slug").values_list("slug", *columns))


def _names_before(run: ImportRun, sources: set[str]) -> dict[str, set[str]]:
    """Return the names, folded, of the agencies that other runs' copies of sources (slugs) state facts of."""
    said = Statement.objects.standing().filter(capture__source__slug__in=sources).exclude(run=run)
    rows = Fact.objects.filter(statement__in=said).order_by()
    found: dict[str, set[str]] = defaultdict(set)
    for slug, name in rows.values_list("statement__capture__source__slug", "alias__printed_name").distinct():
        found[slug].add(fold(name))
    return found
