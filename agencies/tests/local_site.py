"""A web site on this machine that stands in for a portal, as slow, broken or unwilling as a test wants it."""

import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Act = Callable[[BaseHTTPRequestHandler], None]


class LocalSite:
    """Serves `pages` (path -> act) on a port of its own; a context manager. `asked` holds each request's path."""

    def __init__(self, pages: dict[str, Act] | None = None) -> None:
        self.pages: dict[str, Act] = {"/robots.txt": answer(404), **(pages or {})}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                """Answer as the test said, once, and hang up."""
                site.asked.append(self.path)
                site.headers.append({name.lower(): value for name, value in self.headers.items()})
                self.close_connection = True
                try:
                    site.pages.get(self.path, answer(404))(self)
                except OSError:
                    return  # The reader has had enough.

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> "LocalSite":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a page."""
        return f"http://{host}:{self._server.server_port}{path}"


def answer(status: int, body: bytes = b"", **headers: str) -> Act:
    """Answer with a whole body; names of headers have underscores for hyphens."""

    def act(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return act


def moved(to: str, status: int = 302) -> Act:
    """Send the reader elsewhere."""
    return answer(status, Location=to)


def drip(parts: Iterable[bytes], seconds: float, stop: threading.Event) -> Act:
    """Send raw bytes, a part every so often, until the test says stop."""

    def act(request: BaseHTTPRequestHandler) -> None:
        for part in parts:
            if stop.wait(seconds):
                return
            request.wfile.write(part)
            request.wfile.flush()

    return act


def raw(data: bytes) -> Act:
    """Send these bytes as they are and hang up."""

    def act(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(data)

    return act


def tagged(body: bytes, etag: str) -> Act:
    """Answer 304 to a reader who holds this body already, and with the body to any other."""

    def act(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("If-None-Match") == etag:
            return answer(304, ETag=etag)(request)
        return answer(200, body, ETag=etag, Last_Modified="Thu, 23 Apr 2026 00:00:00 GMT")(request)

    return act
