"""Networks that one body runs beside its own (LPR, Flex, Condor) are rolled up to it; their names stay as printed."""

from django.test import TestCase

from agencies.ingest import flock_shared_networks
from agencies.ingest.record import record
from agencies.models import SharingLink, Statement
from agencies.tests import factories as make
from agencies.tests.run_factories import Copy, import_copies
from agencies.tests.workbooks import workbook

HEAD = ("Organization Name", "Networks Shared With Me", "Networks I'm Sharing")
PRINTS = ("Marina CA PD", "Marina CA PD - Condor", "Marina CA PD (Flex)")


class SubNetworkTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.make_network()
        cls.city = make.make_agency()
        cls.marina = make.make_agency("Marina Police Department")

    def the_link(self) -> SharingLink:
        """Return the only link, which is between the two agencies' own records."""
        link = SharingLink.objects.get()
        self.assertEqual({link.grantor_id, link.grantee_id}, {self.city.pk, self.marina.pk})
        return link

    def test_two_networks_in_a_table_are_one_link_with_two_statements(self) -> None:
        row = ("Marina CA PD", ",".join(PRINTS[:2]), None)
        options = {"agency": "Union City CA PD", "state": "CA", "retrieved_on": "2026-04-01"}
        table = flock_shared_networks.parse(workbook(HEAD, row), file="t.xlsx", **options)
        record([table], make.make_run())
        link = self.the_link()
        self.assertEqual((link.grantor_id, link.statement_count), (self.marina.pk, 2))
        self.assertTrue(Statement.objects.filter(locator__endswith="name 2 of 2: Marina CA PD - Condor").exists())

    def test_names_of_networks_on_a_portal_lead_to_the_body_that_runs_them(self) -> None:
        import_copies(self, Copy("2026-04-01", PRINTS))
        link = self.the_link()
        self.assertEqual((link.grantee_id, link.statement_count), (self.marina.pk, len(PRINTS)))
        self.assertEqual(set(Statement.objects.filter(kind="sharing").values_list("printed", flat=True)), set(PRINTS))
