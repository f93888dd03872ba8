"""Form fields for what an importer may be told beside the file."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.ingest.formats import Format
from agencies.ingest.mapped_rows import ENCODINGS
from agencies.ingest.portal_names import US_STATES
from agencies.models import ColumnMapping

LABELS = {
    "agency": (_("Agency"), _("Whose document it is, as it prints its name.")),
    "state": (_("State"), _("Of the agency whose document it is.")),
    "slug": (_("Name in the portal’s address"), _("The last part, “union-city-ca-pd”, or the whole address.")),
    "url": (_("Web address"), _("Where the document stands or stood.")),
    "archive_url": (_("Archived copy"), _("Address of a copy in a web archive.")),
    "published_on": (_("Published on"), _("Date that the document gives itself.")),
    "retrieved_on": (_("Retrieved on"), _("Day on which we, or whoever made the copy, got it.")),
    "first_reported_on": (_("First reported on"), _("Day of the first report about it.")),
    "compiled_by": (_("Made by"), _("Who made this copy; empty: we fetched it ourselves.")),
    "mapping": (_("Column mapping"), _("How the table is read.")),
    "encoding": (_("Encoding"), _("Empty: as the mapping says.")),
}
"""Label and help of the options that are known here; others show their own name."""

REQUIRED = frozenset({"mapping", "retrieved_on", "slug"})
"""Options without which the formats that take them read nothing."""

MADE_HERE = frozenset({"sha256"})
"""Options that the upload itself fills in."""


def option_fields(known: Format) -> dict[str, forms.Field]:
    """Return a field for each option of a format, in a fixed order."""
    names = [name for name in LABELS if name in known.options]
    names += sorted(known.options - set(LABELS) - MADE_HERE)
    fields = {name: _field(name) for name in names}
    if known.tells_its_date and (retrieved := fields.get("retrieved_on")):
        retrieved.required, retrieved.initial = False, None
        retrieved.help_text = _("Empty: not told, and the day that the document tells counts.")
    return fields


def chosen_options(known: Format, values: dict[str, Any], sha256: str) -> dict[str, str]:
    """Return a cleaned form's options as the importer takes them; what was left empty is left out.

    An upload by nobody else is told to be ours, since some formats take their files for someone's collection.
    """
    chosen = {}
    for name in option_fields(known):
        value = values.get(name)
        text = (
            value.slug if isinstance(value, ColumnMapping) else value.isoformat() if _is_date(name) and value else value
        )
        if text or name == "compiled_by":
            chosen[name] = str(text or "")
    return {**chosen, "sha256": sha256} if "sha256" in known.options else chosen


def _field(name: str) -> forms.Field:
    """Return the field of one option."""
    label, text = LABELS.get(name, (name.replace("_", " ").capitalize(), ""))
    said: dict[str, Any] = {"label": label, "help_text": text, "required": name in REQUIRED}
    if name == "mapping":
        return forms.ModelChoiceField(ColumnMapping.objects.all(), to_field_name="slug", **said)
    if name == "state":
        return forms.ChoiceField(choices=[("", "---------"), *((code, code) for code in sorted(US_STATES))], **said)
    if name == "encoding":
        return forms.ChoiceField(choices=[("", "---------"), *((code, code) for code in ENCODINGS)], **said)
    if _is_date(name):
        today = timezone.now().date() if name == "retrieved_on" else None
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(initial=today, widget=widget, input_formats=["%Y-%m-%d"], localize=False, **said)
    if name in {"url", "archive_url"}:
        return forms.URLField(max_length=500, assume_scheme="https", **said)
    return forms.CharField(max_length=200, **said)


def _is_date(name: str) -> bool:
    """Tell whether an option is a date."""
    return name.endswith("_on")
