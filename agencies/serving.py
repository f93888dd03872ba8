"""Which agencies serve a place: its own, those of its county and state, and the rest around it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from agencies.models import Agency, Place

CITY_KINDS = (Place.Kind.CITY, Place.Kind.COUNTY_SUBDIVISION)


@dataclass
class ServingBodies:
    """`own` serve the place by name, contract or campus; `wider` are its sheriff and state police."""

    own: list[Agency]
    wider: list[Agency]
    others: QuerySet[Agency]


def bodies_of(place: Place) -> ServingBodies:
    """Return the agencies of a place in two queries; `others` is not evaluated."""
    current = Agency.objects.current().main_bodies().select_related("operated_by", "county")
    own = list(current.filter(places=place).distinct().order_by("name", "pk"))
    wider = list(current.filter(_wider(place)).exclude(pk__in=[agency.pk for agency in own]).distinct())
    if place.kind == Place.Kind.STATE:
        own, wider = [agency for agency in own if agency.kind == Agency.Kind.STATE_POLICE], []
    wider.sort(key=lambda agency: (agency.kind != Agency.Kind.SHERIFF, agency.name))
    shown = [agency.pk for agency in [*own, *wider]]
    return ServingBodies(own, wider, current.filter(_around(place)).exclude(pk__in=shown).order_by("name", "pk"))


def _wider(place: Place) -> Q:
    """Return the condition of being the sheriff of the place's county, or its state police."""
    police = Q(kind=Agency.Kind.STATE_POLICE, state=place.state, parent__isnull=True)
    county = place if place.kind == Place.Kind.COUNTY else place.county
    if county is None:
        return police
    return police | Q(kind=Agency.Kind.SHERIFF, county=county) | Q(kind=Agency.Kind.SHERIFF, places=county)


def _around(place: Place) -> Q:
    """Return the condition of being listed below: all of a state or county; of a city's county all but police."""
    if place.kind == Place.Kind.STATE:
        return Q(state=place.state)
    if place.kind == Place.Kind.COUNTY:
        return Q(county=place)
    police = Q(kind__in=[Agency.Kind.MUNICIPAL_POLICE, Agency.Kind.SHERIFF, Agency.Kind.STATE_POLICE])
    return Q(county=place.county) & ~police if place.county else Q(pk__in=[])
