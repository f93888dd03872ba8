"""The matcher over names on record: what it may decide, and what it never touches."""

from io import StringIO
from unittest import mock

from django.core.management import call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from agencies.matching import machine
from agencies.matching.decide import decide
from agencies.matching.matcher import VERSION
from agencies.matching.parse import ParsedName
from agencies.matching.rematch import rematch
from agencies.matching.verdict import Candidate, Verdict
from agencies.models import Agency, Alias, MatchDecision, SharingLink
from agencies.network.rebuild import rebuild_links
from agencies.tests import factories as make
from agencies.tests.snapshots import public_record


def candidate(agency: Agency, score: float = 0.99) -> Candidate:
    """Return an agency as a candidate."""
    values = (agency.slug, agency.name, agency.ori or "", agency.state, agency.kind, "", score)
    return Candidate(agency.pk, *values, {"exact": 1.0})


class StubMatcher:
    """A matcher that answers what it was told, and "review" for any other name."""

    def __init__(self, **verdicts: tuple[str, Agency | None]) -> None:
        self.verdicts = verdicts
        self.asked: list[tuple[str, str]] = []

    def match(self, name: str, *, context_state: str = "", city: str = "", state: str = "") -> Verdict:
        """Return the verdict."""
        self.asked.append((name, context_state))
        decision, agency = self.verdicts.get(name, ("review", None))
        found = candidate(agency) if agency else None
        accepted = found if decision == "accepted" else None
        return Verdict(decision, f"test: {decision}", ParsedName(text=name), accepted, (found,) if found else ())


class RematchTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make.make_editor()
        cls.city = make.make_agency("City Police Department")
        cls.town = make.make_agency("Town Police Department")
        cls.alias = make.make_grant(cls.town, cls.city).grantee_alias
        Alias.objects.filter(pk=cls.alias.pk).update(printed_name="X", decision=None)
        rebuild_links()

    def rematch(self, decision: str = "review", agency: Agency | None = None, dry_run: bool = False) -> dict[str, int]:
        with mock.patch("agencies.matching.rematch.current_matcher", return_value=StubMatcher(X=(decision, agency))):
            return dict(rematch(dry_run=dry_run))

    def in_force(self) -> MatchDecision | None:
        return Alias.objects.select_related("decision").get(pk=self.alias.pk).decision

    def machine(self, outcome: str = "matched", agency: Agency | None = None, **values: object) -> None:
        """Put an older decision of the machine in force."""
        made = MatchDecision.objects.create(
            alias=self.alias,
            outcome=outcome,
            agency=agency,
            reason="older",
            **{"method": "scored", "matcher_version": "older", **values},
        )
        Alias.objects.filter(pk=self.alias.pk).update(decision=made)
        rebuild_links()


class RematchTests(RematchTestCase):
    def test_accepted_name_gets_an_explained_decision_and_its_links(self) -> None:
        self.assertEqual(self.rematch("accepted", self.city), {"matched": 1, "links new": 1})
        decision = self.in_force()
        self.assertEqual((decision.agency, decision.method, decision.score), (self.city, "scored", 0.99))
        self.assertEqual((decision.matcher_version, decision.decided_by), (VERSION, None))
        self.assertEqual(
            [(row["slug"], row["features"]) for row in decision.candidates], [(self.city.slug, {"exact": 1.0})]
        )
        self.assertEqual(SharingLink.objects.get().grantee, self.city)

    def test_account_of_no_agency_is_said_to_be_none(self) -> None:
        self.assertEqual(self.rematch("not_agency"), {"not_agency": 1})
        self.assertEqual((self.in_force().outcome, self.in_force().method), ("not_agency", "scored"))

    def test_doubtful_name_is_left_to_a_person(self) -> None:
        for decision in ("review", "ambiguous"):
            self.assertEqual(self.rematch(decision, self.city), {})
            self.assertIsNone(self.in_force())

    def test_older_decision_of_the_machine_is_made_anew(self) -> None:
        self.machine(agency=self.city)
        self.assertEqual(self.rematch("accepted", self.city), {"matched": 1})
        self.assertEqual(self.in_force().matcher_version, VERSION)

    def test_older_match_that_no_longer_holds_is_ambiguous_and_loses_its_links(self) -> None:
        self.machine(agency=self.city)
        self.assertEqual(self.rematch("review", self.city), {"ambiguous": 1, "links removed": 1})
        self.assertEqual((self.in_force().outcome, self.in_force().reason), ("ambiguous", "test: review"))
        self.assertFalse(SharingLink.objects.exists())

    def test_own_newest_decision_is_not_made_twice(self) -> None:
        for verdict in (("accepted", self.city), ("not_agency", None), ("review", None)):
            with self.subTest(verdict[0]):
                self.machine(agency=self.town)
                self.rematch(*verdict)
                before, rows = public_record(), MatchDecision.objects.count()
                self.assertEqual(self.rematch(*verdict), {})
                self.assertEqual((public_record(), MatchDecision.objects.count()), (before, rows))

    def test_person_and_hand_file_are_never_overridden(self) -> None:
        for values in ({"method": "hand", "matcher_version": ""}, {"decided_by": self.editor}):
            with self.subTest(**values):
                self.machine(agency=self.town, **values)
                self.assertEqual(self.rematch("accepted", self.city), {})
        self.machine("rejected", self.city, method="hand", matcher_version="")
        self.assertEqual(self.rematch("accepted", self.city), {})

    def test_rejected_agency_is_never_accepted_whatever_followed(self) -> None:
        decide(self.alias, outcome="rejected", agency=self.city, reason="test", user=self.editor)
        self.machine(agency=self.town)
        self.assertEqual(self.rematch("accepted", self.city)["ambiguous"], 1)
        self.assertIn("not City Police Department", self.in_force().reason)
        Alias.objects.filter(pk=self.alias.pk).update(decision=None)
        self.assertEqual(self.rematch("accepted", self.city), {})

    def test_withheld_name_stays_withheld(self) -> None:
        with override_settings(DATA_DIR=make.withheld_folder(self, "X")):
            self.assertEqual(self.rematch("accepted", self.city), {"person": 1})
            self.assertEqual(self.in_force().outcome, "person")
            self.assertEqual(self.rematch("accepted", self.city), {})

    def test_persons_name_of_one_list_is_withheld_in_the_next(self) -> None:
        make.make_decision(make.make_alias("X", state="NV"), outcome="person")
        self.assertEqual(self.rematch("accepted", self.city), {"person": 1})

    def test_dry_run_says_the_same_and_keeps_nothing(self) -> None:
        before = public_record()
        would = self.rematch("accepted", self.city, dry_run=True)
        self.assertEqual((public_record(), MatchDecision.objects.filter(alias=self.alias).count()), (before, 1))
        self.assertEqual(self.rematch("accepted", self.city), would)

    def test_matcher_hears_the_state_of_the_document(self) -> None:
        stub = StubMatcher()
        with mock.patch("agencies.matching.rematch.current_matcher", return_value=stub):
            rematch()
        self.assertEqual(stub.asked, [("X", "CA")])

    def test_number_of_queries_does_not_grow_with_names(self) -> None:
        stub = StubMatcher(**{f"Y{number}": ("accepted", self.city) for number in range(4)})
        counts = []
        for numbers in ([0], [1, 2, 3]):
            for number in numbers:
                make.make_alias(f"Y{number}")
            with (
                mock.patch("agencies.matching.rematch.current_matcher", return_value=stub),
                CaptureQueriesContext(connection) as queries,
            ):
                self.assertEqual(rematch()["matched"], len(numbers))
            counts.append(len(queries))
        self.assertEqual(counts[0], counts[1])


class CommandTests(RematchTestCase):
    def run_command(self, *arguments: str) -> str:
        out = StringIO()
        with mock.patch(
            "agencies.matching.rematch.current_matcher", return_value=StubMatcher(X=("accepted", self.city))
        ):
            call_command("rematch_names", *arguments, stdout=out)
        return out.getvalue()

    def test_dry_run_then_run_then_nothing_left(self) -> None:
        self.assertIn("Would change: links new: 1, matched: 1", self.run_command("--dry-run"))
        said = self.run_command()
        self.assertIn("1 of 1 names weighed, 1 decided", said)
        self.assertIn("\nlinks new: 1, matched: 1", said)
        self.assertIn("nothing to change", self.run_command())


class CurrentMatcherTests(TestCase):
    """One matcher a process, loaded anew when the registry has changed."""

    def test_it_is_loaded_again_only_after_a_change(self) -> None:
        city, town = make.make_agency("City PD"), make.make_agency("Town PD")
        first = machine.current_matcher()
        self.assertIs(machine.current_matcher(), first)
        for change in (
            lambda: make.make_agency("New PD"),
            lambda: Agency.objects.filter(pk=city.pk).update(name="City Police Department"),
            lambda: Agency.objects.filter(pk=city.pk).update(merged_into=town),
            lambda: make.make_serving(town, make.make_place()),
            lambda: Agency.objects.get(name="New PD").delete(),
        ):
            change()
            second = machine.current_matcher()
            self.assertIsNot(second, first)
            first = second

    def test_it_matches_with_the_real_matcher(self) -> None:
        city = make.make_agency("Union City Police Department", state="CA")
        alias = make.make_alias("Union City CA PD")
        self.assertEqual(rematch()["matched"], 1)
        alias.refresh_from_db()
        self.assertEqual(alias.decision.agency, city)

    def test_a_name_is_not_weighed_again_until_the_registry_changes(self) -> None:
        city = make.make_agency("Union City Police Department", state="CA")
        alias = make.make_alias("Union City CA PD")
        self.assertEqual(
            machine.current_matcher().match(alias.printed_name, context_state=alias.state).agency.agency, city.pk
        )
        with mock.patch("agencies.matching.matcher.parse", side_effect=AssertionError("weighed again")):
            (decision,) = machine.machine_decisions([alias], machine.current_matcher())
        self.assertEqual(decision.agency, city)
        Agency.objects.filter(pk=city.pk).update(state="NV")
        self.assertEqual(machine.machine_decisions([alias], machine.current_matcher()), [])
