"""Pictures: where the numbers land, and that names are escaped."""

import re
from datetime import date
from xml.etree import ElementTree

from django.test import SimpleTestCase

from agencies.pictures.bar import bar
from agencies.pictures.locator import locator
from agencies.pictures.outlines import SIZE, outline, state_outline
from agencies.pictures.sparkline import EDGE, HEIGHT, WIDTH, sparkline

HOSTILE = '<script>"&'


class SparklineTests(SimpleTestCase):
    """A list's length over time."""

    def places(self, *points: tuple[date, int]) -> list[tuple[float, float]]:
        """Return where the line passes."""
        svg = sparkline(points, "list-1", "title", "description")
        found = re.search(r'points="([^"]*)"', svg)
        assert found
        return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found[1].split())]

    def test_days_run_across_to_scale(self) -> None:
        places = self.places((date(2026, 1, 1), 5), (date(2026, 1, 2), 5), (date(2026, 1, 11), 5))
        self.assertEqual([x for x, _y in places], [EDGE, EDGE + (WIDTH - 2 * EDGE) / 10, WIDTH - EDGE])

    def test_numbers_stand_on_zero(self) -> None:
        places = self.places((date(2026, 1, 1), 0), (date(2026, 1, 2), 50), (date(2026, 1, 3), 100))
        self.assertEqual([y for _x, y in places], [HEIGHT - EDGE, HEIGHT / 2, EDGE])

    def test_lists_that_stay_empty_and_single_copies_are_drawn(self) -> None:
        self.assertEqual(self.places((date(2026, 1, 1), 0), (date(2026, 1, 2), 0))[1], (WIDTH - EDGE, HEIGHT - EDGE))
        self.assertEqual(self.places((date(2026, 1, 1), 3)), [(WIDTH - EDGE, EDGE)])
        self.assertEqual(sparkline([], "list-1", "title", "description"), "")

    def test_words_are_escaped_and_named(self) -> None:
        svg = sparkline([(date(2026, 1, 1), 1)], "list-1", HOSTILE, HOSTILE)
        root = ElementTree.fromstring(svg)
        self.assertEqual([child.text for child in root[:2]], [HOSTILE, HOSTILE])
        self.assertEqual(root.get("role"), "img")
        self.assertEqual(root.get("aria-labelledby"), "list-1-title list-1-desc")
        self.assertNotIn("style=", svg)


class BarTests(SimpleTestCase):
    """One bar."""

    def test_share_is_the_width(self) -> None:
        self.assertIn('class="bar-part" width="33.3"', bar(1 / 3))

    def test_share_stays_within_the_bar(self) -> None:
        self.assertIn('class="bar-part" width="100"', bar(7))
        self.assertIn('class="bar-part" width="0"', bar(-1))


class LocatorTests(SimpleTestCase):
    """A dot in an outline."""

    square = [[(-100.0, 40.0), (-99.0, 40.0), (-99.0, 41.0), (-100.0, 41.0), (-100.0, 40.0)]]

    def test_longer_side_fills_the_picture_and_degrees_are_squeezed(self) -> None:
        shape = outline(self.square)
        self.assertEqual(shape.height, SIZE)
        self.assertAlmostEqual(shape.width, SIZE * 0.76, delta=1)

    def test_corners_and_middle_land_where_they_should(self) -> None:
        shape = outline(self.square)
        self.assertEqual(shape.place(41, -100), (0, 0))
        self.assertEqual(shape.place(40, -99), (shape.width, SIZE))
        self.assertEqual(shape.place(40.5, -99.5)[1], SIZE / 2)

    def test_specks_are_left_out_and_a_lone_speck_is_not(self) -> None:
        speck = [(-99.99, 40.0), (-99.985, 40.0), (-99.985, 40.005), (-99.99, 40.0)]
        self.assertEqual(outline([*self.square, speck]).path.count("M"), 1)
        self.assertEqual(outline([speck]).path.count("M"), 1)

    def test_dot_stands_at_the_point(self) -> None:
        svg = locator(outline(self.square), 41, -100, "where", HOSTILE, "description")
        root = ElementTree.fromstring(svg)
        dot = next(child for child in root if child.get("class") == "locator-dot")
        self.assertEqual((dot.get("cx"), dot.get("cy")), ("0.0", "0.0"))
        self.assertEqual(root[0].text, HOSTILE)

    def test_states_are_known_and_small_and_others_are_not(self) -> None:
        for code in ("CA", "AK", "HI", "DC"):
            shape = state_outline(code)
            assert shape
            self.assertLess(len(shape.path), 8000, code)
        self.assertIsNone(state_outline(""))
