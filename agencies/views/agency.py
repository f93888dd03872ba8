"""An agency: whom it gives access, who gives it access, its facts, documents and answers."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agencies.facts import newest_facts
from agencies.federal import federal_ties
from agencies.forms import LinkFilter
from agencies.models import SOUGHT_FACTS, Agency, Capture, SharingLink, Statement
from agencies.summaries import summarise, withheld

FIRST_ROWS = 25
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


def _side(asked: Mapping[str, str], agency: Agency, side: str) -> dict[str, Any]:
    """Return one side's filter form and ordered links; `side` is "grants" or "receipts"."""
    far = "grantee" if side == "grants" else "grantor"
    links = SharingLink.objects.filter(**{"grantor" if side == "grants" else "grantee": agency})
    chosen = LinkFilter(asked, links, far=far)
    return {"side": side, "filter": chosen, "links": chosen.rows()}


def _unmatched(agency: Agency, side: str) -> dict[str, Any]:
    """Return the statements whose other end is not matched yet, and how many names are persons' and withheld."""
    far = "grantee" if side == "grants" else "grantor"
    naming = Statement.objects.naming(agency, "grantor" if far == "grantee" else "grantee")
    found = list(naming.unmatched_names(far))
    names = [statement for statement in found if not withheld(getattr(statement.sharing, f"{far}_alias"))]
    return {"names": names, "names_count": len(names), "persons_count": len(found) - len(names)}


@require_safe
def agency_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is known of one agency; constant query count."""
    agency = _agency(slug)
    if agency.merged_into:
        return redirect(agency.merged_into, permanent=True)
    facts = newest_facts(agency)
    stated = {statement.fact.field for statement in facts}
    captures = Capture.objects.of_agency(agency)
    context = {
        "agency": agency,
        "summary": summarise([agency])[agency.pk],
        "ties": federal_ties([agency])[agency.pk],
        "facts": facts,
        "facts_missing": [field.label for field in SOUGHT_FACTS if field not in stated],
        "captures": captures[:10],
        "captures_count": captures.count(),
        "answers": Statement.objects.answers_by(agency),
        "sides": [_first_rows(agency, side) for side in ("grants", "receipts")],
        **_relatives(agency),
    }
    return render(request, "agencies/agency.html", context)


def _first_rows(agency: Agency, side: str) -> dict[str, Any]:
    """Return the first rows of a side, with the counts that say how much is left out."""
    found = {**_side({}, agency, side), **_unmatched(agency, side)}
    return {**found, "links": found["links"][:FIRST_ROWS], "names": found["names"][:FIRST_NAMES]}


def _links_page(request: HttpRequest, slug: str, side: str) -> HttpResponse:
    """Show one side's whole table, filtered, ordered and paged in the database."""
    agency = _agency(slug)
    if agency.merged_into:
        return redirect(f"agency-{side}", agency.merged_into.slug, permanent=True)
    found = _side(request.GET, agency, side)
    context = {
        "agency": agency,
        "summary": summarise([agency])[agency.pk],
        **found,
        **({} if request.GET else _unmatched(agency, side)),
        "page": Paginator(found["links"], PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "agencies/agency_links.html", context)


@require_safe
def agency_grants(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everyone the agency gives access to, as far as documents say."""
    return _links_page(request, slug, "grants")


@require_safe
def agency_receipts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everyone who gives the agency access, as far as documents say."""
    return _links_page(request, slug, "receipts")
