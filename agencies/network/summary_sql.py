"""The rule of `agencies.network.summary` in SQL, for many links at once. A test holds the two against each other."""

from typing import Any

from django.db.models import QuerySet

from agencies.models import Statement
from agencies.network.evidence import SIGHTING, denials, sightings, whole_lists

_RULE = """
WITH sighting ({columns}) AS ({sightings}),
    whole (stream, day) AS ({lists}),
    denial (statement, denied_on) AS ({denials}),
    days AS (SELECT stream, array_agg(day) AS days FROM whole GROUP BY stream),
    -- All sightings of one link in one stream.
    stretch AS MATERIALIZED (
        SELECT grantor, grantee, network, access, stream, reporter,
            min(seen_on) AS first_seen, max(seen_on) AS last_seen, max(seen_on) FILTER (WHERE is_active) AS last_active,
            array_agg(seen_on) FILTER (WHERE NOT is_active) AS inactive_on,
            count(*) AS statements, max(denied_on) AS denied_on
        FROM sighting LEFT JOIN denial USING (statement)
        GROUP BY grantor, grantee, network, access, stream, reporter
    ),
    dated AS MATERIALIZED (
        SELECT stretch.*,
            (SELECT min(day) FROM unnest(days) AS day WHERE day > last_seen) AS dropped_on,
            CASE WHEN last_active IS DISTINCT FROM last_seen THEN
                (SELECT min(day) FROM unnest(inactive_on) AS day WHERE day > coalesce(last_active, '-infinity'))
            END AS marked_on
        FROM stretch LEFT JOIN days USING (stream)
    ),
    -- Status as a number: 1 listed, 2 inactive, 3 ended. A link has the lowest of its streams'.
    ended AS (
        SELECT *, coalesce(dropped_on, marked_on) AS closed_on,
            CASE WHEN dropped_on IS NOT NULL THEN 3 WHEN marked_on IS NOT NULL THEN 2 ELSE 1 END AS state
        FROM dated
    ),
    best AS (SELECT *, min(state) OVER (PARTITION BY grantor, grantee, network, access) AS status FROM ended)
SELECT grantor AS grantor_id, grantee AS grantee_id, network AS network_id, access,
    (ARRAY['listed', 'inactive', 'ended'])[status] AS status,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen,
    CASE status WHEN 3 THEN max(closed_on) END AS ended_as_of,
    CASE status WHEN 2 THEN max(closed_on) END AS inactive_as_of,
    CASE
        WHEN bool_or(state = status AND reporter = 'grantor') AND bool_or(state = status AND reporter = 'grantee')
            THEN 'both'
        WHEN bool_or(state = status AND reporter = 'grantor') THEN 'grantor'
        WHEN bool_or(state = status AND reporter = 'grantee') THEN 'grantee'
        ELSE 'third_party'
    END AS reported_by,
    sum(statements)::integer AS statement_count, max(denied_on) AS disputed_on
FROM best GROUP BY grantor, grantee, network, access, status
"""


def summary_query(statements: QuerySet[Statement]) -> tuple[str, list[Any]]:
    """Return the query, with its parameters, that sums up links by what `statements` say of them today.

    One row a link: its key with the columns' names of `SharingLink`, then the fields of `LinkSummary`.
    """
    parts = {"sightings": sightings(statements), "lists": whole_lists(), "denials": denials()}
    found = {name: queryset.query.sql_with_params() for name, queryset in parts.items()}
    text = _RULE.format(columns=", ".join(SIGHTING), **{name: sql for name, (sql, _) in found.items()})
    return text, [value for _, values in found.values() for value in values]
