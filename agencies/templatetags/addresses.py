"""What a page says of itself to search engines and to those who share its link."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from agencies import page_address
from agencies.counts import RecordCounts
from agencies.dataset import describe

register = template.Library()


class KeepNode(template.Node):
    """What stands between `keep` and `endkeep`, as a variable."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> SafeString:
        """Keep the text with single spaces; quotes are escaped, so that it may stand in an attribute."""
        text = " ".join(self.nodelist.render(context).split())
        context[self.name] = mark_safe(text.replace('"', "&quot;"))  # noqa: S308  (rendered, so escaped already)
        return mark_safe("")


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """Render a block once and use it twice: {% keep name %}{% block title %}{% endblock %}{% endkeep %}{{ name }}."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, name)


@register.inclusion_tag("agencies/parts/head_addresses.html", takes_context=True)
def head_addresses(context: template.Context, title: str, description: str) -> dict[str, Any]:
    """Show the canonical address, the twins in other languages, and what a shared link shows."""
    request = context.get("request")
    if request is None or request.resolver_match is None:
        return {}
    return {
        "title": title,
        "description": description,
        "canonical": page_address.canonical(request),
        "twins": page_address.twins(request),
        "picture": page_address.picture(request),
        "language": request.LANGUAGE_CODE,
    }


@register.inclusion_tag("agencies/parts/languages.html", takes_context=True)
def language_links(context: template.Context) -> dict[str, Any]:
    """Show a link to the page in each other language."""
    request = context.get("request")
    return {"twins": page_address.switches(request) if request else []}


@register.simple_tag(takes_context=True)
def dataset(context: template.Context, counts: RecordCounts) -> SafeString:
    """Describe the record for machines, as text that is safe inside a script element."""
    return describe(context["request"], counts)
