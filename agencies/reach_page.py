"""The ladder as a page shows it: the answer, a line for each rung, what stands beside it, a picture of the route."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.models import Agency, Place
from agencies.network.graph_store import GraphNotBuiltError
from agencies.network.hops import Hop
from agencies.network.ladder import ladders
from agencies.network.rungs import Rung, RungState
from agencies.network.steps import Ladder, PlaceLadder, Step
from agencies.pictures.route_diagram import Arrow, Box, route_diagram
from agencies.reach_telling import Told, answer, beside, body_words, place_answer, tell, told_steps
from agencies.reach_wording import NOTES, RUNGS, STATES
from agencies.revision import kept
from agencies.wording import day

REPEATED = (Rung.ICE_LISTED, Rung.BORDER_LISTED, Rung.POSSIBLE_ROUTE)
"""Rungs that say the same as "not researched" where the agency isn't."""


@dataclass(frozen=True)
class Line:
    """One rung: its number and name, its state (`RungState`) with its label, and what is told of it."""

    rung: int
    name: str
    state: str
    label: str
    is_answer: bool
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Picture:
    """The diagram of a route, and the sentence below it that says what it is not; "" where there is none."""

    drawing: SafeString
    caption: str


@dataclass(frozen=True)
class LadderPage:
    """One agency's ladder. `lines` is empty for ICE, CBP and their parts; `more` counts further possible routes."""

    agency: Agency
    answer: str
    lines: tuple[Line, ...]
    beside: tuple[Told, ...]
    picture: Picture | None
    more: int
    routes_address: str


@dataclass(frozen=True)
class PlacePage:
    """The ladders of a place's agencies by primary key, and the answer for the place; "" where none serves it."""

    answer: str
    ladders: dict[int, LadderPage]


def agency_ladder(agency: Agency) -> LadderPage | None:
    """Return an agency's ladder, kept until the record changes; None where the graph is not built yet."""
    try:
        page: LadderPage = kept(f"ladder-{agency.pk}", lambda: _page(ladders([agency])[agency.pk]))
    except GraphNotBuiltError:
        return None
    return page


def place_ladders(place: Place, own: Collection[Agency], wider: Collection[Agency]) -> PlacePage:
    """Return the ladders of a place's agencies, kept until the record changes; none where the graph is not built."""
    try:
        page: PlacePage = kept(f"ladders-{place.pk}", lambda: _place_page(place, own, wider))
    except GraphNotBuiltError:
        return PlacePage(str(NOTES["not_built"]), {})
    return page


def _place_page(place: Place, own: Collection[Agency], wider: Collection[Agency]) -> PlacePage:
    """Read the ladders of a place's agencies at once."""
    found = ladders([*own, *wider])
    told = PlaceLadder(place, tuple(found[one.pk] for one in own), tuple(found[one.pk] for one in wider))
    return PlacePage(place_answer(told), {pk: _page(one) for pk, one in found.items()})


def _page(ladder: Ladder) -> LadderPage:
    """Return a ladder in words."""
    via = ladder.step(Rung.POSSIBLE_ROUTE).through
    is_told = ladder.top is not None
    return LadderPage(
        agency=ladder.agency,
        answer=answer(ladder),
        lines=tuple(_line(step, ladder) for step in told_steps(ladder)) if is_told else (),
        beside=tuple(beside(ladder)),
        picture=_picture(ladder) if is_told else None,
        more=max(via.current - 1, 0) if via else 0,
        routes_address=f"{reverse('routes')}?from={ladder.agency.slug}",
    )


def _line(step: Step, ladder: Ladder) -> Line:
    """Return a rung's line."""
    repeats = step.rung in REPEATED and step.state == RungState.NOT_RESEARCHED and ladder.top == Rung.NOT_RESEARCHED
    return Line(
        rung=int(step.rung),
        name=str(RUNGS[step.rung]),
        state=step.state.value,
        label=str(STATES[step.state]),
        is_answer=step.rung == ladder.top,
        told=() if repeats else tuple(tell(step, ladder)),
    )


# --- The picture -------------------------------------------------------------------------------------


def hop_words(hop: Hop) -> str:
    """Return what stands beside an arrow: the network, where the link stands, and when."""
    words = {"network": hop.network.name, "day": day(hop.closed_on or hop.last_seen)}
    if hop.status == "inactive":
        return _("%(network)s: inactive account as of %(day)s, no access claimed") % words
    if hop.status == "ended":
        return _("%(network)s: no longer listed as of %(day)s") % words
    if hop.state == RungState.HISTORY:
        return _("%(network)s: listed on %(day)s, which is history") % words
    return _("%(network)s: listed on %(day)s") % words


def draw(hops: Iterable[Hop], end: str, name: str) -> SafeString:
    """Draw a chain of hops; `end` is what the last box says. Dashed: more than one hop, inactive or history."""
    chain = list(hops)
    is_possible = len(chain) > 1
    names = [chain[0].grantor.name, *(hop.grantee.name for hop in chain[:-1]), end]
    boxes = [Box(label, is_end=place == len(chain)) for place, label in enumerate(names)]
    arrows = [Arrow(hop_words(hop), is_possible or hop.state != RungState.CURRENT) for hop in chain]
    words = {"origin": names[0], "end": end, "through": names[1]}
    title = (
        _("Possible route from %(origin)s through %(through)s to %(end)s")
        if is_possible
        else _("Access of %(end)s to plate reads of %(origin)s, as listed")
    )
    steps = "; ".join(
        f"{hop.grantor.name} → {label}: {hop_words(hop)}" for hop, label in zip(chain, names[1:], strict=True)
    )
    return route_diagram(boxes, arrows, name, title % words, steps)


def _picture(ladder: Ladder) -> Picture | None:
    """Draw the highest rung that stands on links, current ones first; None where none does."""
    for step in (ladder.top_step, ladder.past_step):
        if step is not None and (found := _of_step(step, ladder)):
            return found
    return None


def _of_step(step: Step, ladder: Ladder) -> Picture | None:
    """Draw the first link of a rung, or its first possible route."""
    name = f"route-{ladder.agency.pk}"
    if step.hops:
        end = body_words(step.hops[0].grantee, step.rung).rstrip(",")
        return Picture(draw(step.hops[:1], end, name), str(NOTES["no_search"]))
    chain = step.through.best[0] if step.through and step.through.best else None
    if chain is None or chain.onward is None:
        return None
    end = body_words(chain.onward.grantee, chain.rung).rstrip(",")
    words = {"body": chain.onward.grantee.name, "through": chain.through.name, "agency": ladder.agency.name}
    return Picture(draw([chain.hop, chain.onward], end, name), str(NOTES["not_passed_on"]) % words)
