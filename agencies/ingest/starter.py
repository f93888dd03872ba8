"""The starter record: loaded from `data/` on first start, and made again from the documents themselves."""

from collections.abc import Callable
from pathlib import Path

from agencies.ingest import runs
from agencies.ingest.decisions_csv import load_decisions
from agencies.ingest.facts_export import export_facts
from agencies.ingest.laws import load_laws
from agencies.ingest.registry_load import load_registry
from agencies.models import ImportRun

Say = Callable[[str], None]

DOCUMENTS = [
    ("flock_portal", "flock_portals"),
    ("news_observer", "news_observer_2024"),
    ("ice_release_2019", "aclu_2019_ice_list.csv"),
    ("vigilant_report", "vigilant/irvine_pd_2020_data_sharing_report.pdf"),
    ("flock_shared_networks", "flock_shared_networks/orange_county_2025-12.xlsx"),
    ("flock_federal_extract", "flock_federal_grantees_2025-06-11.csv"),
    ("ice_287g", "ice_287g/participatingAgencies07182025pm.xlsx"),
    ("ice_287g", "ice_287g/pendingAgencies07182025pm.xlsx"),
    ("ice_287g_memoranda", "ice_287g/moa_index_2026-08.csv"),
]
"""Format and path of every document of the starter record; portals first, since a source is described once."""

TABLES: dict[str, Callable[[Path, Say], dict[str, int]]] = {
    "registry": load_registry,
    "laws": lambda data, say: {"laws": load_laws(data)},
}
"""What the record stands on: loaders of the tables in `data/`, which are no documents."""


def load_starter(data: Path, say: Say) -> bool:
    """Load registry and starter record from `data` unless these very files were loaded before; True if loaded.

    Raises ImportProblem when a file can't be read; nothing of that step stays.
    """
    loaded = load_newer_registry(data, say)
    loaded |= _load_once("laws", [data / "laws"], say)
    starter = data / "starter"
    if starter.is_dir():
        loaded |= _load_once("facts_csv", [starter], say)
    return loaded


def load_newer_registry(data: Path, say: Say) -> bool:
    """Load the registry of `data` unless these very files were loaded before; True if loaded."""
    return _load_once("registry", [data / "registry", data / "places", data / "networks.csv"], say)


def _load_once(format_name: str, paths: list[Path], say: Say) -> bool:
    names = [str(path) for path in paths]
    digest = runs.input_hash(names)
    if ImportRun.objects.filter(format=format_name, input_sha256=digest, status="done").exists():
        return False
    if format_name in TABLES:
        counts = TABLES[format_name](paths[0].parent, say)
        ImportRun.objects.create(format=format_name, paths=names, input_sha256=digest, status="done", counts=counts)
        say(", ".join(f"{number:,} {noun}" for noun, number in counts.items()))
        return True
    decisions = paths[0] / "decisions.csv.gz"
    if decisions.exists():
        say(f"starter record: {load_decisions(decisions):,} match decisions")
    runs.import_now(format_name, names, say)
    return True


def build_starter(shared: Path, data: Path, say: Say) -> dict[str, int]:
    """Import every document of `shared` into the database at hand and export the record to `data/starter`.

    Meant for a database of its own that holds nothing else. Returns rows by file.
    """
    say(f"registry: {load_registry(data)}")
    say(f"laws: {load_laws(data)}")
    say(f"decisions by hand: {load_decisions(data / 'matches' / 'hand_decisions.csv')}")
    for format_name, path in DOCUMENTS:
        say(f"{format_name} ...")
        runs.import_now(format_name, [str(shared / path)], say)
    return export_facts(data / "starter")
