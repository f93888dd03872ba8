"""Changes in templates: their words and their picture."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies import change_words
from agencies.change_days import DaysOfChanges
from agencies.fact_words import fact_words
from agencies.models import Change, FactField
from agencies.pictures.change_bars import change_bars
from agencies.wording import day

register = template.Library()

register.filter("count_words", change_words.count_words)
register.filter("line_words", change_words.line_words)
register.filter("list_name", change_words.list_name)
register.filter("kind_words", change_words.kind_words)
register.filter("account_words", change_words.status_words)
register.filter("lost_words", change_words.lost_words)
register.filter("is_certain", change_words.is_certain)


@register.filter
def old_words(change: Change) -> str:
    """Return what the older copy says of a fact."""
    return _fact_words(change.field, change.old_value)


@register.filter
def new_words(change: Change) -> str:
    """Return what the newer copy says of a fact."""
    return _fact_words(change.field, change.new_value)


def _fact_words(field: str, value: Any) -> str:
    """Return a fact's value; without one, that the agency stands not on a list of agreements, or that none is given."""
    if value is None:
        return _("not on the list") if field == FactField.AGREEMENTS_287G else _("no value given")
    return fact_words(field, value)


@register.simple_tag
def day_bars(days: DaysOfChanges) -> SafeString:
    """Draw how many names were added to lists and how many were no longer listed, day by day."""
    words = {"first_day": day(days.days[-1].day), "last_day": day(days.days[0].day)}
    title = _("Names added and names no longer listed, by day")
    description = _(
        "Bars from %(first_day)s to %(last_day)s: upwards names added, downwards names no longer listed. "
        "The table below holds the numbers."
    )
    points = [(row.day, row.added, row.removed) for row in days.days]
    return change_bars(points, "by-day", title, description % words)
