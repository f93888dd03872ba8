"""Findings: the table with its filters, and one finding with all that it rests on."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.findings.filters import FindingFilter
from agencies.findings.reading import answers_to, lists_behind, shown_findings, standing_findings, statements_behind
from agencies.findings.rules import RULES
from agencies.findings.wording import TITLES
from agencies.models import Finding, FindingDismissal

PER_PAGE = 50


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """Show findings by rule, state, weight, status and law; 400 where a filter is none of its choices."""
    form = FindingFilter(request.GET)
    page = Paginator(form.rows(shown_findings()), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rules": _numbers()}
    return render(request, "agencies/findings.html", context, status=200 if form.is_valid() else 400)


def _numbers() -> list[dict[str, Any]]:
    """Return every rule with its number of findings, those on laws that nobody verified apart; one query."""
    unverified = Count("pk", filter=Q(law__isnull=False, law__verified_on__isnull=True))
    rows = standing_findings().order_by().values("rule").annotate(all=Count("pk"), unverified=unverified)
    found = {row["rule"]: row for row in rows}
    none = {"all": 0, "unverified": 0}
    return [{**found.get(rule.slug, none), "rule": rule.slug, "title": TITLES[rule.slug]} for rule in RULES]


@require_safe
def finding_detail(request: HttpRequest, uuid: str) -> HttpResponse:
    """Show a finding with its evidence; 410 where it no longer holds, or all that it rests on was withdrawn."""
    finding = shown_findings().filter(uuid=uuid).first()
    if finding is None:
        known = (Finding.objects.filter(uuid=uuid), FindingDismissal.objects.filter(finding_uuid=uuid))
        if not any(rows.exists() for rows in known):
            raise Http404("no such finding")
        return render(request, "agencies/finding_gone.html", status=410)
    statements = statements_behind(finding)
    context = {
        "finding": finding,
        "statements": statements,
        "lists": lists_behind(finding),
        "answers": answers_to(statements),
    }
    return render(request, "agencies/finding.html", context)
