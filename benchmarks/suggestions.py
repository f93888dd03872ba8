"""Time to a suggestion, over HTTP, of what people type letter by letter, and what stands first.

usage: .venv/bin/python benchmarks/suggestions.py [http://localhost:8000]
Run it against `./run serve` with the starter record (20,675 agencies, 32,976 places), on a quiet machine.
The aim is 50 ms; the worst are single common words ("police") and initials, which read every agency.
"""

import json
import statistics
import sys
import time
import urllib.parse
import urllib.request

ROUNDS = 15
QUERIES = {
    "Union City": "Union City",
    "union city ca": "Union City, CA",
    "94587": "Union City, CA",
    "Alameda county sheriff": "Alameda County Sheriff's Office (CA)",
    "alamda county sherif": "Alameda County Sheriff's Office (CA)",
    "LAPD": "Los Angeles Police Department (CA)",
    "LASD": "Los Angeles County Sheriff's Office (CA)",
    "CHP": "California Highway Patrol (CA)",
    "NYPD": "New York City Police Department (NY)",
    "FBI": "Federal Bureau of Investigation",
    "Oaklnd": "Oakland, CA",
    "Unoin Ciy CA": "Union City, CA",
    "san fransisco": "San Francisco, CA",
    "los angelos pd": "Los Angeles Police Department (CA)",
    "oakland police": "Oakland Police Department (CA)",
    "uc berkeley": "University of California Police Department, Berkeley (CA)",
    "BART": "San Francisco Bay Area Rapid Transit",
    "charleston west virginia": "Charleston, WV",
    "po": "Portland, OR",
    "police": "New York City Police Department (NY)",
    "zzzzqqq": "",
}


def ask(site: str, query: str) -> tuple[float, str]:
    """Return how many milliseconds one answer took, and the label of its first line, "" for none."""
    begun = time.perf_counter()
    with urllib.request.urlopen(f"{site}/search/suggest/?q={urllib.parse.quote(query)}") as answer:
        lines = json.load(answer)["suggestions"]
    return (time.perf_counter() - begun) * 1000, lines[0]["label"] if lines else ""


def main(site: str) -> None:
    """Print median and worst of each query and of every beginning of one, and whether its first line is right."""
    print(f"{'query':26}{'median ms':>10}{'worst ms':>10}  first")
    for query, expected in QUERIES.items():
        ask(site, query)
        taken, first = zip(*(ask(site, query) for _ in range(ROUNDS)), strict=True)
        right = "" if first[0].startswith(expected) else f"   EXPECTED {expected}"
        print(f"{query:26}{statistics.median(taken):10.1f}{max(taken):10.1f}  {first[0]}{right}")
    begun = [query[:length] for query in QUERIES for length in range(2, len(query) + 1)]
    taken = [ask(site, part)[0] for part in begun]
    worst = max(zip(taken, begun, strict=True))
    print(f"{len(begun)} beginnings: median {statistics.median(taken):.1f} ms, worst {worst[0]:.1f} ms ({worst[1]!r})")


if __name__ == "__main__":
    main((sys.argv[1:] or ["http://localhost:8000"])[0].rstrip("/"))
