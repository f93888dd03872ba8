"""Whether a run's documents are of the agency that earlier copies of the same source are of."""

from collections import defaultdict

from agencies.folding import fold
from agencies.ingest.preview import OtherAgency
from agencies.ingest.runs_input import Met
from agencies.models import Fact, ImportRun, Source, Statement


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


def _names_before(run: ImportRun, sources: set[str]) -> dict[str, set[str]]:
    """Return the names, folded, of the agencies that other runs' copies of sources (slugs) state facts of."""
    said = Statement.objects.standing().filter(capture__source__slug__in=sources).exclude(run=run)
    rows = Fact.objects.filter(statement__in=said).order_by()
    found: dict[str, set[str]] = defaultdict(set)
    for slug, name in rows.values_list("statement__capture__source__slug", "alias__printed_name").distinct():
        found[slug].add(fold(name))
    return found
