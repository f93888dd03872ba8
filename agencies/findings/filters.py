"""What a reader can ask of the table of findings."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.findings.rules import RULES
from agencies.findings.status import FindingStatus
from agencies.findings.wording import TITLES
from agencies.matching.states import STATE_NAMES
from agencies.models import Finding

ANY = [("", _("any"))]
VERIFIED = [("yes", _("verified")), ("no", _("not verified")), ("none", _("rests on no law"))]


class FindingFilter(forms.Form):
    """Rule, state, severity, status, and whether the law was verified; what is not among the choices is refused."""

    rule = forms.ChoiceField(
        label=_("Rule"), required=False, choices=[*ANY, *((r.slug, TITLES[r.slug]) for r in RULES)]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[*ANY, *sorted(STATE_NAMES.items(), key=lambda pair: pair[1])]
    )
    severity = forms.ChoiceField(label=_("Weight"), required=False, choices=[*ANY, *Finding.Severity.choices])
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *FindingStatus.choices])
    law = forms.ChoiceField(label=_("Law"), required=False, choices=[*ANY, *VERIFIED])

    def rows(self, findings: QuerySet[Finding]) -> QuerySet[Finding]:
        """Keep what was asked for; nothing where the form is not valid."""
        if not self.is_valid():
            return findings.none()
        asked = self.cleaned_data
        names = {"rule": "rule", "state": "agency__state", "severity": "severity", "status": "status"}
        which: dict[str, Any] = {field: asked[name] for name, field in names.items() if asked[name]}
        if asked["law"]:
            which["law__isnull"] = asked["law"] == "none"
        if asked["law"] in ("yes", "no"):
            which["law__verified_on__isnull"] = asked["law"] == "no"
        return findings.filter(**which)
