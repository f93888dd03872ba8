"""Load on one address: by wrk where it is installed, else by a small client of our own."""

import http.client
import re
import shutil
import subprocess
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 4


def load(address: str, headers: dict[str, str], seconds: float) -> float:
    """Return how many requests a second were answered with 200 or 304. Raises RuntimeError for any other answer."""
    return _wrk(address, headers, seconds) if shutil.which("wrk") else _threads(address, headers, seconds)


def _wrk(address: str, headers: dict[str, str], seconds: float) -> float:
    """Ask by wrk: one thread, four connections."""
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", *given, address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(found[1]) if found else 0.0


def _threads(address: str, headers: dict[str, str], seconds: float) -> float:
    """Ask by four threads with a connection each."""
    parts = urlsplit(address)
    path, end = f"{parts.path}?{parts.query}", time.perf_counter() + seconds
    answered: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        while time.perf_counter() < end:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (200, 304):
                raise RuntimeError(f"{address}: {answer.status}")
            answered.append(1)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(answered) / (time.perf_counter() - begun)
