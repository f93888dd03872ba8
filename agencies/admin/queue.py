"""The review queue: a page of names that wait, decided by a key or a button each, and undone by another."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from agencies.admin.base import ModelAdmin
from agencies.matching.decide import decide_alike
from agencies.matching.history import undo
from agencies.matching.machine import candidates_json, current_matcher
from agencies.matching.queue import Choice, alike_of, cards, chosen
from agencies.models import Agency, Alias, MatchDecision, Network, Source

SKIPPED, DONE = "queue_skipped", "queue_done"
"""Session keys: the names put off (ids), and the decisions made (lists of ids), both oldest first."""

MOST_SKIPPED, MOST_DONE = 1000, 50
Outcome = MatchDecision.Outcome


class ChoiceForm(forms.Form):
    """Which names to see, and how many at a time."""

    source = forms.ChoiceField(required=False, label="Document")
    state = forms.ChoiceField(required=False, label="State of the document")
    network = forms.ChoiceField(required=False, label="Network")
    size = forms.TypedChoiceField(
        choices=[(10, "10 names"), (1, "one name"), (25, "25 names")],
        coerce=int,
        required=False,
        empty_value=None,
        label="At a time",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what there is; three queries."""
        super().__init__(*args, **kwargs)
        sources = Source.objects.filter(streams__isnull=False).order_by("title").distinct()
        states = Alias.objects.exclude(state="").order_by("state").values_list("state", "state").distinct()
        networks = Network.objects.order_by("name").values_list("slug", "name")
        named = {"source": sources.values_list("slug", "title"), "state": states, "network": networks}
        for name, rows in named.items():
            self.fields[name].choices = [("", "any"), *rows]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """One button of a name's card. `seen` is the decision in force when the card was made, 0 for none."""

    alias = forms.IntegerField()
    seen = forms.IntegerField()
    action = forms.RegexField(r"^(matched:\d{1,18}|rejected:\d{1,18}|not_agency|person|ambiguous|other|skip)$")
    alike = forms.BooleanField(required=False)
    other = forms.CharField(max_length=140, required=False)
    note = forms.CharField(max_length=300, required=False)


def queue_view(request: HttpRequest, desk: ModelAdmin) -> HttpResponse:
    """Show the names that wait (GET), or act on one of them (POST) and show them again."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        _act(request, desk)
        address = reverse("admin:agencies_alias_queue")
        return HttpResponseRedirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)
    form = ChoiceForm(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    skipped = request.session.get(SKIPPED, [])
    choice = Choice(values.get("source", ""), values.get("state", ""), values.get("network", ""))
    names = chosen(choice, skipped)
    context = {
        **admin.site.each_context(request),
        "title": "Names that wait",
        "is_nav_sidebar_enabled": False,
        "opts": Alias._meta,
        "form": form,
        "cards": cards(list(names.select_related("network", "decision")[: values.get("size") or 10])),
        "waiting": names.order_by().count(),
        "skipped": len(skipped),
        "undoable": bool(request.session.get(DONE)),
    }
    return TemplateResponse(request, "admin/agencies/alias/queue.html", context)


def _act(request: HttpRequest, desk: ModelAdmin) -> None:
    """Do what the pressed button says; say what went wrong in a message."""
    action = request.POST.get("action")
    try:
        if action == "undo":
            _undo_last(request, desk)
        elif action == "unskip":
            request.session.pop(SKIPPED, None)
        else:
            _act_on_name(request, desk)
    except ValidationError as problem:
        desk.message_user(request, " ".join(problem.messages), messages.ERROR)


def _act_on_name(request: HttpRequest, desk: ModelAdmin) -> None:
    """Put a name off or decide it. Raises ValidationError where the form does not hold."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise ValidationError("That button is none of this page's.")
    values = form.cleaned_data
    alias = get_object_or_404(Alias.objects.select_related("decision"), pk=values["alias"])
    if values["action"] == "skip":
        request.session[SKIPPED] = [*request.session.get(SKIPPED, []), alias.pk][-MOST_SKIPPED:]
        return
    if (alias.decision_id or 0) != values["seen"]:
        raise ValidationError(f"“{alias}” was decided by someone else meanwhile; nothing was changed.")
    _decide(request, desk, alias, values)


def _decide(request: HttpRequest, desk: ModelAdmin, alias: Alias, values: dict[str, Any]) -> None:
    """Record the decision, with all alike if asked, and remember it for undo."""
    outcome, _, ident = values["action"].partition(":")
    agency = _named(values["other"]) if outcome == "other" else None
    if ident:
        agency = get_object_or_404(Agency.objects.current(), pk=int(ident))
    outcome = Outcome.MATCHED if outcome == "other" else Outcome(outcome)
    # A person's name is one in every list.
    aliases = [alias, *alike_of(alias)] if values["alike"] or outcome == Outcome.PERSON else [alias]
    verdict = current_matcher().match(alias.printed_name, context_state=alias.state)
    seen = candidates_json(verdict.candidates)
    reason = values["note"].strip() or _reason(outcome, len(verdict.candidates))
    decisions = decide_alike(
        aliases,
        outcome=outcome,
        agency=agency,
        reason=reason,
        user=request.user,
        seen={one.pk: seen for one in aliases},
    )
    request.session[DONE] = [*request.session.get(DONE, []), [row.pk for row in decisions]][-MOST_DONE:]
    said = f"{outcome.label}: {agency}" if agency else str(outcome.label)
    for one in aliases:
        desk.log_change(request, one, f"Decided in the queue: {said}. {reason}")
    also = f" and {len(aliases) - 1} alike" if len(aliases) > 1 else ""
    desk.message_user(request, f"“{alias}”{also} {said}", messages.SUCCESS)


def _reason(outcome: Outcome, number: int) -> str:
    """Return the reason recorded where the editor wrote none."""
    said = f"reviewed beside {number} candidates" if number != 1 else "reviewed beside one candidate"
    return f"{said}: {outcome.label}"


def _named(text: str) -> Agency:
    """Return the current agency with this ORI or slug. Raises ValidationError where there is none."""
    text = text.strip()
    found = Agency.objects.current().filter(Q(ori=text.upper()) | Q(slug=text.lower())).first()
    if found is None:
        raise ValidationError(f"No agency has the ORI or the name in addresses “{text}”.")
    return found


def _undo_last(request: HttpRequest, desk: ModelAdmin) -> None:
    """Take back what was decided last in this session. Raises ValidationError where there is nothing."""
    done = request.session.get(DONE, [])
    if not done:
        raise ValidationError("There is nothing to undo.")
    request.session[DONE] = done[:-1]
    undo_and_say(request, desk, list(MatchDecision.objects.select_related("alias").filter(pk__in=done[-1])))


def undo_and_say(request: HttpRequest, desk: ModelAdmin, decisions: list[MatchDecision]) -> None:
    """Take decisions back and write down who did. Raises ValidationError where one was decided anew since."""
    undo(decisions, user=request.user)
    for decision in decisions:
        desk.log_change(request, decision.alias, f"Undone: {decision.get_outcome_display()}. {decision.reason}")
    names = ", ".join(f"“{decision.alias}”" for decision in decisions[:1])
    also = f" and {len(decisions) - 1} alike" if len(decisions) > 1 else ""
    desk.message_user(request, f"Undone: {names}{also}.", messages.SUCCESS)
