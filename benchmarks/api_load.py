"""Load on one address: by wrk where it is installed, else by a small client of our own."""

import http.client
import re
import shutil
import subprocess
import tempfile
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 4
ACCEPT = "*/*, text/x{}"
"""An Accept header with a number in it: another answer to every cache, the same bytes."""
SCRIPT = """
local number = 0
request = function()
  number = number + 1
  wrk.headers["Accept"] = "*/*, text/x" .. START .. number
  return wrk.format()
end
"""


def load(address: str, headers: dict[str, str], seconds: float, anew: bool = False) -> float:
    """Return how many requests a second were answered with 200 or 304. Raises RuntimeError for any other answer.

    `anew`: each request differs from those before, so that no answer is kept ready.
    """
    return (_wrk if shutil.which("wrk") else _threads)(address, headers, seconds, anew)


def _wrk(address: str, headers: dict[str, str], seconds: float, anew: bool) -> float:
    """Ask by wrk: one thread, four connections."""
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    length = f"-d{max(1, round(seconds))}s"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.replace("START", f"'{time.time_ns()}x'"))
        script.flush()
        vary = ["-s", script.name] if anew else []
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", length, "--timeout", "60s", *vary, *given, address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(found[1]) if found else 0.0


def _threads(address: str, headers: dict[str, str], seconds: float, anew: bool) -> float:
    """Ask by four threads with a connection each."""
    parts = urlsplit(address)
    path, end = f"{parts.path}?{parts.query}", time.perf_counter() + seconds
    answered: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        while time.perf_counter() < end:
            varied = {"Accept": ACCEPT.format(time.time_ns())} if anew else {}
            connection.request("GET", path, headers={**headers, **varied})
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
