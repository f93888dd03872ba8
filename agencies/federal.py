"""What ICE's own records of 2019 say of who gave it access, and the answers to documents."""

from django.db.models import Prefetch, QuerySet

from agencies.models import Answer, SharingList, Statement

ICE_2019 = "ice-access-2019"
"""Section of every stream that reports whom ICE's own records of 2019 name."""


def standing_answers() -> QuerySet[Answer]:
    """Return the answers that were not withdrawn, newest first, with their documents."""
    answers = Answer.objects.filter(statement__in=Statement.objects.standing())
    answers = answers.select_related("statement__capture__source", "alias").defer("statement__capture__kept_text")
    return answers.order_by("-statement__observed_on")


def statements_of_2019() -> QuerySet[Statement]:
    """Return what the release of March 2019 says of whom gives ICE access, with the answers; three queries."""
    lists = list(SharingList.objects.standing().filter(stream__section=ICE_2019).values_list("pk", flat=True))
    return (
        Statement.objects.standing()
        .filter(kind="sharing", sharing__sharing_list__in=lists)
        .select_related(
            "capture__source",
            "sharing__sharing_list__stream__network",
            "sharing__grantor_alias__decision__agency",
            "sharing__grantee_alias__decision__agency",
        )
        .defer("capture__kept_text")
        .prefetch_related(Prefetch("sharing__answers", queryset=standing_answers()))
    )
