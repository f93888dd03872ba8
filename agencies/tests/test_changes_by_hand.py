"""Real portals: what a person found who read two neighbouring pages, against what the record says.

What is expected here was read off the pages, not made by the parser.
"""

import unittest
from typing import Any

from django.test import TestCase

from agencies.history.rebuild import rebuild_changes
from agencies.ingest import flock_portal, news_observer
from agencies.ingest.parsed import ParsedDocument
from agencies.ingest.record import record
from agencies.models import Change
from agencies.tests.factories import make_network, make_run
from agencies.tests.history_factories import april
from agencies.tests.portal_factories import SHARED

PORTALS = SHARED / "flock_portals"
TABLES = SHARED / "news_observer_2024"

MONTEREY_PARK_GONE = """
Albany CA PD|Amador County CA Sheriff's Office|Antioch CA PD|Arcadia CA PD|Avenal CA PD|Bell Gardens CA PD
Belvedere CA PD|Benicia CA PD|Blythe CA PD|Brentwood CA PD|Burbank Airport CA PD|CA Iipay Nation of Santa Ysabel
CSU Long Beach PD (CA)|Cal State San Bernadino CA PD|Calexico CA PD|California Department of Corrections
California Department of Fish & Wildlife (CA)|California Highway Patrol
California State University Long Beach Campus PD|Capitola CA PD|Carmel CA PD|Central Marin CA PD
Cerritos College CA PD|Clayton CA PD|Colusa CA PD|Corcoran CA PD|Cotati CA PD|Culver City CA PD|Decommissioned Org
Del Norte County CA SO|Dublin CA PD (ACSO)|El Dorado County CA SO|Elk Grove CA PD|Foothill-DeAnza CA PD
Foster City CA PD|Fresno CA PD|Inglewood CA PD|Kingsburg CA PD|LASD CA - San Dimas Station|Lathrop CA PD
Livingston CA PD|Los Altos CA PD|Los Angeles CA PD|Madera CA PD|Marin County CA DA|Marin County CA SO
Mendota CA PD|Mill Valley CA PD|Monterey CA PD|Monterey County District Attorney's Office|Moraga CA PD
Nevada City CA PD|Oakland CA PD|Oxnard CA PD|Pacific Grove CA PD|Palm Springs CA PD|Palo Alto CA PD|Petaluma CA PD
Placer County CA DA Office|Port of Stockton CA PD|RIV CO ARSON TF CA PD|Redding PD - CA|Redwood City CA PD
Rialto PD CA|Rocklin CA PD|Rohnert Park Department of Public Safety (CA)|Sacramento CA DA|Sacramento CA PD
Sacramento County Parks Department CA|San Benito County SO CA
San Bernardino County CA Human Services [Law Enforcement]|San Diego CA PD|San Diego County CA SD
San Francisco CA PD|San Francisco District Attorney CA|San Joaquin Delta College PD (CA)
San Jose - Evergreen Community College Campus PD CA|San Jose State University CA
San Luis Obispo County (CA) Sheriff|San Rafael CA PD|Santa Cruz CA PD (deactivated)|Sausalito CA PD|Selma CA PD
Shasta County SO|Sierra Madre CA PD|Signal Hill CA PD|Solano County DA CA|Sunnyvale CA PD|Sutter County CA SO
Tehama County CA SO|Tiburon CA PD|Town of Los Gatos CA|Trinity County SO CA|Truckee CA PD|Tulare County CA SO
UC Irvine Campus PD CA|Union City CA PD|University of CA - Santa Barbara CA PD|University of California, Berkeley
University of San Francisco CA PD|University of the Pacific (CA)|Ventura County CA SO
Ventura County District Attorney's Office CA|Walnut Creek CA PD|Wheatland CA PD|Williams CA PD|Willits CA PD
Winters CA PD|Yuba City CA PD
"""
"""Names on Monterey Park's list of 29 March 2026 that are not on that of 6 April; no name came."""


def page(slug: str, day: str) -> ParsedDocument:
    """Return one page of a portal as it was on the day it was retrieved."""
    return next(flock_portal.read(PORTALS / slug / f"{day}.html"))


@unittest.skipUnless(PORTALS.is_dir(), f"no portal pages in {PORTALS}")
class NeighbouringPagesTests(TestCase):
    """Pages imported one after the other, oldest first."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_network("flock")

    def take_in(self, *documents: ParsedDocument) -> None:
        """Import documents, each by itself."""
        for document in documents:
            record([document], make_run())
            rebuild_changes()

    def found(self, **filters: Any) -> set[tuple[Any, ...]]:
        """Return changes as (kind, who publishes the list, name, new name)."""
        columns = ("kind", "stream__reported_by", "name__printed_name", "new_name__printed_name")
        return set(Change.objects.filter(**filters).values_list(*columns))

    def facts(self) -> set[tuple[Any, ...]]:
        """Return changes of facts as (field, old, new)."""
        rows = Change.objects.filter(kind="fact").values_list("field", "old_value", "new_value")
        return {(field, str(old), str(new)) for field, old, new in rows}

    def test_monterey_park_lists_a_third_less(self) -> None:
        self.take_in(page("monterey-park-ca-pd", "2026-03-29"), page("monterey-park-ca-pd", "2026-04-06"))
        gone = {name for line in MONTEREY_PARK_GONE.strip().splitlines() for name in line.split("|")}
        self.assertEqual(len(gone), 109)
        self.assertEqual(self.found(), {("removed", "grantor", name, None) for name in gone})
        self.assertEqual(set(Change.objects.values_list("observed_on", flat=True)), {april(6)})

    def test_woodland_has_two_givers_less_one_printed_otherwise_and_seven_cameras_more(self) -> None:
        self.take_in(page("woodland-ca-pd", "2026-04-18"), page("woodland-ca-pd", "2026-04-25"))
        vegas = ("Las Vegas Metro NV PD", "Las Vegas Metro Police Department - NV")
        self.assertEqual(
            self.found(kind__in=["added", "removed", "renamed", "marked"]),
            {
                ("removed", "grantee", "Belmont CA PD", None),
                ("removed", "grantee", "[DEACTIVATED] - demo", None),
                ("renamed", "grantee", *vegas),
            },
        )
        self.assertEqual(self.facts(), {("cameras", "45", "52")})

    def test_atherton_keeps_its_list_and_changes_what_it_says_of_itself(self) -> None:
        self.take_in(page("atherton-ca-pd", "2026-04-17"), page("atherton-ca-pd", "2026-04-24"))
        policy = "https://www.athertonca.gov/DocumentCenter/View/12521/20260208_Atherton-PD-Policy-Manual"
        self.assertEqual(
            self.facts(),
            {
                ("retention_days", "365", "30"),
                ("policy_url", "['https://www.ci.atherton.ca.us/525/Transparency']", f"['{policy}']"),
            },
        )
        self.assertEqual(Change.objects.count(), 2)

    @unittest.skipUnless(TABLES.is_dir(), f"no tables in {TABLES}")
    def test_culver_city_shows_an_empty_list_and_that_ends_nothing(self) -> None:
        slug = "flock-portal-culver-city-ca-pd"
        of_2024 = [document for document in news_observer.read(TABLES) if document.source.slug == slug]
        self.take_in(*of_2024, page("culver-city-ca-pd", "2026-04-19"))
        self.assertEqual(self.found(stream__isnull=False), {("list_empty", "grantor", None, None)})
        self.assertEqual(Change.objects.get(kind="list_empty").old_value, 160)
