"""The page on which a column mapping is made: a sample in, its headings to choose from, its first rows as read."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.admin.mapping_form import MappingForm
from agencies.ingest import safety
from agencies.ingest.flock_audit_file import refuse_audit
from agencies.ingest.mapped_rows import DELIMITERS, ENCODINGS, TableMapping, decoded, headings, repeated
from agencies.ingest.mapping_preview import Preview, preview, sample_of
from agencies.ingest.parsed import ImportProblem, ParsedSource
from agencies.ingest.saved_mapping import mapping_problem
from agencies.models import ColumnMapping, ReportedBy

if TYPE_CHECKING:
    from agencies.admin.mapping import ColumnMappingAdmin

SUFFIXES = (".csv", ".tsv", ".txt")


def mapping_page(request: HttpRequest, desk: "ColumnMappingAdmin", object_id: str | None) -> HttpResponse:
    """Show the page; "Look" (POST) reads the sample again, "Save" saves. The sample goes along in the page."""
    saved = _mapping_for(request, desk, object_id)
    is_sent = request.method == "POST"
    if is_sent and not (desk.has_change_permission(request) if object_id else desk.has_add_permission(request)):
        raise PermissionDenied
    sample, name, problem = _sample(request) if is_sent else ("", "", "")
    found = _headings(request, sample)
    form = MappingForm(request.POST if is_sent else None, instance=saved or ColumnMapping(), headings=found)
    if is_sent and "_save" in request.POST and not problem and form.is_valid():
        return _saved(request, desk, form, is_new=saved is None)
    context = {
        **desk.admin_site.each_context(request),
        "title": str(saved) if saved else _("Add a column mapping"),
        "opts": desk.opts,
        "form": form,
        "sample": sample,
        "sample_name": name,
        "sample_problem": problem,
        "repeated": repeated(found),
        "preview": _preview(form, sample, name) if sample else None,
        "can_save": desk.has_change_permission(request) if saved else desk.has_add_permission(request),
        "is_looking": "_save" not in request.POST,
    }
    return TemplateResponse(request, "admin/agencies/columnmapping/form.html", context)


def _mapping_for(request: HttpRequest, desk: "ColumnMappingAdmin", object_id: str | None) -> ColumnMapping | None:
    """Return the mapping that the page is about, None for a new one; refuse who may not see it."""
    if object_id is None:
        if not desk.has_add_permission(request):
            raise PermissionDenied
        return None
    if not desk.has_view_permission(request):
        raise PermissionDenied
    found = desk.get_object(request, object_id)
    if not isinstance(found, ColumnMapping):
        raise Http404
    return found


def _sample(request: HttpRequest) -> tuple[str, str, str]:
    """Return the beginning of the sample table, its name, and why it can't be used."""
    file = request.FILES.get("sample_file")
    kept, kept_name, problem = _sample_before(request)
    if file is None or problem:
        return kept, kept_name, problem
    name = PurePosixPath(str(file.name).replace("\\", "/")).name
    encoding = request.POST.get("encoding", "")
    encoding = encoding if encoding in ENCODINGS else "utf-8"
    try:
        safety.check_size(file.size or 0, name)
        data = file.read()
        safety.check(data, name=name, suffixes=SUFFIXES, encoding=encoding)
        return sample_of(decoded(data, encoding, file=name)), name, ""
    except ImportProblem as refused:
        return kept, kept_name, str(refused)


def _sample_before(request: HttpRequest) -> tuple[str, str, str]:
    """Return the sample that came along in the page, as `_sample` does: anything may have been put there."""
    text, name = sample_of(request.POST.get("sample", "")), request.POST.get("sample_name", "")[:200]
    try:
        refuse_audit(text.encode("utf-8", "replace"), file=name)
    except ImportProblem as problem:
        return "", name, str(problem)
    return text, name, ""


def _headings(request: HttpRequest, sample: str) -> list[str]:
    """Return the sample's headings, none where it has none."""
    delimiter = request.POST.get("delimiter", ",")
    try:
        return headings(sample, delimiter if delimiter in DELIMITERS else ",", file="")
    except ImportProblem:
        return []


def _preview(form: MappingForm, sample: str, name: str) -> Preview:
    """Return the first rows as the chosen columns read them, or as they stand where the choice isn't whole yet."""
    form.is_valid()  # Whatever else is missing, this cleans the fields.
    values, columns, constants = form.cleaned_data, form.said("column"), form.said("constant")
    mapping = TableMapping(
        source=ParsedSource("", "", "", ""),
        network="",
        access="",
        reported_by=values.get("reported_by") or ReportedBy.THIRD_PARTY,
        section="",
        completeness="",
        columns=columns,
        constants=constants,
        delimiter=values.get("delimiter") or ",",
    )
    return preview(sample, mapping, file=name, can_read=not mapping_problem(columns, constants))


def _saved(request: HttpRequest, desk: "ColumnMappingAdmin", form: MappingForm, is_new: bool) -> HttpResponse:
    """Save the mapping, note who did, and go back to the list."""
    mapping = form.save()
    if is_new:
        desk.log_addition(request, mapping, "added")
    else:
        desk.log_change(request, mapping, f"columns {mapping.columns}, constants {mapping.constants}")
    desk.message_user(request, _("The mapping “%s” is saved.") % mapping, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:agencies_columnmapping_changelist"))
