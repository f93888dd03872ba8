"""The review queue: which names wait, in which order, and what each button does."""

from typing import Any
from unittest import mock

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext

from agencies.matching.decide import decide
from agencies.matching.queue import Choice, cards, chosen, miles_between
from agencies.models import Agency, Alias, MatchDecision, SharingLink, SharingList, SharingStatement
from agencies.network.rebuild import rebuild_links
from agencies.tests import factories as make
from agencies.tests.snapshots import public_record
from agencies.tests.test_rematch import StubMatcher

ADDRESS = "/admin/agencies/alias/queue/"
OAKLAND: dict[str, Any] = {"latitude": 37.8, "longitude": -122.25, "coordinate_precision": "place_centroid"}
FRESNO: dict[str, Any] = {"latitude": 36.75, "longitude": -119.77, "coordinate_precision": "place_centroid"}


class QueueTestCase(TestCase):
    """Two documents list "Fresno P.D.", one of them "Wal-Mart" too; nobody has decided either."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make.make_editor()
        cls.county = make.make_place("Fresno", kind="county", full_name="Fresno County")
        cls.fresno = make.make_agency("Fresno Police Department", county=cls.county, **FRESNO)
        cls.sheriff = make.make_agency("Fresno County Sheriff's Office", kind="sheriff", county=cls.county)
        cls.oakland = make.make_agency("Oakland Police Department", **OAKLAND)
        cls.reno = make.make_agency("Reno Police Department", state="NV")
        cls.name = make.make_alias("Fresno P.D.")
        cls.shop = make.make_alias("Wal-Mart")
        first = make.make_list(make.make_capture(make.make_source("portal-oakland")))
        second = make.make_list(make.make_capture(make.make_source("portal-reno")))
        cls.grant(cls.oakland, cls.shop, first)
        cls.grant(cls.oakland, cls.name, first)
        cls.grant(cls.reno, cls.name, second)

    @classmethod
    def grant(cls, grantor: Agency, grantee: Alias, sharing_list: SharingList) -> None:
        """State that an agency gives a name access."""
        SharingStatement.objects.create(
            statement=make.make_statement("sharing", sharing_list.capture, printed=grantee.printed_name),
            sharing_list=sharing_list,
            grantor_alias=make.make_alias(grantor.name, grantor),
            grantee_alias=grantee,
        )

    def setUp(self) -> None:
        self.client.force_login(self.editor)
        offered = {"Fresno P.D.": ("review", self.fresno)}
        stub = StubMatcher(**offered)
        for place in ("agencies.matching.queue", "agencies.admin.queue"):
            self.enterContext(mock.patch(f"{place}.current_matcher", return_value=stub))

    def act(self, action: str, alias: Alias | None = None, **values: object) -> str:
        """Press a button of a name's card; return the page that follows."""
        alias = Alias.objects.get(pk=(alias or self.name).pk)
        data = {"alias": alias.pk, "seen": alias.decision_id or 0, "action": action, **values}
        return self.client.post(ADDRESS, data, follow=True).content.decode()

    def decision(self, alias: Alias | None = None) -> MatchDecision | None:
        return Alias.objects.select_related("decision__agency").get(pk=(alias or self.name).pk).decision


class WaitingTests(QueueTestCase):
    def names(self, **choice: str) -> list[str]:
        return [alias.printed_name for alias in chosen(Choice(**choice))]

    def test_names_on_most_statements_come_first(self) -> None:
        found = [(alias.printed_name, alias.impact) for alias in chosen(Choice())]
        self.assertEqual(found, [("Fresno P.D.", 2), ("Wal-Mart", 1)])

    def test_one_document_state_or_network_is_chosen(self) -> None:
        make.make_alias("Elko", state="NV", network=make.make_network("axon"))
        self.assertEqual(self.names(source="portal-reno"), ["Fresno P.D."])
        self.assertEqual(self.names(state="NV"), ["Elko"])
        self.assertEqual(self.names(network="axon"), ["Elko"])
        self.assertEqual(self.names(source="portal-reno", state="NV"), [])

    def test_person_leaves_the_queue_by_any_answer_but_a_no(self) -> None:
        for outcome in ("matched", "not_agency", "person", "ambiguous", "rejected"):
            agency = self.fresno if outcome in ("matched", "rejected") else None
            decide(self.name, outcome=outcome, agency=agency, reason="test", user=self.editor)
            self.assertEqual("Fresno P.D." in self.names(), outcome == "rejected", outcome)

    def test_name_that_the_machine_gave_up_waits(self) -> None:
        made = MatchDecision.objects.create(alias=self.shop, outcome="ambiguous", method="scored", reason="test")
        Alias.objects.filter(pk=self.shop.pk).update(decision=made)
        self.assertIn("Wal-Mart", self.names())


class CardTests(QueueTestCase):
    def test_candidate_stands_with_place_shared_words_and_distance(self) -> None:
        card = cards(list(chosen(Choice())))[0]
        offer = card.offers[0]
        self.assertEqual(offer.agency.county, self.county)
        self.assertEqual(dict(offer.words)["Fresno"], True)
        self.assertEqual(offer.miles, miles_between((37.8, -122.25), (36.75, -119.77)))
        self.assertEqual([slug for slug, _ in card.documents], ["portal-oakland", "portal-reno"])

    def test_distance_is_unknown_without_both_points(self) -> None:
        Agency.objects.filter(pk=self.fresno.pk).update(latitude=None, longitude=None, coordinate_precision="")
        self.assertIsNone(cards(list(chosen(Choice())))[0].offers[0].miles)

    def test_rejected_candidate_is_not_offered_again(self) -> None:
        decide(self.name, outcome="rejected", agency=self.fresno, reason="test", user=self.editor)
        card = cards(list(chosen(Choice())))[0]
        self.assertEqual((card.offers, card.rejected), ([], [self.fresno]))

    def test_same_name_of_other_lists_is_alike(self) -> None:
        twin = make.make_alias("Fresno P.D.", state="NV")
        done = make.make_alias("Fresno P.D.", self.fresno, state="OR")
        alike = cards(list(chosen(Choice())))[0].alike
        self.assertEqual(alike, [twin])
        self.assertNotIn(done, alike)


class DistanceTests(SimpleTestCase):
    def test_one_degree_of_latitude_is_69_miles(self) -> None:
        self.assertAlmostEqual(miles_between((40, -100), (41, -100)), 69.09, places=1)


class QueuePageTests(QueueTestCase):
    def test_page_is_whole_and_has_no_inline_code(self) -> None:
        response = self.client.get(ADDRESS)
        page = response.content.decode()
        self.assertContains(response, "<mark>Fresno</mark>")
        self.assertContains(response, "Fresno County, CA")
        self.assertNotIn("style=", page)
        self.assertNotRegex(page, r"\son\w+=\"")
        self.assertNotIn("unsafe", response.headers["Content-Security-Policy"])
        self.assertContains(self.client.get("/admin/agencies/alias/"), ADDRESS)

    def test_printed_markup_is_escaped(self) -> None:
        make.make_alias("<script>alert(1)</script>")
        self.assertNotContains(self.client.get(ADDRESS), "<script>alert")

    def test_who_may_not_decide_sees_nothing(self) -> None:
        reader = User.objects.create_user("reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_alias"))
        self.client.force_login(reader)
        for response in (self.client.get(ADDRESS), self.client.post(ADDRESS, {"action": "undo"})):
            self.assertEqual(response.status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(ADDRESS).status_code, 302)

    def test_post_needs_the_csrf_token(self) -> None:
        self.client.handler.enforce_csrf_checks = True
        self.assertEqual(self.client.post(ADDRESS, {"action": "undo"}).status_code, 403)

    def test_number_of_queries_does_not_grow_with_names(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                self.assertEqual(self.client.get(ADDRESS).status_code, 200)
            return len(found)

        queries()
        before = queries()
        sharing_list = make.make_list(make.make_capture(make.make_source("portal-elko")))
        for number in range(8):
            alias = make.make_alias(f"Name {number}")
            make.make_alias(f"Name {number}", state="NV")
            self.grant(self.reno, alias, sharing_list)
        self.assertEqual(queries(), before)

    def test_unknown_choice_shows_all_and_says_so(self) -> None:
        response = self.client.get(ADDRESS, {"state": "XX"})
        self.assertContains(response, "Fresno P.D.")
        self.assertContains(response, "XX is not one of the available choices")


class ButtonTests(QueueTestCase):
    def test_accept_is_recorded_with_what_was_seen_and_reaches_the_links(self) -> None:
        rebuild_links()
        self.act(f"matched:{self.fresno.pk}")
        decision = self.decision()
        self.assertEqual((decision.agency, decision.decided_by, decision.method), (self.fresno, self.editor, "hand"))
        self.assertEqual([row["slug"] for row in decision.candidates], [self.fresno.slug])
        self.assertIn("reviewed beside one candidate", decision.reason)
        self.assertEqual(SharingLink.objects.filter(grantee=self.fresno).count(), 2)
        self.assertEqual(LogEntry.objects.get().object_id, str(self.name.pk))

    def test_each_other_answer_is_recorded(self) -> None:
        for action in ("not_agency", "person", "ambiguous"):
            self.act(action, note="an editor's reason")
            self.assertEqual((self.decision().outcome, self.decision().reason), (action, "an editor's reason"))
        self.act(f"rejected:{self.fresno.pk}")
        self.assertEqual((self.decision().outcome, self.decision().agency), ("rejected", self.fresno))

    def test_another_agency_is_named_by_ori_or_slug(self) -> None:
        self.act("other", other=f" {self.oakland.slug.upper()} ")
        self.assertEqual(self.decision().agency, self.oakland)
        self.assertIn("No agency has the ORI", self.act("other", other="CA0000000"))
        self.assertIn("No agency has the ORI", self.act("other"))

    def test_all_alike_are_decided_and_undone_together(self) -> None:
        twin = make.make_alias("Fresno P.D.", state="NV")
        before = public_record()
        self.act(f"matched:{self.fresno.pk}", alike="on")
        self.assertEqual((self.decision().agency, self.decision(twin).agency), (self.fresno, self.fresno))
        self.assertIn("and 1 alike", self.act("undo"))
        self.assertEqual((self.decision(), self.decision(twin)), (None, None))
        self.assertEqual(public_record(), before)

    def test_without_all_alike_the_others_wait(self) -> None:
        twin = make.make_alias("Fresno P.D.", state="NV")
        self.act("not_agency")
        self.assertIsNone(self.decision(twin))

    def test_persons_name_is_withheld_in_every_list(self) -> None:
        twin = make.make_alias("Fresno P.D.", state="NV")
        self.act("person")
        self.assertEqual((self.decision().outcome, self.decision(twin).outcome), ("person", "person"))

    def test_undo_goes_back_step_by_step_until_nothing_is_left(self) -> None:
        before = public_record()
        self.act("not_agency")
        self.act("not_agency", self.shop)
        self.act("undo")
        self.assertEqual((self.decision().outcome, self.decision(self.shop)), ("not_agency", None))
        self.act("undo")
        self.assertEqual(public_record(), before)
        self.assertIn("nothing to undo", self.act("undo"))

    def test_undone_decision_of_a_name_decided_anew_is_refused(self) -> None:
        self.act("not_agency")
        decide(Alias.objects.get(pk=self.name.pk), outcome="ambiguous", reason="test", user=make.make_editor("second"))
        self.assertIn("was decided anew", self.act("undo"))
        self.assertEqual(self.decision().outcome, "ambiguous")

    def test_skipped_name_goes_and_comes_back(self) -> None:
        self.assertNotIn('value="unskip"', self.act("ambiguous", self.shop))
        page = self.act("skip")
        self.assertNotIn("Fresno P.D.", page)
        self.assertIn("Show the 1 skipped again", page)
        self.assertIn("Fresno P.D.", self.act("unskip"))
        self.assertIsNone(self.decision())

    def test_name_decided_by_someone_else_meanwhile_is_left_alone(self) -> None:
        decide(self.name, outcome="ambiguous", reason="test", user=self.editor)
        page = self.act("not_agency", seen=0)
        self.assertIn("decided by someone else meanwhile", page)
        self.assertEqual(self.decision().outcome, "ambiguous")

    def test_nonsense_is_refused_in_words(self) -> None:
        for action in ("", "matched:", "matched:x", "open", "delete"):
            self.assertIn("none of this page", self.act(action), action)
        data = {"alias": self.name.pk, "seen": 0, "action": "matched:999999999"}
        self.assertEqual(self.client.post(ADDRESS, data).status_code, 404)

    def test_choice_stays_after_a_decision(self) -> None:
        response = self.client.post(f"{ADDRESS}?state=CA", {"action": "unskip"})
        self.assertRedirects(response, f"{ADDRESS}?state=CA")


class UndoPageTests(QueueTestCase):
    """/admin/agencies/alias/PK/undo/"""

    def test_page_asks_first_and_then_restores(self) -> None:
        decide(self.name, outcome="not_agency", reason="test", user=self.editor)
        address = f"/admin/agencies/alias/{self.name.pk}/undo/"
        self.assertContains(self.client.get(f"/admin/agencies/alias/{self.name.pk}/change/"), address)
        self.assertContains(self.client.get(address), "undecided again")
        self.assertIsNotNone(self.decision())
        self.client.post(address)
        self.assertIsNone(self.decision())

    def test_decision_of_a_file_stays(self) -> None:
        made = make.make_decision(self.name, agency=self.fresno)
        response = self.client.post(f"/admin/agencies/alias/{self.name.pk}/undo/", follow=True)
        self.assertContains(response, "of a file is not undone")
        self.assertEqual(self.decision(), made)

    def test_undecided_name_has_nothing_to_undo(self) -> None:
        self.assertContains(self.client.get(f"/admin/agencies/alias/{self.name.pk}/undo/"), "Nothing is decided")
