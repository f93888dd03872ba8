"""What is read of the record to make changes: names once, withdrawn lines never, nothing that is not asked."""

from unittest.mock import patch

from django.test import TestCase

from agencies.history import names as names_module
from agencies.history import rebuild
from agencies.history.names import Names
from agencies.history.rebuild import rebuild_changes, refresh_changes
from agencies.models import Change, SharingList, SharingStatement, Statement, Withdrawal, WithdrawalLift
from agencies.network.withdrawn import Withdrawn
from agencies.tests.factories import make_alias, make_source, make_statement
from agencies.tests.history_factories import OWNER, april, make_copy, told


class NameTests(TestCase):
    """Names that are kept from one batch of sources to the next."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.aliases = [make_alias("Brea CA PD"), make_alias("Brea CA PD", state="NV"), make_alias("Chico CA PD")]
        cls.ids = [alias.pk for alias in cls.aliases]

    def test_name_is_read_once(self) -> None:
        names = Names()
        with self.assertNumQueries(1):
            names.load(self.ids)
        with self.assertNumQueries(0):
            names.load(self.ids[1:])
        self.assertEqual([names[pk].printed for pk in self.ids], ["Brea CA PD", "Brea CA PD", "Chico CA PD"])
        self.assertEqual([names[pk].uuid for pk in self.ids], [str(alias.uuid) for alias in self.aliases])

    def test_namesakes_are_those_of_another_context(self) -> None:
        names = Names()
        names.load(self.ids)
        self.assertEqual(names.namesakes(self.ids[:1]), set(self.ids[:2]))
        self.assertEqual(names.namesakes(self.ids[2:]), set(self.ids[2:]))

    def test_all_that_is_asked_is_there_though_more_is_not_kept(self) -> None:
        names = Names()
        with patch.object(names_module, "KEPT", 2):
            names.load(self.ids[:2])
            names.load(self.ids[1:])
        self.assertEqual((sorted(names), names.namesakes(self.ids[1:])), (self.ids[1:], set(self.ids[1:])))


class WithdrawnTests(TestCase):
    """Lines that were withdrawn while their list stands."""

    def add_line(self, sharing_list: SharingList, name: str) -> Statement:
        """Have a later import find one more line on a list."""
        near, far = make_alias(OWNER), make_alias(name)
        grantor, grantee = (far, near) if sharing_list.stream.reported_by == "grantee" else (near, far)
        statement = make_statement("sharing", sharing_list.capture)
        SharingStatement.objects.create(
            statement=statement, sharing_list=sharing_list, grantor_alias=grantor, grantee_alias=grantee
        )
        return statement

    def test_line_withdrawn_by_itself_or_with_a_later_import_comes_back_when_that_is_lifted(self) -> None:
        for side in ("grantor", "grantee"):
            make_copy(april(1), ["Albany CA PD"], reported_by=side)
            second = make_copy(april(8), ["Albany CA PD"], reported_by=side)
            statement = self.add_line(second, "Brea CA PD")
            rebuild_changes()
            for target in ({"run": statement.run}, {"statement": statement}):
                with self.subTest(side, target=target.keys()):
                    withdrawal = Withdrawal.objects.create(**target, kind="error", reason="a test says so")
                    self.assertEqual(rebuild_changes()["removed"], 1)
                    self.assertEqual(told(stream=second.stream), [])
                    WithdrawalLift.objects.create(withdrawal=withdrawal, reason="a test says so")
                    self.assertEqual(rebuild_changes()["new"], 1)
                    self.assertEqual(
                        [row[:3] for row in told(stream=second.stream)], [(april(8), "added", "Brea CA PD")]
                    )

    def test_only_what_can_touch_a_standing_list_is_looked_for(self) -> None:
        self.assertEqual(Withdrawn.read(), Withdrawn())
        first = make_copy(april(1), ["Albany CA PD"])
        statement = self.add_line(first, "Brea CA PD")
        of_capture = Withdrawal.objects.create(capture=first.capture, kind="error", reason="a test says so")
        self.assertEqual(Withdrawn.read(), Withdrawn(has_captures=True))
        WithdrawalLift.objects.create(withdrawal=of_capture, reason="a test says so")
        Withdrawal.objects.create(run=statement.run, kind="error", reason="a test says so")
        self.assertEqual(Withdrawn.read(), Withdrawn(frozenset({statement.run.pk})))
        Withdrawal.objects.create(statement=statement, kind="error", reason="a test says so")
        self.assertEqual(Withdrawn.read(), Withdrawn(frozenset({statement.run.pk}), has_statements=True))


class BatchTests(TestCase):
    """Sources are read some at a time."""

    def test_batches_and_writes_of_any_size_give_the_same_changes(self) -> None:
        sources = [make_source(f"portal-{number}") for number in range(3)]
        for number, source in enumerate(sources):
            make_copy(april(1), ["Albany CA PD", "Brea CA PD"], source=source)
            make_copy(april(8), ["Brea CA PD", "Chico CA PD", f"Davis CA PD {number}"], source=source)
        rebuild_changes()
        at_once = set(Change.objects.values_list("uuid", flat=True))
        self.assertEqual(len(at_once), 9)
        Change.objects.all().delete()
        with patch.object(rebuild, "AT_A_TIME", 1), patch.object(rebuild, "BATCH", 2):
            self.assertEqual(rebuild_changes(), {"new": 9})
        self.assertEqual(set(Change.objects.values_list("uuid", flat=True)), at_once)
        self.assertEqual(Change.objects.values("noted_at").distinct().count(), 1)

    def test_source_of_one_copy_is_not_read(self) -> None:
        first = make_copy(april(1), ["Albany CA PD"])
        with self.assertNumQueries(4):  # the lock, the sources, and a savepoint about both
            refresh_changes([first.capture.source_id])
