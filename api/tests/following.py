"""A record from which changes, findings and laws follow."""

from datetime import date

from agencies.findings.rebuild import refresh_findings
from agencies.history.rebuild import refresh_changes
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import make_capture, make_grant, make_list
from agencies.tests.findings_factories import make_federal_bodies, make_law, make_portal
from api.tests.base import RecordTestCase


class FollowingTestCase(RecordTestCase):
    """A list that drops a name, and a sanctuary law beside a grant to ICE."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make a later copy of the list, a law, and what follows from them."""
        super().setUpTestData()
        portal = make_portal(cls.union_city)
        bodies = make_federal_bodies()
        for day, grantees in ((date(2026, 4, 1), (cls.sheriff, bodies["hsi"])), (date(2026, 4, 9), (bodies["hsi"],))):
            copy = make_list(make_capture(portal, day))
            for grantee in grantees:
                make_grant(cls.union_city, grantee, copy)
        make_law("ca-values-act", cls.state)
        rebuild_links()
        refresh_changes([portal.pk])
        refresh_findings()
