"""Dates, values and sentences for templates. Filters escape by returning plain strings."""

from typing import Any

from django import template

from agencies import fact_words, wording
from agencies.models import NETWORK_FACTS, Agency, Capture, Fact, SharingLink, Statement
from agencies.summaries import AgencySummary, ListSummary, matched_agency, withheld

register = template.Library()

register.filter("day", wording.day)
register.filter("document", wording.document)
register.filter("matched_agency", matched_agency)
register.filter("withheld", withheld)


@register.filter
def status_words(link: SharingLink) -> str:
    """Say where a link stands, with its date."""
    return wording.link_sentence(link)


@register.filter
def granting(summary: AgencySummary) -> str:
    """Say in a sentence whom the agency gives access."""
    return wording.granting_sentence(summary)


@register.filter
def own_list(found: ListSummary, agency: Agency) -> str:
    """Say what the newest copy of one of the agency's own lists shows."""
    return wording.own_list_sentence(found, agency)


@register.simple_tag
def says(statement: Statement, grantor: Agency, grantee: Agency) -> str:
    """Say what a sharing statement says of the pair."""
    return wording.statement_sentence(statement, grantor, grantee)


register.filter("fact_value", fact_words.plain_words)


@register.filter
def fact_words_of(fact: Fact) -> str:
    """Return a fact's value in words; "" for null."""
    return fact_words.fact_words(fact.field, fact.value)


@register.filter
def bound(statement: Statement) -> str:
    """Return the print of a figure that is a bound ("more than 9,200"), which its number alone does not say."""
    return statement.printed if statement.fact.field in NETWORK_FACTS else ""


@register.filter
def fact_address(value: Any) -> str:
    """Return the web address that a fact's value is or holds; "" where there is none that may be linked."""
    address = value.get("url") if isinstance(value, dict) else value
    return address if isinstance(address, str) and address.startswith(("https://", "http://")) else ""


@register.inclusion_tag("agencies/parts/source_mark.html")
def source_mark(capture: Capture, label: str = "") -> dict[str, Any]:
    """Show the small mark that leads to the document; its label is a date or, by default, "source"."""
    return {"capture": capture, "label": label}


@register.inclusion_tag("agencies/parts/pages.html", takes_context=True)
def pages(context: template.Context, page: Any) -> dict[str, Any]:
    """Show links to the other pages of a paged table, keeping the filters."""
    return {"page": page, "request": context["request"], "numbers": page.paginator.get_elided_page_range(page.number)}
