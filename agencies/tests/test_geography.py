"""Points in places."""

from django.test import SimpleTestCase
from shapely.geometry import MultiPolygon, box

from agencies.geography import OutlineIndex


class OutlineIndexTests(SimpleTestCase):
    index = OutlineIndex(
        [
            (1, box(-123, 37, -122, 38).wkb),
            (2, box(-122.5, 37.2, -122.2, 37.4).wkb),
            (3, MultiPolygon([box(-100, 40, -99, 41), box(-90, 40, -89, 41)]).wkb),
        ]
    )

    def test_point_lies_in_every_place_that_covers_it(self) -> None:
        self.assertEqual(sorted(self.index.at(37.3, -122.3)), [1, 2])
        self.assertEqual(self.index.at(37.9, -122.9), [1])

    def test_place_of_several_parts_is_found_by_each(self) -> None:
        self.assertEqual((self.index.at(40.5, -99.5), self.index.at(40.5, -89.5)), ([3], [3]))

    def test_border_counts_and_the_sea_does_not(self) -> None:
        self.assertEqual(self.index.at(37.0, -122.7), [1])
        self.assertEqual(self.index.at(0.0, 0.0), [])
