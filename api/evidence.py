"""The statements behind links, for a page of them at a time."""

from collections import defaultdict
from typing import Any

from agencies.network.evidence import evidence, naming, standing
from api.rows import Row, Rows, plan
from api.serializers.refs import CaptureRef

LINK_KEY = ("grantor_id", "grantee_id", "network_id", "access")
"""Columns of a link that say which statements are behind it."""

_LIST = "sharing__sharing_list__stream__reported_by"


def add_statements(links: Rows, site: str) -> None:
    """Put `statements` into rows of links that have LINK_KEY, newest first; three queries."""
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    columns, capture = plan(CaptureRef, "capture__")
    ends = {f"{side}s": {link[f"{side}_id"] for link in links} for side in ("grantor", "grantee")}
    said = evidence(naming(standing(), **ends)).order_by("-observed_on", "uuid")
    key = ("grantor", "grantee", "network", "access")
    for row in said.values(*key, "uuid", "observed_on", _LIST, "sharing__account_status", *columns):
        found[tuple(row[name] for name in key)].append(
            {
                "statement": row["uuid"],
                "observed_on": row["observed_on"],
                "reported_by": row[_LIST],
                "account_status": row["sharing__account_status"],
                "capture": capture(row, site),
            }
        )
    for link in links:
        link["statements"] = found[tuple(link[name] for name in LINK_KEY)]
