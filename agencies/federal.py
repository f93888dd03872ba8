"""What documents say of agencies giving federal bodies access: links of today's record, and ICE's records of 2019."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, QuerySet

from agencies.models import Agency, Answer, SharingLink, SharingList, Statement

ICE_2019 = "ice-access-2019"
"""Section of every stream that reports whom ICE's own records of 2019 name."""


@dataclass
class FederalTies:
    """One agency's links to federal bodies, and the statements of 2019 that name it, newest first."""

    links: list[SharingLink] = field(default_factory=list)
    named_2019: list[Statement] = field(default_factory=list)


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


def federal_ties(agencies: Iterable[Agency]) -> dict[int, FederalTies]:
    """Return the ties by primary key. Four queries, whatever the number of agencies.

    A link reported only by the release of 2019 stands in `named_2019` and not among `links`.
    """
    ties = {agency.pk: FederalTies() for agency in agencies}
    name = "sharing__grantor_alias__decision"
    named = statements_of_2019().filter(**{f"{name}__outcome": "matched", f"{name}__agency__in": list(ties)})
    told: set[tuple[int, int | None, int]] = set()
    for statement in named.annotate(grantor_pk=F(f"{name}__agency")).order_by("-observed_on", "uuid"):
        ties[statement.grantor_pk].named_2019.append(statement)
        decision = statement.sharing.grantee_alias.decision
        network = statement.sharing.sharing_list.stream.network_id
        told.add((statement.grantor_pk, decision.agency_id if decision else None, network))
    links = SharingLink.objects.filter(grantor__in=list(ties), grantee__kind=Agency.Kind.FEDERAL).with_ends()
    for link in links.order_by("-last_seen", "grantee__name", "pk"):
        if (link.grantor_id, link.grantee_id, link.network_id) not in told:
            ties[link.grantor_id].links.append(link)
    return ties
