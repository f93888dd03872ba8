"""Named reads of the record."""

from datetime import date

from django.test import TestCase

from agencies.models import Agency, Capture, Statement, Withdrawal
from agencies.tests import factories as make


class MergedAgencyTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.part = make.make_agency("Old Union City Police")
        cls.whole = make.make_agency()
        cls.other = make.make_agency("Dublin Police Department")
        cls.source = make.make_source(agency_alias=make.make_alias("Old Union City PD", cls.part))
        cls.capture = make.make_capture(cls.source)
        cls.fact = make.make_fact(cls.part, "retention_days", 30, cls.capture)
        cls.grant = make.make_grant(cls.part, cls.other, make.make_list(cls.capture))
        cls.answer = make.make_answer(cls.part, cls.grant)
        Agency.objects.filter(pk=cls.part.pk).update(merged_into=cls.whole)

    def test_what_was_said_of_the_merged_record_is_said_of_its_replacement(self) -> None:
        statements = Statement.objects
        self.assertEqual(list(statements.facts_of(self.whole)), [self.fact.statement])
        self.assertEqual(list(statements.between(self.whole, self.other)), [self.grant.statement])
        self.assertEqual(list(statements.answers_by(self.whole)), [self.answer.statement])
        self.assertEqual(list(Capture.objects.of_agency(self.whole)), [self.capture])

    def test_merged_record_is_not_current(self) -> None:
        self.assertNotIn(self.part, Agency.objects.current())


class NewestFactTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.agency = make.make_agency()
        cls.old = make.make_fact(cls.agency, "retention_days", 30, make.make_capture(day=date(2026, 4, 1)))
        cls.new = make.make_fact(cls.agency, "retention_days", 365, make.make_capture(day=date(2026, 4, 8)))

    def test_newest_statement_of_a_field_counts(self) -> None:
        self.assertEqual([s.fact.value for s in Statement.objects.facts_of(self.agency)], [365])

    def test_withdrawn_newest_gives_way_to_the_one_before(self) -> None:
        Withdrawal.objects.create(statement=self.new.statement, kind="error", reason="misread")
        self.assertEqual([s.fact.value for s in Statement.objects.facts_of(self.agency)], [30])

    def test_as_of_leaves_out_what_came_later(self) -> None:
        self.assertEqual(list(Statement.objects.as_of(date(2026, 4, 7))), [self.old.statement])
