"""Kept files: what is held, what a person should look at in it, the ways to get it out and to remove it for good.

Readers never get here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from agencies.admin.base import ReadAdmin
from agencies.admin.upload import too_large, upload_view
from agencies.ingest import kept_removal
from agencies.ingest.kept import read_kept
from agencies.ingest.kept_paths import parts_of
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.runs_desk import OPEN
from agencies.models import Capture, ImportRun, KeptFile, RemovedBytes

SHOWN = 20
"""Captures and import runs of a file that its page names."""

PERSONAL = {
    "emails": gettext_lazy("e-mail addresses"),
    "phones": gettext_lazy("telephone numbers"),
    "pages_without_text": gettext_lazy("pages without text, in which nothing could be looked for"),
    "unread": gettext_lazy("text that could not be got at"),
}


def personal_data_in_words(found: dict[str, int]) -> str:
    """Return what was seen of personal data in a line."""
    said = [f"{PERSONAL.get(kind, kind)}: {number}" for kind, number in found.items()]
    return "; ".join(said) or _("no e-mail address and no telephone number seen")


def files_in_review(run: ImportRun) -> list[dict[str, Any]]:
    """Return the kept files that a run reads, each with what a person should look at before it is recorded."""
    parts = [parts_of(path) for path in run.paths]
    files = KeptFile.objects.select_related("removal")
    found = files.in_bulk({sha256 for sha256, _ in parts if sha256}, field_name="sha256")
    return [
        {"file": file, "name": name, "personal": personal_data_in_words(file.personal_data)}
        for sha256, name in parts
        if (file := found.get(sha256)) is not None
    ]


class RemovalForm(forms.Form):
    """Why bytes are removed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("In a line; readers see it on the pages of its captures."),
    )


@admin.register(KeptFile)
class KeptFileAdmin(ReadAdmin):
    """The bytes behind captures, and the upload of new ones."""

    change_list_template = "admin/agencies/keptfile/change_list.html"
    change_form_template = "admin/agencies/keptfile/change_form.html"
    list_display = ("short_hash", "media_type", "size", "is_reduced", "removal__removed_at", "personal", "created_at")
    list_filter = ("media_type", "is_reduced", ("removal", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("removal",)
    search_fields = ("=sha256", "=stored_sha256")
    search_help_text = gettext_lazy("The whole SHA-256 of what was received or of what is stored.")
    exclude = ("personal_data",)
    readonly_fields = ("personal", "removed", "download_link", "captures", "runs")

    def get_urls(self) -> list[URLPattern]:
        """Add the upload, the download, the removal, and the form for a capture's archived copy."""
        view = self.admin_site.admin_view
        own = [
            path("upload/", view(self.upload), name="agencies_upload"),
            path("<int:pk>/download/", view(self.download), name="agencies_keptfile_download"),
            path("<int:pk>/remove/", view(self.remove), name="agencies_keptfile_remove"),
            path("capture/<int:pk>/archive/", view(self.archive), name="agencies_capture_archive"),
        ]
        return [*own, *super().get_urls()]

    # The body is read only once its size is known: checking the form's token would read it before.
    @method_decorator(csrf_exempt)
    def upload(self, request: HttpRequest) -> HttpResponse:
        """Show the form for new documents (GET); check, keep and queue them (POST)."""
        if not request.user.has_perm("agencies.add_importrun"):
            raise PermissionDenied
        if request.method == "POST" and too_large(request):
            return upload_view(request, self, is_too_large=True)
        return csrf_protect(upload_view)(request, self)

    def download(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the stored bytes as a file that no browser opens by itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kept = get_object_or_404(KeptFile, pk=pk)
        try:
            data = read_kept(kept)
        except ImportProblem as problem:
            raise Http404(str(problem)) from problem
        response = HttpResponse(data, content_type="application/octet-stream")
        name = f"capture-{kept.sha256[:12]}{Path(kept.stored_name).suffix}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "no-store"
        return response

    def remove(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why the bytes are to go, and say what follows (GET); remove them (POST), or have the store try again."""
        if not (self.has_view_permission(request) and request.user.has_perm("agencies.delete_keptfile")):
            raise PermissionDenied
        kept = get_object_or_404(KeptFile.objects.select_related("removal"), pk=pk)
        form = RemovalForm(request.POST or None)
        if request.method == "POST" and (kept.is_removed or form.is_valid()):
            self._remove(request, kept, form.cleaned_data["reason"] if form.is_valid() else "")
            return HttpResponseRedirect(reverse("admin:agencies_keptfile_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remove the bytes"),
            "opts": self.opts,
            "kept": kept,
            "form": form,
            "others": kept_removal.with_the_same_bytes(kept).exclude(pk=pk),
            "captures": kept_removal.captures_saying_held(kept).count(),
            "open_runs": ImportRun.objects.reading(kept).filter(status__in=OPEN),
        }
        return TemplateResponse(request, "admin/agencies/keptfile/remove.html", context)

    def _remove(self, request: HttpRequest, kept: KeptFile, reason: str) -> None:
        """Remove the bytes, or have the store delete those removed before, and say how it went."""
        if kept.is_removed:
            kept_removal.finish([kept.pk])
        else:
            for file in kept_removal.remove(kept, reason, request.user):
                self.log_change(request, file, f"bytes removed: {reason}")
        if RemovedBytes.objects.filter(kept_file=kept, gone_at__isnull=True).exists():
            said = _("They are removed, but the store has not deleted them yet: try again, and look in the log.")
            self.message_user(request, said, messages.WARNING)
        else:
            self.message_user(request, _("The bytes are gone from the store."), messages.SUCCESS)

    def archive(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the address of an archived copy of a capture (GET); record it (POST). No other site is asked."""
        if not request.user.has_perm("agencies.change_capture"):
            raise PermissionDenied
        capture = get_object_or_404(Capture.objects.select_related("source"), pk=pk)
        address, problem = request.POST.get("archive_url", capture.archive_url).strip(), ""
        if request.method == "POST":
            try:
                self._record_archive(request, capture, address)
                return HttpResponseRedirect(reverse("admin:agencies_capture_change", args=[pk]))
            except ValidationError as found:
                problem = " ".join(found.messages)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Archived copy"),
            "opts": self.opts,
            "capture": capture,
            "address": address,
            "problem": problem,
        }
        return TemplateResponse(request, "admin/agencies/keptfile/archive.html", context)

    def _record_archive(self, request: HttpRequest, capture: Capture, address: str) -> None:
        """Set the address; raises ValidationError for one that is none. Empty takes a wrong one out."""
        if address:
            URLValidator(["http", "https"])(address)
        Capture._meta.get_field("archive_url").run_validators(address)
        before, capture.archive_url = capture.archive_url, address
        capture.save(update_fields=["archive_url"])
        self.log_change(request, capture, f"archive_url: {before or '-'} -> {address or '-'}")
        self.message_user(request, _("The archived copy is recorded."), messages.SUCCESS)

    @admin.display(description="SHA-256", ordering="sha256")
    def short_hash(self, kept: KeptFile) -> str:
        """Return the beginning of the hash."""
        return kept.sha256[:16]

    @admin.display(description=gettext_lazy("personal data"))
    def personal(self, kept: KeptFile) -> str:
        """Return what was seen of it."""
        return personal_data_in_words(kept.personal_data)

    @admin.display(description=gettext_lazy("stored bytes"))
    def download_link(self, kept: KeptFile) -> SafeString | str:
        """Lead to the download, where there is something left of it."""
        if kept.is_removed:
            return _("none")
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:agencies_keptfile_download", args=[kept.pk]), _("Download…")
        )

    @admin.display(description=gettext_lazy("removed"))
    def removed(self, kept: KeptFile) -> str:
        """Return when its bytes were removed, by whom and why; a dash where they were not."""
        if not kept.is_removed:
            return "–"
        removal = kept.removal
        held = "" if removal.gone_at else " " + _("(not deleted from the store yet)")
        return f"{removal.removed_at:%Y-%m-%d %H:%M}, {removal.removed_by}: {removal.reason}{held}"

    @admin.display(description=gettext_lazy("captures"))
    def captures(self, kept: KeptFile) -> SafeString | str:
        """Lead to the captures whose document it is, and to the form for an archived copy of each."""
        found = Capture.objects.filter(sha256=kept.sha256).select_related("source").order_by("-pk")[:SHOWN]
        said = _("archived copy…")
        parts = [
            (*_to("agencies_capture_change", capture), *_to("agencies_capture_archive", capture, said))
            for capture in found
        ]
        return _lines('<a href="{}">{}</a> (<a href="{}">{}</a>)', parts)

    @admin.display(description=gettext_lazy("imports"))
    def runs(self, kept: KeptFile) -> SafeString | str:
        """Lead to the import runs that read it."""
        found = ImportRun.objects.reading(kept).order_by("-pk")[:SHOWN]
        return _lines('<a href="{}">{}</a>', [_to("agencies_importrun_change", run) for run in found])


@admin.register(RemovedBytes)
class RemovedBytesAdmin(ReadAdmin):
    """Which bytes were removed, by whom, when and why. The page of a kept file removes them."""

    list_display = ("kept_file", "reason", "removed_by", "removed_at", "gone_at")
    list_filter = ("removed_at", ("gone_at", admin.EmptyFieldListFilter))
    list_select_related = ("kept_file", "removed_by")
    search_fields = ("reason", "=kept_file__sha256")


def _to(name: str, row: Model, text: str = "") -> tuple[str, str]:
    """Return the address of a row's page and what its link says."""
    return reverse(f"admin:{name}", args=[row.pk]), text or str(row)


def _lines(template: str, parts: Sequence[tuple[str, ...]]) -> SafeString | str:
    """Return links, one row a line."""
    return format_html_join(mark_safe("<br>"), template, parts) or _("none")
