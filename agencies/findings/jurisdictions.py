"""Which agencies a law of a place is held against. No legal opinion: where in doubt, an agency is left out."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from agencies.models import Agency, AgencyPlace, Law, Place

STATE_BODIES = frozenset(
    {
        Agency.Kind.MUNICIPAL_POLICE,
        Agency.Kind.SHERIFF,
        Agency.Kind.STATE_POLICE,
        Agency.Kind.OTHER_STATE,
        Agency.Kind.CAMPUS,
        Agency.Kind.TRANSIT,
        Agency.Kind.TASK_FORCE,
        Agency.Kind.PROSECUTOR,
        Agency.Kind.CORRECTIONS,
    }
)
"""Kinds held against a law of their state: no federal, tribal or private bodies, none of no known kind."""

LOCAL_BODIES = frozenset({Agency.Kind.MUNICIPAL_POLICE, Agency.Kind.SHERIFF, Agency.Kind.CORRECTIONS})
"""Kinds held against a law of the county or city that they serve by name or as its county's."""

OWN_BASES = (AgencyPlace.Basis.NAME, AgencyPlace.Basis.COUNTY)


class Jurisdictions:
    """Where some agencies lie and whom they serve, read once: two queries."""

    def __init__(self, agencies: Collection[int]) -> None:
        """Read state and kind of the agencies (ids), and the places that are their own."""
        rows = Agency.objects.filter(pk__in=agencies).values_list("pk", "state", "kind")
        self._agencies = {pk: (state, kind) for pk, state, kind in rows}
        self._places: dict[int, set[int]] = defaultdict(set)
        servings = AgencyPlace.objects.filter(agency__in=agencies, basis__in=OWN_BASES)
        for agency, place in servings.values_list("agency", "place"):
            self._places[agency].add(place)

    def holds(self, law: Law, agency: int) -> bool:
        """Tell whether an agency (id) is held against a law: its state's, or of the county or city it serves."""
        if agency not in self._agencies:
            return False
        state, kind = self._agencies[agency]
        if law.place.kind == Place.Kind.STATE:
            return state == law.place.state and kind in STATE_BODIES
        return law.place_id in self._places[agency] and kind in LOCAL_BODIES


def in_force(law: Law, day: date) -> bool:
    """Tell whether a law is known to be in force on a day; where its beginning is not known, it is not."""
    starts, ends = law.in_force_from, law.in_force_to
    return starts is not None and starts <= day and (ends is None or day <= ends)
