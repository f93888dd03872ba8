"""A network in layers, as boxes and arrows: where each box and line lies. Pure; drawn by its neighbours.

The subject stands first, then who is one link away, then who is two; an arrow always leads from who gives access to
who gets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap


@dataclass(frozen=True)
class Node:
    """A box: a name, notes below it, and what it is: `is_marked` (double frame), `is_quiet` (broken frame).

    `title` is what is read out; `href` is where it leads, "" for none.
    """

    name: str
    notes: tuple[str, ...] = ()
    title: str = ""
    href: str = ""
    is_marked: bool = False
    is_quiet: bool = False


@dataclass(frozen=True)
class Tie:
    """A link between two boxes by their places in their layers; broken where it is not currently listed."""

    start: int
    end: int
    is_broken: bool = False


@dataclass(frozen=True)
class Picture:
    """What is drawn. `first` leads from the subject (start 0) to `near`, `second` from `near` to `far`.

    `is_turned`: the boxes further out give access, so that the arrows lead towards the subject.
    """

    subject: Node
    near: Sequence[Node]
    far: Sequence[Node]
    headings: tuple[str, str]
    first: Sequence[Tie]
    second: Sequence[Tie]
    is_turned: bool = False


@dataclass(frozen=True)
class Measure:
    """Units of a drawing: left edge, width and letters a line of each column, and the letters' size.

    In a `narrow` one the subject stands above the others, and its lines run down the left edge.
    """

    width: int
    lefts: tuple[int, int, int]
    widths: tuple[int, int, int]
    letters: tuple[int, int, int]
    size: int
    is_narrow: bool = False

    @property
    def line(self) -> float:
        """Return the height of a line of text."""
        return self.size * 1.3


WIDE = Measure(960, (1, 330, 679), (230, 280, 280), (25, 30, 30), 14)
NARROW = Measure(340, (1, 20, 200), (338, 140, 139), (40, 15, 15), 13, is_narrow=True)
EDGE, GAP, HEAD = 8, 10, 8


@dataclass(frozen=True)
class Box:
    """A node where it lies, its name in lines."""

    node: Node
    left: float
    top: float
    width: float
    height: float
    lines: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def middle(self) -> float:
        """Return how far down its middle is."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Curve:
    """A line from one point to another with two points that bend it; the arrow's head is at the last."""

    points: tuple[tuple[float, float], ...]
    is_broken: bool = False

    @property
    def heading_right(self) -> bool:
        """Tell whether the arrow's head points to the right."""
        return self.points[-1][0] >= self.points[-2][0]


@dataclass(frozen=True)
class Text:
    """Lines of text beside the boxes."""

    left: float
    top: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """A drawing: everything with its place."""

    measure: Measure
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    headings: tuple[Text, ...]


def place(picture: Picture, measure: Measure) -> Placed:
    """Return where everything lies."""
    subject = _box(picture.subject, measure, 0, 1.0)
    top = subject.top + subject.height + 2 * GAP if measure.is_narrow else 1.0
    headings = [_heading(text, measure, column, top) for column, text in enumerate(picture.headings, start=1)]
    below = max(_foot(text, measure) for text in headings) + GAP
    near, far = (_stack(nodes, measure, column, below) for column, nodes in ((1, picture.near), (2, picture.far)))
    if not measure.is_narrow:
        subject = _box(picture.subject, measure, 0, below)
    boxes = (subject, *near, *far)
    curves = [_first(subject, near[tie.end], measure, tie, picture.is_turned) for tie in picture.first]
    curves += [_between(near[tie.start], far[tie.end], tie, picture.is_turned) for tie in picture.second]
    height = max(box.top + box.height for box in boxes) + 1
    return Placed(measure, height, boxes, tuple(curves), tuple(headings))


def _heading(text: str, measure: Measure, column: int, top: float) -> Text:
    """Return what stands above a column."""
    return Text(measure.lefts[column], top, tuple(wrap(text, measure.letters[column])))


def _foot(text: Text, measure: Measure) -> float:
    """Return where a text ends."""
    return text.top + len(text.lines) * measure.line


def _stack(nodes: Sequence[Node], measure: Measure, column: int, top: float) -> list[Box]:
    """Return boxes below each other."""
    boxes: list[Box] = []
    for node in nodes:
        boxes.append(_box(node, measure, column, top))
        top = boxes[-1].top + boxes[-1].height + GAP
    return boxes


def _box(node: Node, measure: Measure, column: int, top: float) -> Box:
    """Return a box as high as its text."""
    letters = measure.letters[column]
    lines, notes = wrap(node.name, letters), _pack(node.notes, letters + 4)
    height = 2 * EDGE + (len(lines) + len(notes)) * measure.line
    return Box(node, measure.lefts[column], top, measure.widths[column], height, tuple(lines), tuple(notes))


def _pack(notes: Sequence[str], letters: int) -> list[str]:
    """Return notes in lines: several in one where they fit, a long one broken."""
    lines: list[str] = []
    for note in notes:
        longer = f"{lines[-1]} · {note}" if lines else note
        if lines and len(longer) <= letters:
            lines[-1] = longer
        else:
            lines += wrap(note, letters)
    return lines


def _first(subject: Box, box: Box, measure: Measure, tie: Tie, is_turned: bool) -> Curve:
    """Return the line between the subject and a box: a curve, or down the left edge where there is no room."""
    if not measure.is_narrow:
        return _between(subject, box, tie, is_turned)
    trunk = box.left / 2 - 2
    points = ((trunk, subject.top + subject.height), (trunk, box.middle), (trunk, box.middle), (box.left, box.middle))
    return Curve(points[::-1] if is_turned else points, tie.is_broken)


def _between(start: Box, end: Box, tie: Tie, is_turned: bool) -> Curve:
    """Return the curve from the right of a box to the left of another."""
    left, right = start.left + start.width, end.left
    bend = (right - left) * 0.5
    points = ((left, start.middle), (left + bend, start.middle), (right - bend, end.middle), (right, end.middle))
    return Curve(points[::-1] if is_turned else points, tie.is_broken)
