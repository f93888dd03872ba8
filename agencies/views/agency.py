"""An agency: whom it gives access, who gives it access, its facts, documents and answers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agencies.asking import asking, laws_of
from agencies.breakdown import grantee_breakdown
from agencies.changes import own_changes, recent_changes
from agencies.facts import newest_facts
from agencies.findings.reading import findings_of
from agencies.link_table import LinkTableForm
from agencies.list_history import list_histories
from agencies.models import SOUGHT_FACTS, Agency, Capture, SharingLink, Statement
from agencies.reach_page import agency_ladder
from agencies.revision import kept
from agencies.summaries import summarise
from agencies.unmatched import unmatched_names

SIDES = ("grants", "receipts")
FIRST_ROWS = 15
PER_PAGE = 100
FIRST_NAMES = 20


def _agency(slug: str) -> Agency:
    """Return the agency of that slug with the bodies it names, or raise 404."""
    related = Agency.objects.select_related("parent", "operated_by", "county", "merged_into")
    return get_object_or_404(related, slug=slug)


def _relatives(agency: Agency) -> dict[str, Any]:
    """Return parts and contract cities; the posts of a state police are only counted."""
    children = agency.children.current().order_by("name", "pk")
    is_police = agency.kind == Agency.Kind.STATE_POLICE
    return {
        "posts_count": children.count() if is_police else 0,
        "children": [] if is_police else children,
        "operates": agency.operates.current().order_by("name", "pk"),
        "servings": agency.servings.select_related("place").order_by("place__kind", "place__name"),
    }


def _unmatched(agency: Agency, side: str) -> dict[str, Any]:
    """Return the names whose agency is not known yet, and how many more are persons' and withheld."""
    found = unmatched_names(agency, side)
    return {"names": found.names, "names_count": len(found.names), "persons_count": found.persons}


def _numbers(agency: Agency) -> dict[str, Any]:
    """Return what counts thousands of rows, kept until the record changes: each side's names are the first few."""
    numbers: dict[str, Any] = kept(f"agency-{agency.pk}", lambda: _count(agency))
    return numbers


def _count(agency: Agency) -> dict[str, Any]:
    """Count an agency's lists and links."""
    return {
        "summary": summarise([agency])[agency.pk],
        "breakdown": grantee_breakdown(agency),
        "histories": list_histories(agency),
        "recent": recent_changes(own_changes(agency)),
        "unmatched": {side: _first_names(agency, side) for side in SIDES},
    }


def _first_names(agency: Agency, side: str) -> dict[str, Any]:
    """Return the first names of a side whose agency is not known yet, and how many there are."""
    found = _unmatched(agency, side)
    return {**found, "names": found["names"][:FIRST_NAMES]}


@require_safe
def agency_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is known of one agency; constant query count."""
    agency = _agency(slug)
    if agency.merged_into:
        return redirect(agency.merged_into, permanent=True)
    facts = newest_facts(agency)
    stated = {statement.fact.field for statement in facts}
    captures = Capture.objects.of_agency(agency)
    asked = asking(agency)
    numbers = _numbers(agency)
    context = {
        "agency": agency,
        "summary": numbers["summary"],
        "breakdown": numbers["breakdown"],
        "histories": numbers["histories"],
        "recent": numbers["recent"],
        "ladder": agency_ladder(agency),
        "findings": findings_of([agency])[agency.pk],
        "facts": facts,
        "facts_missing": [field.label for field in SOUGHT_FACTS if field not in stated],
        "captures": captures[:10],
        "captures_count": captures.count(),
        "answers": Statement.objects.answers_by(agency),
        "letter": asked,
        "askings": [asked],
        "laws": laws_of([asked]),
        "sides": [{**_first_rows(agency, side), **numbers["unmatched"][side]} for side in SIDES],
        **_relatives(agency),
    }
    return render(request, "agencies/agency.html", context)


def _first_rows(agency: Agency, side: str) -> dict[str, Any]:
    """Return the first links of a side."""
    own, far = ("grantor", "grantee") if side == "grants" else ("grantee", "grantor")
    links = SharingLink.objects.filter(**{own: agency}).with_ends().order_by(f"{far}__name", "pk")
    return {"side": side, "links": links[:FIRST_ROWS]}


def _links_page(request: HttpRequest, slug: str, side: str) -> HttpResponse:
    """Show one side's whole table, filtered, ordered and paged in the database."""
    agency = _agency(slug)
    if agency.merged_into:
        return redirect(f"agency-{side}", agency.merged_into.slug, permanent=True)
    form = LinkTableForm(request.GET, side=side)
    context = {
        "agency": agency,
        "summary": _numbers(agency)["summary"],
        "side": side,
        "form": form,
        "query": form.chosen().query(agency=agency.slug) if form.is_valid() else "",
        **({} if request.GET else _unmatched(agency, side)),
        "page": Paginator(form.rows(agency), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "agencies/agency_links.html", context, status=200 if form.is_valid() else 400)


@require_safe
def agency_grants(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everyone the agency gives access to, as far as documents say."""
    return _links_page(request, slug, "grants")


@require_safe
def agency_receipts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everyone who gives the agency access, as far as documents say."""
    return _links_page(request, slug, "receipts")
