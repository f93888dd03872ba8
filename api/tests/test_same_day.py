"""Two copies of one day: every page and figure takes the one that the history takes, the first fetched."""

from datetime import date

from django.test import TestCase

from agencies.findings import inactive_portal, inbound_gap, list_fall
from agencies.findings.material import Material
from agencies.history.lists import read_lists
from agencies.list_history import list_histories
from agencies.models import Agency, Capture, SharingList, Statement
from agencies.network.ladder_reading import read_documents
from agencies.network.withdrawn import Withdrawn
from agencies.summaries import summarise
from agencies.tests import factories as make
from api.facts import facts_of_each
from api.filters.figures import _agencies_with

EARLIER, DAY = date(2026, 4, 10), date(2026, 4, 18)


class SameDayTests(TestCase):
    """A portal with a copy of 10 April and two of 18 April, of which the one recorded first was fetched last."""

    city: Agency
    lists: dict[str, SharingList]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.city = make.make_agency()
        others = [make.make_agency(f"{name} Police Department") for name in ("Dublin", "Hayward", "Fremont")]
        source = make.make_source(agency_alias=make.make_alias("Union City CA PD", cls.city))
        fetched = {
            "late": (DAY, date(2026, 5, 9), 1, 45),
            "first": (DAY, DAY, 3, 12),
            "unknown": (DAY, None, 2, 77),
            "before": (EARLIER, EARLIER, 3, 10),
        }
        cls.lists = {}
        for name, (day, retrieved_on, number, cameras) in fetched.items():
            capture = make.make_capture(source, day, retrieved_on=retrieved_on)
            cls.lists[name] = make.make_list(capture)
            for other in others[:number]:
                make.make_grant(cls.city, other, cls.lists[name])
            make.make_fact(cls.city, "cameras", cameras, capture)

    def first(self) -> Capture:
        """Return the copy that counts."""
        return self.lists["first"].capture

    def test_history_holds_the_first_fetched_against_the_day_before(self) -> None:
        [stream] = read_lists([self.first().source_id], Withdrawn.read()).streams
        self.assertEqual([step.after.pk for step in stream.steps], [self.lists["first"].pk])

    def test_headline_counts_it(self) -> None:
        [found] = summarise([self.city])[self.city.pk].granting
        self.assertEqual((found.capture, found.names.active), (self.first(), 3))

    def test_ladder_reads_it(self) -> None:
        [found] = read_documents([self.city.pk], None).lists[self.city.pk]
        self.assertEqual(found.capture, self.first())

    def test_lengths_over_time_have_one_a_day(self) -> None:
        [history] = list_histories(self.city)
        self.assertEqual([(one.day, one.names) for one in history.lengths], [(EARLIER, 3), (DAY, 3)])

    def test_whole_list_counts_before_others_and_a_confirmed_empty_one_is_whole(self) -> None:
        capture = make.make_capture(self.first().source, DAY, retrieved_on=EARLIER)
        empty = make.make_list(capture, completeness="empty")
        self.assertEqual(summarise([self.city])[self.city.pk].granting[0].sharing_list, self.lists["first"])
        empty.confirmations.create(is_confirmed=True, reason="it says so")
        self.assertEqual(summarise([self.city])[self.city.pk].granting[0].sharing_list, empty)
        [stream] = read_lists([self.first().source_id], Withdrawn.read()).streams
        self.assertEqual([step.after.pk for step in stream.steps], [empty.pk])

    def test_facts_of_pages_api_and_filters_are_of_it(self) -> None:
        self.assertEqual([one.fact.value for one in Statement.objects.facts_of(self.city)], [12])
        [fact] = facts_of_each([self.city.pk], "")[self.city.pk]
        self.assertEqual(fact["value"], 12)
        [row] = self.client.get("/api/v1/facts/?field=cameras").json()["results"]
        self.assertEqual(row["value"], 12)
        self.assertEqual([len(_agencies_with("cameras", "gte", bound)) for bound in (12, 13)], [1, 0])

    def test_findings_read_it(self) -> None:
        material = Material()
        [copies] = list_fall._copies(material).values()
        self.assertEqual([one.pk for one in copies], [self.lists["before"].pk, self.lists["first"].pk])
        [portal] = inactive_portal._portals(material).values()
        self.assertEqual(portal, self.lists["first"])
        self.assertEqual([fact.value for fact in material.own_facts("cameras")], [12])
        self.assertEqual(inbound_gap._newest_inbound(), [])
