"""A route as boxes and arrows: from whom reads are shared down to who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 320
"""Units across, about a pixel each on the narrowest phone."""
LINE, EDGE, GAP = 19, 10, 14
LETTERS, LABEL_LETTERS = 34, 36
"""Letters that fit into a line of a box, and beside an arrow."""
SHAFT, HEAD = 26, 9


@dataclass(frozen=True)
class Arrow:
    """One hop: what stands beside it, and whether it is only possible, inactive or history (dashed)."""

    words: str
    is_dashed: bool = False


@dataclass(frozen=True)
class Box:
    """An agency by name; `is_end` where the question ends (ICE, CBP or a part of them): a double frame."""

    name: str
    is_end: bool = False


def route_diagram(boxes: Sequence[Box], arrows: Sequence[Arrow], name: str, title: str, description: str) -> SafeString:
    """Return boxes with an arrow between each and the next; `name` makes ids unique in the page.

    Raises ValueError where there is not one arrow fewer than boxes.
    """
    parts: list[SafeString] = []
    top = 1.0
    for box, arrow in zip(boxes, [*arrows, None], strict=True):
        drawn, top = _box(box, top)
        parts.append(drawn)
        if arrow is not None:
            drawn, top = _arrow(arrow, top)
            parts.append(drawn)
    return format_html(
        '<svg class="route-diagram" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        WIDTH,
        f"{top + 1:g}",
        *(name, name, name, title, name, description),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _box(box: Box, top: float) -> tuple[SafeString, float]:
    """Return a box with its name in lines, and where it ends."""
    lines = wrap(box.name, LETTERS)
    height = 2 * EDGE + LINE * len(lines)
    frame = _frame(1, top, WIDTH - 2, height)
    if box.is_end:
        frame += _frame(5, top + 4, WIDTH - 10, height - 8)
    return frame + _text(lines, "route-name", WIDTH / 2, top + EDGE), top + height


def _frame(left: float, top: float, width: float, height: float) -> SafeString:
    """Return one frame."""
    return format_html(
        '<rect class="route-box" x="{}" y="{}" width="{}" height="{}" rx="5"/>', left, f"{top:g}", width, f"{height:g}"
    )


def _arrow(arrow: Arrow, top: float) -> tuple[SafeString, float]:
    """Return an arrow downwards with its words to the right, and where it ends."""
    lines = wrap(arrow.words, LABEL_LETTERS)
    end = top + 2 * GAP + LINE * len(lines)
    shaft = format_html(
        '<path class="route-shaft{}" d="M{} {}V{}"/><path class="route-head" d="M{} {}l{} {}h{}z"/>',
        " route-dashed" if arrow.is_dashed else "",
        *(SHAFT, f"{top:g}", f"{end - HEAD:g}"),
        *(SHAFT, f"{end:g}", -HEAD * 0.7, -HEAD * 1.3, HEAD * 1.4),
    )
    return shaft + _text(lines, "route-label", SHAFT + 18, top + GAP), end


def _text(lines: Sequence[str], kind: str, left: float, top: float) -> SafeString:
    """Return lines of text below each other; the style sheet says from where each is set."""
    places = ((f"{left:g}", f"{top + LINE * (number + 0.75):g}", line) for number, line in enumerate(lines))
    return format_html(
        '<text class="{}">{}</text>', kind, format_html_join("", '<tspan x="{}" y="{}">{}</tspan>', places)
    )
