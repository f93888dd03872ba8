"""A map of the states, each a link: the lower 48 in one projection, Alaska and Hawaii as insets."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from shapely import LineString, Polygon

from agencies.matching.states import STATE_NAMES

WIDTH, HEIGHT = 960, 600
TOLERANCE = 0.9
"""How far, in units of the picture, the drawn line may be from the true one."""
SMALLEST = 5.0
"""Islands of a smaller extent, in units, are left out unless nothing larger is there."""
LABELLED = 30.0
"""States at least this wide and high, in units, carry their code; the others are named on hover and in the table."""

Point = tuple[float, float]
Project = Callable[[float, float], Point]


@dataclass(frozen=True)
class Shape:
    """A state in the picture; `label` is where its code stands, None where there is no room."""

    code: str
    path: str
    label: Point | None


@dataclass(frozen=True)
class Mark:
    """How one state is drawn: `kind` gives class and pattern, `title` is read out, `href` is where it leads."""

    kind: str
    title: str
    href: str


def albers(south: float, north: float, centre: Point, scale: float, middle: Point) -> Project:
    """Return Albers' equal-area projection between two parallels (degrees); `centre` (longitude, latitude) falls on
    `middle`, and a radian is `scale` units."""
    a, b = math.radians(south), math.radians(north)
    n = (math.sin(a) + math.sin(b)) / 2
    c = math.cos(a) ** 2 + 2 * n * math.sin(a)

    def radius(latitude: float) -> float:
        return math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n

    top = radius(centre[1])

    def project(longitude: float, latitude: float) -> Point:
        theta = n * math.radians((longitude - 360 if longitude > 0 else longitude) - centre[0])
        away = radius(latitude)
        return middle[0] + scale * away * math.sin(theta), middle[1] + scale * (away * math.cos(theta) - top)

    return project


MAINLAND = albers(29.5, 45.5, (-96, 38), 1240, (478, 297))
INSETS = {
    "AK": albers(55, 65, (-154, 62), 420, (120, 505)),
    "HI": albers(18, 23, (-157.3, 20.6), 1240, (280, 555)),
}
LEFT_OUT = frozenset({"AS", "GU", "MP", "PR", "VI"})
"""Territories: too far off for the picture. The table beside it has them where the record does."""


@cache
def shapes() -> tuple[Shape, ...]:
    """Return the states as drawn, by name; read from the map's own file at the first use in a process."""
    found = finders.find("geo/states.json")
    if not found:
        return ()
    codes = {name: code for code, name in STATE_NAMES.items() if code not in LEFT_OUT}
    features = json.loads(Path(found).read_text(encoding="utf-8"))["features"]
    named = {feature["properties"]["name"]: feature["geometry"]["coordinates"] for feature in features}
    return tuple(_shape(codes[name], parts) for name, parts in sorted(named.items()) if name in codes)


def _shape(code: str, parts: Sequence[Sequence[Sequence[Sequence[float]]]]) -> Shape:
    """Project a state's outlines and leave out what is too small to see."""
    project = INSETS.get(code, MAINLAND)
    rings = [[project(point[0], point[1]) for point in ring] for part in parts for ring in part]
    largest = max(rings, key=lambda ring: min(_extent(ring)))
    kept = [ring for ring in rings if max(_extent(ring)) >= min(SMALLEST, max(_extent(largest)))]
    label = None
    if min(_extent(largest)) >= LABELLED:
        inside = Polygon(largest).representative_point()
        label = (round(inside.x), round(inside.y))
    return Shape(code, "".join(map(_path, kept)), label)


def _extent(ring: Sequence[Point]) -> Point:
    """Return the width and height of a ring's box."""
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return max(xs) - min(xs), max(ys) - min(ys)


def _path(ring: Sequence[Point]) -> str:
    """Return a closed path with no more points than the eye can tell; "" where less than a triangle is left."""
    points = LineString(ring).simplify(TOLERANCE).coords[:-1]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z" if len(points) > 2 else ""


def state_map(marks: Mapping[str, Mark], name: str, title: str, description: str) -> SafeString:
    """Return the map; each state is drawn and linked as its mark says, by code. `name` makes ids unique in the page.

    The kind of a mark picks a class, which the style sheet colours, and a pattern, so that it is readable without
    colour: "dots", "lines", "both", or "" for none.
    """
    drawn = [shape for shape in shapes() if shape.code in marks]
    return format_html(
        '<svg class="state-map" viewBox="0 0 {} {}" role="group" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc><defs>{}</defs>{}</svg>',
        WIDTH,
        HEIGHT,
        *(name, name, name, title, name, description),
        PATTERNS,
        format_html_join("", "{}", ((_state(shape, marks[shape.code], name),) for shape in drawn)),
    )


def _state(shape: Shape, mark: Mark, name: str) -> SafeString:
    """Return one state as a link."""
    label = (
        format_html('<text class="state-code" x="{}" y="{}" aria-hidden="true">{}</text>', *shape.label, shape.code)
        if shape.label
        else ""
    )
    over = (
        format_html('<use href="#{}-{}" class="state-over" fill="url(#state-{})"/>', name, shape.code, mark.kind)
        if mark.kind
        else ""
    )
    # The path has no class of its own: its copy takes the pattern from what it stands in.
    return format_html(
        '<a href="{}" aria-label="{}"><title>{}</title>'
        '<g class="state-land state-{}"><path id="{}-{}" d="{}"/></g>{}{}</a>',
        mark.href,
        mark.title,
        mark.title,
        mark.kind or "none",
        name,
        shape.code,
        shape.path,
        over,
        label,
    )


def swatch(kind: str) -> SafeString:
    """Return a small square as the legend of a kind; it stands in a page beside its map, which holds the patterns."""
    fill = format_html('<rect class="state-over" width="28" height="18" fill="url(#state-{})"/>', kind) if kind else ""
    return format_html(
        '<svg class="swatch" viewBox="0 0 28 18" aria-hidden="true" focusable="false">'
        '<rect class="state-land state-{}" width="28" height="18"/>{}</svg>',
        kind or "none",
        fill,
    )


PATTERNS = mark_safe(
    '<pattern id="state-dots" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<circle class="state-dot" cx="3.5" cy="3.5" r="1.3"/></pattern>'
    '<pattern id="state-lines" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="state-line" d="M0 0V7"/></pattern>'
    '<pattern id="state-both" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="state-line" d="M0 0V7"/><circle class="state-dot" cx="3.5" cy="3.5" r="1.3"/></pattern>'
)
"""Fills that tell the kinds apart without colour; the style sheet colours them."""
