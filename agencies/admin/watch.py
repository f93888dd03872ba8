"""The watch list, and how each attempt at a watched document ended."""

from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from kombu.exceptions import OperationalError

from agencies.admin.base import KeptAdmin, ReadAdmin, ReadInline
from agencies.ingest.formats import FORMATS
from agencies.ingest.schedule import TASK, sync_schedule
from agencies.ingest.watch_options import OURS, check_watch, kept_formats
from agencies.models import Fetch, Watch

ATTEMPTS_SHOWN = 20
"""Attempts that a watch's page shows, the newest."""


class WatchForm(forms.ModelForm):
    """A watch; its importer and options are checked against each other."""

    format = forms.ChoiceField(label=gettext_lazy("Format"), help_text=gettext_lazy("Importer that reads it."))

    class Meta:
        model = Watch
        fields = ("slug", "url", "format", "options", "every_hours", "is_enabled", "is_trusted", "largest_change")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields.get("format")
        if isinstance(chooser, forms.ChoiceField):
            chooser.choices = [("", "---------"), *kept_formats()]
        if "options" in self.fields:
            names = ((name, FORMATS[name].options - OURS) for name, _title in kept_formats())
            accepted = "; ".join(f"{name}: {', '.join(sorted(options))}" for name, options in names if options)
            self.fields["options"].help_text = (
                _('What the importer is told, as {"name": "value"}. Accepted by ') + accepted
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a watch that could never be read."""
        values = super().clean() or {}
        if not self.errors:
            given = {name: values[name] for name in ("url", "format", "options")}
            check_watch(Watch(pk=self.instance.pk, **{**given, "options": given["options"] or {}}))
        return values

    def clean_options(self) -> dict[str, Any]:
        """Return the options, empty where none are given."""
        return self.cleaned_data["options"] or {}


class EndedMixin:
    """Shows in one column how an attempt ended."""

    @admin.display(description=gettext_lazy("outcome"), ordering="outcome")
    def ended(self, fetch: Fetch) -> str:
        """Return how it ended, with the site's status and the reason, as far as there are any."""
        status = f" ({fetch.http_status})" if fetch.http_status else ""
        return f"{fetch.get_outcome_display()}{status}{': ' if fetch.detail else ''}{fetch.detail}"


class FetchInline(EndedMixin, ReadInline):
    """The newest attempts."""

    model = Fetch
    fields = readonly_fields = ("at", "ended", "kept_file", "run")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fetch]:
        """Fetch what a row prints with it, of the newest attempts only."""
        found = super().get_queryset(request).select_related("watch", "kept_file", "run")
        watch = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if watch is None or not str(watch).isdigit():
            return found.none()
        newest = Fetch.objects.filter(watch=watch).order_by("-pk").values("pk")[:ATTEMPTS_SHOWN]
        return found.filter(pk__in=newest)


@admin.register(Watch)
class WatchAdmin(KeptAdmin):
    """Documents that are fetched again and again. A watch is paused, not deleted: its attempts stay on record."""

    form = WatchForm
    actions = ("fetch_now", "pause", "resume")
    list_display = ("slug", "reading", "state")
    list_filter = ("is_enabled", "is_trusted", "format")
    search_fields = ("slug", "url")
    readonly_fields = ("failures", "not_before", "etag", "last_modified", "schedule")
    inlines = (FetchInline,)

    @admin.display(description=gettext_lazy("read as"), ordering="format")
    def reading(self, watch: Watch) -> SafeString:
        """Return how and how often a document is read, and lead to it at its site."""
        hours = ngettext("every hour", "every %(number)d hours", watch.every_hours) % {"number": watch.every_hours}
        host = urlsplit(watch.url).hostname
        return format_html('{}, {}<br><a href="{}">{}</a>', watch.format, hours, watch.url, host)

    @admin.display(description=gettext_lazy("state"), ordering="failures")
    def state(self, watch: Watch) -> str:
        """Return whether a schedule runs and is trusted, how many attempts failed in a row, and until when it rests."""
        said = [_("runs") if watch.is_enabled else _("paused"), _("trusted") if watch.is_trusted else _("not trusted")]
        if watch.failures:
            failed = ngettext("%(number)d failure in a row", "%(number)d failures in a row", watch.failures)
            said.append(failed % {"number": watch.failures})
        if watch.not_before:
            said.append(_("not before %s") % formats.localize(timezone.localtime(watch.not_before)))
        return ", ".join(said)

    def save_model(self, request: HttpRequest, obj: Watch, form: Any, change: bool) -> None:
        """Save it and bring its place in the schedule up to date."""
        if "url" in form.changed_data:
            obj.etag = obj.last_modified = ""  # Of another document.
        super().save_model(request, obj, form, change)
        sync_schedule(obj)

    @admin.action(description=gettext_lazy("Fetch now, whatever the back-off"), permissions=["change"])
    def fetch_now(self, request: HttpRequest, queryset: QuerySet[Watch]) -> None:
        """Ask a worker to fetch those that are not paused; robots.txt and each host's pace hold all the same."""
        watches = list(queryset.filter(is_enabled=True))
        try:
            for watch in watches:
                Watch.objects.filter(pk=watch.pk).update(not_before=None)
                current_app.send_task(TASK, args=[watch.pk])
        except OperationalError as problem:
            self.message_user(request, _("The queue does not answer: %s") % problem, messages.ERROR)
            return
        said = ngettext("A worker fetches %(number)d document.", "A worker fetches %(number)d documents.", len(watches))
        self.message_user(request, said % {"number": len(watches)}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Watch]) -> None:
        """Stop fetching them."""
        self._enable(request, queryset, False)

    @admin.action(description=gettext_lazy("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Watch]) -> None:
        """Fetch them again on schedule."""
        self._enable(request, queryset, True)

    def _enable(self, request: HttpRequest, queryset: QuerySet[Watch], is_enabled: bool) -> None:
        """Pause or resume, in the schedule too."""
        watches = list(queryset.exclude(is_enabled=is_enabled).select_related("schedule"))
        for watch in watches:
            watch.is_enabled = is_enabled
            watch.save(update_fields=["is_enabled"])
            sync_schedule(watch)
            self.log_change(request, watch, "resumed" if is_enabled else "paused")
        said = ngettext("%(number)d watch changed.", "%(number)d watches changed.", len(watches))
        self.message_user(request, said % {"number": len(watches)}, messages.SUCCESS)


@admin.register(Fetch)
class FetchAdmin(EndedMixin, ReadAdmin):
    """Every attempt: refusals are recorded as refusals."""

    list_display = ("watch", "at", "ended", "run")
    list_filter = ("outcome", "at", "http_status")
    list_select_related = ("watch", "run")
    search_fields = ("watch__slug", "detail", "final_url")
    ordering = ("-id",)
