"""The agencies in the middle of the network, as rows of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.link_filter import ANY, STATE_CHOICES
from agencies.models import Agency
from agencies.network.graph_store import current_graph, judged_on
from agencies.network.hubs import core_numbers, degrees
from agencies.revision import kept


class HubsForm(forms.Form):
    """State and kind of agency, and the number to order by."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=STATE_CHOICES)
    kind = forms.ChoiceField(label=_("Kind of agency"), required=False, choices=[*ANY, *Agency.Kind.choices])
    sort = forms.ChoiceField(
        label=_("Order by"),
        required=False,
        choices=[("into", _("gets access from")), ("out", _("gives access to")), ("core", _("core number"))],
    )


class Standing(NamedTuple):
    """An agency's numbers: how many it gives access, how many give it access, how many are both; its core number."""

    agency: int
    out: int
    into: int
    mutual: int
    core: int


@dataclass(frozen=True)
class Hub:
    """One row of the table; `rank` is its place among all agencies by the number that is asked for."""

    rank: int
    agency: Agency
    numbers: Standing


def standings() -> list[Standing]:
    """Return the numbers of every agency with a current link, kept until the record changes.

    Raises GraphNotBuiltError.
    """
    found: list[Standing] = kept("hubs", _count)
    return found


def _count() -> list[Standing]:
    """Count over the graph of the record as it stands."""
    graph = current_graph()
    day = judged_on(graph)
    counted, core = degrees(graph, day), core_numbers(graph, day)
    columns = (graph.agency, counted.out, counted.into, counted.mutual, core)
    every = map(Standing, *(column.tolist() for column in columns))
    return [row for row in every if row.out or row.into]


def ranked(rows: Sequence[Standing], sort: str) -> list[tuple[int, Standing]]:
    """Return rows with their rank, the highest number first; equal numbers have one rank."""
    numbers = [getattr(row, sort) for row in rows]
    above: dict[int, int] = {}
    for place, number in enumerate(sorted(numbers, reverse=True), start=1):
        above.setdefault(number, place)
    ordered = sorted(rows, key=lambda row: (-getattr(row, sort), -row.into, -row.out, row.agency))
    return [(above[getattr(row, sort)], row) for row in ordered]


def narrowed(rows: list[tuple[int, Standing]], state: str, kind: str) -> list[tuple[int, Standing]]:
    """Keep agencies of a state and a kind; one query where either is asked for."""
    which = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    if not which:
        return rows
    keys = set(Agency.objects.current().filter(**which).order_by().values_list("pk", flat=True))
    return [row for row in rows if row[1].agency in keys]


def hubs(rows: Sequence[tuple[int, Standing]]) -> list[Hub]:
    """Return some rows with their agencies; one query."""
    agencies = Agency.objects.in_bulk([row.agency for _rank, row in rows])
    return [Hub(rank, agencies[row.agency], row) for rank, row in rows if row.agency in agencies]
