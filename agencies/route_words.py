"""Routes as a page and the API tell them: the fixed sentences of `reach_wording.py`, filled in."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from agencies.models import SharingLink
from agencies.network.hops import Hop
from agencies.network.routes import Route, Routes
from agencies.network.rungs import RungState
from agencies.reach_telling import document_words, plain_listing
from agencies.reach_wording import NOTES, ROUTES, TEMPLATES
from agencies.wording import day


def target_words(found: Routes, is_group: bool) -> str:
    """Name whom routes lead to."""
    return str(ROUTES["targets"]) if is_group else found.targets[0].name


def answer(found: Routes, is_group: bool, is_researched: bool) -> str:
    """Say how many routes there are in all, direct ones apart, or that none was found."""
    words = {
        "origin": found.origin.name,
        "target": target_words(found, is_group),
        "hops": found.hops,
        "day": day(found.as_of),
        "count": intcomma(found.total),
        "direct": intcomma(found.totals.get(1, 0)),
        "possible": intcomma(found.total - found.totals.get(1, 0)),
    }
    key = "found" if found.total else "none" if is_researched else "not_researched"
    return str(ROUTES[key]) % words


def past_words(found: Routes) -> str:
    """Say how many routes there were, or lead over inactive accounts."""
    return str(ROUTES["past"]) % {"count": intcomma(found.past_total)}


def sentence(route: Route) -> str:
    """Say of one route what it is: access as listed, or a possible route through others."""
    if route.is_direct:
        return f"{plain_listing(route.hops[0]).text} {NOTES['no_search']}"
    key, first = _key(route), route.hops[0]
    statement = first.statements[0] if first.statements else None
    is_whole = key == "possible_route.current"
    words = {
        "through": get_text_list([agency.name for agency in route.through], _("and")),
        "agency": first.grantor.name,
        "document": document_words(first, statement),
        "day": day(statement.observed_on if statement and is_whole else route.seen_on),
    }
    return f"{(ROUTES['long'] if key == 'long' else TEMPLATES[key]) % words} {weakest(route)}"


def _key(route: Route) -> str:
    """Return which template tells a route of two links or more."""
    states = {hop.state for hop in route.hops}
    if RungState.HISTORY in states:
        return "possible_route.history"
    if RungState.INACTIVE in states:
        return "possible_route.inactive"
    return "long" if len(route.hops) > 2 else "possible_route.current"


def weakest(route: Route) -> str:
    """Say how sure and how old a route is: who reports its weakest hop, and when its oldest was last seen."""
    hop = route.weakest
    ends = f"{hop.grantor.name} → {hop.grantee.name}"
    return str(ROUTES["weakest"]) % {"ends": ends, "who": reporter(hop), "day": day(route.seen_on)}


def reporter(hop: Hop) -> str:
    """Return which side's lists state a hop."""
    return str(SharingLink.Reporter(hop.reported_by).label)
