"""Ladders and routes as payloads: the graph's dataclasses in, what `api/serializers/reach.py` describes out."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from agencies.models import Agency
from agencies.network.hops import Hop
from agencies.network.reach import SeenFrom
from agencies.network.routes import Route, Routes
from agencies.network.steps import Chain, Ladder, Step, Through
from agencies.reach_telling import answer, tell, told_steps
from agencies.route_words import answer as routes_answer
from agencies.route_words import sentence
from api.rows import Row


def agency_ref(agency: Agency) -> Row:
    """Return the short form of an agency."""
    return {
        "id": agency.uuid,
        "slug": agency.slug,
        "name": agency.name,
        "kind": agency.kind,
        "state": agency.state or None,
    }


def hop_payload(hop: Hop, site: str) -> Row:
    """Return one link with its evidence."""
    page = reverse("pair-detail", args=[hop.grantor.slug, hop.grantee.slug])
    names = ("access", "status", "reported_by", "first_seen", "last_seen", "closed_on", "disputed_on", "strength")
    return {
        "link": hop.uuid,
        "grantor": agency_ref(hop.grantor),
        "grantee": agency_ref(hop.grantee),
        "network": {"slug": hop.network.slug, "name": hop.network.name},
        "state": hop.state.value,
        **{name: getattr(hop, name) for name in names},
        "statement_count": len(hop.statements),
        "statements": [statement.uuid for statement in hop.statements],
        "answers": [found.statement.uuid for found in hop.answers],
        "page_url": f"{site}{page}",
    }


def reach_payload(ladder: Ladder, seen: SeenFrom | None, site: str) -> Row:
    """Return an agency's ladder and the states its reads are seen from; its sentences are in English."""
    with translation.override("en"):
        told = {step.rung: " ".join(one.text for one in tell(step, ladder)) for step in told_steps(ladder)}
        text = answer(ladder)
    return {
        "agency": agency_ref(ladder.agency),
        "as_of": ladder.as_of,
        "top": ladder.top and int(ladder.top),
        "past": ladder.past and int(ladder.past),
        "text": text,
        "rungs": [_rung(step, told[step.rung], site) for step in told_steps(ladder)],
        "federal": [hop_payload(hop, site) for hop in ladder.federal],
        "hot_lists": [hop_payload(hop, site) for hop in ladder.hot_lists],
        "agreements_287g": [statement.uuid for statement in ladder.agreements],
        "sharing_policies": [statement.uuid for statement in ladder.policies],
        "seen_from": seen and {"states": _by_state(seen.states), "possible": _by_state(seen.possible)},
    }


def _by_state(counts: dict[str, int]) -> list[Row]:
    """Return numbers of agencies by state, the most first; a national body has none."""
    return [{"state": state or None, "agencies": count} for state, count in counts.items()]


def _rung(step: Step, text: str, site: str) -> Row:
    """Return one rung."""
    return {
        "rung": int(step.rung),
        "name": step.rung.name.lower(),
        "state": step.state.value,
        "seen_on": step.seen_on,
        "checked_on": step.checked_on,
        "is_partial": step.is_partial,
        "disputed_on": step.disputed_on,
        "text": text,
        "hops": [hop_payload(hop, site) for hop in step.hops],
        "searches": [
            {"statement": one.statement.uuid, "months": one.months, "newest": one.newest, "state": one.state.value}
            for one in step.searches
        ],
        "through": _through(step.through, site) if step.through else None,
    }


def _through(via: Through, site: str) -> Row:
    """Return the numbers of rung 5 and the first possible routes."""
    return {
        "agencies": via.grantees,
        "researched": via.researched,
        "current": via.current,
        "inactive": via.inactive,
        "history": via.history,
        "best": [_chain(chain, site) for chain in via.best],
    }


def _chain(chain: Chain, site: str) -> Row:
    """Return a possible route of the ladder."""
    return {
        "through": agency_ref(chain.through),
        "state": chain.state.value,
        "rung": int(chain.rung),
        "hop": hop_payload(chain.hop, site),
        "onward": hop_payload(chain.onward, site) if chain.onward else None,
        "searched_on": chain.searched_on,
        "strength": chain.strength,
        "seen_on": chain.seen_on,
    }


def routes_payload(found: Routes, is_group: bool, is_researched: bool, site: str) -> dict[str, Any]:
    """Return routes; their sentences are in English. `is_group`: no target was named."""
    with translation.override("en"):
        return {
            "origin": agency_ref(found.origin),
            "targets": [agency_ref(target) for target in found.targets],
            "hops": found.hops,
            "as_of": found.as_of,
            "text": routes_answer(found, is_group, is_researched),
            "total": found.total,
            "total_by_hops": {str(number): count for number, count in found.totals.items()},
            "routes": [_route(route, site) for route in found.current],
            "past_total": found.past_total,
            "past": [_route(route, site) for route in found.past],
        }


def _route(route: Route, site: str) -> Row:
    """Return one route."""
    return {
        "is_direct": route.is_direct,
        "through": [agency_ref(agency) for agency in route.through],
        "target": agency_ref(route.target),
        "strength": route.strength,
        "seen_on": route.seen_on,
        "is_disputed": route.is_disputed,
        "text": sentence(route),
        "hops": [hop_payload(hop, site) for hop in route.hops],
        "also": [list(names) for names in route.also],
    }
