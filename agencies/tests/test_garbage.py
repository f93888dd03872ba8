"""Python's search for cycles is rarer while a block works, and as before after it, however it ends."""

import gc
import unittest

from agencies.ingest.garbage import RARELY, searched_rarely


class SearchedRarelyTests(unittest.TestCase):
    def test_usual_measure_comes_back_however_the_block_ends(self) -> None:
        usual = gc.get_threshold()
        with searched_rarely():
            self.assertEqual(gc.get_threshold()[0], RARELY)
        self.assertEqual(gc.get_threshold(), usual)
        with self.assertRaises(KeyError), searched_rarely():
            raise KeyError
        self.assertEqual(gc.get_threshold(), usual)
