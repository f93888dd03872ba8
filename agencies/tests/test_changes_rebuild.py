"""Changes follow from statements: what is written, what stays, what ends nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from agencies.history.facts import REGISTERS
from agencies.history.rebuild import rebuild_changes, refresh_changes, sources_naming
from agencies.ingest.ice_287g import PARTICIPATING, PENDING
from agencies.models import (
    Change,
    ListConfirmation,
    SharingList,
    SharingStatement,
    Source,
    Withdrawal,
    WithdrawalLift,
)
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_decision,
    make_fact,
    make_source,
    make_statement,
)
from agencies.tests.history_factories import OWNER, april, make_copy, told


class ListTests(TestCase):
    """Changes of lists."""

    def test_names_that_came_and_went_name_both_copies(self) -> None:
        first = make_copy(april(1), ["Albany CA PD", "Brea CA PD"])
        second = make_copy(april(8), ["Brea CA PD", "Chico CA PD"])
        self.assertEqual(rebuild_changes(), {"new": 2})
        added, removed = Change.objects.order_by("kind")
        self.assertEqual((added.kind, added.name.printed_name), ("added", "Chico CA PD"))
        self.assertEqual((removed.kind, removed.name.printed_name), ("removed", "Albany CA PD"))
        for change in (added, removed):
            self.assertEqual((change.before, change.capture), (first.capture, second.capture))
            self.assertEqual((change.stream, change.about.printed_name), (second.stream, OWNER))
            self.assertEqual((change.observed_on, change.network), (april(8), second.stream.network))

    def test_list_of_who_gives_access_names_the_givers(self) -> None:
        make_copy(april(1), ["Albany CA PD"], reported_by="grantee")
        make_copy(april(8), ["Brea CA PD"], reported_by="grantee")
        rebuild_changes()
        self.assertEqual(set(Change.objects.values_list("about__printed_name", flat=True)), {OWNER})
        self.assertEqual([row[2] for row in told(kind="removed")], ["Albany CA PD"])

    def test_empty_list_between_two_ends_nothing_by_itself(self) -> None:
        make_copy(april(1), ["Albany CA PD", "Brea CA PD"])
        make_copy(april(8), completeness="empty")
        make_copy(april(15), ["Brea CA PD"])
        rebuild_changes()
        self.assertEqual(
            told(),
            [
                (april(15), "removed", "Albany CA PD", None, None, None),
                (april(8), "list_empty", None, None, 2, None),
            ],
        )
        self.assertEqual(Change.objects.get(kind="removed").before.observed_on, april(1))

    def test_confirmed_empty_list_ends_names_until_the_word_is_taken_back(self) -> None:
        make_copy(april(1), ["Albany CA PD"])
        empty = make_copy(april(8), completeness="none")
        rebuild_changes()
        for is_confirmed, kinds in ((True, {"list_empty", "removed"}), (False, {"list_empty"})):
            ListConfirmation.objects.create(sharing_list=empty, is_confirmed=is_confirmed, reason="a test says so")
            rebuild_changes()
            self.assertEqual(set(Change.objects.values_list("kind", flat=True)), kinds)

    def test_extract_gives_nothing(self) -> None:
        make_copy(april(1), ["Albany CA PD"])
        make_copy(april(8), ["Brea CA PD"], completeness="extract")
        self.assertEqual(rebuild_changes(), {})

    def test_copies_of_one_day_are_not_held_against_each_other(self) -> None:
        make_copy(april(1), ["Albany CA PD"])
        make_copy(april(1), ["Brea CA PD"])
        self.assertEqual(rebuild_changes(), {})

    def test_copies_of_two_lists_are_not_held_against_each_other(self) -> None:
        make_copy(april(1), ["Albany CA PD"])
        make_copy(april(8), ["Brea CA PD"], reported_by="grantee")
        make_copy(april(8), ["Chico CA PD"], source=make_source("another"))
        self.assertEqual(rebuild_changes(), {})

    def test_owner_printed_otherwise_changes_no_name(self) -> None:
        make_copy(april(1), ["Albany CA PD"], owner="Union City PD")
        make_copy(april(8), ["Albany CA PD"])
        self.assertEqual(rebuild_changes(), {})

    def test_list_of_a_third_party_is_held_against_itself_pair_by_pair(self) -> None:
        first = make_copy(april(1), ["Albany CA PD"], reported_by="third_party")
        second = make_copy(april(8), ["Albany CA PD"], reported_by="third_party")
        self.grant(first, "Brea CA PD", "Chico CA PD")
        self.grant(second, "Brea CA PD", "Albany CA PD")
        rebuild_changes()
        rows = Change.objects.values_list("kind", "about__printed_name", "name__printed_name")
        self.assertEqual(set(rows), {("removed", "Brea CA PD", "Chico CA PD"), ("added", "Brea CA PD", "Albany CA PD")})

    def grant(self, sharing_list: SharingList, grantor: str, grantee: str) -> None:
        """Add a line to a list."""
        SharingStatement.objects.create(
            statement=make_statement("sharing", sharing_list.capture),
            sharing_list=sharing_list,
            grantor_alias=make_alias(grantor),
            grantee_alias=make_alias(grantee),
        )


class StandingTests(TestCase):
    """Ids, the time of noting, withdrawals."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.lists = [
            make_copy(april(1), ["Albany CA PD", "Brea CA PD"]),
            make_copy(april(8), ["Brea CA PD"]),
            make_copy(april(15), ["Brea CA PD", "Chico CA PD"]),
        ]
        rebuild_changes()

    def rows(self) -> list[tuple[Any, ...]]:
        """Return all that stands."""
        return list(Change.objects.order_by("pk").values_list("pk", "uuid", "noted_at"))

    def test_rebuilding_writes_nothing(self) -> None:
        before = self.rows()
        self.assertEqual(rebuild_changes(), {"same": 2})
        self.assertEqual(self.rows(), before)

    def test_ids_are_the_same_when_rebuilt_from_nothing(self) -> None:
        before = {row[1] for row in self.rows()}
        Change.objects.all().delete()
        self.assertEqual(rebuild_changes(), {"new": 2})
        self.assertEqual({row[1] for row in self.rows()}, before)

    def test_withdrawn_copy_is_left_out_and_comes_back(self) -> None:
        before = set(told())
        withdrawal = Withdrawal.objects.create(capture=self.lists[1].capture, kind="error", reason="a test says so")
        self.assertEqual(rebuild_changes(), {"new": 2, "removed": 2})
        self.assertEqual(
            {row[:3] for row in told()}, {(april(15), "added", "Chico CA PD"), (april(15), "removed", "Albany CA PD")}
        )

        WithdrawalLift.objects.create(withdrawal=withdrawal, reason="a test says so")
        rebuild_changes()
        self.assertEqual(set(told()), before)

    def test_withdrawn_import_is_left_out(self) -> None:
        Withdrawal.objects.create(run=self.lists[2].run, kind="rolled_back", reason="a test says so")
        self.assertEqual(rebuild_changes(), {"same": 1, "removed": 1})

    def test_withdrawn_statement_is_left_out(self) -> None:
        statement = self.lists[2].grants.get(grantee_alias__printed_name="Chico CA PD").statement
        Withdrawal.objects.create(statement=statement, kind="error", reason="a test says so")
        self.assertEqual(rebuild_changes(), {"same": 1, "removed": 1})

    def test_list_all_of_whose_lines_are_withdrawn_ends_nothing(self) -> None:
        for grant in self.lists[1].grants.all():
            Withdrawal.objects.create(statement=grant.statement, kind="error", reason="a test says so")
        rebuild_changes()
        self.assertNotIn("removed", {row[1] for row in told()})

    def test_other_sources_are_left_alone(self) -> None:
        other = make_source("another")
        make_copy(april(1), ["Albany CA PD"], source=other)
        make_copy(april(8), ["Brea CA PD"], source=other)
        self.assertEqual(refresh_changes([self.lists[0].capture.source_id]), {"same": 2})
        self.assertEqual(refresh_changes([other.pk]), {"new": 2})
        self.assertEqual(refresh_changes([]), {})

    def test_query_count_does_not_grow_with_copies_and_sources(self) -> None:
        with self.assertNumQueries(10):
            rebuild_changes()
        other = make_source("another")
        for day in range(1, 8):
            make_copy(april(day), ["Brea CA PD"], source=other)
        with self.assertNumQueries(10):
            rebuild_changes()


class NameTests(TestCase):
    """Names printed otherwise, and marks."""

    def test_decision_makes_two_prints_one_body(self) -> None:
        make_copy(april(1), ["Los Gatos Monte Sereno PD - CA"])
        make_copy(april(8), ["Town of Los Gatos CA"])
        rebuild_changes()
        self.assertEqual({row[1] for row in told()}, {"added", "removed"})
        agency = make_agency("Los Gatos Police Department")
        names = [make_alias(name, agency) for name in ("Los Gatos Monte Sereno PD - CA", "Town of Los Gatos CA")]
        refresh_changes(sources_naming([names[0].pk]))
        expected = (april(8), "renamed", "Los Gatos Monte Sereno PD - CA", "Town of Los Gatos CA", None, None)
        self.assertEqual(told(), [expected])

    def test_mark_is_told_with_both_states(self) -> None:
        make_copy(april(1), ["Brea CA PD", "Chico CA PD"])
        make_copy(april(8), {"Brea CA PD": "inactive", "Chico CA PD [turned off]": "turned_off"})
        rebuild_changes()
        self.assertEqual(
            told(),
            [
                (april(8), "marked", "Brea CA PD", None, "active", "inactive"),
                (april(8), "marked", "Chico CA PD", "Chico CA PD [turned off]", "active", "turned_off"),
            ],
        )

    def test_rejected_agency_is_no_match(self) -> None:
        agency = make_agency()
        for day, name in ((1, "One Name"), (8, "Another Name")):
            make_decision(make_alias(name), "rejected", agency)
            make_copy(april(day), [name])
        rebuild_changes()
        self.assertEqual({row[1] for row in told()}, {"added", "removed"})


class FactTests(TestCase):
    """Changes of published facts."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()

    def tell(self, day: date, source: Source | None = None, agency: Any = None, **facts: Any) -> None:
        """State facts in a capture of a day; None: not published."""
        capture = make_capture(source or make_source(), day)
        for field, value in facts.items():
            knowledge = "not_published" if value is None else "known"
            make_fact(agency or self.police, field, value, capture, knowledge=knowledge)

    def facts(self) -> list[tuple[Any, ...]]:
        """Return changes of facts."""
        columns = ("observed_on", "before__observed_on", "field", "old_value", "new_value")
        return sorted(Change.objects.filter(kind="fact").values_list(*columns), key=str)

    def test_value_and_knowledge_that_differ_are_told(self) -> None:
        self.tell(april(1), retention_days=365, cameras=10)
        self.tell(april(8), retention_days=30, cameras=10)
        self.tell(april(15), retention_days=None, cameras=10)
        rebuild_changes()
        self.assertEqual(
            self.facts(),
            [(april(15), april(8), "retention_days", 30, None), (april(8), april(1), "retention_days", 365, 30)],
        )

    def test_fact_is_held_against_the_copy_that_held_it_last(self) -> None:
        self.tell(april(1), retention_days=365)
        self.tell(april(8), cameras=10)
        self.tell(april(15), retention_days=30)
        rebuild_changes()
        self.assertEqual(self.facts(), [(april(15), april(1), "retention_days", 365, 30)])

    def test_figures_of_the_last_month_are_no_news(self) -> None:
        self.tell(april(1), vehicles_30d=1, searches_30d=1, hotlist_hits_30d=1, unique_vehicles_30d=1)
        self.tell(april(8), vehicles_30d=2, searches_30d=2, hotlist_hits_30d=2, unique_vehicles_30d=2)
        self.assertEqual(rebuild_changes(), {})

    def test_registers_are_those_that_the_importer_makes(self) -> None:
        self.assertEqual(REGISTERS, {PARTICIPATING.slug, PENDING.slug})

    def test_entry_that_a_register_no_longer_holds_is_told_and_one_of_an_index_is_not(self) -> None:
        other = make_agency("Fremont Police Department")
        agreement = [{"model": "task force model"}]
        for slug in (PARTICIPATING.slug, "ice-287g-memoranda"):
            source = make_source(slug, kind="dataset")
            first, second = make_capture(source, april(1)), make_capture(source, april(8))
            make_fact(self.police, "agreements_287g", agreement, first)
            make_fact(other, "agreements_287g", agreement, second)
        rebuild_changes()
        self.assertEqual(
            self.facts(),
            [
                (april(8), april(1), "agreements_287g", None, agreement),
                (april(8), april(1), "agreements_287g", agreement, None),
            ],
        )

    def test_register_without_any_entry_ends_nothing(self) -> None:
        source = make_source(PENDING.slug, kind="dataset")
        make_fact(self.police, "agreements_287g", ["pending"], make_capture(source, april(1)))
        make_capture(source, april(8))
        self.assertEqual(rebuild_changes(), {})

    def test_withdrawn_fact_is_left_out(self) -> None:
        self.tell(april(1), retention_days=365)
        fact = make_fact(self.police, "retention_days", 30, make_capture(make_source(), april(8)))
        Withdrawal.objects.create(statement=fact.statement, kind="error", reason="a test says so")
        self.assertEqual(rebuild_changes(), {})


NAMES = ("Alma CA PD", "Brea CA PD", "Chico CA PD", "Davis CA PD", "Eureka CA PD")
KINDS = st.sampled_from(["complete", "complete", "complete", "empty", "none", "absent", "extract"])
STATUSES = st.sampled_from(["active", "inactive"])
COPY = st.tuples(st.integers(1, 9), KINDS, st.dictionaries(st.sampled_from(NAMES), STATUSES, min_size=1), st.booleans())


def by_reading(copies: list[tuple[int, str, Mapping[str, str], bool]]) -> set[tuple[Any, ...]]:
    """Say what a person finds who reads the copies of a list one after the other; one copy a day."""
    found: set[tuple[Any, ...]] = set()
    for day, kind, names, confirmed in copies:
        earlier = [copy for copy in copies if copy[0] < day and copy[1] != "extract"]
        whole = [copy for copy in earlier if copy[1] == "complete" or (copy[1] in ("empty", "none") and copy[3])]
        if kind == "extract" or not whole:
            continue
        before = max(whole, key=lambda copy: copy[0])
        old = before[2] if before[1] == "complete" else {}
        if kind != "complete" and max(earlier, key=lambda copy: copy[0])[1] == "complete":
            found.add((april(day), "list_absent" if kind == "absent" else "list_empty", None, None, len(old), None))
        if kind == "absent" or (kind != "complete" and not confirmed):
            continue
        new = names if kind == "complete" else {}
        found |= {(april(day), "removed", name, None, None, None) for name in old if name not in new}
        found |= {(april(day), "added", name, None, None, None) for name in new if name not in old}
        both = [name for name in old if name in new and old[name] != new[name]]
        found |= {(april(day), "marked", name, None, old[name], new[name]) for name in both}
    return found


class AnySequenceTests(PropertyTestCase):
    """Random copies of one list, imported in random order."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(COPY, max_size=7, unique_by=lambda copy: copy[0]), st.booleans())
    def test_changes_are_what_a_person_finds_by_reading(self, copies: list[Any], step_by_step: bool) -> None:
        source = make_source()
        for day, kind, names, confirmed in copies:
            held = names if kind in ("complete", "extract") else {}
            found = make_copy(april(day), held, source=source, completeness=kind)
            if confirmed:
                ListConfirmation.objects.create(sharing_list=found, is_confirmed=True, reason="a test says so")
            if step_by_step:
                refresh_changes([source.pk])
        rebuild_changes()
        self.assertEqual(set(told()), by_reading(copies))
        self.assertEqual(Change.objects.count(), len(by_reading(copies)))
