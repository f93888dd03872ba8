"""Agencies' facts, each with its state of knowledge and what says so."""

from collections import defaultdict

from django.db.models import Q
from django.db.models.functions import Coalesce

from agencies.models import Agency, Statement
from agencies.querysets import first_of_day, names_of
from api.rows import Row, Rows, plan
from api.serializers.refs import CaptureRef, NetworkRef

_NETWORK_COLUMNS, _network = plan(NetworkRef, "fact__network__")
_CAPTURE_COLUMNS, _capture = plan(CaptureRef, "capture__")
_COLUMNS = (
    *("uuid", "observed_on", "fact__field", "fact__value", "fact__knowledge"),
    *(*_NETWORK_COLUMNS, *_CAPTURE_COLUMNS),
)


def facts_of(agency: Agency, site: str) -> Rows:
    """Return the newest standing fact of each field and network; two queries."""
    # Its names are read first: given as a join only, they let PostgreSQL begin at all statements.
    named = Statement.objects.filter(fact__alias__in=names_of(agency))
    return [_shaped(row, site) for row in named.facts_of(agency).values(*_COLUMNS)]


def facts_of_each(agencies: list[int], site: str) -> dict[int, Rows]:
    """Return the same of each of several agencies (ids), none of them merged into another; one query."""
    decision = "fact__alias__decision"
    meant = Q(**{f"{decision}__agency__in": agencies}) | Q(**{f"{decision}__agency__merged_into__in": agencies})
    said = Statement.objects.standing().filter(meant, kind="fact", **{f"{decision}__outcome": "matched"})
    said = said.annotate(owner=Coalesce(f"{decision}__agency__merged_into", f"{decision}__agency"))
    same = ("owner", "fact__field", "fact__network_id")
    found: dict[int, Rows] = defaultdict(list)
    newest = said.order_by(*same, "-observed_on", *first_of_day("capture"), "uuid").distinct(*same)
    for row in newest.values("owner", *_COLUMNS):
        found[row["owner"]].append(_shaped(row, site))
    return found


def _shaped(row: Row, site: str) -> Row:
    """Return a fact. No answer can point at one yet, so `disputed_on` is None."""
    return {
        "field": row["fact__field"],
        "network": _network(row, site) if row[_NETWORK_COLUMNS[0]] else None,
        "value": row["fact__value"],
        "state": row["fact__knowledge"],
        "as_of": row["observed_on"],
        "disputed_on": None,
        "sources": [{"statement": row["uuid"], "capture": _capture(row, site)}],
    }
