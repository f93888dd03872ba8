"""The sitemap: fixed pages, networks, places with an agency, agencies, and the evidence about federal grantees.

The other 48,000 pairs are left to the agencies' tables, which link every one: as entries they would drown the rest.
"""

from collections.abc import Sequence
from typing import ClassVar

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from agencies.models import Agency, Network, Place, SharingLink


class RecordSitemap(Sitemap):
    """Entries in every language: each item is the arguments of the page's URL name."""

    i18n = True
    limit = 5_000
    page_name: ClassVar[str]

    def location(self, item: Sequence[str]) -> str:
        """Return the address of an item."""
        return reverse(self.page_name, args=item)


class FixedPages(RecordSitemap):
    """Pages that every install has."""

    def items(self) -> list[str]:
        """Return names of URLs."""
        return ["home", "about", "changes", "data", "findings", "ice-2019", "laws", "map", "routes"]

    def location(self, item: Sequence[str]) -> str:
        """Return the address of a name."""
        return reverse(str(item))


class Networks(RecordSitemap):
    """Vendors' systems."""

    page_name = "network-detail"

    def items(self) -> list[tuple[str]]:
        """Return all."""
        return list(Network.objects.order_by("slug").values_list("slug"))


class Places(RecordSitemap):
    """Places that an agency serves: 13,900 of 33,000."""

    page_name = "place-detail"

    def items(self) -> list[tuple[str]]:
        """Return them by GEOID."""
        return list(Place.objects.filter(servings__isnull=False).order_by("geoid").values_list("geoid").distinct())


class Agencies(RecordSitemap):
    """Agencies, the posts of a state police left out."""

    page_name = "agency-detail"

    def items(self) -> list[tuple[str]]:
        """Return them by slug."""
        return list(Agency.objects.current().main_bodies().order_by("slug").values_list("slug"))


class FederalPairs(RecordSitemap):
    """Evidence about an agency giving a federal one access: what people search for by name."""

    page_name = "pair-detail"

    def items(self) -> list[tuple[str, str]]:
        """Return pairs of slugs."""
        links = SharingLink.objects.filter(grantee__kind=Agency.Kind.FEDERAL)
        ends = ("grantor__slug", "grantee__slug")
        return list(links.order_by(*ends).values_list(*ends).distinct())


SITEMAPS: dict[str, type[RecordSitemap]] = {
    "pages": FixedPages,
    "networks": Networks,
    "places": Places,
    "agencies": Agencies,
    "federal": FederalPairs,
}
