"""A line of a number over time."""

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, EDGE = 240, 56, 5


def sparkline(points: Sequence[tuple[date, int]], name: str, title: str, description: str) -> SafeString:
    """Return a line through (day, number) points, oldest first; the foot is zero, so that growth is not overdrawn.

    `name` makes ids unique in the page. Without points the result is empty.
    """
    if not points:
        return SafeString()
    places = _places(points)
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>'
        '<path class="sparkline-foot" d="M0 {}H{}"/><polyline class="sparkline-line" points="{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        *(name, name, name, title, name, description),
        HEIGHT - EDGE,
        WIDTH,
        " ".join(f"{x:g},{y:g}" for x, y in places),
        format_html_join("", '<circle class="sparkline-dot" cx="{}" cy="{}" r="3"/>', places),
    )


def _places(points: Sequence[tuple[date, int]]) -> list[tuple[float, float]]:
    """Return where each point lies: across by day, up by number; a single day lies at the right edge."""
    first, last = points[0][0], points[-1][0]
    days, most = (last - first).days, max(number for _day, number in points) or 1
    across, up = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    return [
        (
            round(EDGE + across * ((day - first).days / days if days else 1), 1),
            round(HEIGHT - EDGE - up * number / most, 1),
        )
        for day, number in points
    ]
