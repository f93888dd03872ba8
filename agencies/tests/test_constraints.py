"""What a row may not say: refused by the database, and by the form with a sentence."""

import uuid
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from agencies.models import Agency, Alias, Capture, MatchDecision, SharingLink
from agencies.tests import factories as make


class ConstraintTests(TestCase):
    def refused(self, act: Any, **values: Any) -> None:
        with self.assertRaises(IntegrityError), transaction.atomic():
            act(**values)

    def test_ori_has_nine_capitals_or_digits(self) -> None:
        self.refused(make.make_agency, ori="CA00113")
        with self.assertRaisesMessage(ValidationError, "nine capital letters or digits"):
            Agency(name="x", slug="x", kind="sheriff", source="x", ori="ca0011300", search_key="x").full_clean()

    def test_coordinates_come_in_pairs_with_their_precision(self) -> None:
        self.refused(make.make_agency, latitude=37.6)
        self.refused(make.make_agency, latitude=37.6, longitude=-122.0)
        self.refused(make.make_agency, latitude=137.6, longitude=-122.0, coordinate_precision="place_centroid")
        make.make_agency(latitude=37.6, longitude=-122.0, coordinate_precision="place_centroid")

    def test_geoid_is_two_five_seven_or_ten_digits(self) -> None:
        self.refused(make.make_place, geoid="068")
        make.make_place(geoid="0681204")

    def test_agency_is_not_its_own_parent_even_through_others(self) -> None:
        top = make.make_agency("Department of Homeland Security", "", kind="federal")
        part = make.make_agency("Immigration and Customs Enforcement", "", kind="federal", parent=top)
        self.refused(lambda: Agency.objects.filter(pk=top.pk).update(parent=top.pk))
        top.parent = part
        with self.assertRaisesMessage(ValidationError, "comes back"):
            top.clean()

    def test_capture_needs_a_date(self) -> None:
        source = make.make_source()
        self.refused(lambda: Capture.objects.create(uuid=uuid.uuid4(), source=source, bytes_kept="none"))

    def test_observed_on_is_the_first_date_that_is_known(self) -> None:
        published = make.make_capture(first_reported_on=date(2026, 5, 1), retrieved_on=date(2026, 4, 30))
        self.assertEqual(published.observed_on, date(2026, 4, 23))
        retrieved = make.make_capture(published_on=None, retrieved_on=date(2026, 4, 30))
        self.assertEqual(retrieved.observed_on, date(2026, 4, 30))

    def test_known_fact_has_a_value_and_any_other_has_none(self) -> None:
        agency = make.make_agency()
        self.refused(lambda: make.make_fact(agency, "retention_days", None))
        self.refused(lambda: make.make_fact(agency, "retention_days", 30, knowledge="not_published"))
        make.make_fact(agency, "retention_days", None, knowledge="not_published")

    def test_zero_and_false_are_values(self) -> None:
        agency = make.make_agency()
        make.make_fact(agency, "searches_30d", 0)
        make.make_fact(agency, "audit_published", False)

    def test_words_outside_the_vocabulary_are_refused(self) -> None:
        agency, other = make.make_agency(), make.make_agency("Dublin Police Department")
        self.refused(lambda: make.make_fact(agency, "shoe_size", 44))
        self.refused(lambda: make.make_list(make.make_capture(), completeness="nearly"))
        self.refused(lambda: make.make_grant(agency, other, account_status="asleep"))

    def test_match_names_an_agency_and_other_outcomes_name_none(self) -> None:
        alias = make.make_alias("Auburn Police Department")
        self.refused(lambda: MatchDecision.objects.create(alias=alias, outcome="matched", method="hand", reason="x"))
        self.refused(lambda: make.make_decision(alias, outcome="ambiguous", agency=make.make_agency()))

    def test_alias_stands_once_in_a_context_even_without_network(self) -> None:
        Alias.objects.create(uuid=uuid.uuid4(), printed_name="X", network=None, state="")
        self.refused(lambda: Alias.objects.create(uuid=uuid.uuid4(), printed_name="X", network=None, state=""))

    def test_link_status_carries_its_date_and_no_other(self) -> None:
        one, two = make.make_agency(), make.make_agency("Dublin Police Department")
        self.refused(lambda: make.make_link(one, two, status="ended"))
        self.refused(lambda: make.make_link(one, two, inactive_as_of=date(2026, 4, 1)))
        self.refused(lambda: make.make_link(one, one))
        self.refused(lambda: make.make_link(one, two, statement_count=0))
        make.make_link(one, two, status="ended", ended_as_of=date(2026, 4, 30))
        self.assertEqual(SharingLink.objects.listed().count(), 0)
