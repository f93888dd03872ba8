"""Where captures are kept: a folder of ours, or a bucket when one is named."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import TestCase

from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from transparency.tests.test_settings import settings_in

BUCKET = {
    "CAPTURES_BUCKET": "atlas-captures",
    "CAPTURES_PREFIX": "kept",
    "CAPTURES_ENDPOINT_URL": "https://s3.example",
    "CAPTURES_ACCESS_KEY": "who",
    "CAPTURES_SECRET_KEY": "what",
}


class StoreSettingsTests(TestCase):
    """Which store the environment names."""

    def store(self, **given: str) -> str:
        """Return the store's class and what the code gives, in a process of its own."""
        code = (
            "import django; django.setup(); from django.core.files.storage import storages\n"
            "store = storages['captures']; print(type(store).__name__, "
            "getattr(store, 'bucket_name', ''), getattr(store, 'location', ''), getattr(store, 'default_acl', ''))"
        )
        answer = settings_in({"DATABASE_URL": "postgres://db.example/atlas", **given}, code)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout.strip()

    def test_folder_is_the_default(self) -> None:
        self.assertEqual(self.store(CAPTURES_DIR="/srv/captures"), "FileSystemStorage  /srv/captures")

    def test_bucket_is_used_where_one_is_named_and_nothing_in_it_is_made_public(self) -> None:
        self.assertEqual(self.store(**BUCKET), "S3Storage atlas-captures kept None")


class _Bucket(BaseHTTPRequestHandler):
    """As much of S3 as storing, reading and deleting a file takes."""

    held: dict[str, bytes] = {}
    asked: list[str] = []

    def _answer(self, status: int, body: bytes = b"", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Thu, 23 Apr 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        """Store a body, without the frames in which it may come."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            size, _, rest = body.partition(b"\r\n")
            body = rest[: int(size.split(b";")[0], 16)]
        self.asked.append(f"PUT {self.headers.get('x-amz-acl', '')}")
        self.held[self.path.partition("?")[0]] = body
        self._answer(200)

    def do_HEAD(self) -> None:
        """Tell whether there is such a file."""
        body = self.held.get(self.path)
        self._answer(404 if body is None else 200, length=len(body or b""))

    def do_GET(self) -> None:
        """Give a file back."""
        body = self.held.get(self.path)
        self._answer(404 if body is None else 200, body or b"")

    def do_DELETE(self) -> None:
        """Forget a file; there may be none."""
        self.held.pop(self.path, None)
        self._answer(204)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class BucketTests(TestCase):
    """A file goes to a bucket and comes back, over HTTP to a stand-in."""

    def test_file_is_stored_under_its_name_read_again_and_deleted(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Bucket)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        store = S3Storage(
            bucket_name="atlas-captures",
            location="kept",
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            region_name="us-east-1",
            access_key="who",
            secret_key="what",
            addressing_style="path",
            default_acl=None,
        )
        self.assertFalse(store.exists("ab/abc.html"))
        self.assertEqual(store.save("ab/abc.html", ContentFile(b"<html>")), "ab/abc.html")
        self.assertEqual(_Bucket.held, {"/atlas-captures/kept/ab/abc.html": b"<html>"})
        self.assertEqual(_Bucket.asked, ["PUT "])
        with store.open("ab/abc.html") as file:
            self.assertEqual(file.read(), b"<html>")
        for _ in range(2):  # Deleting what is gone already is no error: a removal can be finished twice.
            store.delete("ab/abc.html")
            self.assertEqual(_Bucket.held, {})
