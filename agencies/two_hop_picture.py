"""The layered diagram of a network view: which of the agencies around a subject it shows, and what it says of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.link_filter import RECEIPTS, LinkFilter
from agencies.models import Agency, SharingLink
from agencies.network.rungs import FRESH_DAYS
from agencies.pictures.layers import Node, Picture, Tie
from agencies.two_hop_words import headings, subject_name
from agencies.two_hops import Far, Layers, Near, Subject, Ways, best
from agencies.wording import link_sentence

SHOWN = 12
"""Most agencies drawn in a layer."""
FEDERAL = 6
"""Most federal agencies among them, so that there is room for those that lead further."""
TIES = 2
"""Most lines drawn to an agency two links away."""

Address = Callable[[Agency], str]
"""Gives the address that an agency's box leads to."""


@dataclass(frozen=True)
class _Drawn:
    """The agencies of both layers that are drawn, and how many are not."""

    near: list[Near]
    far: list[Far]
    near_rest: int
    far_rest: int


def picture(subject: Subject, chosen: LinkFilter, found: Layers, address: Address) -> Picture:
    """Return what is drawn of the layers; four queries."""
    drawn = _choose(found)
    ways = Ways(subject, chosen)
    agencies = Agency.objects.in_bulk([*(row.agency for row in drawn.near), *(row.agency for row in drawn.far)])
    first = best(ways.first(), ways.far, [row.agency for row in drawn.near])
    last = best(ways.second(row.agency for row in found.near), ways.far, [row.agency for row in drawn.far])
    near = [_near(row, agencies[row.agency], first.get(row.agency), address) for row in drawn.near]
    far = [_far(row, agencies[row.agency], last.get(row.agency), address) for row in drawn.far]
    return Picture(
        subject=_subject(subject, address),
        near=[*near, *_rest(drawn.near_rest)],
        far=[*far, *_rest(drawn.far_rest)],
        headings=headings(subject, chosen),
        first=_first(drawn, first, chosen.as_of),
        second=_second(ways, drawn),
        is_turned=chosen.direction == RECEIPTS,
    )


def _choose(found: Layers) -> _Drawn:
    """Choose of each layer some federal agencies, then those with most links."""
    near = _some([row.onward for row in found.near], [row.is_federal and row.fits for row in found.near])
    far = _some([row.through for row in found.far], [row.is_federal for row in found.far])
    return _Drawn(
        near=[found.near[place] for place in near],
        far=[found.far[place] for place in far],
        near_rest=len(found.near) - len(near),
        far_rest=len(found.far) - len(far),
    )


def _some(counts: Sequence[int], federal: Sequence[bool]) -> list[int]:
    """Return the places of up to SHOWN rows, in order: up to FEDERAL federal ones, then those with most links."""
    first = [place for place, is_federal in enumerate(federal) if is_federal][:FEDERAL]
    others = [place for place in range(len(counts)) if place not in first]
    others.sort(key=lambda place: -counts[place])
    return sorted([*first, *others[: SHOWN - len(first)]])


def _subject(subject: Subject, address: Address) -> Node:
    """Return the box of the subject."""
    if isinstance(subject.body, Agency):
        return Node(str(subject.body), title=str(subject.body), href=address(subject.body))
    count = ngettext("%(n)s agency", "%(n)s agencies", len(subject.keys)) % {"n": intcomma(len(subject.keys))}
    return Node(subject_name(subject), (count,))


def _near(row: Near, agency: Agency, link: SharingLink | None, address: Address) -> Node:
    """Return the box of an agency one link away."""
    note = _dated(row.is_federal, link)
    if row.onward:
        note.append(_("leads to %(n)s") % {"n": intcomma(row.onward)})
    if not row.fits:
        note.append(_("on the way"))
    title = _("%(agency)s, 1 link away") % {"agency": agency}
    return replace(_node(agency, note, title, address(agency), row.is_federal), is_quiet=not row.fits)


def _far(row: Far, agency: Agency, link: SharingLink | None, address: Address) -> Node:
    """Return the box of an agency two links away."""
    note = _dated(row.is_federal, link)
    note.append(_("through %(n)s") % {"n": intcomma(row.through)})
    title = _("%(agency)s, 2 links away") % {"agency": agency}
    return _node(agency, note, title, address(agency), row.is_federal)


def _dated(is_federal: bool, link: SharingLink | None) -> list[str]:
    """Say what may not be missing beside a name: that it is federal, where its best link stands, and a denial."""
    note = [_("federal")] if is_federal else []
    if link:
        note.append(link_sentence(link))
        if link.disputed_on:
            note.append(_("disputed"))
    return note


def _node(agency: Agency, note: list[str], title: str, href: str, is_marked: bool) -> Node:
    """Return a box; what is read out says all that is written in it."""
    read_out = ": ".join(filter(None, [title, ", ".join(note)]))
    return Node(str(agency), tuple(note), read_out, href, is_marked)


def _rest(count: int) -> list[Node]:
    """Return a box for those that are not drawn; none where all are."""
    return [Node(_("and %(n)s more") % {"n": intcomma(count)}, (_("see the table"),), is_quiet=True)] if count else []


def _first(drawn: _Drawn, found: dict[int, SharingLink], as_of: date | None) -> list[Tie]:
    """Return the lines from the subject."""
    ties = [Tie(0, number, _is_broken(found.get(row.agency), as_of)) for number, row in enumerate(drawn.near)]
    return [*ties, *([Tie(0, len(drawn.near))] if drawn.near_rest else [])]


def _second(ways: Ways, drawn: _Drawn) -> list[Tie]:
    """Return up to TIES lines to each agency two links away, from those drawn; else one from the rest. One query."""
    places = {row.agency: number for number, row in enumerate(drawn.near)}
    ends = {f"{ways.own}__in": list(places), f"{ways.far}__in": [row.agency for row in drawn.far]}
    found: dict[int, dict[int, bool]] = {}
    for link in ways.links().filter(**ends).order_by("pk"):
        start, end = getattr(link, f"{ways.own}_id"), getattr(link, f"{ways.far}_id")
        starts = found.setdefault(end, {})
        starts[places[start]] = starts.get(places[start], True) and _is_broken(link, ways.chosen.as_of)
    ties = []
    for number, row in enumerate(drawn.far):
        starts = found.get(row.agency, {})
        nearest = sorted(starts, key=lambda start: (abs(start - number), start))[:TIES]
        ties += [Tie(start, number, starts[start]) for start in nearest]
        if not starts and drawn.near_rest:
            ties.append(Tie(len(drawn.near), number))
    return ties


def _is_broken(link: SharingLink | None, as_of: date | None) -> bool:
    """Tell whether a link is inactive, no longer listed, or was last seen so long ago that it is history."""
    if link is None:
        return False
    oldest = (as_of or timezone.localdate()) - timedelta(FRESH_DAYS)
    return link.status != SharingLink.Status.LISTED or link.last_seen < oldest
