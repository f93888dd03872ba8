"""Bars of what was added and what went, day by day."""

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HALF, GAP = 480, 48, 6
"""Width, and the height above and below the line of a day, in the picture's units; room at the edges."""


def change_bars(days: Sequence[tuple[date, int, int]], name: str, title: str, description: str) -> SafeString:
    """Return a bar up for additions and one down for removals of each (day, additions, removals), in any order.

    Days lie across in proportion to time, and both directions have one scale. `name` makes ids unique in the page.
    Empty without days.
    """
    if not days:
        return SafeString()
    first, last = min(row[0] for row in days), max(row[0] for row in days)
    slot = (WIDTH - 2 * GAP) / ((last - first).days + 1)
    most = max(max(up, down) for _day, up, down in days) or 1
    width = round(min(max(slot * 0.7, 1.5), 14), 1)
    bars = []
    for day, up, down in days:
        left = round(GAP + slot * ((day - first).days + 0.5) - width / 2, 1)
        for number, word in ((up, "up"), (down, "down")):
            if number:
                height = round(max((HALF - GAP) * number / most, 1), 1)
                bars.append((word, left, HALF - height if word == "up" else HALF, width, height))
    return format_html(
        '<svg class="change-bars" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}<path class="change-foot" d="M0 {}H{}"/></svg>',
        WIDTH,
        2 * HALF,
        *(name, name, name, title, name, description),
        format_html_join("", '<rect class="change-{}" x="{}" y="{}" width="{}" height="{}"/>', bars),
        HALF,
        WIDTH,
    )
