"""Pictures for shared links: the page's title, its answer in a sentence, and a date. No database here."""

from functools import cache
from io import BytesIO

import pymupdf_fonts
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
"""Pixels, the size that every network asks for."""

MARGIN = 72
PAPER, INK, SOFT, ACCENT = 0, 1, 2, 3
COLOURS = ((253, 253, 251), (28, 33, 38), (80, 88, 95), (11, 90, 143))
"""The site's light palette; text is black on white first, and takes its colour when the picture is put together."""

LONGEST = 400
"""Characters of a sentence that are drawn; at most seven lines."""


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Return Noto Sans, "notos" or "notosbo", which has the accents that Pillow's own font lacks."""
    return ImageFont.truetype(BytesIO(pymupdf_fonts.myfont(weight)), size)


def draw_card(title: str, sentence: str, footer: str, site: str) -> bytes:
    """Return a PNG of 1200 x 630 pixels: the site's name, the title, the sentence, and the footer below."""
    image = Image.new("RGB", SIZE, COLOURS[PAPER])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 14), fill=COLOURS[ACCENT])
    draw.text((MARGIN, 48), site, font=_font("notosbo", 28), fill=COLOURS[ACCENT])
    below = _paragraph(draw, title, 104, "notosbo", (60, 50, 42), INK, lines=2)
    _paragraph(draw, sentence[:LONGEST], below + 22, "notos", (40, 34, 30), INK, lines=7, bottom=545)
    draw.text((MARGIN, 562), footer, font=_font("notos", 26), fill=COLOURS[SOFT])
    kept = BytesIO()
    image.quantize(16, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _paragraph(
    draw: ImageDraw.ImageDraw,
    text: str,
    top: int,
    weight: str,
    sizes: tuple[int, ...],
    colour: int,
    *,
    lines: int,
    bottom: int = SIZE[1],
) -> int:
    """Draw a text in the largest size in which it fits, cut where none does; return where it ends."""
    for size in sizes:
        font = _font(weight, size)
        wrapped = _wrap(text, font)
        if len(wrapped) <= lines and top + len(wrapped) * size * 1.3 <= bottom:
            break
    room = min(lines, int((bottom - top) / (size * 1.3)))
    if len(wrapped) > room:
        wrapped = [*wrapped[: room - 1], wrapped[room - 1].rstrip(" .,;") + " …"]
    for number, line in enumerate(wrapped):
        draw.text((MARGIN, top + number * size * 1.3), line, font=font, fill=COLOURS[colour])
    return int(top + len(wrapped) * size * 1.3)


def _wrap(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Break a text into lines that fit between the margins."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= SIZE[0] - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
