"""Rows that are new to the record may have their foreign keys checked together, and are held to them all the same."""

from datetime import date
from unittest.mock import patch
from uuid import uuid4

from django.db import Error, IntegrityError, InternalError, connection, transaction
from django.db.models import Model
from django.test import TestCase

from agencies import copying
from agencies.ingest.recording_rows import GRANT, STATEMENT
from agencies.models import Alias, Capture, RecordChange, SharingLink, SharingStatement, Statement
from agencies.tests import factories as make

NOTHING = 987_654_321
"""A key that no row has."""


def may_check_together(model: type[Model], role: str = "") -> bool:
    """Tell whether keys of new rows are checked together, by a role that may only read where one is named."""
    with transaction.atomic(), connection.cursor() as cursor:
        if role:
            cursor.execute(f"CREATE ROLE {role}")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
            cursor.execute(f"SET LOCAL ROLE {role}")
        may = copying._put_checks_aside(model)
        transaction.set_rollback(True)
    return may


class CopyNewTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.grant = make.make_grant(make.make_agency(), make.make_agency("Dublin Police Department"))

    def setUp(self) -> None:
        if not may_check_together(Statement):
            self.skipTest("the role of these tests may not put foreign keys' triggers aside")
        self.enterContext(patch.object(copying, "MANY", 1))

    def copy_grant(self, later: copying.KeysLater | None = None, /, **other: int) -> int:
        """Copy a statement and its payload; return the key. `other` are columns that hold something else."""
        told, (pk,) = self.grant, copying.reserve_ids(Statement, 1)
        values = {"capture_id": told.statement.capture_id, "run_id": told.statement.run_id, "statement_id": pk}
        values |= {name: getattr(told, name) for name in GRANT[1:4]} | other
        said = (pk, uuid4().hex, "sharing", values["capture_id"], values["run_id"], date(2026, 5, 1), "Dublin", "row 1")
        payload = [*(values[name] for name in GRANT[:4]), "active"]
        copying.copy_new(Statement, STATEMENT, copying.packed(["\t".join(map(copying.cell, said))]), [pk], later=later)
        granted = copying.packed(["\t".join(map(copying.cell, payload))])
        copying.copy_new(SharingStatement, GRANT, granted, [values["statement_id"]], later=later)
        return int(pk)

    def test_rows_are_written(self) -> None:
        pk = self.copy_grant()
        self.assertEqual(Statement.objects.get(pk=pk).sharing.grantee_alias_id, self.grant.grantee_alias_id)

    def test_a_key_that_points_at_nothing_is_refused_together_or_one_by_one(self) -> None:
        columns = ("capture_id", "run_id", "statement_id", "sharing_list_id", "grantor_alias_id", "grantee_alias_id")
        for many in (1, 100):
            for column in columns:
                with (
                    self.subTest(column, many=many),
                    patch.object(copying, "MANY", many),
                    self.assertRaises(IntegrityError),
                    transaction.atomic(),
                    copying.checked_at_once(),
                ):
                    self.copy_grant(**{column: NOTHING})

    def test_keys_that_are_checked_later_are_all_checked(self) -> None:
        columns = ("capture_id", "run_id", "statement_id", "sharing_list_id", "grantor_alias_id", "grantee_alias_id")
        for column in columns:
            with (
                self.subTest(column),
                self.assertRaises(IntegrityError),
                transaction.atomic(),
                copying.keys_checked_later() as later,
            ):
                self.copy_grant(later)
                self.copy_grant(later, **{column: NOTHING})
                self.copy_grant(later)
                self.assertEqual(Statement.objects.count(), 4)
        with copying.keys_checked_later() as later:
            self.copy_grant(later)
        self.assertEqual(SharingStatement.objects.count(), 2)

    def test_missing_half_is_found_where_keys_were_left_out(self) -> None:
        """Keys that nobody used lie between: then the halves are compared one by one."""
        with copying.keys_checked_later() as later:
            self.copy_grant(later)
            copying.reserve_ids(Statement, 3)
            self.copy_grant(later)
        with self.assertRaises(IntegrityError), transaction.atomic(), copying.keys_checked_later() as later:
            self.copy_grant(later)
            unused, _ = copying.reserve_ids(Statement, 2)
            self.copy_grant(later, statement_id=unused)

    def test_error_of_the_block_is_raised_before_keys_are_checked(self) -> None:
        with self.assertRaises(KeyError), transaction.atomic(), copying.keys_checked_later() as later:
            self.copy_grant(later, capture_id=NOTHING)
            raise KeyError

    def test_row_pointed_at_is_held_against_removal(self) -> None:
        alias = make.make_alias("Brea PD")
        self.copy_grant(grantee_alias_id=alias.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmax <> '0'::xid FROM agencies_alias WHERE id = %s", [alias.pk])
            self.assertEqual(cursor.fetchone(), (True,))
        with self.assertRaises(Error), transaction.atomic():
            Alias.objects.filter(pk=alias.pk)._raw_delete(using="default")
            connection.check_constraints()

    def test_triggers_are_back_once_rows_are_written(self) -> None:
        pk = self.copy_grant()
        with self.assertRaises(InternalError), transaction.atomic():
            Statement.objects.filter(pk=pk).update(printed="other")

    def test_plans_are_as_before_once_rows_are_written(self) -> None:
        for usual in ("on", "off"):
            with self.subTest(usual), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL enable_seqscan = {usual}")
                self.copy_grant()
                cursor.execute("SHOW enable_seqscan")
                self.assertEqual(cursor.fetchone(), (usual,))

    def test_other_refusals_stay(self) -> None:
        said = copying.reserve_ids(Statement, 1)
        with self.assertRaises(IntegrityError), transaction.atomic():
            line = f"{said[0]}\t{self.grant.statement.uuid.hex}\tsharing\t1\t1\t2026-05-01\t\t"
            copying.copy_new(Statement, STATEMENT, copying.packed([line]), said)

    def test_plain_role_has_keys_checked_one_by_one(self) -> None:
        self.assertFalse(may_check_together(Statement, role="atlas_test_plain"))

    def test_table_with_a_trigger_of_its_own_for_new_rows_keeps_it(self) -> None:
        self.assertTrue(may_check_together(SharingLink))
        self.assertFalse(may_check_together(Capture))

    def test_a_trigger_that_is_always_enabled_runs_all_the_same(self) -> None:
        self.assertTrue(may_check_together(Statement))
        RecordChange.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL atlas.change_noted = ''")
        self.copy_grant()
        self.assertEqual(RecordChange.objects.count(), 1)

    def test_reserved_keys_ascend(self) -> None:
        keys = copying.reserve_ids(Statement, 3)
        self.assertEqual(list(keys), sorted(set(keys)))
        self.assertEqual(len(keys), 3)
        self.assertEqual(list(copying.reserve_ids(Statement, 0)), [])

    def test_reserved_keys_are_nobody_elses_where_others_lie_between(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [Statement._meta.db_table])
            cursor.execute(f"ALTER SEQUENCE {cursor.fetchone()[0]} INCREMENT BY 3")
        keys = copying.reserve_ids(Statement, 3)
        self.assertEqual(list(keys), [keys[0], keys[0] + 3, keys[0] + 6])


class CopyLinesTests(TestCase):
    def test_rows_are_those_that_bulk_create_makes(self) -> None:
        """Texts with a backslash, a tab, a line break; a date that the database works out; a time that Django sets."""
        source = make.make_source()

        def captures() -> list[Capture]:
            texts = ("C:\\new", "a\tb", "a\nb", r"\N", "")
            days = (date(2026, 4, 23), None)
            return [
                Capture(source=source, uuid=uuid4(), url=text, kept_text=text, published_on=day, retrieved_on=days[0])
                for text in texts
                for day in days
            ]

        copied, created = captures(), captures()
        lines = [f"{source.pk}\t{copying.line_of(row, ['source'])}" for row in copied]
        keys = copying.copy_lines(Capture, lines, ["source"])
        Capture.objects.bulk_create(created)
        columns = ("url", "kept_text", "published_on", "retrieved_on", "observed_on", "bytes_kept")
        for pk, one, other in zip(keys, copied, created, strict=True):
            row = Capture.objects.get(pk=pk)
            self.assertEqual((row.uuid, row.source), (one.uuid, source))
            self.assertIsNotNone(row.created_at)
            self.assertEqual(*(Capture.objects.values_list(*columns).get(pk=key) for key in (pk, other.pk)))

    def test_none_is_nothing_to_do(self) -> None:
        with self.assertNumQueries(0):
            self.assertEqual(list(copying.copy_lines(Capture, [])), [])

    def test_row_that_points_at_nothing_is_refused(self) -> None:
        row = Capture(source_id=NOTHING, uuid=uuid4(), url="https://example.org", retrieved_on=date(2026, 4, 23))
        with self.assertRaises(IntegrityError), transaction.atomic(), copying.checked_at_once():
            copying.copy_lines(Capture, [copying.line_of(row)])
