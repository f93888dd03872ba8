"""How a page can be shown inside another one."""

from typing import Any

from django import template
from django.urls import reverse

from agencies.models import Agency, Place

register = template.Library()


@register.inclusion_tag("agencies/parts/embed_this.html", takes_context=True)
def embed_this(context: template.Context, body: Agency | Place) -> dict[str, Any]:
    """Show the lines that put an agency's or a place's card into another page."""
    if isinstance(body, Agency):
        kind, ident = "agency", body.slug
    else:
        kind, ident = "place", body.geoid
    absolute = context["request"].build_absolute_uri
    return {
        "body": body,
        "page": absolute(body.get_absolute_url()),
        "card": absolute(reverse(f"embed-{kind}", args=[ident])),
        "picture": absolute(reverse("card", args=[kind, ident])),
    }
