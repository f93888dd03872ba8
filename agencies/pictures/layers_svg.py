"""A network in layers as SVG: in a page, where the style sheet colours it, or as a file of its own."""

from collections.abc import Sequence
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agencies.pictures.layers import EDGE, HEAD, Box, Curve, Placed, Text

INK, PANEL, PAPER = "#1c2126", "#f3f4f1", "#fdfdfb"
"""The light palette, as attributes, which any style sheet overrides: a file of its own has none."""
FONT = "Noto Sans, Helvetica, Arial, sans-serif"
LETTERS = 118
"""Letters in a line of the text above and below a file's picture."""


def layers_svg(placed: Placed, name: str, title: str, description: str) -> SafeString:
    """Return the picture for a page; each box with an address is a link. `name` makes ids unique in the page."""
    return format_html(
        '<svg class="layers {}" viewBox="0 0 {} {}" role="group" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        "layers-narrow" if placed.measure.is_narrow else "layers-wide",
        placed.measure.width,
        f"{placed.height:g}",
        *(name, name, name, title, name, description),
        _drawn(placed),
    )


def layers_file(placed: Placed, title: str, notes: Sequence[str]) -> str:
    """Return the picture as a file: title above, notes (legend, date, source) below, on paper of its own."""
    size, line = placed.measure.size, placed.measure.line
    lines = [part for note in notes for part in wrap(note, LETTERS)]
    above, width, margin = 3 * line, placed.measure.width + 40, 20
    height = above + placed.height + line * (len(lines) + 2)
    texts = format_html_join(
        "",
        '<text x="{}" y="{}">{}</text>',
        ((margin, f"{above + placed.height + line * (n + 1.5):g}", part) for n, part in enumerate(lines)),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}" font-family="{}" '
        'font-size="{}" fill="{}"><title>{}</title><rect width="100%" height="100%" fill="{}"/>'
        '<text x="{}" y="{}" font-size="{}" font-weight="bold">{}</text><g transform="translate({} {})">{}</g>{}</svg>',
        *(width, f"{height:g}", width, f"{height:g}", FONT, size, INK, title, PAPER),
        *(margin, f"{line * 1.5:g}", size + 4, title, margin, f"{above:g}", _drawn(placed), texts),
    )


def _drawn(placed: Placed) -> SafeString:
    """Return lines below boxes, and headings."""
    parts = [
        *(_curve(curve) for curve in placed.curves),
        *(_lines(text.lines, "layer-heading", text, placed) for text in placed.headings),
        *(_box(box, placed) for box in placed.boxes),
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def _curve(curve: Curve) -> SafeString:
    """Return a line with its arrow's head."""
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = curve.points
    back = -HEAD if curve.heading_right else HEAD
    if x1 == x2 == x3 or x2 == x3 == x4:
        path = f"M{x1:g} {y1:g}L{x2:g} {y2:g}L{x4:g} {y4:g}"
    else:
        path = f"M{x1:g} {y1:g}C{x2:g} {y2:g} {x3:g} {y3:g} {x4:g} {y4:g}"
    is_down = x3 == x4
    head = f"l{-HEAD / 2:g} {HEAD}h{HEAD}z" if is_down else f"l{back:g} {-HEAD / 2:g}v{HEAD}z"
    return format_html(
        '<path class="layer-line" fill="none" stroke="{}" stroke-width="1.2"{} d="{}"/>'
        '<path class="layer-head" fill="{}" d="M{} {}{}"/>',
        INK,
        SafeString(' stroke-dasharray="5 4"') if curve.is_broken else "",
        path,
        *(INK, f"{x4:g}", f"{y4:g}", head),
    )


def _box(box: Box, placed: Placed) -> SafeString:
    """Return a box; a link where it leads somewhere."""
    frame = _frame(box, 0)
    if box.node.is_marked:
        frame += _frame(box, 3)
    name = Text(box.left + EDGE + 2, box.top + EDGE, box.lines)
    note = Text(name.left, name.top + len(box.lines) * placed.measure.line, box.notes)
    drawn = frame + _lines(name.lines, "layer-name", name, placed) + _lines(note.lines, "layer-note", note, placed)
    if not box.node.href:
        return drawn
    label = box.node.title or box.node.name
    return format_html('<a href="{}" aria-label="{}"><title>{}</title>{}</a>', box.node.href, label, label, drawn)


def _frame(box: Box, inset: float) -> SafeString:
    """Return one frame of a box."""
    return format_html(
        '<rect class="layer-box" x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="{}"{}/>',
        *(f"{box.left + inset:g}", f"{box.top + inset:g}"),
        *(f"{box.width - 2 * inset:g}", f"{box.height - 2 * inset:g}", PANEL, INK),
        SafeString(' stroke-dasharray="4 3"') if box.node.is_quiet else "",
    )


def _lines(lines: Sequence[str], kind: str, at: Text, placed: Placed) -> SafeString:
    """Return lines of text below each other; nothing for none."""
    if not lines:
        return SafeString()
    size, line = placed.measure.size, placed.measure.line
    weight = SafeString(' font-weight="bold"') if kind != "layer-note" else ""
    places = ((f"{at.left:g}", f"{at.top + line * (number + 0.8):g}", text) for number, text in enumerate(lines))
    return format_html(
        '<text class="{}" font-size="{}" fill="{}"{}>{}</text>',
        *(kind, size - (kind == "layer-note"), INK, weight),
        format_html_join("", '<tspan x="{}" y="{}">{}</tspan>', places),
    )
