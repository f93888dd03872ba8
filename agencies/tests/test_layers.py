"""The layered diagram: where boxes and lines lie, and which way the arrows point."""

from itertools import combinations, pairwise
from unittest import TestCase
from xml.etree import ElementTree

from agencies.pictures.layers import NARROW, WIDE, Box, Measure, Node, Picture, Placed, Tie, place
from agencies.pictures.layers_svg import layers_file, layers_svg

LONG = "Bureau of Alcohol, Tobacco, Firearms and Explosives, Nashville Field Division (TN)"
NOTES = ("federal", "listed as inactive as of 23 September 2026", "disputed", "leads to 1,234")


def drawn(measure: Measure, *, is_turned: bool = False) -> Placed:
    """Place a subject, three agencies one link away and two beyond."""
    near = [Node("Near"), Node(LONG, NOTES, href="/near/", is_marked=True), Node("and 9 more", is_quiet=True)]
    far = [Node(LONG, NOTES, href="/far/"), Node("Far", href="/other/")]
    first = [Tie(0, 0), Tie(0, 1, is_broken=True), Tie(0, 2)]
    second = [Tie(1, 0), Tie(2, 1)]
    return place(Picture(Node(LONG), near, far, ("First " * 9, "Second"), first, second, is_turned), measure)


def touches(point: tuple[float, float], box: Box) -> bool:
    """Tell whether a point lies on the edge of a box."""
    x, y = point
    is_across = box.left - 0.1 <= x <= box.left + box.width + 0.1 and box.top - 0.1 <= y <= box.top + box.height + 0.1
    on_side = min(abs(x - box.left), abs(x - box.left - box.width)) < 0.1
    return is_across and (on_side or min(abs(y - box.top), abs(y - box.top - box.height)) < 0.1)


class LayersTests(TestCase):
    """Wide and narrow drawings, in both directions."""

    def test_arrows_lead_away_from_the_subject_where_it_gives_access(self) -> None:
        for measure in (WIDE, NARROW):
            found = drawn(measure)
            ends = [(curve.points[0], curve.points[-1]) for curve in found.curves]
            expected = [(0, 1), (0, 2), (0, 3), (2, 4), (3, 5)]
            for (start, end), (grantor, grantee) in zip(ends, expected, strict=True):
                with self.subTest(narrow=measure.is_narrow, box=grantee):
                    self.assertTrue(touches(start, found.boxes[grantor]))
                    self.assertTrue(touches(end, found.boxes[grantee]))

    def test_arrows_lead_to_the_subject_where_it_gets_access(self) -> None:
        for measure in (WIDE, NARROW):
            found = drawn(measure, is_turned=True)
            for curve, (grantor, grantee) in zip(found.curves, [(1, 0), (2, 0), (3, 0), (4, 2), (5, 3)], strict=True):
                with self.subTest(narrow=measure.is_narrow, box=grantor):
                    self.assertTrue(touches(curve.points[0], found.boxes[grantor]))
                    self.assertTrue(touches(curve.points[-1], found.boxes[grantee]))

    def test_boxes_lie_apart_and_inside(self) -> None:
        for measure in (WIDE, NARROW):
            found = drawn(measure)
            for box in found.boxes:
                self.assertGreaterEqual(box.left, 0)
                self.assertLessEqual(box.left + box.width, measure.width)
                self.assertLessEqual(box.top + box.height, found.height)
            for one, other in combinations(found.boxes, 2):
                is_beside = one.left + one.width <= other.left or other.left + other.width <= one.left
                is_above = one.top + one.height <= other.top or other.top + other.height <= one.top
                self.assertTrue(is_beside or is_above, (one.node.name, other.node.name))

    def test_text_is_broken_into_lines_and_none_is_lost(self) -> None:
        for measure in (WIDE, NARROW):
            box = drawn(measure).boxes[2]
            self.assertEqual(" ".join(box.lines), LONG)
            self.assertEqual(" ".join(box.notes).replace(" · ", " "), " ".join(NOTES))
            self.assertLessEqual(max(map(len, box.lines)), measure.letters[1])

    def test_meaning_does_not_hang_on_colour(self) -> None:
        svg = ElementTree.fromstring(layers_svg(drawn(WIDE), "name", "Title", "Text"))
        frames = svg.findall(".//{*}rect[@class='layer-box']")
        self.assertEqual(len(frames), 7, "six boxes, one of them with a double frame")
        self.assertEqual(len([frame for frame in frames if "stroke-dasharray" in frame.attrib]), 1)
        lines = svg.findall(".//{*}path[@class='layer-line']")
        self.assertEqual(["stroke-dasharray" in line.attrib for line in lines], [False, True, False, False, False])

    def test_names_are_escaped(self) -> None:
        hostile = Node('<script>"x"</script> & co', ("<b>",), 'a "title" <i>', "/a/?b=1&c=2")
        found = place(Picture(hostile, [], [], ("<u>", "&"), [], []), WIDE)
        for text in (layers_svg(found, "n", "<t>", "<d>"), layers_file(found, "<t>", ["<n> & more"])):
            self.assertNotIn("<script", text)
            self.assertEqual(ElementTree.fromstring(text).findall(".//{*}script"), [])

    def test_file_has_its_notes_below_the_picture(self) -> None:
        found = drawn(WIDE)
        svg = ElementTree.fromstring(layers_file(found, "Title", ["legend " * 40, "source"]))
        tops = [float(text.attrib["y"]) for text in svg.findall("{*}text")][1:]
        self.assertTrue(all(one < other for one, other in pairwise(tops)))
        self.assertGreater(tops[0], found.height)
        self.assertLess(tops[-1], float(svg.attrib["height"]))
