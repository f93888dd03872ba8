"""Laws and policies from the hand-made tables in `data/laws/`, read into the database."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.identifiers import record_id
from agencies.ingest.parsed import ImportProblem
from agencies.models import Law, Place

FILES = ("alpr_laws.csv", "sanctuary.csv")
"""Tables of laws, in `data/laws/`; the place is a GEOID, several limits are parted by a space."""

TEXTS = ("slug", "kind", "title", "citation", "url", "summary", "listed_by", "verified_by", "source")
DATES = ("in_force_from", "in_force_to", "verified_on")
COLUMNS = (*TEXTS, *DATES, "place", "limits", "retention_days")
CHECKED = ("verified_on", "verified_by")
"""What says who held a row against the law; an editor's word outlives a new loading of the same row."""


@transaction.atomic
def load_laws(data: Path) -> int:
    """Make the laws those of the tables in `data/laws`, by slug, and return their number.

    A row that is no longer there goes, with the findings on it. What an editor checked stays checked while the row
    stays the same. Folders without any table leave all as it is. Raises ImportProblem naming file, row and field.
    """
    paths = [data / "laws" / name for name in FILES]
    if not any(path.exists() for path in paths):
        return 0
    seen: set[str] = set()
    laws = {law.slug: law for path in paths for law in _read(path, seen)}
    standing = {law.slug: law for law in Law.objects.all()}
    for slug, law in laws.items():
        _keep_check(law, standing.get(slug))
    Law.objects.exclude(slug__in=laws).delete()
    fields = [field.name for field in Law._meta.concrete_fields if field.name not in ("id", "uuid", "slug")]
    Law.objects.bulk_create(laws.values(), update_conflicts=True, unique_fields=["slug"], update_fields=fields)
    return len(laws)


def _keep_check(law: Law, before: Law | None) -> None:
    """Give a row from a table the check of the same row that stands, unless the table brings its own."""
    if before is None or law.is_verified:
        return
    same = (field.attname for field in Law._meta.concrete_fields if field.name not in ("id", *CHECKED))
    if all(getattr(law, name) == getattr(before, name) for name in same):
        law.verified_on, law.verified_by = before.verified_on, before.verified_by


def _read(path: Path, seen: set[str]) -> Iterator[Law]:
    """Yield the laws of one table, each whole and valid; `seen` holds the slugs so far."""
    try:
        file = path.open(newline="", encoding="utf-8")
    except OSError as problem:
        raise ImportProblem("the file can't be read", file=path.name) from problem
    with file:
        rows = csv.DictReader(file, restval="")
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise ImportProblem(f"columns are missing: {', '.join(missing)}", file=path.name)
        found = list(rows)
    places = {place.geoid: place for place in Place.objects.filter(geoid__in={row["place"] for row in found})}
    for number, row in enumerate(found, start=2):
        try:
            yield _law(row, places, seen)
        except BadCell as bad:
            raise ImportProblem(bad.message, file=path.name, row=number, field=bad.field) from bad


class BadCell(Exception):
    """A cell is not as it must be; `field` is empty where it is the row as a whole."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}")


def _law(row: dict[str, str], places: dict[str, Place], seen: set[str]) -> Law:
    """Return the unsaved law of a row; raises BadCell."""
    if row["place"] not in places:
        raise BadCell("place", f"no place has the GEOID {row['place']!r}")
    if row["slug"] in seen:
        raise BadCell("slug", f"{row['slug']!r} stands twice")
    seen.add(row["slug"])
    law = Law(
        uuid=record_id("law", row["slug"]),
        place=places[row["place"]],
        limits=row["limits"].split(),
        retention_days=_days(row["retention_days"]),
        **{name: row[name].strip() for name in TEXTS},
        **{name: _date(name, row[name]) for name in DATES},
    )
    try:
        law.full_clean(validate_unique=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadCell("" if field == "__all__" else field, messages[0]) from error
    return law


def _date(field: str, text: str) -> date | None:
    """Return a cell as a date; None where it is empty."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadCell(field, f"{text!r} is no date like 2018-01-31") from error


def _days(text: str) -> float | None:
    """Return a cell as a number of days above 0; None where it is empty."""
    if not text:
        return None
    try:
        days = float(text)
    except ValueError as error:
        raise BadCell("retention_days", f"{text!r} is no number of days") from error
    if not 0 < days < float("inf"):
        raise BadCell("retention_days", "a retention is longer than 0 days")
    return days
