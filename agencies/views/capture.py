"""One dated copy of one document, and all that the atlas read in it."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.models import Capture, RemovedBytes, SharingList, SharingStatement, Statement, Withdrawal

PER_PAGE = 100


def withdrawal_of(capture: Capture) -> Withdrawal | None:
    """Return the withdrawal in force of a capture, a taking down first."""
    in_force = capture.withdrawals.filter(lift__isnull=True)
    return in_force.filter(kind=Withdrawal.Kind.TAKEN_DOWN).first() or in_force.first()


def _lists(capture: Capture) -> list[SharingList]:
    """Return the capture's lists with the number of names on each."""
    found = SharingList.objects.standing().filter(capture=capture).select_related("stream__network")
    return list(found.annotate(names=Count("grants")).order_by("pk"))


def _removal(capture: Capture) -> RemovedBytes | None:
    """Return when and why the bytes of a capture were removed; None where they were not, or nobody noted it here."""
    if capture.bytes_kept != Capture.BytesKept.REMOVED:
        return None
    return RemovedBytes.objects.filter(kept_file__sha256=capture.sha256).first()


@require_safe
def capture_detail(request: HttpRequest, uuid: str) -> HttpResponse:
    """Show a copy's dates, hash, lists, facts and answers; 410 with the reason where it was withdrawn."""
    capture = get_object_or_404(Capture.objects.select_related("source__agency_alias__decision__agency"), uuid=uuid)
    if withdrawal := withdrawal_of(capture):
        return render(request, "agencies/withdrawn.html", {"capture": capture, "withdrawal": withdrawal}, status=410)
    standing = Statement.objects.standing().filter(capture=capture)
    grants = SharingStatement.objects.filter(statement__in=standing).select_related(
        "statement",
        "sharing_list__stream",
        "grantor_alias__decision__agency",
        "grantee_alias__decision__agency",
    )
    fact_ends = ("fact__alias__decision__agency", "fact__network", "capture__source")
    facts = standing.filter(kind="fact").select_related(*fact_ends)
    answers = standing.filter(kind="answer").select_related("answer__alias__decision__agency")
    context = {
        "capture": capture,
        "owner": capture.source.agency_alias,
        "removal": _removal(capture),
        "lists": _lists(capture),
        "page": Paginator(grants.order_by("sharing_list_id", "pk"), PER_PAGE).get_page(request.GET.get("page")),
        "facts": facts.defer("capture__kept_text").order_by("pk"),
        "answers": answers.order_by("pk"),
        "taken_out": capture.statements.count() - standing.count(),
    }
    return render(request, "agencies/capture.html", context)
