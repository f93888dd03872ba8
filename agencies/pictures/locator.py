"""Where in its state a point lies."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.pictures.outlines import Outline

EDGE = 6
"""Room around the outline, so that a dot on the border is whole."""


def locator(shape: Outline, latitude: float, longitude: float, name: str, title: str, description: str) -> SafeString:
    """Return a state's outline with a dot at a point (WGS 84 degrees); `name` makes ids unique in the page."""
    x, y = shape.place(latitude, longitude)
    return format_html(
        '<svg class="locator" viewBox="{} {} {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>'
        '<path class="locator-land" d="{}"/><circle class="locator-dot" cx="{}" cy="{}" r="5"/></svg>',
        -EDGE,
        -EDGE,
        f"{shape.width + 2 * EDGE:g}",
        f"{shape.height + 2 * EDGE:g}",
        *(name, name, name, title, name, description),
        shape.path,
        x,
        y,
    )
