"""The rule of `agencies.network.summary` in SQL, for many links at once. A test holds the two against each other."""

from typing import Any

from django.db.models import QuerySet

from agencies.models import SharingStatement, Stream
from agencies.network.evidence import LINE, denials, lines, meant, whole_lists

_RULE = """
WITH meant (alias, agency) AS MATERIALIZED ({meant}),
    line ({columns}) AS NOT MATERIALIZED ({lines}),
    publication (stream, network, access, reporter) AS ({streams}),
    whole (stream, day) AS ({lists}),
    denial (statement, denied_on) AS ({denials}),
    days AS (SELECT stream, array_agg(day) AS days, max(day) AS newest FROM whole GROUP BY stream),
    -- What all lines of one stream say of two names. Few rows are left of many: names are looked up afterwards.
    said AS MATERIALIZED (
        SELECT stream, grantor_alias, grantee_alias, min(seen_on) AS first_seen, max(seen_on) AS last_seen,
            max(seen_on) FILTER (WHERE is_active) AS last_active, count(*)::integer AS statements
        FROM line GROUP BY stream, grantor_alias, grantee_alias
    ),
    -- Days on which an account is marked, and denials, are so few that lines are read once more for each.
    inactive AS (
        SELECT stream, grantor_alias, grantee_alias, array_agg(seen_on) AS inactive_on
        FROM line WHERE NOT is_active GROUP BY stream, grantor_alias, grantee_alias
    ),
    denied AS (
        SELECT stream, grantor_alias, grantee_alias, max(denied_on) AS denied_on
        FROM line JOIN denial USING (statement) GROUP BY stream, grantor_alias, grantee_alias
    ),
    named AS MATERIALIZED (
        SELECT grantor.agency AS grantor, grantee.agency AS grantee, said.*, inactive_on, denied_on
        FROM said
            JOIN meant AS grantor ON grantor.alias = grantor_alias
            JOIN meant AS grantee ON grantee.alias = grantee_alias
            LEFT JOIN inactive USING (stream, grantor_alias, grantee_alias)
            LEFT JOIN denied USING (stream, grantor_alias, grantee_alias)
        WHERE grantor.agency <> grantee.agency
    ),
    -- All sightings of one link in one stream: an agency may have several names in it.
    stretch AS (
        SELECT grantor, grantee, stream, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
            max(last_active) AS last_active, sum(statements)::integer AS statements, max(denied_on) AS denied_on
        FROM named GROUP BY grantor, grantee, stream
    ),
    marked AS (
        SELECT grantor, grantee, stream, min(day) AS marked_on
        FROM named JOIN stretch USING (grantor, grantee, stream), unnest(inactive_on) AS day
        WHERE inactive_on IS NOT NULL AND stretch.last_active IS DISTINCT FROM stretch.last_seen
            AND day > coalesce(stretch.last_active, '-infinity')
        GROUP BY grantor, grantee, stream
    ),
    dated AS MATERIALIZED (
        SELECT stretch.*, network, access, reporter, marked_on,
            CASE WHEN newest > last_seen THEN
                (SELECT min(day) FROM unnest(days) AS day WHERE day > last_seen)
            END AS dropped_on
        FROM stretch JOIN publication USING (stream)
            LEFT JOIN days USING (stream) LEFT JOIN marked USING (grantor, grantee, stream)
    ),
    -- Status as a number: 1 listed, 2 inactive, 3 ended. A link has the lowest of its streams'.
    ended AS (
        SELECT *, coalesce(dropped_on, marked_on) AS closed_on,
            CASE WHEN dropped_on IS NOT NULL THEN 3 WHEN marked_on IS NOT NULL THEN 2 ELSE 1 END AS status
        FROM dated
    ),
    link AS (
        SELECT grantor, grantee, network, access, min(status) AS status,
            min(status) FILTER (WHERE reporter = 'grantor') AS of_grantor,
            min(status) FILTER (WHERE reporter = 'grantee') AS of_grantee,
            min(first_seen) AS first_seen, max(last_seen) AS last_seen, max(closed_on) AS closed_on,
            sum(statements)::integer AS statements, max(denied_on) AS denied_on
        FROM ended GROUP BY grantor, grantee, network, access
    )
SELECT grantor AS grantor_id, grantee AS grantee_id, network AS network_id, access,
    (ARRAY['listed', 'inactive', 'ended'])[status] AS status, first_seen, last_seen,
    CASE status WHEN 3 THEN closed_on END AS ended_as_of,
    CASE status WHEN 2 THEN closed_on END AS inactive_as_of,
    CASE WHEN of_grantor = status AND of_grantee = status THEN 'both' WHEN of_grantor = status THEN 'grantor'
        WHEN of_grantee = status THEN 'grantee' ELSE 'third_party' END AS reported_by,
    statements AS statement_count, denied_on AS disputed_on
FROM link
"""


def summary_query(standing_lines: QuerySet[SharingStatement]) -> tuple[str, list[Any]]:
    """Return the query, with its parameters, that sums up links by what these lines of lists say of them today.

    One row a link: its key with the columns' names of `SharingLink`, then the fields of `LinkSummary`.
    """
    streams = Stream.objects.order_by().values_list("pk", "network", "access", "reported_by")
    # In the order in which they stand in the query: their parameters do, too.
    parts: dict[str, QuerySet[Any]] = {"meant": meant(), "lines": lines(standing_lines), "streams": streams}
    parts |= {"lists": whole_lists(), "denials": denials()}
    found = {name: queryset.query.sql_with_params() for name, queryset in parts.items()}
    text = _RULE.format(columns=", ".join(LINE), **{name: sql for name, (sql, _) in found.items()})
    return text, [value for _, values in found.values() for value in values]
