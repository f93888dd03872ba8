"""What stands below every page: how to cite it, and how to tell us what is wrong with it."""

from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.map_tiles import tile_layer
from agencies.revision import record_as_of, record_revision

register = template.Library()


def page_address(context: template.Context) -> str:
    """Return the page's full address with its filters; "" where there is none, or it was asked for by a false name."""
    request = context.get("request")
    try:
        return request.build_absolute_uri() if request else ""
    except DisallowedHost:
        return ""


@register.inclusion_tag("agencies/parts/cite.html", takes_context=True)
def cite(context: template.Context, title: Any = "") -> dict[str, Any]:
    """Show the page's address, the record's date and revision, and a sentence to copy."""
    return {
        "title": str(title),
        "address": page_address(context),
        "revision": record_revision(),
        "as_of": record_as_of(),
        "today": timezone.now().date(),
    }


@register.inclusion_tag("agencies/parts/contact.html", takes_context=True)
def contact(context: template.Context) -> dict[str, Any]:
    """Show how to tell whoever runs the site that a page is wrong; without an address, say that there is none."""
    address = page_address(context)
    subject = quote(_("Correction: %(address)s") % {"address": address}, safe="")
    return {
        "address": address,
        "email": settings.CONTACT_EMAIL,
        "mailto": f"mailto:{settings.CONTACT_EMAIL}?subject={subject}",
        "url": settings.CONTACT_URL,
    }


@register.simple_tag
def loads_nothing() -> str:
    """Say what a page loads from elsewhere: nothing, but for tiles under the map where the operator names a host."""
    tiles = tile_layer()
    if tiles is None:
        return _("No page here loads anything from elsewhere, counts visitors or keeps what you search for.")
    return _(
        "The map's background comes from %(origin)s, which sees the address of whoever opens the map. Nothing else "
        "here is loaded from elsewhere, and no page counts visitors or keeps what you search for."
    ) % {"origin": tiles.origin}
