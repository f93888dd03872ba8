"""Printed names, and the editor's decisions about them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from agencies.admin.base import KeptAdmin, ReadAdmin, ReadInline
from agencies.admin.queue import queue_view, undo_and_say
from agencies.matching.decide import decide, decide_alike
from agencies.matching.history import last_two
from agencies.models import Agency, Alias, MatchDecision

Outcome = MatchDecision.Outcome
NAMING = {Outcome.MATCHED, Outcome.REJECTED}
"""Outcomes that name an agency."""


class DecidedFilter(admin.SimpleListFilter):
    """Names that nobody has decided on, or those with a given outcome."""

    title = "decision"
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer "undecided" before the outcomes."""
        in_force = [(str(value), str(label)) for value, label in Outcome.choices if value != Outcome.OPEN]
        return [("none", "undecided"), *in_force]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        """Keep the aliases whose decision in force is the chosen one."""
        if self.value() == "none":
            return queryset.filter(decision__isnull=True)
        return queryset.filter(decision__outcome=self.value()) if self.value() else queryset


class DecisionForm(forms.ModelForm):
    """A new decision about one alias. The alias itself does not change."""

    outcome = forms.ChoiceField(
        choices=[("", "---------"), *(choice for choice in Outcome.choices if choice[0] != Outcome.OPEN)],
        required=False,
    )
    agency = forms.ModelChoiceField(
        Agency.objects.current(),
        required=False,
        widget=AutocompleteSelect(MatchDecision._meta.get_field("agency"), admin.site),
        help_text="The agency that the name is, or is not. Leave empty for the other outcomes.",
    )
    reason = forms.CharField(max_length=300, required=False, help_text="Why, in a line.")

    class Meta:
        model = Alias
        fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Ask for a reason, and for an agency exactly where the outcome names one."""
        values = super().clean() or {}
        outcome, agency = values.get("outcome"), values.get("agency")
        if not outcome:
            raise ValidationError({"outcome": "Choose what was decided."})
        if not values.get("reason"):
            raise ValidationError({"reason": "Say why, in a line."})
        if (outcome in NAMING) != (agency is not None):
            wanted = "This outcome names an agency." if outcome in NAMING else "This outcome names no agency."
            raise ValidationError({"agency": wanted})
        return values


class ReasonForm(ActionForm):
    """The reason that an action on several names records with each decision."""

    reason = forms.CharField(max_length=300, required=False, label="Reason")


class DecisionInline(ReadInline):
    """All decisions about a name, newest first."""

    model = MatchDecision
    fk_name = "alias"
    fields = readonly_fields = (
        "outcome",
        "agency",
        "method",
        "score",
        "reason",
        "is_undone",
        "decided_by",
        "decided_at",
    )
    ordering = ("-id",)
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchDecision]:
        """Fetch what a row prints with it."""
        return super().get_queryset(request).select_related("alias", "agency", "decided_by", "undone_by")

    @admin.display(description="undone", boolean=True)
    def is_undone(self, decision: MatchDecision) -> bool:
        """Tell whether it was taken back."""
        return hasattr(decision, "undone_by")


@admin.register(Alias)
class AliasAdmin(KeptAdmin):
    """Names as printed. Saving one appends a decision; names themselves come from documents."""

    form = DecisionForm
    action_form = ReasonForm
    actions = ("mark_not_agency", "mark_person", "mark_ambiguous")
    list_display = ("printed_name", "network", "state", "outcome", "decided_agency", "reason")
    list_filter = (DecidedFilter, "network", "state")
    list_select_related = ("network", "decision__agency")
    search_fields = ("printed_name",)
    ordering = ("printed_name", "id")
    readonly_fields = ("uuid", "printed_name", "network", "state", "decision")
    fieldsets = (
        (None, {"fields": ("printed_name", "network", "state", "decision", "uuid")}),
        ("New decision", {"fields": ("outcome", "agency", "reason")}),
    )
    inlines = (DecisionInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: names come from documents."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the review queue, and the page that undoes a name's newest decision."""
        own = [
            path("queue/", self.admin_site.admin_view(self.queue), name="agencies_alias_queue"),
            path("<int:pk>/undo/", self.admin_site.admin_view(self.undo), name="agencies_alias_undo"),
        ]
        return [*own, *super().get_urls()]

    def queue(self, request: HttpRequest) -> HttpResponse:
        """Show the names that wait for a person."""
        return queue_view(request, self)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether to take the newest standing decision back (GET); do it (POST)."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        alias = get_object_or_404(Alias, pk=pk)
        last, previous = last_two(alias)
        if request.method == "POST" and last is not None:
            try:
                undo_and_say(request, self, [last])
            except ValidationError as problem:
                self.message_user(request, " ".join(problem.messages), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:agencies_alias_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Undo a decision",
            "opts": self.opts,
            "alias": alias,
            "last": last,
            "previous": previous,
        }
        return TemplateResponse(request, "admin/agencies/alias/undo.html", context)

    @admin.display(description="decision", ordering="decision__outcome")
    def outcome(self, alias: Alias) -> str:
        """Return what was decided."""
        return alias.decision.get_outcome_display() if alias.decision else "undecided"

    @admin.display(description="agency")
    def decided_agency(self, alias: Alias) -> Agency | None:
        """Return the agency that the decision names."""
        return alias.decision.agency if alias.decision else None

    @admin.display(description="reason")
    def reason(self, alias: Alias) -> str:
        """Return the decision's reason."""
        return alias.decision.reason if alias.decision else ""

    def save_model(self, request: HttpRequest, obj: Alias, form: Any, change: bool) -> None:
        """Append the decision; links follow."""
        chosen = form.cleaned_data
        decide(obj, outcome=chosen["outcome"], agency=chosen["agency"], reason=chosen["reason"], user=request.user)

    def decide_all(self, request: HttpRequest, queryset: QuerySet[Alias], outcome: str) -> None:
        """Record one outcome, with one reason, for all chosen names."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, "Give a reason beside the action.", messages.ERROR)
            return
        aliases = list(queryset)
        decide_alike(aliases, outcome=outcome, reason=reason, user=request.user)
        for alias in aliases:
            self.log_change(request, alias, f"Decided: {outcome}. {reason}")
        self.message_user(request, "The decisions are recorded.", messages.SUCCESS)

    @admin.action(description="Decide: is no agency", permissions=["change"])
    def mark_not_agency(self, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
        """Decide that the names are no agencies."""
        self.decide_all(request, queryset, Outcome.NOT_AGENCY)

    @admin.action(description="Decide: is a person's name, withhold it", permissions=["change"])
    def mark_person(self, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
        """Decide that the names are persons'."""
        self.decide_all(request, queryset, Outcome.PERSON)

    @admin.action(description="Decide: could be several agencies", permissions=["change"])
    def mark_ambiguous(self, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
        """Decide that the names could be several agencies'."""
        self.decide_all(request, queryset, Outcome.AMBIGUOUS)


@admin.register(MatchDecision)
class MatchDecisionAdmin(ReadAdmin):
    """Every decision ever made, in force or not."""

    list_display = ("alias", "outcome", "agency", "method", "reason", "decided_by", "decided_at")
    list_filter = ("outcome", "method", "decided_at")
    list_select_related = ("alias", "agency", "decided_by")
    search_fields = ("alias__printed_name", "agency__search_key", "reason")
    ordering = ("-id",)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let those who may decide see what was decided, too."""
        return super().has_view_permission(request, obj) or request.user.has_perm("agencies.change_alias")
