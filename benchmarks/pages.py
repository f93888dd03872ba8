"""Time to the whole page, of the main pages of a running site, against its health check in the same run.

usage: .venv/bin/python benchmarks/pages.py [http://localhost:8000]
Run it against `./run serve` with the starter record, on a quiet machine. The health check does no query and renders
no template: the ratio is what a page costs above the bare server.
"""

import statistics
import sys
import time
import urllib.request

ROUNDS = 40
PAGES = {
    "health check": "/healthz",
    "home": "/",
    "place: Union City": "/places/0681204/",
    "search: ZIP": "/search/?q=94587",
    "search: misspelt": "/search/?q=Unoin+Ciy+CA",
    "agency: Union City": "/agencies/union-city-police-department-ca/",
    "agency: all grants": "/agencies/union-city-police-department-ca/grants/",
    "pair: Union City, ICE": "/links/union-city-police-department-ca/immigration-and-customs-enforcement/",
    "2019 release": "/ice-2019/",
    "map": "/map/?agency=union-city-police-department-ca",
    "map: all agencies": "/map/agencies.json",
    "API: agencies, 100": "/api/v1/agencies/?page_size=100",
    "API: links, 100": "/api/v1/links/?page_size=100",
}


def milliseconds(address: str) -> tuple[float, int]:
    """Return how long one request took, and the bytes of its body."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    begun = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        size = len(answer.read())
    return (time.perf_counter() - begun) * 1000, size


def main(site: str) -> None:
    """Print median and worst of each page, and its ratio to the health check."""
    print(f"{'page':24}{'median ms':>10}{'worst ms':>10}{'bytes':>10}{'ratio':>8}")
    baseline = 0.0
    for name, path in PAGES.items():
        milliseconds(site + path)  # the first request pays for warm caches
        taken, sizes = zip(*(milliseconds(site + path) for _ in range(ROUNDS)), strict=True)
        median = statistics.median(taken)
        baseline = baseline or median
        print(f"{name:24}{median:10.1f}{max(taken):10.1f}{sizes[0]:10,}{median / baseline:8.1f}")


if __name__ == "__main__":
    main((sys.argv[1:] or ["http://localhost:8000"])[0].rstrip("/"))
