"""The picture of a route: readable without colour, for screen readers, and never wider than a phone."""

import re
from xml.etree import ElementTree

from django.test import SimpleTestCase

from agencies.pictures.route_diagram import LETTERS, WIDTH, Arrow, Box, route_diagram

HOSTILE = '<script>"&'


class RouteDiagramTests(SimpleTestCase):
    def drawn(self, boxes: list[Box], arrows: list[Arrow]) -> ElementTree.Element:
        """Return the picture's markup, parsed."""
        return ElementTree.fromstring(route_diagram(boxes, arrows, "r", "title", "description"))

    def test_agencies_stand_from_top_to_bottom_with_an_arrow_between(self) -> None:
        root = self.drawn([Box("A"), Box("B"), Box("ICE", is_end=True)], [Arrow("one"), Arrow("two", is_dashed=True)])
        self.assertEqual([text.text for text in root.iter("tspan")], ["A", "one", "B", "two", "ICE"])
        tops = [float(text.get("y") or 0) for text in root.iter("tspan")]
        self.assertEqual(tops, sorted(tops))
        self.assertEqual(len(root.findall("path[@class='route-head']")), 2)

    def test_only_possible_hops_are_dashed_and_the_end_has_a_double_frame(self) -> None:
        root = self.drawn([Box("A"), Box("ICE", is_end=True)], [Arrow("one")])
        self.assertEqual(root.findall("path[@class='route-shaft route-dashed']"), [])
        self.assertEqual(len(root.findall("rect")), 3)
        root = self.drawn([Box("A"), Box("B")], [Arrow("one", is_dashed=True)])
        self.assertEqual(len(root.findall("path[@class='route-shaft route-dashed']")), 1)
        self.assertEqual(len(root.findall("rect")), 2)

    def test_long_names_are_wrapped_and_the_picture_grows(self) -> None:
        name = "Northern California Regional Intelligence Center and its Partners of the Bay Area"
        root = self.drawn([Box(name), Box("B")], [Arrow("one")])
        lines = [text.text or "" for text in root.iter("tspan")][:-2]
        self.assertEqual(" ".join(lines), name)
        self.assertLessEqual(max(map(len, lines)), LETTERS)
        short = self.drawn([Box("A"), Box("B")], [Arrow("one")])
        heights = [float((one.get("viewBox") or "").split()[3]) for one in (short, root)]
        self.assertLess(heights[0], heights[1])
        self.assertEqual((root.get("viewBox") or "").split()[2], str(WIDTH))

    def test_words_are_escaped_and_read_out_and_nothing_is_styled_inline(self) -> None:
        svg = route_diagram([Box(HOSTILE), Box("B")], [Arrow(HOSTILE)], "r", HOSTILE, HOSTILE)
        root = ElementTree.fromstring(svg)
        self.assertEqual([child.text for child in root[:2]], [HOSTILE, HOSTILE])
        self.assertEqual((root.get("role"), root.get("aria-labelledby")), ("img", "r-title r-desc"))
        self.assertIsNone(re.search(r"style=|fill=|stroke=", svg))

    def test_an_arrow_too_few_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            route_diagram([Box("A"), Box("B")], [], "r", "title", "description")
