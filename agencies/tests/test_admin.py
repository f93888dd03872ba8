"""The editors' desk: every noun is there, append-only rows stay, and editors' acts reach the links."""

from datetime import date

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.identifiers import agency_id, record_id
from agencies.models import (
    Agency,
    AgencyMerge,
    AgencyPlace,
    Alias,
    ApiKey,
    Change,
    ColumnMapping,
    Fetch,
    Finding,
    FindingDismissal,
    KeptFile,
    Law,
    ListConfirmation,
    MatchDecision,
    Network,
    Release,
    RemovedBytes,
    RunEvent,
    SharingLink,
    SharingStatement,
    Source,
    Watch,
    Webhook,
    WebhookDelivery,
    Withdrawal,
    WithdrawalLift,
)
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_answer,
    make_capture,
    make_fact,
    make_grant,
    make_link,
    make_list,
    make_place,
    make_run,
    make_serving,
    make_source,
)
from agencies.tests.findings_factories import make_law

MODELS = [model for model in apps.get_app_config("agencies").get_models() if not model.__name__.endswith("Event")]
CHANGED = {Agency, Alias, ColumnMapping, Law, Network, Source, Watch}
"""What editors change."""
ADDED = {
    Agency,
    AgencyMerge,
    ColumnMapping,
    FindingDismissal,
    ListConfirmation,
    Network,
    Source,
    Watch,
    Withdrawal,
    WithdrawalLift,
}
"""What editors add."""


def fill(number: int) -> None:
    """Create one row of every noun, with all that its list shows."""
    agency = make_agency(f"Agency {number}", county=make_place(f"County {number}", kind="county"))
    other = make_agency(f"Other {number}", parent=agency, operated_by=agency, merged_into=agency)
    place = make_place(f"City {number}", county=agency.county)
    make_serving(agency, place)
    apps.get_model("agencies", "PlaceBoundary").objects.create(place=place, wkb=b"")
    source = make_source(f"source-{number}", agency_alias=make_alias(agency.name, agency))
    grant = make_grant(agency, other, make_list(make_capture(source)))
    make_fact(agency, "cameras", number, make_capture(source))
    make_answer(other, grant, capture=make_capture(source))
    make_link(agency, other)
    AgencyMerge.objects.create(merged=other, into=agency, reason="a test")
    withdrawal = Withdrawal.objects.create(capture=make_capture(source), kind="error", reason="a test")
    WithdrawalLift.objects.create(withdrawal=withdrawal, reason="a test")
    fill_pipeline(number, source, grant)
    fill_what_follows(number, agency, grant)


def fill_pipeline(number: int, source: Source, grant: SharingStatement) -> None:
    """Create one row of every noun round imports."""
    run = make_run()
    RunEvent.objects.create(run=run, message="a test")
    kept = KeptFile.objects.create(
        sha256=f"{number:064x}", stored_sha256=f"{number:064x}", stored_name=f"{number}", size=1, is_reduced=False
    )
    watch = Watch.objects.create(slug=f"watch-{number}", url=f"https://example.org/{number}", format="flock_portal")
    Fetch.objects.create(watch=watch, outcome="changed", kept_file=kept, run=run)
    user, _ = User.objects.get_or_create(username="operator")
    RemovedBytes.objects.create(kept_file=kept, reason="a test", removed_by=user)
    network = Network.objects.all()[0]
    ColumnMapping.objects.create(
        slug=f"mapping-{number}", title="a test", source=source, network=network, section="rows", columns={}
    )
    ListConfirmation.objects.create(sharing_list=grant.sharing_list, is_confirmed=True, reason="a test")


def fill_what_follows(number: int, agency: Agency, grant: SharingStatement) -> None:
    """Create one row of every noun that follows from the record, and of those who want more than to read."""
    lists = grant.sharing_list
    Change.objects.create(
        uuid=record_id("test", "change", number), kind="added", observed_on=date(2026, 1, 1), capture=lists.capture,
        before=lists.capture, stream=lists.stream, about=grant.grantor_alias, name=grant.grantee_alias,
    )  # fmt: skip
    law = make_law(f"law-{number}")
    listed = {"body": "A body", "publisher": "A city", "network": "Flock", "day": "2026-01-01", "form": "own_portal"}
    finding = Finding.objects.create(
        uuid=record_id("test", "finding", number), rule="sanctuary", rule_version=1, severity="high", agency=agency,
        network=lists.stream.network, law=law, as_of=date(2026, 1, 1), data={"listed": [listed]},
    )  # fmt: skip
    finding.statements.add(grant.statement)
    FindingDismissal.objects.create(finding_uuid=finding.uuid, reason="a test")
    Release.objects.create(
        name=f"2026-01-01-{number}", released_on=date(2026, 1, 1), number=number, schema_version=1,
        record_sha256="0" * 64, manifest={},
    )  # fmt: skip
    key = ApiKey.objects.create(prefix=f"atlas_{number}", key_sha256=f"{number:064x}")
    hook = Webhook.objects.create(key=key, url="https://example.org/hook", secret="s")
    WebhookDelivery.objects.create(webhook=hook, event_id=record_id("test", number), event="changes", payload={})


class AdminTestCase(TestCase):
    """An editor who may do everything."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = User.objects.create_superuser("editor")

    def setUp(self) -> None:
        self.client.force_login(self.editor)


class DeskTests(AdminTestCase):
    """What holds for every noun."""

    def test_every_noun_is_registered(self) -> None:
        self.assertEqual([model for model in MODELS if not admin.site.is_registered(model)], [])

    def test_nothing_is_deleted_and_only_some_nouns_are_added_or_changed(self) -> None:
        request = self.client.get("/admin/").wsgi_request
        for model in MODELS:
            with self.subTest(model=model.__name__):
                desk = admin.site.get_model_admin(model)
                self.assertFalse(desk.has_delete_permission(request))
                self.assertEqual(desk.has_add_permission(request), model in ADDED)
                self.assertEqual(desk.has_change_permission(request), model in CHANGED)
                self.assertTrue(desk.has_view_permission(request))

    def test_lists_take_the_same_number_of_queries_for_one_row_and_for_ten(self) -> None:
        fill(0)
        before = {model: self.queries(model) for model in MODELS}
        for number in range(1, 10):
            fill(number)
        for model in MODELS:
            with self.subTest(model=model.__name__):
                self.assertEqual(self.queries(model), before[model])

    def queries(self, model: type) -> int:
        """Return the number of queries of the model's list, after a first look."""
        address = reverse(f"admin:agencies_{model._meta.model_name}_changelist")
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(queries)

    def test_every_row_and_every_search_opens(self) -> None:
        fill(0)
        for model in MODELS:
            with self.subTest(model=model.__name__):
                name = f"admin:agencies_{model._meta.model_name}"
                row = model.objects.first()
                self.assertEqual(self.client.get(reverse(f"{name}_change", args=[row.pk])).status_code, 200)
                found = self.client.get(reverse(f"{name}_changelist"), {"q": "agency"})
                self.assertEqual(found.status_code, 200)

    def test_editor_without_permission_sees_nothing(self) -> None:
        reader = User.objects.create_user("reader", is_staff=True)
        self.client.force_login(reader)
        self.assertEqual(self.client.get("/admin/agencies/alias/").status_code, 403)

    def test_printed_markup_is_escaped(self) -> None:
        make_alias("<script>alert(1)</script>")
        self.assertNotContains(self.client.get("/admin/agencies/alias/"), "<script>alert(1)")

    def test_large_lists_are_not_counted_whole(self) -> None:
        self.assertEqual([m for m in MODELS if admin.site.get_model_admin(m).show_full_result_count], [])


class AgencyDeskTests(AdminTestCase):
    """Agencies."""

    def test_search_ignores_case_accents_and_apostrophes(self) -> None:
        sheriff = make_agency(
            "Doña Ana County Sheriff's Office", state="NM", search_key="dona ana county sheriffs office"
        )
        make_agency("Other Police Department")
        response = self.client.get("/admin/agencies/agency/", {"q": "DONA ana sheriff’s"})
        self.assertEqual(list(response.context["cl"].result_list), [sheriff])

    def form(self, **values: object) -> dict[str, object]:
        """Return the fields of the agency form."""
        inline = {"servings-TOTAL_FORMS": 0, "servings-INITIAL_FORMS": 0}
        base = {"kind": "municipal_police", "state": "CA", "status": "active", "source": "a letter", **inline}
        return {**base, **values}

    def test_new_agency_gets_its_id_and_its_search_key(self) -> None:
        self.client.post("/admin/agencies/agency/add/", self.form(name="Peña PD", slug="pena-pd-ca"))
        agency = Agency.objects.get()
        self.assertEqual(agency.search_key, "pena pd")
        self.assertEqual(agency.uuid, agency_id(slug="pena-pd-ca"))

    def test_id_slug_and_ori_stay_when_the_name_changes(self) -> None:
        agency = make_agency("Pena PD", slug="pena-pd-ca")
        data = self.form(name="Pena Police", slug="other", ori="CA0010000")
        self.client.post(f"/admin/agencies/agency/{agency.pk}/change/", data)
        after = Agency.objects.get()
        self.assertEqual(
            (after.name, after.slug, after.ori, after.uuid), ("Pena Police", "pena-pd-ca", None, agency.uuid)
        )

    def test_merging_moves_the_links_and_unmerging_restores_them(self) -> None:
        double, agency, grantee = make_agency("Double"), make_agency("Agency"), make_agency("Grantee")
        make_grant(double, grantee)
        rebuild_links()
        page = self.client.get(f"/admin/agencies/agency/{double.pk}/change/")
        address = f"/admin/agencies/agencymerge/add/?merged={double.pk}"
        self.assertContains(page, f'href="{address}"')
        merged = {"merged": double.pk, "reason": "a double entry"}
        self.client.post(address, {**merged, "into": agency.pk})
        self.assertEqual(SharingLink.objects.get().grantor, agency)
        self.assertContains(self.client.post(address, {**merged, "into": agency.pk}), "merged already")
        self.client.post(address, {**merged, "into": ""})
        self.assertEqual(SharingLink.objects.get().grantor, double)
        self.assertEqual(AgencyMerge.objects.filter(merged=double, decided_by=self.editor).count(), 2)
        self.assertContains(self.client.post(address, {**merged, "into": ""}), "is not merged")

    def test_served_place_can_be_added(self) -> None:
        agency, place = make_agency(), make_place()
        inline = {"servings-TOTAL_FORMS": 1, "servings-0-place": place.pk, "servings-0-basis": "contract"}
        data = self.form(name=agency.name, **inline, **{"servings-0-source": "a contract"})
        self.client.post(f"/admin/agencies/agency/{agency.pk}/change/", data)
        self.assertEqual(AgencyPlace.objects.get().place, place)


class AliasDeskTests(AdminTestCase):
    """Decisions about printed names."""

    def setUp(self) -> None:
        super().setUp()
        self.agency, self.grantee = make_agency("Agency"), make_agency("Grantee")
        self.grant = make_grant(self.agency, self.grantee)
        self.alias = self.grant.grantee_alias
        rebuild_links()

    def decide(self, **values: object) -> object:
        """Post the decision form."""
        inline = {"decisions-TOTAL_FORMS": 0, "decisions-INITIAL_FORMS": 0}
        return self.client.post(f"/admin/agencies/alias/{self.alias.pk}/change/", {**inline, **values})

    def test_undecided_names_are_filtered(self) -> None:
        undecided = make_alias("Somewhere PD")
        response = self.client.get("/admin/agencies/alias/?decision=none")
        self.assertEqual(list(response.context["cl"].result_list), [undecided])
        response = self.client.get("/admin/agencies/alias/?decision=matched")
        self.assertNotIn(undecided, response.context["cl"].result_list)

    def test_decision_is_appended_signed_and_reaches_the_links(self) -> None:
        other = make_agency("Other")
        self.decide(outcome="matched", agency=other.pk, reason="same address")
        self.alias.refresh_from_db()
        self.assertEqual((self.alias.decision.agency, self.alias.decision.decided_by), (other, self.editor))
        self.assertEqual(MatchDecision.objects.filter(alias=self.alias).count(), 2)
        self.assertEqual(SharingLink.objects.get().grantee, other)

    def test_decision_without_reason_or_with_a_wrong_agency_is_refused(self) -> None:
        for values in (
            {"outcome": "not_agency", "reason": ""},
            {"outcome": "matched", "reason": "x"},
            {"outcome": "person", "agency": self.agency.pk, "reason": "x"},
            {"reason": "x"},
        ):
            with self.subTest(**values):
                self.assertEqual(self.decide(**values).status_code, 200)
        self.assertEqual(MatchDecision.objects.filter(alias=self.alias).count(), 1)

    def test_action_decides_several_names_and_asks_for_a_reason(self) -> None:
        data = {"action": "mark_not_agency", "_selected_action": [self.alias.pk]}
        self.client.post("/admin/agencies/alias/", data)
        self.assertTrue(SharingLink.objects.exists())
        self.client.post("/admin/agencies/alias/", {**data, "reason": "a test account"})
        self.alias.refresh_from_db()
        self.assertEqual(self.alias.decision.outcome, "not_agency")
        self.assertFalse(SharingLink.objects.exists())

    def test_actions_need_the_permission_to_change(self) -> None:
        reader = User.objects.create_user("reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_alias"))
        self.client.force_login(reader)
        response = self.client.get("/admin/agencies/alias/")
        self.assertNotContains(response, "mark_not_agency")


class WithdrawalDeskTests(AdminTestCase):
    """Undoing, and undoing that."""

    def setUp(self) -> None:
        super().setUp()
        self.grantor, self.grantee = make_agency("Grantor"), make_agency("Grantee")
        self.list = make_list(make_capture(make_source(), date(2026, 4, 1)))
        self.grant = make_grant(self.grantor, self.grantee, self.list)
        rebuild_links()

    def withdraw(self, **target: object) -> Withdrawal:
        """Add a withdrawal by the form."""
        data = {"kind": "error", "reason": "read from the wrong column", **target}
        response = self.client.post("/admin/agencies/withdrawal/add/", data)
        self.assertEqual(response.status_code, 302)
        return Withdrawal.objects.latest("pk")

    def test_withdrawn_statement_takes_its_link_out_and_a_lift_puts_it_back(self) -> None:
        withdrawal = self.withdraw(statement=self.grant.pk)
        self.assertEqual(withdrawal.withdrawn_by, self.editor)
        self.assertFalse(SharingLink.objects.exists())
        data = {"withdrawal": withdrawal.pk, "reason": "it was the right column"}
        self.client.post("/admin/agencies/withdrawallift/add/", data)
        self.assertEqual(WithdrawalLift.objects.get().lifted_by, self.editor)
        self.assertTrue(SharingLink.objects.exists())

    def test_withdrawn_capture_and_import_take_their_links_out(self) -> None:
        for target in ({"capture": self.list.capture_id}, {"run": self.grant.statement.run_id}):
            with self.subTest(**target):
                withdrawal = self.withdraw(**target)
                self.assertFalse(SharingLink.objects.exists())
                self.client.post(
                    "/admin/agencies/withdrawallift/add/", {"withdrawal": withdrawal.pk, "reason": "a mistake"}
                )
                self.assertTrue(SharingLink.objects.exists())

    def test_withdrawn_later_list_brings_an_ended_link_back(self) -> None:
        later = make_list(make_capture(make_source(), date(2026, 5, 1)))
        rebuild_links()
        self.assertEqual(SharingLink.objects.get().status, "ended")
        self.withdraw(capture=later.capture_id)
        self.assertEqual(SharingLink.objects.get().status, "listed")

    def test_withdrawn_answer_ends_the_dispute(self) -> None:
        answer = make_answer(self.grantor, self.grant)
        rebuild_links()
        self.assertIsNotNone(SharingLink.objects.get().disputed_on)
        self.withdraw(statement=answer.pk)
        self.assertIsNone(SharingLink.objects.get().disputed_on)

    def test_two_things_at_once_are_refused_with_a_sentence(self) -> None:
        data = {"kind": "error", "reason": "x", "statement": self.grant.pk, "run": make_run().pk}
        response = self.client.post("/admin/agencies/withdrawal/add/", data)
        self.assertContains(response, "Withdraw one statement, one capture or one import.")

    def test_pages_of_statement_capture_and_run_lead_to_a_filled_in_form(self) -> None:
        statement = self.grant.statement
        for noun, row in (("statement", statement), ("capture", statement.capture), ("importrun", statement.run)):
            field = "run" if noun == "importrun" else noun
            response = self.client.get(f"/admin/agencies/{noun}/{row.pk}/change/")
            address = f"/admin/agencies/withdrawal/add/?{field}={row.pk}"
            self.assertContains(response, f'href="{address}"')
            self.assertEqual(self.client.get(address).context["adminform"].form.initial[field], str(row.pk))


class RunDeskTests(AdminTestCase):
    """Import runs."""

    def test_failed_run_shows_its_problem_escaped(self) -> None:
        problem = {"file": "a.csv", "row": 3, "field": "grantor", "message": "<b>empty</b>"}
        run = make_run(status="failed", problem=problem, progress={"documents": 2})
        response = self.client.get(f"/admin/agencies/importrun/{run.pk}/change/")
        self.assertContains(response, "&lt;b&gt;empty&lt;/b&gt;")
        self.assertContains(self.client.get("/admin/agencies/importrun/"), "documents 2")
