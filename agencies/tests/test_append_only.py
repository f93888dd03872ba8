"""The database itself refuses to change what a capture said."""

from datetime import date
from typing import Any

from django.db import InternalError, connection, transaction
from django.test import TestCase

from agencies.models import AnswerTarget, Capture, MatchDecision, Statement, Withdrawal, WithdrawalLift
from agencies.tests import factories as make


class AppendOnlyTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.grantor = make.make_agency()
        cls.grantee = make.make_agency("Dublin Police Department")
        cls.grant = make.make_grant(cls.grantor, cls.grantee)
        cls.fact = make.make_fact(cls.grantor, "retention_days", 30)
        cls.answer = make.make_answer(cls.grantor, cls.grant)
        cls.withdrawal = Withdrawal.objects.create(statement=cls.fact.statement, kind="error", reason="test")
        cls.lift = WithdrawalLift.objects.create(withdrawal=cls.withdrawal, reason="test")

    def refused(self, act: Any) -> None:
        with self.assertRaises(InternalError), transaction.atomic():
            act()

    def test_update_is_refused_on_every_row_a_capture_said(self) -> None:
        self.refused(lambda: Statement.objects.update(printed="changed"))
        self.refused(lambda: type(self.grant).objects.update(account_status="inactive"))
        self.refused(lambda: type(self.fact).objects.update(value=31))
        self.refused(lambda: type(self.answer).objects.update(paraphrase="changed"))
        self.refused(lambda: type(self.grant.sharing_list).objects.update(completeness="empty"))
        self.refused(lambda: MatchDecision.objects.update(reason="changed"))
        self.refused(lambda: Withdrawal.objects.update(reason="changed"))
        self.refused(lambda: WithdrawalLift.objects.update(reason="changed"))

    def test_delete_is_refused_on_every_row_a_capture_said(self) -> None:
        tables = [type(self.grant), type(self.fact), type(self.answer), AnswerTarget, Statement, Capture]
        for model in [*tables, MatchDecision, WithdrawalLift, Withdrawal, type(self.grant.sharing_list)]:
            with self.subTest(model=model.__name__):
                self.refused(lambda table=model._meta.db_table: self.sql(f'DELETE FROM "{table}"'))

    def test_raw_sql_is_refused_too(self) -> None:
        self.refused(lambda: self.sql("UPDATE agencies_statement SET printed = 'changed'"))

    def test_dates_and_hash_of_a_capture_stay_but_an_archive_address_may_come(self) -> None:
        self.refused(lambda: Capture.objects.update(published_on=date(2020, 1, 1)))
        self.refused(lambda: Capture.objects.update(sha256="0" * 64))
        Capture.objects.update(archive_url="https://example.org/archived")

    def sql(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
