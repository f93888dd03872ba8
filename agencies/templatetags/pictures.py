"""Small pictures in templates."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.list_history import ListHistory
from agencies.models import Agency, Place
from agencies.pictures.bar import bar
from agencies.pictures.locator import locator
from agencies.pictures.outlines import state_outline
from agencies.pictures.sparkline import sparkline
from agencies.wording import day

register = template.Library()
register.filter("bar", bar)


@register.simple_tag
def list_line(history: ListHistory, number: int) -> SafeString:
    """Draw how long a list was over its copies."""
    first, last = history.lengths[0], history.lengths[-1]
    words = {
        "heading": history.heading,
        "first": first.names,
        "last": last.names,
        "first_day": day(first.day),
        "last_day": day(last.day),
    }
    title = _("Names on the list “%(heading)s” over time") % words
    description = _("From %(first)s on %(first_day)s to %(last)s on %(last_day)s.") % words
    points = [(length.day, length.names) for length in history.lengths]
    return sparkline(points, f"list-{number}", title, description)


@register.simple_tag
def where(body: Agency | Place) -> SafeString:
    """Draw a dot where an agency's or place's point lies in its state; empty where either is not known."""
    shape = state_outline(body.state)
    if shape is None or body.latitude is None or body.longitude is None:
        return SafeString()
    words = {"name": body.name, "state": body.state}
    title = _("Outline of %(state)s with a dot") % words
    description = _("The dot is the point that the atlas holds for %(name)s.") % words
    return locator(shape, body.latitude, body.longitude, "where", title, description)
