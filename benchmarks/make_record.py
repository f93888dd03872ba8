"""A database of the size that the site is made for: 20,000 agencies and 2,000,000 links. Always the same one.

usage: DATABASE_URL=postgres://... .venv/bin/python benchmarks/make_record.py [--links N] [--seed N] [--here]
Makes the database atlas_benchmark on that server, loads the starter record (20,675 agencies), and adds links by COPY
until there are N. With --here the links are added to the database that DATABASE_URL names, which must be a loaded copy
made for this: they are made up. Degrees fall off as a power of their rank. No statement stands behind a made-up link:
statements, captures, facts, changes and findings keep the size of the starter record. Needs a superuser (the server of
./run has one): keys are not checked while links are copied.
"""

import argparse
import io
import os
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import psycopg2

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transparency.processes import LOAD_STARTER, MIGRATE  # noqa: E402

DATABASE = "atlas_benchmark"
COLUMNS = (
    *("uuid", "grantor_id", "grantee_id", "network_id", "access", "status", "first_seen", "last_seen"),
    *("ended_as_of", "inactive_as_of", "reported_by", "statement_count"),
)
CHUNK = 200_000
NEWEST = date(2026, 11, 1)


def address_of(name: str) -> str:
    """Return the address of a database of the server in DATABASE_URL."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def load(name: str) -> None:
    """Make the database anew and load the starter record into it."""
    connection = psycopg2.connect(address_of("postgres"))
    connection.autocommit = True
    for statement in (f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"):
        connection.cursor().execute(statement)
    connection.close()
    environment = {**os.environ, "DATABASE_URL": address_of(name)}
    for command in (MIGRATE, LOAD_STARTER):
        subprocess.run([sys.executable, *command[1:]], cwd=ROOT, check=True, env=environment)


def new_pairs(random: np.random.Generator, wanted: int, agencies: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Return that many different pairs (grantor, grantee) of agency keys, none of them among those taken.

    The first agencies have most.
    """
    weight = 1 / np.arange(1, len(agencies) + 1) ** 0.7
    edges = np.cumsum(weight / weight.sum())
    pairs = np.zeros(0, np.int64)
    while len(pairs) < wanted:
        ends = np.searchsorted(edges, random.random((2, wanted - len(pairs) + 1000)))
        drawn = ends[0].astype(np.int64)[ends[0] != ends[1]] * len(agencies) + ends[1][ends[0] != ends[1]]
        pairs = np.setdiff1d(np.union1d(pairs, drawn), taken)
    pairs = random.permutation(pairs)[:wanted]
    return np.stack((agencies[pairs // len(agencies)], agencies[pairs % len(agencies)]))


def lines(random: np.random.Generator, pairs: np.ndarray, network: int) -> str:
    """Return rows for COPY."""
    size = pairs.shape[1]
    ids = random.bytes(16 * size).hex()
    last, length = random.integers(0, 2000, size), random.integers(0, 900, size)
    status = random.choice(["listed", "ended", "inactive"], size, p=[0.95, 0.03, 0.02])
    reporter = random.choice(["grantor", "grantee", "both", "third_party"], size, p=[0.88, 0.05, 0.05, 0.02])
    days = [(NEWEST - timedelta(days=number)).isoformat() for number in range(3000)]
    out = io.StringIO()
    for at in range(size):
        seen = days[last[at]]
        ended, inactive = (seen if status[at] == kind else "\\N" for kind in ("ended", "inactive"))
        values = (ids[32 * at : 32 * at + 32], pairs[0, at], pairs[1, at], network, "configured_access", status[at])
        first = days[last[at] + length[at]]
        out.write("\t".join(map(str, (*values, first, seen, ended, inactive, reporter[at], 1))) + "\n")
    return out.getvalue()


def taken_pairs(cursor: Any, agencies: np.ndarray) -> np.ndarray:
    """Return the pairs that have a link already, as row of the grantor * agencies + row of the grantee."""
    cursor.execute("SELECT grantor_id, grantee_id FROM agencies_sharinglink")
    rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
    order = np.argsort(agencies)
    place = order[np.searchsorted(agencies, rows, sorter=order)]
    return np.unique(place[:, 0] * len(agencies) + place[:, 1])


def add_links(connection: Any, links: int, seed: int) -> int:
    """Add made-up links until there are so many; return how many were added."""
    random, cursor = np.random.default_rng(seed), connection.cursor()
    cursor.execute("SELECT id FROM agencies_agency WHERE merged_into_id IS NULL ORDER BY uuid")
    agencies = random.permutation(np.array([key for (key,) in cursor.fetchall()], np.int64))
    cursor.execute("SELECT id FROM agencies_network WHERE slug = 'flock'")
    network = cursor.fetchone()[0]
    cursor.execute("SELECT count(*) FROM agencies_sharinglink")
    wanted = max(0, links - cursor.fetchone()[0])
    pairs = new_pairs(random, wanted, agencies, taken_pairs(cursor, agencies))
    cursor.execute("SET session_replication_role = replica")
    for first in range(0, wanted, CHUNK):
        rows = lines(random, pairs[:, first : first + CHUNK], network)
        cursor.copy_expert(f"COPY agencies_sharinglink ({', '.join(COLUMNS)}) FROM STDIN", io.StringIO(rows))
    connection.commit()
    connection.autocommit = True
    cursor.execute("VACUUM ANALYZE agencies_sharinglink")
    return wanted


def main() -> None:
    """Make the database and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true")
    given = parser.parse_args()
    name = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/") if given.here else DATABASE
    if not given.here:
        load(name)
    begun = time.perf_counter()
    added = add_links(psycopg2.connect(address_of(name)), given.links, given.seed)
    print(f"{name}: {added:,} links added in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
