"""What would change if a link ended, in the fixed words of docs/wording.md."""

from django.contrib.humanize.templatetags.humanize import intcomma

from agencies.models import SharingLink
from agencies.network.graph_store import GraphNotBuiltError
from agencies.network.reach import IfEnded, if_ended
from agencies.reach_wording import IF_ENDED, RUNGS
from agencies.revision import kept

FALLS_TOLD = 5
"""Agencies told one by one; the rest are counted."""


def if_ended_words(link: SharingLink) -> list[str]:
    """Return sentences on what would change if the link ended, kept until the record changes.

    Empty where nothing would, where the link is no current one, and where the graph is not built yet.
    """
    if link.status != SharingLink.Status.LISTED:
        return []
    try:
        found: list[str] = kept(f"if-ended-{link.pk}", lambda: _words(if_ended(link)))
    except GraphNotBuiltError:
        return []
    return found


def _words(found: IfEnded) -> list[str]:
    """Return whose rungs would be others, how many routes would go, and what that does not say."""
    told = [
        str(IF_ENDED["falls"]) % {"agency": fall.agency, "before": RUNGS[fall.before], "after": RUNGS[fall.after]}
        for fall in found.falls[:FALLS_TOLD]
    ]
    if len(found.falls) > FALLS_TOLD:
        told.append(str(IF_ENDED["more"]) % {"count": intcomma(len(found.falls) - FALLS_TOLD)})
    if found.routes_lost:
        told.append(str(IF_ENDED["routes"]) % {"count": intcomma(found.routes_lost)})
    return [*told, str(IF_ENDED["caution"])] if told else []
