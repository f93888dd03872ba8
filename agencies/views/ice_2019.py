"""The release of March 2019: what ICE's own records said of its access to plate reads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.facts import newest_facts
from agencies.federal import statements_of_2019
from agencies.models import Agency, AnswerEffect, FactField, Statement
from agencies.summaries import matched_agency

ICE = "immigration-and-customs-enforcement"
"""Slug of ICE in the registry of federal bodies."""


VIGILANT = "vigilant"
"""Slug of the network that the release is about."""


@require_safe
def ice_2019(request: HttpRequest) -> HttpResponse:
    """Show the release's facts and every agency it names, with the answers. Constant query count."""
    ice = Agency.objects.filter(slug=ICE).first()
    facts = [row for row in newest_facts(ice) if row.fact.network and row.fact.network.slug == VIGILANT] if ice else []
    printed = "sharing__grantor_alias__printed_name"
    named = list(statements_of_2019().order_by("sharing__grantor_alias__state", printed, "uuid"))
    context = {
        "ice": ice,
        "facts": facts,
        "at_least": next((row for row in facts if row.fact.field == FactField.GRANTORS_AT_LEAST), None),
        "named": named,
        "agencies_count": len({_named_agency(statement) for statement in named}),
        "disputed_count": len({_named_agency(statement) for statement in named if _is_denied(statement)}),
    }
    return render(request, "agencies/ice_2019.html", context)


def _is_denied(statement: Statement) -> bool:
    """Tell whether an answer denies the statement."""
    return any(answer.effect == AnswerEffect.DENIES for answer in statement.sharing.answers.all())


def _named_agency(statement: Statement) -> tuple[str, int]:
    """Return what tells the agency named from others: itself where it is matched, else its printed name."""
    alias = statement.sharing.grantor_alias
    agency = matched_agency(alias)
    return ("agency", agency.pk) if agency else ("alias", alias.pk)
