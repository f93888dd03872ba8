"""Findings and laws as words and pictures in templates."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.findings import wording
from agencies.findings.status import FindingStatus
from agencies.models import Finding, Law, Statement
from agencies.pictures.state_map import Mark, state_map, swatch
from agencies.summaries import matched_agency
from agencies.wording import statement_sentence

register = template.Library()
register.filter("finding_title", wording.title)
register.filter("finding_words", wording.words)
register.filter("finding_brief", wording.brief)
register.filter("finding_limits", wording.limits)
register.filter("limits", wording.limits_words)
register.filter("verified", wording.verified_words)
register.filter("days", wording.days_words)


@register.filter
def finding_status(finding: Finding) -> str:
    """Return where a finding stands, in words; it was read with its status."""
    return str(FindingStatus(finding.status).label)  # type: ignore[attr-defined]


@register.filter
def told(statement: Statement) -> str:
    """Say what a sharing statement says, by the agencies that its names are matched to; "" where one is not."""
    grantor = matched_agency(statement.sharing.grantor_alias)
    grantee = matched_agency(statement.sharing.grantee_alias)
    return statement_sentence(statement, grantor, grantee) if grantor and grantee else ""


@register.simple_tag
def law_map(marks: Mapping[str, Mark]) -> SafeString:
    """Draw the states by the laws that they have."""
    title = _("Map of the states and their laws")
    description = _("Each state leads to its row of the table below, which holds all that the map shows.")
    return state_map(marks, "laws", title, description)


@register.simple_tag
def law_swatch(kind: str) -> SafeString:
    """Draw the legend's square of a kind."""
    return swatch(kind)


@register.filter
def is_law(law: Law) -> bool:
    """Tell a law of a place from a label that another gives it."""
    return law.kind != Law.Kind.LABEL
