"""A receiver of webhooks on this machine, and webhooks that lead to it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agencies.models import ApiKey, Webhook
from agencies.tests.local_site import Act, answer
from agencies.webhooks.sign import new_secret


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Takes POSTs on a port of its own, answers as `act` says, and keeps what came; a context manager."""

    def __init__(self, act: Act | None = None) -> None:
        self.act: Act = act or answer(204)
        self.received: list[Received] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                """Keep the request and answer."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Received(self.path, headers, body))
                self.close_connection = True
                try:
                    receiver.act(self)
                except OSError:
                    return  # The sender has had enough.

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, host: str = "127.0.0.1") -> str:
        """Return the address that takes POSTs."""
        return f"http://{host}:{self._server.server_port}/hook"


def silence(stop: threading.Event) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer nothing until the test says stop."""

    def act(request: BaseHTTPRequestHandler) -> None:
        stop.wait(10)

    return act


def make_api_key(prefix: str = "atlas_test") -> ApiKey:
    """Create a key that no request can use: only its row."""
    return ApiKey.objects.create(prefix=prefix, key_sha256=prefix.ljust(64, "0"))


def make_webhook(url: str = "https://93.184.215.14/hook", key: ApiKey | None = None, **values: Any) -> Webhook:
    """Create a webhook."""
    return Webhook.objects.create(key=key or make_api_key(), url=url, **{"secret": new_secret(), **values})
