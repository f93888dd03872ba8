"""TopoJSON decoding: quantised arcs, reversed arcs, collapsed rings."""

import unittest

from shapely.geometry import shape

from agencies.ingest.topojson import decode, decode_arcs

# Two unit squares side by side; arc 0 is the border they share.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10.0, 20.0]},
    "arcs": [
        [[2, 0], [0, 2]],
        [[2, 2], [-2, 0], [0, -2], [2, 0]],
        [[2, 0], [2, 0], [0, 2], [-2, 0]],
    ],
    "objects": {
        "counties": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "01", "arcs": [[0, 1]], "properties": {"name": "West"}},
                {"type": "MultiPolygon", "id": "02", "arcs": [[[2, ~0]]], "properties": {"name": "East"}},
            ],
        }
    },
}


class TopojsonTests(unittest.TestCase):
    def test_arcs_are_deltas_on_a_grid(self) -> None:
        self.assertEqual(decode_arcs(TOPOLOGY)[0], [(11.0, 20.0), (11.0, 21.0)])

    def test_neighbours_share_their_border(self) -> None:
        west, east = (shape(item.geometry) for item in decode(TOPOLOGY, "counties"))
        self.assertEqual((west.bounds, east.bounds), ((10.0, 20.0, 11.0, 21.0), (11.0, 20.0, 12.0, 21.0)))
        self.assertTrue(west.is_valid and east.is_valid)
        self.assertEqual(west.intersection(east).length, 1.0)

    def test_shapes_keep_id_and_name(self) -> None:
        self.assertEqual(
            [(item.id, item.name) for item in decode(TOPOLOGY, "counties")], [("01", "West"), ("02", "East")]
        )

    def test_rings_that_simplify_to_nothing_are_left_out(self) -> None:
        self.assertEqual(list(decode(TOPOLOGY, "counties", tolerance=5.0)), [])

    def test_lines_are_refused(self) -> None:
        lines = {**TOPOLOGY, "objects": {"roads": {"geometries": [{"type": "LineString", "id": "1", "arcs": [0]}]}}}
        with self.assertRaisesRegex(ValueError, "LineString"):
            list(decode(lines, "roads"))
