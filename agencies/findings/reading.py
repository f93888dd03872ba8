"""Findings as pages read them: with their status, in a fixed number of queries."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from agencies.federal import standing_answers
from agencies.findings.status import FindingStatus, with_status
from agencies.models import Agency, Answer, Finding, SharingList, Statement


def standing_findings() -> QuerySet[Finding]:
    """Return findings of whose evidence something stands: what is withdrawn shows nowhere, refreshed or not."""
    statements = Statement.objects.standing().filter(findings=OuterRef("pk"))
    lists = SharingList.objects.standing().filter(findings=OuterRef("pk"))
    return Finding.objects.filter(Exists(statements) | Exists(lists))


def shown_findings() -> QuerySet[Finding]:
    """Return standing findings with their status and all that their words need, the newest first; one query."""
    found = standing_findings().select_related("agency", "counterpart", "network", "law__place")
    return with_status(found).order_by("-as_of", "-pk")


def findings_of(agencies: Iterable[Agency]) -> dict[int, list[Finding]]:
    """Return the findings about each agency by its primary key, dismissed ones last; one query.

    An agency without any is in the answer too, with an empty list.
    """
    found: dict[int, list[Finding]] = {agency.pk: [] for agency in agencies}
    for finding in shown_findings().filter(agency__in=list(found)):
        found[finding.agency_id].append(finding)
    for findings in found.values():
        findings.sort(key=lambda finding: finding.status == FindingStatus.DISMISSED)  # type: ignore[attr-defined]
    return found


def statements_behind(finding: Finding) -> list[Statement]:
    """Return the standing statements that a finding rests on, the newest first, with the answers to them."""
    found = Statement.objects.standing().filter(findings=finding)
    found = found.select_related(
        "capture__source",
        "fact__network",
        "fact__alias",
        "sharing__sharing_list__stream__network",
        "sharing__grantor_alias__decision__agency",
        "sharing__grantee_alias__decision__agency",
    ).prefetch_related(Prefetch("sharing__answers", queryset=standing_answers()))
    return list(found.defer("capture__kept_text").order_by("-observed_on", "uuid"))


def lists_behind(finding: Finding) -> list[SharingList]:
    """Return the standing lists that a finding rests on, the newest first; one query."""
    found = SharingList.objects.standing().filter(findings=finding)
    found = found.select_related("capture__source", "stream__network").defer("capture__kept_text")
    return list(found.order_by("-capture__observed_on", "pk"))


def answers_to(statements: Iterable[Statement]) -> list[Answer]:
    """Return the standing answers to any of the statements, each once, the newest first."""
    once: dict[int, Answer] = {}
    for statement in statements:
        if statement.kind == Statement.Kind.SHARING:
            once |= {answer.pk: answer for answer in statement.sharing.answers.all()}
    return sorted(once.values(), key=lambda answer: answer.statement.observed_on, reverse=True)
