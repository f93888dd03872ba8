"""What a graph is made of, read from the record: every current agency, and links of today or replayed to a day."""

import re
from collections.abc import Collection
from datetime import date, timedelta
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Case, F, Func, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from agencies.models import (
    Access,
    Agency,
    Completeness,
    FactField,
    MatchDecision,
    SharingLink,
    SharingList,
    Statement,
)
from agencies.network.bodies import bodies
from agencies.network.confirmed import confirmed_lists
from agencies.network.evidence import LinkKey, standing, summaries, told_apart
from agencies.network.graph import (
    ACCESS,
    AGENCY_ROW,
    LINK_ROW,
    REPORTED_BY,
    STATUS,
    WORD_ROW,
    Array,
    Body,
    Graph,
    compact,
    days,
)
from agencies.network.summary import LinkSummary

IMMIGRATION = "immigration"
"""Kind of reason in the fact `searches_seen` that counts as an immigration search."""
MATCHED = MatchDecision.Outcome.MATCHED

AT_A_TIME = 20_000
"""Links in memory at a time, before they are numbers in an array."""


def whole_graph(as_of: date | None = None) -> Graph:
    """Read the record and return its graph; seven queries, links streamed, or all statements replayed to `as_of`."""
    return _graph(bodies(), None, as_of)


def graph_around(agencies: Collection[int], targets: Collection[int], as_of: date) -> Graph:
    """Return the graph of a past day with two sorts of links only: granted by `agencies`, or leading to `targets`.

    All that a ladder or a route of two hops asks about; the replay is as small as that. Ids are primary keys.
    """
    near = Q(grantor__in=agencies) | Q(grantee__in=targets)
    return _graph(bodies(), near, as_of)


def _graph(body: dict[int, Body], near: Q | None, as_of: date | None) -> Graph:
    """Read agencies and links, and put them together."""
    links = _links() if as_of is None else _replayed(near, as_of)
    words = _words(links, [pk for pk, what in body.items() if what == Body.ICE], as_of)
    return compact(_agencies(body, as_of), links, words, as_of)


# --- Agencies ----------------------------------------------------------------------------------------


def _agencies(body: dict[int, Body], as_of: date | None) -> Array:
    """Return a row for every agency that was not merged into another."""
    checked, searched = checked_days(as_of), immigration_days(as_of)
    rows = Agency.objects.current().order_by().values_list("pk", "state")
    return np.fromiter(
        (
            (pk, state.encode(), body.get(pk, Body.OTHER), days(checked.get(pk)), days(searched.get(pk)))
            for pk, state in rows
        ),
        AGENCY_ROW,
    )


def named(alias: str) -> Coalesce:
    """Return the agency that a name is matched to, or the one that it was merged into."""
    return Coalesce(f"{alias}__decision__agency__merged_into", f"{alias}__decision__agency")


def own_complete_lists(as_of: date | None = None) -> QuerySet[Any]:
    """Return standing complete lists of whom their own publisher gives access, with its id as `owner`.

    A list that is empty or says "none" counts where a person confirmed it.
    """
    lists = SharingList.objects.standing().filter(
        stream__reported_by="grantor",
        stream__access=Access.CONFIGURED,
        capture__source__agency_alias__decision__outcome=MATCHED,
    )
    if as_of is not None:
        lists = lists.filter(capture__observed_on__lte=as_of)
    whole = Q(completeness=Completeness.COMPLETE) | Q(pk__in=confirmed_lists())
    return lists.filter(whole).annotate(owner=named("capture__source__agency_alias"))


def checked_days(as_of: date | None = None) -> dict[int, date]:
    """Return the date of each agency's newest own complete list of whom it gives access; one query."""
    rows = own_complete_lists(as_of).order_by().values("owner")
    return dict(rows.annotate(day=Max("capture__observed_on")).values_list("owner", "day"))


def searches_seen(as_of: date | None = None) -> QuerySet[Any]:
    """Return standing known facts on searches in a published audit, newest first, with the agency's id as `owner`."""
    facts = standing(as_of).filter(
        kind=Statement.Kind.FACT,
        fact__field=FactField.SEARCHES_SEEN,
        fact__value__isnull=False,
        fact__alias__decision__outcome=MATCHED,
    )
    return facts.annotate(owner=named("fact__alias")).order_by("-observed_on", "uuid")


def immigration_days(as_of: date | None = None) -> dict[int, date]:
    """Return by agency the end of the newest month in which immigration searches are documented; one query."""
    newest: dict[int, date] = {}
    for owner, value, seen_on in searches_seen(as_of).values_list("owner", "fact__value", "observed_on"):
        for month in immigration_months(value):
            newest[owner] = max(newest.get(owner, date.min), month_end(month, seen_on))
    return newest


def immigration_months(value: object) -> dict[str, int]:
    """Return how many immigration searches a value of `searches_seen` has by month: "2026-03", or "unknown"."""
    if not isinstance(value, dict):
        return {}
    counted = {month: kinds.get(IMMIGRATION) for month, kinds in value.items() if isinstance(kinds, dict)}
    return {month: int(count) for month, count in sorted(counted.items()) if count}


def month_end(month: str, seen_on: date) -> date:
    """Return the last day of a month such as "2026-03", or the document's where that is earlier or all we know."""
    if not re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", month):
        return seen_on
    year, number = map(int, month.split("-"))
    return min(seen_on, date(year + number // 12, number % 12 + 1, 1) - timedelta(1))


# --- Links -------------------------------------------------------------------------------------------


def _code(field: str, values: tuple[str, ...]) -> Case:
    """Return a column's value as its place in `values`."""
    whens = [When(**{field: value}, then=Value(code)) for code, value in enumerate(values)]
    return Case(*whens, output_field=IntegerField())


def _days(*columns: str) -> Coalesce:
    """Return the first date that is there as days since 1970; 0 for none."""
    day: Any = Coalesce(*columns) if len(columns) > 1 else F(*columns)
    number = Func(day, template="(%(expressions)s - DATE '1970-01-01')", output_field=IntegerField())
    return Coalesce(number, 0)


def _links() -> Array:
    """Return a row for every link of today's record; one streamed query, numbers only."""
    columns = (
        *("grantor_id", "grantee_id", "network_id"),
        *(_code("access", ACCESS), _code("status", STATUS), _code("reported_by", REPORTED_BY)),
        *(_days("first_seen"), _days("last_seen"), _days("ended_as_of", "inactive_as_of"), _days("disputed_on"), "pk"),
    )
    query, values = SharingLink.objects.order_by().values_list(*columns).query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        # Past the ORM, which would make an integer of each of a link's numbers once more: half of the time.
        cursor.execute(query, values)
        return np.fromiter(chain.from_iterable(iter(partial(cursor.fetchmany, AT_A_TIME), [])), LINK_ROW)


def _replayed(near: Q | None, as_of: date) -> Array:
    """Return a row for every link of the record as of a day, or of those `near`.

    A link's id is that of today's link of the same key; 0 where today has none.
    """
    links = SharingLink.objects.order_by().values_list("grantor_id", "grantee_id", "network_id", "access", "pk")
    ids: dict[LinkKey, int] = {row[:4]: row[4] for row in (links.filter(near) if near is not None else links)}
    found = summaries(None if near is None else set(ids), as_of) if ids else iter(())
    return np.fromiter((_row(key, summary, ids.get(key, 0)) for key, summary in found), LINK_ROW)


def _row(key: LinkKey, summary: LinkSummary, link: int) -> tuple[int, ...]:
    """Return one replayed link as a row of LINK_ROW."""
    grantor, grantee, network, access = key
    return (
        *(grantor, grantee, network, ACCESS.index(access), *_codes(summary)),
        *(days(summary.first_seen), days(summary.last_seen)),
        *(_closed(summary), days(summary.disputed_on), link),
    )


def _words(links: Array, ice: list[int], as_of: date | None) -> Array:
    """Return a row of WORD_ROW for each side that states one of `links` to ICE and its parts.

    The ladder keeps what ICE's own records say apart from what stands on the agency's list: a release of 2019 is not
    made newer by a list of today, nor is a list that dropped the name kept alive by the release.
    """
    to_ice = np.flatnonzero(np.isin(links["grantee"], ice)).tolist()
    places = {_key(links[place]): place for place in to_ice}
    if not places:
        return np.zeros(0, WORD_ROW)
    rows = (
        (places[key], *_codes(told), days(told.first_seen), days(told.last_seen), _closed(told))
        for key, told in told_apart(ice, as_of)
        if key in places
    )
    return np.fromiter(rows, WORD_ROW)


def _key(link: Any) -> LinkKey:
    """Return the key of a row of LINK_ROW."""
    return int(link["grantor"]), int(link["grantee"]), int(link["network"]), ACCESS[link["access"]]


def _codes(summary: LinkSummary) -> tuple[int, int]:
    """Return the codes of a link's status and of who reports it."""
    return STATUS.index(summary.status), REPORTED_BY.index(summary.reported_by)


def _closed(summary: LinkSummary) -> int:
    """Return the day as of which a link is ended or inactive; 0 where it is listed."""
    return days(summary.ended_as_of or summary.inactive_as_of)
