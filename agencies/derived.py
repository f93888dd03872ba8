"""What follows from the whole record and is kept beside it: findings, and the graph of links.

Links and changes are brought up to date by whoever changes the record; these two are too slow for that.
"""

from collections import Counter

from django.core.cache import cache

from agencies.findings.rebuild import refresh_findings
from agencies.network.graph_store import build_graph
from agencies.revision import record_marks

_DONE_FOR = "derived-for-marks"


def refresh_derived() -> Counter[str]:
    """Bring findings and graph up to date unless that was done for the record as it stands.

    Returns how many findings were new, changed, the same or gone; empty where nothing was to do. Safe to run twice.
    """
    cache.delete("record-marks")
    if cache.get(_DONE_FOR) == record_marks():
        return Counter()
    counts = refresh_findings()
    build_graph()  # Forgets the marks that it found: findings are among them.
    cache.set(_DONE_FOR, record_marks(), None)
    return counts
