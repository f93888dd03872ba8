"""Who gets access from an agency, counted by state and by kind."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from agencies.matching.states import STATE_NAMES
from agencies.models import Access, Agency, SharingLink

MOST_STATES = 10
"""States named one by one; the rest are counted together."""


@dataclass(frozen=True)
class Part:
    """One bar: `share` is of the longest bar, 0 to 1."""

    label: str
    count: int
    share: float


@dataclass(frozen=True)
class Breakdown:
    """Agencies listed as getting configured access, each once."""

    total: int
    states: list[Part]
    kinds: list[Part]


def grantee_breakdown(agency: Agency) -> Breakdown:
    """Count the agencies listed as getting access from an agency by state and kind; one query."""
    links = SharingLink.objects.listed().filter(grantor=agency, access=Access.CONFIGURED).order_by()
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    rows = links.values_list("grantee__state", "grantee__kind").annotate(n=Count("grantee", distinct=True))
    for state, kind, number in rows:
        states[state] += number
        kinds[kind] += number
    labels = {str(value): str(label) for value, label in Agency.Kind.choices}
    named = [(STATE_NAMES.get(code, code) or _("national bodies"), n) for code, n in _ordered(states)]
    rest = sum(n for _label, n in named[MOST_STATES:])
    shown = [*named[:MOST_STATES], *([(_("all other states"), rest)] if rest else [])]
    return Breakdown(sum(states.values()), parts(shown), parts([(labels[kind], n) for kind, n in _ordered(kinds)]))


def parts(counted: list[tuple[str, int]]) -> list[Part]:
    """Return bars for labelled numbers."""
    longest = max((number for _label, number in counted), default=0) or 1
    return [Part(label, number, number / longest) for label, number in counted]


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    """Return (key, number) by number, largest first, then by key."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
