"""Answers are compressed as the client can take it."""

import gzip

import brotli
import zstandard

from agencies.models import Agency
from agencies.tests.factories import make_agency
from api.tests.base import ApiTestCase

UNPACK = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
PATH = "/api/v1/agencies/?page_size=20&fields=id,name,state"


class CompressionTests(ApiTestCase):
    """The same bytes however they travel."""

    agencies: list[Agency]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make enough for an answer that is worth it."""
        cls.agencies = [make_agency(f"Lincoln Police Department {number}") for number in range(20)]

    def test_each_encoding_holds_the_same_rows(self) -> None:
        rows = self.get(PATH)["results"]
        for name, unpack in UNPACK.items():
            with self.subTest(name):
                answer = self.client.get(PATH, headers={"accept-encoding": name})
                self.assertEqual(answer.headers["Content-Encoding"], name)
                self.assertIn("Accept-Encoding", answer.headers["Vary"])
                self.assertIn(rows[0]["id"].encode(), unpack(answer.content))

    def test_streams_are_compressed_too(self) -> None:
        plain = b"".join(self.client.get("/api/v1/agencies/?format=csv").streaming_content)
        for name, unpack in UNPACK.items():
            with self.subTest(name):
                answer = self.client.get("/api/v1/agencies/?format=csv", headers={"accept-encoding": name})
                self.assertEqual(answer.headers["Content-Encoding"], name)
                self.assertEqual(unpack(b"".join(answer.streaming_content)), plain)

    def test_who_takes_none_gets_none(self) -> None:
        for accepted in ("", "identity", "br;q=0", "unheard-of"):
            with self.subTest(accepted):
                answer = self.client.get(PATH, headers={"accept-encoding": accepted})
                self.assertNotIn("Content-Encoding", answer.headers)
