"""Which links a change of streams or agencies can touch, as a query."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from agencies.models import SharingLink, SharingStatement, Stream
from agencies.network.evidence import KEY, aliases_of, meant

_KEYS = """
WITH meant (alias, agency) AS MATERIALIZED ({meant}),
    pair (grantor_alias, grantee_alias, stream) AS ({pairs})
SELECT DISTINCT grantor.agency AS grantor_id, grantee.agency AS grantee_id, network_id, access
FROM pair
    JOIN meant AS grantor ON grantor.alias = grantor_alias
    JOIN meant AS grantee ON grantee.alias = grantee_alias
    JOIN {stream} AS published ON published.id = stream
WHERE grantor.agency <> grantee.agency
{links}
"""


def touched_query(streams: Collection[int], agencies: Collection[int]) -> tuple[str, list[Any]]:
    """Return the query, with its parameters, for the keys that a change of these streams or agencies (ids) can touch.

    Keys are those of evidence, withdrawn or not, and of links that stand; none twice. Of streams and agencies one is
    given at least.
    """
    rows = [SharingStatement.objects.filter(sharing_list__stream__in=streams)] if streams else []
    if agencies:
        names = aliases_of(agencies) or [0]  # A query for none of no names would be no query.
        rows.append(SharingStatement.objects.filter(Q(grantor_alias__in=names) | Q(grantee_alias__in=names)))
    # Few pairs of many lines, so that names are looked up for those alone.
    columns = ("grantor_alias", "grantee_alias", "sharing_list__stream")
    pairs: list[QuerySet[Any]] = [lines.order_by().values_list(*columns).distinct() for lines in rows]
    links: list[QuerySet[Any]] = []
    if agencies:
        ended = SharingLink.objects.filter(Q(grantor__in=agencies) | Q(grantee__in=agencies))
        links.append(ended.order_by().values_list(*KEY))
    parts = [query.query.sql_with_params() for query in (meant(), *pairs, *links)]
    first, *rest = [sql for sql, _ in parts]
    text = _KEYS.format(
        meant=first,
        pairs=" UNION ".join(rest[: len(pairs)]),
        stream=Stream._meta.db_table,
        links="".join(f"UNION {sql}" for sql in rest[len(pairs) :]),
    )
    return text, [value for _, values in parts for value in values]
