"""The evidence about a pair: everything that documents say of one agency giving another access."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agencies.federal import standing_answers
from agencies.if_ended_words import if_ended_words
from agencies.models import Agency, Answer, SharingLink, Statement
from agencies.wording import pair_answer, statement_sentence


def pair_sections(grantor: Agency, grantee: Agency) -> list[dict[str, Any]]:
    """Return a section a link, each with its statements, newest first, and the answers to them."""
    found: dict[tuple[int, str], list[Statement]] = defaultdict(list)
    for statement in Statement.objects.between(grantor, grantee).prefetch_related(
        Prefetch("sharing__answers", queryset=standing_answers())
    ):
        stream = statement.sharing.sharing_list.stream
        found[stream.network_id, stream.access].append(statement)
    links = {
        (link.network_id, link.access): link
        for link in SharingLink.objects.filter(grantor=grantor, grantee=grantee).with_ends()
    }
    return [
        {
            "link": links.get(key),
            "network": statements[0].sharing.sharing_list.stream.network,
            "access": statements[0].sharing.sharing_list.stream.get_access_display(),
            "statements": statements,
            "answers": _answers(statements),
            "if_ended": if_ended_words(links[key]) if key in links else [],
        }
        for key, statements in sorted(found.items())
    ]


def _answers(statements: list[Statement]) -> list[Answer]:
    """Return the answers to any of the statements, each once, newest first."""
    once = {answer.pk: answer for statement in statements for answer in statement.sharing.answers.all()}
    return sorted(once.values(), key=lambda answer: answer.statement.observed_on, reverse=True)


def disputed_on(sections: list[dict[str, Any]]) -> date | None:
    """Return when a link of the pair was last disputed; None where none is."""
    links = [section["link"] for section in sections if section["link"]]
    return max((link.disputed_on for link in links if link.disputed_on), default=None)


def answer(grantor: Agency, grantee: Agency, sections: list[dict[str, Any]]) -> str:
    """Return what the page says first, whole enough to be read alone; "" where no document says anything."""
    if not sections:
        return ""
    told = statement_sentence(sections[0]["statements"][0], grantor, grantee)
    return pair_answer(told, sections[0]["link"], disputed_on(sections))


@require_safe
def pair_detail(request: HttpRequest, grantor_slug: str, grantee_slug: str) -> HttpResponse:
    """Show what documents say of grantor giving grantee access; 404, saying so, where none does."""
    related = Agency.objects.select_related("merged_into")
    grantor = get_object_or_404(related, slug=grantor_slug)
    grantee = get_object_or_404(related, slug=grantee_slug)
    if grantor.merged_into or grantee.merged_into:
        ends = ((grantor.merged_into or grantor).slug, (grantee.merged_into or grantee).slug)
        return redirect("pair-detail", *ends, permanent=True)
    sections = pair_sections(grantor, grantee)
    context = {
        "grantor": grantor,
        "grantee": grantee,
        "sections": sections,
        "statement_count": sum(len(section["statements"]) for section in sections),
        "disputed_on": disputed_on(sections),
        "answer": answer(grantor, grantee, sections),
        "reverse_links": SharingLink.objects.filter(grantor=grantee, grantee=grantor).with_ends(),
    }
    return render(request, "agencies/pair.html", context, status=200 if sections else 404)
