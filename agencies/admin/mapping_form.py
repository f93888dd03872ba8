"""The form of a column mapping: for each field a column or a fixed value."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.ingest.mapped_rows import DELIMITERS, ENCODINGS, FIELDS, repeated
from agencies.ingest.saved_mapping import ENCODING, mapping_problem
from agencies.models import ColumnMapping

LABELS = {
    "grantor": gettext_lazy("Who gives access"),
    "grantee": gettext_lazy("Who gets access"),
    "grantor_state": gettext_lazy("State of who gives it"),
    "grantee_state": gettext_lazy("State of who gets it"),
    "account_status": gettext_lazy("Status of the account"),
    "printed": gettext_lazy("Text as printed"),
    "locator": gettext_lazy("Place in the document"),
    "published_on": gettext_lazy("Published on"),
    "retrieved_on": gettext_lazy("Retrieved on"),
    "first_reported_on": gettext_lazy("First reported on"),
    "url": gettext_lazy("Web address"),
    "archive_url": gettext_lazy("Archived copy"),
    "licence_url": gettext_lazy("Address of the licence"),
    "compiled_by": gettext_lazy("Made by"),
    "licence": gettext_lazy("Licence"),
}
DELIMITER_NAMES = {
    "comma": gettext_lazy("comma"),
    "semicolon": gettext_lazy("semicolon"),
    "tab": gettext_lazy("tab"),
    "bar": gettext_lazy("vertical bar"),
}
ENCODING_NAMES = {"utf-8": "UTF-8", "cp1252": gettext_lazy("Windows-1252 (cp1252)")}


class MappingForm(forms.ModelForm):
    """A mapping. `headings` are those of the sample table; without one, those that the mapping has already.

    A heading that stands twice is not offered: nobody could tell which of its columns is meant.
    """

    delimiter = forms.ChoiceField(
        label=gettext_lazy("Between the cells"),
        choices=[(sign, DELIMITER_NAMES[name]) for sign, name in DELIMITERS.items()],
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"), choices=[(name, ENCODING_NAMES[name]) for name in ENCODINGS]
    )

    class Meta:
        model = ColumnMapping
        fields = ("title", "slug", "source", "network", "access", "reported_by", "section", "completeness", "delimiter")

    def __init__(self, *args: Any, headings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved: ColumnMapping = self.instance
        columns, constants = saved.columns or {}, saved.constants or {}
        self.fields["encoding"].initial = constants.get(ENCODING, "utf-8")
        twice = repeated(headings)
        known = list(dict.fromkeys(name for name in headings or columns.values() if name and name not in twice))
        choices = [("", "---------"), *((heading, heading) for heading in known)]
        for name in FIELDS:
            label = LABELS[name]
            column = forms.ChoiceField(choices=choices, required=False, label=_("%s: column") % label)
            hint = forms.TextInput(attrs={"placeholder": _("the same in every row")})
            constant = forms.CharField(max_length=500, required=False, label=_("%s: fixed value") % label, widget=hint)
            column.initial, constant.initial = columns.get(name, ""), constants.get(name, "")
            self.fields |= {f"column_{name}": column, f"constant_{name}": constant}

    def reading(self) -> list[forms.BoundField]:
        """Return the fields that say how the file is cut into cells."""
        return [self["delimiter"], self["encoding"]]

    def about(self) -> list[forms.BoundField]:
        """Return the fields that say what the table is."""
        return [self[name] for name in self.Meta.fields if name != "delimiter"]

    def pairs(self) -> list[dict[str, Any]]:
        """Return what the page shows of each field: its label, its column, its fixed value."""
        return [
            {"label": LABELS[name], "column": self[f"column_{name}"], "constant": self[f"constant_{name}"]}
            for name in FIELDS
        ]

    def said(self, kind: str) -> dict[str, str]:
        """Return field -> column or field -> constant, of those that are given."""
        values = getattr(self, "cleaned_data", {})
        return {name: values[f"{kind}_{name}"] for name in FIELDS if values.get(f"{kind}_{name}")}

    def clean(self) -> dict[str, Any]:
        """Take columns and constants together, and refuse what can't be used together."""
        values = super().clean() or {}
        columns, constants = self.said("column"), self.said("constant")
        if values.get("encoding", "utf-8") != "utf-8":
            constants[ENCODING] = values["encoding"]
        problem = mapping_problem(columns, constants)
        if problem:
            raise forms.ValidationError(problem)
        self.instance.columns, self.instance.constants = columns, constants
        return values
