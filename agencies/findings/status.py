"""Where a finding stands: open, answered by its agency, or dismissed by an editor; never stored, always read anew."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agencies.models import AnswerTarget, Finding, FindingDismissal, Statement


class FindingStatus(models.TextChoices):
    """What has become of a finding."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered by the agency")
    DISMISSED = "dismissed", _("dismissed by an editor")


def with_status(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Add `status`, and `dismissed_for`: the reason of the newest dismissal; no query of its own."""
    newest = FindingDismissal.objects.filter(finding_uuid=OuterRef("uuid")).order_by("-pk")
    return findings.annotate(
        is_dismissed=Coalesce(Subquery(newest.values("is_dismissed")[:1]), False),
        dismissed_for=Subquery(newest.filter(is_dismissed=True).values("reason")[:1]),
        status=Case(
            When(is_dismissed=True, then=Value(FindingStatus.DISMISSED)),
            When(_answered(), then=Value(FindingStatus.ANSWERED)),
            default=Value(FindingStatus.OPEN),
            output_field=models.CharField(),
        ),
    )


def _answered() -> Exists:
    """Return the condition that a standing answer of the finding's agency is about one of its statements."""
    by = Coalesce("answer__alias__decision__agency__merged_into", "answer__alias__decision__agency")
    return Exists(
        AnswerTarget.objects.annotate(by=by).filter(
            by=OuterRef("agency"),
            answer__alias__decision__outcome="matched",
            answer__statement__in=Statement.objects.standing().values("pk"),
            sharing__statement__findings=OuterRef("pk"),
        )
    )
