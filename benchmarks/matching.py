"""Precision and reach of the matcher on hand-labelled names, against two baselines in the same run.

usage: ./run shell < benchmarks/matching.py      (or: manage.py shell --no-imports -c "exec(...)")
       MATCHING=fit ./run shell < benchmarks/matching.py     fit the weights on the tuning half and store them

Needs the registry in the database. Reports errors / N with a 95% Wilson interval on names that nothing was tuned on
(`split` = test in data/matches/labelled_names.csv), tables by source and by form, and the time for 10,000 names.
"""

import csv
import json
import math
import os
import resource
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from agencies.folding import fold
from agencies.matching.matcher import Matcher
from agencies.matching.parse import parse
from agencies.matching.score import WEIGHTS
from agencies.models import Agency

UNFITTED = {"city", "clean", "spelling"}
"""Features that the labels say too little of (no document has a city column) or that another one holds already."""

LABELS = Path("data/matches/labelled_names.csv")


def labels(split: str) -> list[dict[str, str]]:
    """Return the labelled rows of one half, without those whose truth could not be told."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["split"] == split and row["truth"] != "unclear"]


def wilson(errors: int, number: int) -> tuple[float, float]:
    """Return the 95% Wilson interval of a share of errors."""
    if not number:
        return 0.0, 1.0
    z, share = 1.96, errors / number
    middle = share + z * z / (2 * number)
    spread = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return (middle - spread) / (1 + z * z / number), (middle + spread) / (1 + z * z / number)


def is_right(row: dict[str, str], ori: str, slug: str) -> bool:
    """Tell whether an accepted agency is the labelled one."""
    return row["truth"] == "agency" and (row["ori"] == ori if row["ori"] else row["agency_slug"] == slug)


def arguments(row: dict[str, str]) -> dict[str, str]:
    """Return what the matcher is told besides the name."""
    return {name: row[name] for name in ("context_state", "city", "state")}


COLUMNS = ("names", "resolvable", "reached", "wrong")


def count(matcher: Matcher, row: dict[str, str]) -> Counter[str]:
    """Return what one name adds to the counts, and print it when it is decided wrongly."""
    verdict = matcher.match(row["name"], **arguments(row))
    agency, resolvable = verdict.agency, row["truth"] == "agency"
    found = Counter(names=1, resolvable=resolvable, decided=agency is not None or verdict.decision == "not_agency")
    right = agency is not None and is_right(row, agency.ori, agency.slug)
    found["reached"] = right
    found["wrong"] = (agency is not None and not right) or (verdict.decision == "not_agency" and resolvable)
    found["ambiguous decided"] = agency is not None and row["truth"] == "ambiguous"
    found["non-agencies given an ORI"] = agency is not None and row["truth"] == "not_agency"
    if found["wrong"]:
        said = f"{agency.name} ({agency.ori})" if agency else verdict.decision
        print(f"  WRONG  {row['name']!r} -> {said}; truth: {row['ori'] or row['agency_slug'] or row['truth']}")
    return Counter({word: int(number) for word, number in found.items()})


def table(groups: dict[str, Counter[str]]) -> None:
    """Print one line a group, the largest first."""
    for name, counts in sorted(groups.items(), key=lambda pair: -pair[1]["names"]):
        print(f"  {name:34}" + "  ".join(f"{word} {counts[word]}" for word in COLUMNS))


def report(matcher: Matcher, rows: list[dict[str, str]]) -> None:
    """Print precision, reach and what went wrong, then both by source and by form of name."""
    total: Counter[str] = Counter()
    by_origin: dict[str, Counter[str]] = defaultdict(Counter)
    by_form: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found, parsed = count(matcher, row), parse(row["name"])
        form = f"{parsed.body or 'no body'}, {'state printed' if parsed.state else 'no state'}"
        for counts in (total, by_origin[row["origin"]], by_form[form]):
            counts.update(found)
    low, high = wilson(total["wrong"], total["decided"])
    print(f"names {total['names']}, decided automatically {total['decided']}, errors {total['wrong']}")
    print(f"precision {1 - total['wrong'] / total['decided']:.4f} (95%: {1 - high:.4f} to {1 - low:.4f})")
    print(f"resolvable {total['resolvable']}, decided {total['reached'] / total['resolvable']:.4f} of them")
    print(", ".join(f"{word} {total[word]}" for word in ("ambiguous decided", "non-agencies given an ORI")))
    table(by_origin)
    table(by_form)


def baselines(rows: list[dict[str, str]]) -> None:
    """Print the same for normalised exact match and for the best threshold of token_set_ratio."""
    agencies = list(Agency.objects.current().main_bodies().values_list("name", "state", "ori", "slug"))
    printed = [fold(f"{name} {state}") for name, state, _, _ in agencies]
    first = dict(reversed([(frozenset(name.split()), row) for name, row in zip(printed, agencies, strict=True)]))
    hits = [(row, first.get(frozenset(fold(f"{written_in_full(row['name'])} {row['state']}").split()))) for row in rows]
    score([(row, agency, 100.0) for row, agency in hits if agency], "the same words, in full", rows, [100.0])
    best = []
    for row in rows:
        hit = process.extractOne(fold(row["name"]), printed, scorer=fuzz.token_set_ratio)
        best.append((row, agencies[hit[2]], hit[1]) if hit else (row, None, 0.0))
    score(best, "token_set_ratio", rows, [80.0, 85.0, 90.0, 95.0, 100.0])


def written_in_full(name: str) -> str:
    """Return a printed name with the two commonest abbreviations written out."""
    return name.replace("PD", "Police Department").replace("SO", "Sheriff's Office")


def score(
    found: list[tuple[dict[str, str], Any, float]], name: str, rows: list[dict[str, str]], cuts: list[float]
) -> None:
    """Print precision and reach of a baseline at its thresholds."""
    resolvable = sum(row["truth"] == "agency" for row in rows)
    for cut in cuts:
        chosen = [(row, agency) for row, agency, value in found if agency and value >= cut]
        right = sum(is_right(row, agency[2] or "", agency[3]) for row, agency in chosen)
        precision, reach = right / max(len(chosen), 1), right / max(resolvable, 1)
        print(f"  {name} >= {cut:5.1f}: precision {precision:.4f}, reach {reach:.4f}")


def fit(matcher: Matcher) -> None:
    """Fit a ridge-penalised logistic regression on the candidates of the tuning half; store the weights."""
    stored = {}
    samples: dict[str, list[tuple[dict[str, float], bool]]] = {"placed": [], "named": []}
    for row in labels("tune"):
        for candidate in matcher.match(row["name"], **arguments(row)).candidates:
            kind = "placed" if "exact" in candidate.features else "named"
            samples[kind].append((candidate.features, is_right(row, candidate.ori, candidate.slug)))
    for kind, rows in samples.items():
        names = [name for name in rows[0][0] if name not in UNFITTED]
        x = np.array([[1.0, *(features[name] for name in names)] for features, _ in rows])
        y = np.array([float(right) for _, right in rows])
        weights = np.zeros(x.shape[1])
        penalty = np.diag([0.01, *[0.05] * len(names)])
        for _ in range(60):
            p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
            gradient = x.T @ (p - y) + penalty @ weights
            hessian = x.T @ (x * (p * (1 - p))[:, None]) + penalty
            weights -= np.linalg.solve(hessian, gradient)
        stored[kind] = {
            "bias": round(float(weights[0]), 3),
            **{n: round(float(w), 3) for n, w in zip(names, weights[1:], strict=True)},
        }
        print(kind, len(rows), "candidates,", int(y.sum()), "right:", stored[kind])
    WEIGHTS.write_text(json.dumps(stored, indent=2) + "\n")


begun = time.perf_counter()
the_matcher = Matcher.load()
print(f"registry loaded in {time.perf_counter() - begun:.1f} s")
if os.environ.get("MATCHING") == "fit":
    fit(the_matcher)
else:
    for half in ("tune", "test"):
        print(f"\n{half} half")
        report(the_matcher, labels(half))
    print("\nbaselines (test half)")
    baselines(labels("test"))
    many = [row["name"] for row in labels("test") + labels("tune")]
    many = (many * (10_000 // len(many) + 1))[:10_000]
    begun = time.perf_counter()
    for one in many:
        the_matcher.match(one)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n10,000 names in {time.perf_counter() - begun:.1f} s; peak memory {memory} MB")
