"""Changes of facts where several bodies share a printed name, or one body has several names."""

from datetime import date
from typing import Any
from unittest import TestCase as PlainTestCase

from django.test import TestCase

from agencies.history.counterparts import Key, counterparts
from agencies.history.drafts import Name
from agencies.history.rebuild import rebuild_changes
from agencies.ingest.ice_287g import PARTICIPATING
from agencies.models import Alias, Change, Fact
from agencies.tests.factories import make_agency, make_alias, make_capture, make_network, make_source, make_statement
from agencies.tests.history_factories import april

FIELD = "agreements_287g"
INDEX = "ice-287g-memoranda"


class FactsOfNamesTests(TestCase):
    """Copies that state facts of names, one after the other."""

    def tell(self, day: date, facts: dict[Alias, Any], slug: str = INDEX, **capture_values: Any) -> None:
        """State a fact of each name in a copy of a day."""
        capture = make_capture(make_source(slug, kind="dataset"), day, **capture_values)
        for alias, value in facts.items():
            statement = make_statement("fact", capture)
            Fact.objects.create(
                statement=statement, alias=alias, network=make_network(), field=FIELD, value=value, knowledge="known"
            )

    def told(self) -> list[tuple[Any, ...]]:
        """Return changes as (state of the name, old value, new value), after a rebuild."""
        rebuild_changes()
        return sorted(Change.objects.values_list("about__state", "old_value", "new_value"), key=str)

    def test_namesakes_of_two_states_that_stay_the_same_change_nothing(self) -> None:
        for slug in (INDEX, PARTICIPATING.slug):
            for matched in (False, True):
                with self.subTest(slug, matched=matched):
                    agencies = [make_agency(f"{state} {slug}", state) if matched else None for state in ("OK", "KS")]
                    aliases = [
                        make_alias(f"caney pd {slug} {matched}", agency, state)
                        for agency, state in zip(agencies, ("OK", "KS"), strict=True)
                    ]
                    for number in range(1, 20):
                        self.tell(april(number), {alias: alias.state for alias in aliases}, slug)
                    self.assertEqual(self.told(), [])

    def test_change_of_one_namesake_is_told_of_it_alone(self) -> None:
        oklahoma, kansas = (make_alias("caney pd", state=state) for state in ("OK", "KS"))
        self.tell(april(1), {oklahoma: "a", kansas: "b"})
        self.tell(april(8), {oklahoma: "a", kansas: "c"})
        self.assertEqual(self.told(), [("KS", "b", "c")])

    def test_name_whose_state_only_one_copy_prints_is_found_again(self) -> None:
        bare, kansas = make_alias("caney pd", state=""), make_alias("caney pd", state="KS")
        self.tell(april(1), {bare: "a"})
        self.tell(april(8), {kansas: "b"})
        self.tell(april(15), {bare: "c"})
        self.assertEqual(self.told(), [("", "b", "c"), ("KS", "a", "b")])

    def test_bare_name_that_could_be_either_of_two_is_neither(self) -> None:
        bare, oklahoma, kansas = (make_alias("caney pd", state=state) for state in ("", "OK", "KS"))
        self.tell(april(1), {bare: "a"})
        self.tell(april(8), {oklahoma: "b", kansas: "c"})
        self.assertEqual(self.told(), [])

    def test_agency_printed_otherwise_is_found_again_and_of_two_names_each_is_its_own(self) -> None:
        agency = make_agency()
        first, second, third = (make_alias(name, agency) for name in ("union city pd", "union city", "uc pd"))
        self.tell(april(1), {first: "a", second: "b"})
        self.tell(april(8), {first: "a", second: "b"})
        self.tell(april(15), {first: "a", third: "c"})
        self.assertEqual(self.told(), [("CA", "b", "c")])

    def test_agency_stays_on_a_register_while_one_of_its_names_is_there(self) -> None:
        agency = make_agency()
        first, second = make_alias("union city pd", agency), make_alias("union city", agency)
        self.tell(april(1), {first: "a", second: "b"}, PARTICIPATING.slug)
        self.tell(april(8), {first: "a"}, PARTICIPATING.slug)
        self.assertEqual(self.told(), [])
        self.tell(april(15), {make_alias("brea pd"): "a"}, PARTICIPATING.slug)
        self.assertEqual(self.told(), [("CA", "a", None), ("CA", None, "a")])

    def test_second_copy_of_a_day_tells_nothing_of_an_agency_that_the_first_names(self) -> None:
        agency = make_agency()
        first, second = make_alias("union city pd", agency), make_alias("union city", agency)
        self.tell(april(1), {first: "a"})
        self.tell(april(1), {second: "b"}, retrieved_on=april(2))
        self.tell(april(8), {first: "a", second: "c"})
        self.assertEqual(self.told(), [])


class CounterpartTests(PlainTestCase):
    """Facts held against each other, by alias, agency and state."""

    def pairs(self, before: dict[int, Any], after: dict[int, Any], *names: Name) -> dict[int, int]:
        """Return which name's fact of the later copy is which of the earlier one."""
        facts = [{Key(pk, None, FIELD): value for pk, value in side.items()} for side in (before, after)]
        found = counterparts(facts[0], facts[1], {name.pk: name for name in names})
        return {new.alias: old.alias for new, old in found.items()}

    def test_same_value_tells_which_of_an_agencys_names_is_which(self) -> None:
        names = [Name(pk, str(pk), f"print {pk}", 7) for pk in (1, 2, 3)]
        self.assertEqual(self.pairs({1: "a", 2: "b"}, {3: "b"}, *names), {3: 2})

    def test_one_print_of_two_agencies_is_never_one(self) -> None:
        self.assertEqual(self.pairs({1: "a"}, {2: "b"}, Name(1, "1", "caney pd", 7), Name(2, "2", "caney pd", 8)), {})

    def test_name_that_has_its_own_counterpart_is_nobody_elses(self) -> None:
        names = [Name(1, "1", "caney pd", None), Name(2, "2", "caney pd", None, "KS")]
        self.assertEqual(self.pairs({1: "a"}, {1: "a", 2: "b"}, *names), {1: 1})
