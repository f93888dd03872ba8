"""Requests a second of the API's busiest answers, beside bare bytes and bare SQL, from real gunicorn in one run.

usage: DATABASE_URL=postgres://... .venv/bin/python benchmarks/api.py [--seconds N] [--rounds N] [--only NAME]
       ... benchmarks/api.py --latency
Starts the site's own gunicorn (2 workers of 4 threads) on a port of its own, with the rate limit out of reach, and
asks over loopback with wrk (4 connections) or, where that is missing, with a small client of ours, which is slower:
the first line says which. Per answer: the endpoint; (a) a bare Django view that returns the same bytes; (b) psycopg2
and orjson with the endpoint's own statements and rows. The three take turns, round by round, and the median round
counts. An answer is kept in the process until the record changes; the lines "never asked for before" are without that.
Aims: list pages at least 0.7 of (b), 304s at least 0.7 of (a). --latency prints instead how long one request
to every endpoint takes: the table to make on a database of benchmarks/make_record.py, where none should take more
than 200 ms.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from api_load import ACCEPT, load

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transparency.processes import WEB  # noqa: E402

PORT = 8497
SITE = f"http://127.0.0.1:{PORT}"
LARGEST = """
    SELECT slug FROM agencies_agency JOIN (
        SELECT agency, sum(n) AS n FROM (
            SELECT grantor_id AS agency, count(*) AS n FROM agencies_sharinglink GROUP BY 1
            UNION ALL SELECT grantee_id, count(*) FROM agencies_sharinglink GROUP BY 1
        ) AS ends GROUP BY 1 ORDER BY 2 DESC LIMIT 1
    ) AS most ON most.agency = agencies_agency.id
"""


def largest() -> str:
    """Return the slug of the agency with most links."""
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(LARGEST)
        return str(cursor.fetchone()[0])


BUILD_GRAPH = "import django; django.setup(); from agencies.network.graph_store import build_graph; build_graph()"


@contextmanager
def served(with_graph: bool) -> Iterator[None]:
    """Run gunicorn with the baselines beside the site, as long as the block lasts; reach and routes need the graph."""
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "ATLAS_VAR_DIR": var,
            "DJANGO_SETTINGS_MODULE": "api_settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "benchmarks"))),
            "WEB_BIND": f"127.0.0.1:{PORT}",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "LOG_LEVEL": "ERROR",
        }
        if with_graph:
            subprocess.run([sys.executable, "-c", BUILD_GRAPH], cwd=ROOT, env=environment, check=True)
        with gunicorn(environment):
            yield


@contextmanager
def gunicorn(environment: dict[str, str]) -> Iterator[None]:
    """Run gunicorn as the site does, from its first healthy answer on."""
    command = [sys.executable, "-m", *WEB, "--max-requests", "0", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{SITE}/healthz").close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(30)


def baseline(kind: str, path: str) -> str:
    """Return the address of a baseline of an endpoint."""
    bare, _, query = path.partition("?")
    return f"{SITE}/{kind}/?of={quote(bare)}{'&' + query if query else ''}"


def etag(path: str) -> str:
    """Return the ETag of an endpoint's answer."""
    with urllib.request.urlopen(SITE + path) as answer:
        return str(answer.headers["ETag"])


@dataclass(frozen=True)
class Answer:
    """One answer to ask for. `anew`: never the same request twice; `unchanged`: with the ETag of the last answer."""

    name: str
    path: str
    anew: bool = False
    unchanged: bool = False
    times_as_long: int = 1


def compare(answer: Answer, seconds: float, rounds: int) -> None:
    """Print requests a second of one endpoint and its baselines, and the ratios."""
    addresses = {"endpoint": SITE + answer.path, "bare": baseline("bare", answer.path)}
    if not answer.unchanged:
        addresses["raw"] = baseline("raw", answer.path)
    headers = {"If-None-Match": etag(answer.path)} if answer.unchanged else {}
    rates: dict[str, list[float]] = {kind: [] for kind in addresses}
    for address in addresses.values():
        load(address, headers, answer.times_as_long)  # What a process keeps is kept before anything is counted.
    for _ in range(rounds):
        for kind, address in addresses.items():
            rates[kind].append(load(address, headers, seconds * answer.times_as_long, answer.anew))
    median = {kind: statistics.median(found) for kind, found in rates.items()}
    ratios = [median["endpoint"] / median[kind] if median.get(kind) else None for kind in ("bare", "raw")]
    numbers = "".join(
        f"{median[kind]:10,.1f}" if kind in median else f"{'':10}" for kind in ("endpoint", "bare", "raw")
    )
    print(
        f"{answer.name:36}{numbers}" + "".join(f"{ratio:9.2f}" if ratio else f"{'':9}" for ratio in ratios), flush=True
    )


def first_of(path: str) -> str:
    """Return the API address of the first row of a list, without the site."""
    with urllib.request.urlopen(f"{SITE}{path}?page_size=1") as answer:
        found = re.search(rb'"api_url":"http://[^/]+([^"]+)"', answer.read())
    return found[1].decode() if found else path


def latencies(slug: str, rounds: int = 7) -> None:
    """Print the median and the worst time of one request to every endpoint, and of the longest lists' filters."""
    api, agency = "/api/v1", f"/api/v1/agencies/{slug}"
    lists = ("agencies", "places", "networks", "sources", "captures", "statements", "facts", "links", "changes")
    paths = [f"{api}/", *(f"{api}/{name}/?page_size=200" for name in (*lists, "findings", "laws", "releases"))]
    paths += [first_of(f"{api}/{name}/") for name in (*lists[1:], "findings", "laws")]
    paths += [f"{agency}/", f"{agency}/links/?page_size=200", f"{agency}/links/?direction=grants&ordering=-last_seen"]
    paths += [
        f"{agency}/links/?network=axon",
        f"{agency}/reach/",
        f"{api}/routes/?from={slug}",
        f"{agency}/links/?count=true",
    ]
    paths += [f"{api}/links/?{query}" for query in LINK_QUERIES] + [
        f"{api}/agencies/?{query}" for query in AGENCY_QUERIES
    ]
    paths += [
        f"{api}/statements/?agency={slug}",
        f"{api}/statements/?resolved=false",
        f"{api}/facts/?field=retention_days",
    ]
    paths += [f"{api}/search/?q={text}" for text in ("94587", "oakland+police", "Unoin+Ciy+CA")]
    print(f"{'median ms':>10}{'worst ms':>10}")
    for path in paths:
        taken = [milliseconds(SITE + path) for _ in range(rounds + 1)][1:]
        flag = "  above 200 ms" if statistics.median(taken) > 200 else ""
        print(f"{statistics.median(taken):10.1f}{max(taken):10.1f}  {path.removeprefix(api)[:90]}{flag}", flush=True)


LINK_QUERIES = (
    *("grantor_state=CA", "grantor_state=CA&grantee_state=TX", "grantor_state=WY&status=ended", "disputed=true"),
    *("network=flock&ordering=-first_seen", "network=axon", "modified_since=2026-11-01T00:00:00Z&ordering=modified_at"),
    *("first_seen__gte=2026-10-01", "reported_by=third_party&grantor_state=WY", "access=hotlist_feed", "count=true"),
    "grantor_state=CA&count=true",
)
AGENCY_QUERIES = (
    *(
        "state=CA&kind=sheriff",
        "has_links=true",
        "has_links=false",
        "network=flock",
        "retention_days__gte=30",
        "q=oakland",
    ),
    *("near=37.6,-122,50", "in_bbox=-123,37,-121,38", "served_place=0681204", "ordering=-modified_at", "count=true"),
)


def milliseconds(address: str) -> float:
    """Return how long a request took that no answer is kept for; an error is told and counts like an answer."""
    request = urllib.request.Request(address, headers={"Accept": ACCEPT.format(time.time_ns())})
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(request) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        print(f"{error.code} {error.read()[:200]!r} {address}")
    return (time.perf_counter() - begun) * 1000


def answers(slug: str) -> list[Answer]:
    """Return what is compared; `slug` is the largest agency's."""
    agencies, agency = "/api/v1/agencies/?page_size=100", f"/api/v1/agencies/{slug}/"
    return [
        Answer("agencies, page of 100", agencies),
        Answer("  never asked for before", agencies, anew=True),
        Answer("agency in full", agency),
        Answer("  never asked for before", agency, anew=True),
        Answer("links of the largest, page of 100", f"{agency}links/?page_size=100"),
        Answer("  never asked for before", f"{agency}links/?page_size=100", anew=True),
        Answer("GeoJSON of all agencies", "/api/v1/agencies/?format=geojson", times_as_long=4),
        Answer("304 of agencies, page of 100", agencies, unchanged=True),
    ]


def main() -> None:
    """Serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--latency", action="store_true")
    given = parser.parse_args()
    slug = largest()
    with served(with_graph=given.latency):
        if given.latency:
            latencies(slug)
            return
        print(f"load by {'wrk' if shutil.which('wrk') else 'a client of our own'}; requests a second, and ratios")
        print(f"{'':36}{'endpoint':>10}{'(a) bare':>10}{'(b) raw':>10}{'to (a)':>9}{'to (b)':>9}")
        for answer in answers(slug):
            if given.only in answer.name:
                compare(answer, given.seconds, given.rounds)


if __name__ == "__main__":
    main()
