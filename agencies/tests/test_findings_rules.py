"""The rules about immigration bodies and laws, at their boundaries."""

from datetime import date, timedelta
from typing import Any

from django.test import TestCase

from agencies.findings import prohibited_use, retention, sanctuary, state_limit
from agencies.findings.federal_bodies import immigration_bodies
from agencies.models import Withdrawal
from agencies.tests.factories import make_agency, make_fact, make_place, make_serving
from agencies.tests.findings_factories import DAY, found, lists, make_copy, make_federal_bodies, make_law


class BodiesTests(TestCase):
    """Which federal bodies count."""

    def test_parts_count_at_any_depth_and_others_do_not(self) -> None:
        bodies = make_federal_bodies()
        counted = immigration_bodies()
        self.assertEqual(counted.ice, {bodies[name].pk for name in ("ice", "hsi", "newark")})
        self.assertEqual(counted.cbp, {bodies[name].pk for name in ("cbp", "patrol", "sector")})

    def test_record_without_them_has_none(self) -> None:
        self.assertEqual(immigration_bodies().all, frozenset())


class ProhibitedUseTests(TestCase):
    """A portal that prohibits immigration enforcement beside access of ICE or Border Patrol."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_federal_bodies()
        cls.police = make_agency()

    def prohibits(self, day: date = DAY, value: Any = ("immigration_enforcement",), **values: Any) -> None:
        """State what the agency's portal prohibits."""
        make_fact(self.police, "prohibited_uses", list(value), make_copy(self.police, day), **values)

    def test_part_of_ice_is_found_with_both_statements(self) -> None:
        self.prohibits()
        lists(self.police, self.bodies["newark"])
        (draft,) = found(prohibited_use.RULE)
        self.assertEqual(
            (draft.agency, draft.counterpart, draft.as_of), (self.police.pk, self.bodies["newark"].pk, DAY)
        )
        self.assertEqual(draft.severity, "high")
        self.assertEqual(len(draft.statements), 2)

    def test_border_patrol_is_found_and_ice_is_told_first(self) -> None:
        self.prohibits()
        lists(self.police, self.bodies["patrol"], self.bodies["ice"])
        (draft,) = found(prohibited_use.RULE)
        self.assertIsNone(draft.counterpart)
        self.assertEqual([one["body"] for one in draft.data["listed"]], [self.bodies["ice"].name, "U.S. Border Patrol"])

    def test_other_federal_body_is_none(self) -> None:
        self.prohibits()
        lists(self.police, self.bodies["fbi"])
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_inactive_account_is_none(self) -> None:
        self.prohibits()
        lists(self.police, self.bodies["hsi"], account_status="inactive")
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_ended_access_is_none(self) -> None:
        self.prohibits()
        lists(self.police, self.bodies["ice"], day=DAY - timedelta(1))
        lists(self.police, self.bodies["fbi"])
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_other_network_is_none(self) -> None:
        self.prohibits()
        lists(self.police, self.bodies["ice"], network="vigilant")
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_other_prohibition_is_none(self) -> None:
        self.prohibits(value=["personal_use"])
        lists(self.police, self.bodies["ice"])
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_only_the_newest_text_of_the_portal_counts(self) -> None:
        self.prohibits(DAY - timedelta(5))
        self.prohibits(value=["personal_use"])
        lists(self.police, self.bodies["ice"])
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_text_by_somebody_else_is_none(self) -> None:
        other = make_agency("Fremont Police Department")
        make_fact(self.police, "prohibited_uses", ["immigration_enforcement"], make_copy(other))
        lists(self.police, self.bodies["ice"])
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_a_year_between_the_documents_is_held_together_and_a_day_more_is_not(self) -> None:
        lists(self.police, self.bodies["ice"], day=DAY)
        self.prohibits(DAY + timedelta(prohibited_use.DAYS_APART))
        self.assertEqual(len(found(prohibited_use.RULE)), 1)
        self.prohibits(DAY + timedelta(prohibited_use.DAYS_APART + 1))
        self.assertEqual(found(prohibited_use.RULE), [])

    def test_withdrawn_text_is_none(self) -> None:
        capture = make_copy(self.police)
        make_fact(self.police, "prohibited_uses", ["immigration_enforcement"], capture)
        lists(self.police, self.bodies["ice"])
        Withdrawal.objects.create(capture=capture, kind="error", reason="a test says so")
        self.assertEqual(found(prohibited_use.RULE), [])


class SanctuaryTests(TestCase):
    """A place's own law beside access of ICE or Border Patrol."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_federal_bodies()
        cls.state = make_place("California", geoid="06", kind="state")
        cls.city = make_place()
        cls.police = make_agency()
        make_serving(cls.police, cls.city)

    def test_law_of_the_state_is_found(self) -> None:
        law = make_law()
        lists(self.police, self.bodies["sector"])
        (draft,) = found(sanctuary.RULE)
        self.assertEqual((draft.agency, draft.law, draft.as_of), (self.police.pk, law, DAY))

    def test_law_of_the_city_counts_for_its_police_alone(self) -> None:
        make_law(place=self.city)
        lists(self.police, self.bodies["ice"])
        lists(make_agency("Fremont Police Department"), self.bodies["ice"])
        self.assertEqual([draft.agency for draft in found(sanctuary.RULE)], [self.police.pk])

    def test_law_of_the_county_counts_for_its_sheriff_and_not_for_a_city_in_it(self) -> None:
        county = make_place("Alameda County", geoid="06001", kind="county")
        sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff", county=county)
        make_serving(sheriff, county, "county")
        make_law(place=county)
        lists(self.police, self.bodies["ice"])
        lists(sheriff, self.bodies["ice"])
        self.assertEqual([draft.agency for draft in found(sanctuary.RULE)], [sheriff.pk])

    def test_label_by_another_government_is_no_law(self) -> None:
        make_law(kind="label", listed_by="U.S. Department of Justice")
        lists(self.police, self.bodies["ice"])
        self.assertEqual(found(sanctuary.RULE), [])

    def test_law_that_does_not_limit_immigration_enforcement_is_none(self) -> None:
        make_law(limits=["retention"])
        lists(self.police, self.bodies["ice"])
        self.assertEqual(found(sanctuary.RULE), [])

    def test_law_on_plate_readers_is_no_sanctuary_law(self) -> None:
        make_law(kind="alpr_statute")
        lists(self.police, self.bodies["ice"])
        self.assertEqual(found(sanctuary.RULE), [])

    def test_first_and_last_day_in_force_count_and_the_days_beside_them_do_not(self) -> None:
        lists(self.police, self.bodies["ice"])
        one = timedelta(1)
        for starts, ends, number in (
            (DAY, None, 1),
            (DAY + one, None, 0),
            (DAY - one, DAY, 1),
            (DAY - 2 * one, DAY - one, 0),
            (None, None, 0),
        ):
            with self.subTest(starts=starts, ends=ends):
                law = make_law(f"law-{number}-{starts}-{ends}".lower(), in_force_from=starts, in_force_to=ends)
                self.assertEqual(len(found(sanctuary.RULE)), number)
                law.delete()

    def test_bodies_that_no_state_law_is_held_against(self) -> None:
        make_law()
        for kind in ("private", "tribal", "federal"):
            lists(make_agency(f"A {kind} body", kind=kind), self.bodies["ice"])
        lists(make_agency("Reno Police Department", "NV"), self.bodies["ice"])
        self.assertEqual(found(sanctuary.RULE), [])

    def test_inactive_account_is_none(self) -> None:
        make_law()
        lists(self.police, self.bodies["hsi"], account_status="deactivated")
        self.assertEqual(found(sanctuary.RULE), [])


class RetentionTests(TestCase):
    """How long an agency says it keeps reads, beside a law's limit."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.law = make_law(kind="alpr_statute", limits=["retention"], retention_days=30)

    def test_the_limit_itself_fits_and_more_does_not(self) -> None:
        make_fact(self.police, "retention_days", 30, make_copy(self.police, DAY))
        self.assertEqual(found(retention.RULE), [])
        make_fact(self.police, "retention_days", 31, make_copy(self.police, DAY + timedelta(1)))
        (draft,) = found(retention.RULE)
        self.assertEqual((draft.law, draft.data["days"], draft.severity), (self.law, 31, "medium"))

    def test_figure_from_before_the_law_is_none(self) -> None:
        make_fact(self.police, "retention_days", 365, make_copy(self.police, date(2017, 12, 31)))
        self.assertEqual(found(retention.RULE), [])

    def test_figure_no_longer_published_is_none(self) -> None:
        make_fact(self.police, "retention_days", 365, make_copy(self.police, DAY))
        make_fact(
            self.police, "retention_days", None, make_copy(self.police, DAY + timedelta(1)), knowledge="not_published"
        )
        self.assertEqual(found(retention.RULE), [])

    def test_agency_of_another_state_is_none(self) -> None:
        reno = make_agency("Reno Police Department", "NV")
        make_fact(reno, "retention_days", 365, make_copy(reno))
        self.assertEqual(found(retention.RULE), [])


class StateLimitTests(TestCase):
    """Grantees of other states, and federal ones, beside a law that limits that."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_federal_bodies()
        cls.police = make_agency()
        cls.reno = make_agency("Reno Police Department", "NV")
        cls.fremont = make_agency("Fremont Police Department")
        cls.shop = make_agency("A Shop", "NV", kind="private")
        lists(cls.police, cls.reno, cls.fremont, cls.shop, cls.bodies["fbi"])

    def law(self, **values: Any) -> None:
        """Create a law of the state on plate readers, verified by default."""
        checked = {"verified_on": DAY, "verified_by": "editor"}
        limits = ["out_of_state", "federal"]
        make_law("sb-34", **{"kind": "alpr_statute", "limits": limits, **checked, **values})

    def test_verified_law_counts_agencies_of_other_states_and_federal_ones(self) -> None:
        self.law()
        (draft,) = found(state_limit.RULE)
        self.assertEqual((draft.data["other_states"], draft.data["federal"]), (1, 1))
        self.assertEqual(draft.data["own"], 2)
        self.assertEqual(draft.data["first"], ["Federal Bureau of Investigation", "Reno Police Department"])
        self.assertEqual((draft.severity, len(draft.statements)), ("high", 2))

    def test_law_that_nobody_verified_finds_nothing(self) -> None:
        self.law(verified_on=None, verified_by="")
        self.assertEqual(found(state_limit.RULE), [])

    def test_only_what_the_law_limits_counts(self) -> None:
        self.law(limits=["out_of_state"])
        (draft,) = found(state_limit.RULE)
        self.assertEqual((draft.data["other_states"], draft.data["federal"], draft.severity), (1, 0, "medium"))

    def test_listing_from_before_the_law_is_none(self) -> None:
        self.law(in_force_from=DAY + timedelta(1))
        self.assertEqual(found(state_limit.RULE), [])

    def test_sample_is_bounded_and_the_count_is_whole(self) -> None:
        others = [make_agency(f"Police Department {number}", "NV") for number in range(25)]
        lists(self.police, *others, day=DAY + timedelta(1))
        self.law(limits=["out_of_state"])
        (draft,) = found(state_limit.RULE)
        self.assertEqual((draft.data["other_states"], len(draft.statements)), (25, 20))
