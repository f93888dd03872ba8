"""Import runs: where each stands, what it would change or has changed, and what an editor may do with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agencies.admin.base import ReadAdmin, withdraw_link
from agencies.admin.run_page import page_of
from agencies.ingest import rollback, runs_desk
from agencies.ingest.kept_paths import parts_of
from agencies.ingest.parsed import ImportProblem
from agencies.models import ImportRun
from agencies.tasks import hand_over

REASON = "reason"

TOLD = ("documents", "statements", "statements new", "links new", "links changed", "links ended")
"""Numbers of a run that the list of runs shows."""


def in_a_line(values: dict[str, Any] | None) -> str:
    """Return a small mapping as "name 3, other 4"; empty for None."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in (values or {}).items())


@dataclass(frozen=True)
class Act:
    """Something that an editor may do with a run: who may, and what is said afterwards."""

    permission: str
    do: Callable[[ImportRun, str, Any], Any]
    said: Any


def _accept(run: ImportRun, reason: str, user: Any) -> None:
    hand_over(runs_desk.accept(run, user))


def _retry(run: ImportRun, reason: str, user: Any) -> ImportRun:
    again = runs_desk.retry(run, user)
    hand_over(again)
    return again


ACTS = {
    "accept": Act("agencies.change_importrun", _accept, gettext_lazy("Accepted: a worker records it.")),
    "cancel": Act(
        "agencies.change_importrun",
        lambda run, reason, user: runs_desk.cancel(run),
        gettext_lazy("It is cancelled, or asked to stop."),
    ),
    "retry": Act("agencies.change_importrun", _retry, gettext_lazy("This run repeats it.")),
    "roll_back": Act("agencies.add_withdrawal", rollback.roll_back, gettext_lazy("Rolled back.")),
    "restore": Act("agencies.add_withdrawallift", rollback.restore, gettext_lazy("What it recorded counts again.")),
}
"""What the buttons of a run's page do, by name."""


@admin.register(ImportRun)
class ImportRunAdmin(ReadAdmin):
    """A run is begun by an upload, a schedule or a command; its page shows it and has the buttons."""

    change_form_template = "admin/agencies/importrun/run.html"
    list_display = ("what", "status", "created_at", "told")
    list_filter = (
        "status",
        "format",
        "needs_review",
        "created_at",
        ("watch", admin.EmptyFieldListFilter),
        ("started_by", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("watch", "started_by")
    search_fields = ("=uuid", "format", "input_sha256", "watch__slug")
    search_help_text = gettext_lazy("UUID, format, SHA-256 of the input, or name of a schedule.")
    readonly_fields = ("withdraw",)
    exclude = ("progress", "counts", "problem", "preview", "kept_files")

    def get_urls(self) -> list[URLPattern]:
        """Add the address that the buttons of a run's page post to."""
        own = path("<int:pk>/act/", self.admin_site.admin_view(self.act), name="agencies_importrun_act")
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the run with its steps, preview, log and the buttons that this editor may press."""
        run = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if isinstance(run, ImportRun):
            context |= page_of(run) | {"acts": self._acts(request)}
        return super().change_view(request, object_id, form_url, context)

    @method_decorator(require_POST)
    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the pressed button says, and show the run, or the one that repeats it."""
        act = ACTS.get(request.POST.get("action", ""))
        if act is None or not self.has_view_permission(request) or not request.user.has_perm(act.permission):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        try:
            found = act.do(run, request.POST.get(REASON, ""), request.user)
        except ValidationError as problem:
            self.message_user(request, " ".join(problem.messages), messages.ERROR)
        else:
            self.log_change(request, run, f"{request.POST['action']} {request.POST.get(REASON, '')}".strip())
            self.message_user(request, act.said, messages.SUCCESS)
            run = found if isinstance(found, ImportRun) else run
        return HttpResponseRedirect(reverse("admin:agencies_importrun_change", args=[run.pk]))

    def _acts(self, request: HttpRequest) -> dict[str, bool]:
        """Return what this editor may do, by name."""
        return {name: request.user.has_perm(act.permission) for name, act in ACTS.items()}

    @admin.display(description=gettext_lazy("what happened"))
    def told(self, run: ImportRun) -> str:
        """Return what stopped it, and the numbers that matter most of what it changed, or of how far it has read."""
        numbers = run.counts or run.progress
        shown = {word: numbers[word] for word in TOLD if numbers.get(word)}
        stopped = str(ImportProblem.from_json(run.problem)) if run.problem else ""
        return "; ".join(part for part in (stopped, in_a_line(shown)) if part)

    @admin.display(description=gettext_lazy("import"), ordering="pk")
    def what(self, run: ImportRun) -> str:
        """Return a run's number and format, the files that an editor uploaded, and who or what began it."""
        uploaded = [name for _, name in map(parts_of, run.paths) if name]
        begun_by = [str(one) for one in (run.started_by, run.watch) if one]
        return "; ".join([f"{run.pk}: {run.format}", *uploaded, *begun_by])

    @admin.display(description=gettext_lazy("withdrawal"))
    def withdraw(self, run: ImportRun) -> SafeString:
        """Lead to the form that withdraws the import for another reason than an error of ours."""
        return withdraw_link("run", run.pk)
