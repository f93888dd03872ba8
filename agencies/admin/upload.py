"""The upload of documents by editors: checked before anything reads them, kept, and queued for a preview."""

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.admin.format_options import chosen_options, option_fields
from agencies.ingest import kept, runs, safety
from agencies.ingest.formats import FORMATS, Format
from agencies.ingest.kept_paths import file_name
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.saved_mapping import encoding_of
from agencies.ingest.storable import check_retrieved
from agencies.models import ImportRun
from agencies.tasks import hand_over

if TYPE_CHECKING:
    from agencies.admin.kept import KeptFileAdmin

MOST_FILES = 20
"""Files in one upload."""

FORM_BYTES = 2**20
"""What a form may hold beside its files."""


class FilesInput(forms.ClearableFileInput):
    """The browser's own chooser, for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files; each must have a name and hold something."""
        found = data if isinstance(data, list) else [data]
        return [self._clean(one, initial) for one in found or [None]]

    def _clean(self, file: UploadedFile | None, initial: Any) -> UploadedFile:
        """Return one file. Raises ValidationError, which names the file, since several may come together."""
        try:
            cleaned: UploadedFile = super().clean(file, initial)
        except forms.ValidationError as problem:
            name = file_name(str(file.name)) if file else ""
            raise forms.ValidationError([f"{name}: {said}" if name else said for said in problem.messages]) from problem
        return cleaned


class UploadForm(forms.Form):
    """Documents of one format, and what the importer is to be told of them."""

    documents = FilesField(
        label=gettext_lazy("Files"), help_text=gettext_lazy("Each becomes an import of its own, told the same below.")
    )

    def __init__(self, known: Format, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields |= option_fields(known)
        self.fields["documents"].widget.attrs["accept"] = ",".join(known.suffixes)
        if known.is_several_files:
            self.fields["documents"].help_text = _("Choose all files of the collection together: they are one import.")
        self.checked: list[tuple[str, bytes]] = []

    def clean(self) -> dict[str, Any]:
        """Read the files and check each; nothing is kept where one is refused."""
        values = super().clean() or {}
        values |= self._cleaned_options(values)
        try:
            check_retrieved(values.get("retrieved_on"), values.get("published_on"))
        except ImportProblem as slip:
            self.add_error("retrieved_on", slip.message)
        files = values.get("documents") or []
        if len(files) > MOST_FILES:
            raise forms.ValidationError({"documents": _("At most %(number)d files at once.") % {"number": MOST_FILES}})
        encoding = encoding_of(chosen_options(self.known, values, ""))
        problems = [problem for file in files if (problem := self._check(file, encoding))]
        if problems:
            raise forms.ValidationError({"documents": problems})
        return values

    def _cleaned_options(self, values: dict[str, Any]) -> dict[str, str]:
        """Return the options that the format cleans, as it takes them; refuse those that it can't take."""
        found = {}
        for name, clean in self.known.cleaners.items():
            try:
                found[name] = clean(values.get(name) or "")
            except ImportProblem as problem:
                self.add_error(name, problem.message)
        return found

    def of_each_import(self) -> list[list[tuple[str, bytes]]]:
        """Return the checked files, name and bytes, those together that one import reads."""
        return [self.checked] if self.known.is_several_files else [[one] for one in self.checked]

    def _check(self, file: UploadedFile, encoding: str) -> str:
        """Read one file; return why it is refused, or "" where it is not. Its name is never a path here."""
        name = file_name(str(file.name))
        try:
            safety.check_size(file.size or 0, name)
            data = file.read()
            safety.check(data, name=name, suffixes=self.known.suffixes, encoding=encoding)
        except ImportProblem as problem:
            return str(problem)
        self.checked.append((name, data))
        return ""


def too_large(request: HttpRequest) -> bool:
    """Tell from its headers alone whether a request is larger than any upload may be."""
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return True
    return size > settings.CAPTURES_MAX_BYTES + FORM_BYTES


def upload_view(request: HttpRequest, desk: "KeptFileAdmin", is_too_large: bool = False) -> HttpResponse:
    """Show the formats, or the form of one (GET); check, keep and queue documents (POST)."""
    known = FORMATS.get(request.GET.get("format", ""))
    form = None
    if known is not None and known.keeps:
        is_sent = request.method == "POST" and not is_too_large
        form = UploadForm(known, request.POST, request.FILES) if is_sent else UploadForm(known)
        if form.is_bound and form.is_valid():
            return _begin(request, desk, form)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Upload documents"),
        "opts": desk.opts,
        "form": form,
        "known": known if form else None,
        "formats": [one for one in FORMATS.values() if one.keeps and one.suffixes],
        "most_megabytes": settings.CAPTURES_MAX_BYTES // 2**20,
        "is_too_large": is_too_large,
    }
    status = 413 if is_too_large else 200
    return TemplateResponse(request, "admin/agencies/keptfile/upload.html", context, status=status)


def _begin(request: HttpRequest, desk: "KeptFileAdmin", form: UploadForm) -> HttpResponse:
    """Keep the files and queue an import for each, or say why one cannot be kept."""
    try:
        begun = _keep_all(request, form)
    except ImportProblem as problem:
        desk.message_user(request, str(problem), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())
    for run in begun:
        desk.log_addition(request, run, "uploaded")
    number = len(form.checked)
    said = ngettext("The document is kept.", "%(number)d documents are kept.", number) % {"number": number}
    desk.message_user(request, said + " " + _("A worker looks what it would change."), messages.SUCCESS)
    if len(begun) == 1:
        return HttpResponseRedirect(reverse("admin:agencies_importrun_change", args=[begun[0].pk]))
    return HttpResponseRedirect(reverse("admin:agencies_importrun_changelist"))


@transaction.atomic
def _keep_all(request: HttpRequest, form: UploadForm) -> list[ImportRun]:
    """Keep the checked files and return their queued imports. Raises ImportProblem, and then nothing stays."""
    begun = []
    for files in form.of_each_import():
        digest = hashlib.sha256(b"".join(data for _, data in files)).hexdigest()
        run = runs.start(
            form.known.name,
            [kept.kept_path(kept.keep(data, reduce=form.known.reduce, name=name), name) for name, data in files],
            options=chosen_options(form.known, form.cleaned_data, digest),
            needs_review=True,
            started_by=request.user,
        )
        hand_over(run)
        begun.append(run)
    return begun
