"""An agency's facts, each with its state of knowledge and what says so."""

from agencies.models import Agency, Statement
from agencies.querysets import names_of
from api.rows import Row, plan
from api.serializers.refs import CaptureRef, NetworkRef


def facts_of(agency: Agency, site: str) -> list[Row]:
    """Return the newest standing fact of each field and network; two queries.

    No answer can point at a fact yet, so `disputed_on` is None.
    """
    network_columns, network = plan(NetworkRef, "fact__network__")
    capture_columns, capture = plan(CaptureRef, "capture__")
    columns = ["uuid", "observed_on", "fact__field", "fact__value", "fact__knowledge"]
    # Its names are read first: given as a join only, they let PostgreSQL begin at all statements.
    named = Statement.objects.filter(fact__alias__in=names_of(agency))
    rows = named.facts_of(agency).values(*columns, *network_columns, *capture_columns)
    return [
        {
            "field": row["fact__field"],
            "network": network(row, site) if row[network_columns[0]] else None,
            "value": row["fact__value"],
            "state": row["fact__knowledge"],
            "as_of": row["observed_on"],
            "disputed_on": None,
            "sources": [{"statement": row["uuid"], "capture": capture(row, site)}],
        }
        for row in rows
    ]
