"""A network in layers as a PNG, drawn where `layers.place` put everything."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
from textwrap import wrap

import pymupdf_fonts
from PIL import Image, ImageDraw, ImageFont

from agencies.pictures.layers import EDGE, HEAD, Box, Curve, Placed
from agencies.pictures.layers_svg import INK, LETTERS, PANEL, PAPER

SCALE = 2
"""Pixels a unit, so that a print is sharp."""
STEPS = 24
"""Straight pieces of a curve."""
MARGIN = 20
DASH = 2
"""Pieces of a broken curve that are drawn, and then left out."""

Point = tuple[float, float]


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Return Noto Sans, "notos" or "notosbo"."""
    return ImageFont.truetype(BytesIO(pymupdf_fonts.myfont(weight)), size * SCALE)


class _Canvas:
    """An image in greys, which take a third of the time of colours, with its own units and corner."""

    def __init__(self, width: float, height: float, top: float) -> None:
        self.image = Image.new("L", (round(width * SCALE), round(height * SCALE)), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.top = top

    def at(self, point: Point) -> Point:
        """Return where a point of the drawing lies in the image."""
        return (point[0] + MARGIN) * SCALE, (point[1] + self.top) * SCALE

    def text(self, left: float, top: float, line: str, size: int, *, is_bold: bool = False) -> None:
        """Write a line."""
        self.draw.text(self.at((left, top)), line, font=_font("notosbo" if is_bold else "notos", size), fill=INK)

    def lines(self, points: Sequence[Point], *, is_broken: bool = False) -> None:
        """Draw straight pieces."""
        for number, (start, end) in enumerate(pairwise(points)):
            if not is_broken or number // DASH % 2 == 0:
                self.draw.line((*self.at(start), *self.at(end)), fill=INK, width=SCALE)


def layers_png(placed: Placed, title: str, notes: Sequence[str]) -> bytes:
    """Return the picture with its title above, and notes (legend, date, source) below."""
    size, line = placed.measure.size, placed.measure.line
    told = [part for note in notes for part in wrap(note, LETTERS)]
    top = 3 * line
    canvas = _Canvas(placed.measure.width + 2 * MARGIN, top + placed.height + line * (len(told) + 2), top)
    canvas.text(0, -top + line * 0.6, title, size + 4, is_bold=True)
    for curve in placed.curves:
        _curve(canvas, curve)
    for heading in placed.headings:
        for number, part in enumerate(heading.lines):
            canvas.text(heading.left, heading.top + number * line, part, size, is_bold=True)
    for box in placed.boxes:
        _box(canvas, box, size, line)
    for number, part in enumerate(told):
        canvas.text(0, placed.height + line * (number + 0.8), part, size)
    kept = BytesIO()
    canvas.image.save(kept, "PNG")
    return kept.getvalue()


def _curve(canvas: _Canvas, curve: Curve) -> None:
    """Draw a line with its arrow's head."""
    points = [_bezier(curve, step / STEPS) for step in range(STEPS + 1)]
    canvas.lines(points, is_broken=curve.is_broken)
    x, y = curve.points[-1]
    back = -HEAD if curve.heading_right else HEAD
    head = [(x, y), (x + back, y - HEAD / 2), (x + back, y + HEAD / 2)]
    canvas.draw.polygon([canvas.at(point) for point in head], fill=INK)


def _bezier(curve: Curve, t: float) -> Point:
    """Return a point of a cubic curve."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, curve.points, strict=True)) for axis in (0, 1))
    return x, y


def _box(canvas: _Canvas, box: Box, size: int, line: float) -> None:
    """Draw a box with its name and notes."""
    insets = (0, 3) if box.node.is_marked else (0,)
    right, bottom = box.left + box.width, box.top + box.height
    corners = (*canvas.at((box.left, box.top)), *canvas.at((right, bottom)))
    canvas.draw.rectangle(corners, fill=PANEL)
    for inset in insets:
        left, top = box.left + inset, box.top + inset
        frame = (
            (left, top),
            (right - inset, top),
            (right - inset, bottom - inset),
            (left, bottom - inset),
            (left, top),
        )
        for start, end in pairwise(frame):
            canvas.lines(_pieces(start, end) if box.node.is_quiet else (start, end), is_broken=box.node.is_quiet)
    for number, part in enumerate((*box.lines, *box.notes)):
        is_bold = number < len(box.lines)
        canvas.text(box.left + EDGE + 2, box.top + EDGE + number * line, part, size - (not is_bold), is_bold=is_bold)


def _pieces(start: Point, end: Point) -> list[Point]:
    """Return points along a straight line, two units apart."""
    count = max(2, round((abs(end[0] - start[0]) + abs(end[1] - start[1])) / 2))
    steps = [number / count for number in range(count + 1)]
    return [(start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t) for t in steps]
