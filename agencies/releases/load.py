"""A release back into an empty database: the same record, or an error and nothing."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import models, transaction

from agencies.ingest import facts_csv
from agencies.ingest.decisions_csv import load_decisions
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.record import record
from agencies.matching.merge import merge
from agencies.models import Agency, ImportRun, Place, Statement
from agencies.releases.record_files import REGISTRY, record_hash, write_record

Say = Callable[[str], None]
BATCH = 2000


@transaction.atomic
def load_release(folder: Path, say: Say = lambda line: None) -> str:
    """Load the folder `record` of a release into a database without a record; return the record's hash.

    Raises ImportProblem where the database holds a record, a file is missing or damaged, or what was loaded is not
    the record that the files hold; then nothing of it stays.
    """
    _check_empty()
    files = folder / "record" if (folder / "record").is_dir() else folder
    try:
        wanted = record_hash(files)
    except (OSError, EOFError, zlib.error) as error:
        raise ImportProblem(f"damaged: {error}", file=str(files)) from error
    for name in REGISTRY:
        say(f"{name}: {_load_table(name, files / f'{name}.csv.gz'):,}")
    say(f"decisions: {load_decisions(files / 'decisions.csv.gz'):,}")
    run = ImportRun.objects.create(format="release", paths=[str(folder)], status=ImportRun.Status.RUNNING)
    counts = record(facts_csv.read(files), run)
    ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.Status.DONE, counts=dict(counts))
    say(f"statements: {counts['statements new']:,}")
    _load_merges(files / "merges.csv.gz")
    with TemporaryDirectory() as again:
        write_record(Path(again))
        if record_hash(Path(again)) != wanted:
            raise ImportProblem("what was loaded is not the record that the files hold", file=str(folder))
    return wanted


def _check_empty() -> None:
    for model in (Agency, Place, Statement):
        if model._default_manager.exists():
            raise ImportProblem("a release is loaded into an empty database; this one holds a record")


def _read(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        raise ImportProblem("missing", file=path.name)
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as packed:
            yield from csv.DictReader(packed)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise ImportProblem(f"not readable: {error}", file=path.name) from error


def _load_table(name: str, path: Path) -> int:
    """Insert the rows of one table, then tie them to others of it; return how many."""
    model, columns, _ = REGISTRY[name]
    rows = list(_read(path))
    keys: dict[str, dict[str, int]] = {}
    own = [column for column in columns if _is_own(model, column)]
    related = {column: column.partition("__") for column in columns if "__" in column and column not in own}
    for column, (field, _, key) in related.items():
        target: Any = model._meta.get_field(field).related_model
        keys[column] = {str(value): pk for value, pk in target._default_manager.values_list(key, "pk")}
    made = (model(**_values(model, row, columns, keys, own, path.name)) for row in rows)
    while batch := list(islice(made, BATCH)):
        model._default_manager.bulk_create(batch)
    _tie_own(model, own, rows)
    return len(rows)


def _is_own(model: type[models.Model], column: str) -> bool:
    """Tell whether a column names another row of the same table."""
    field = column.partition("__")[0]
    return "__" in column and model._meta.get_field(field).related_model is model


def _values(
    model: type[models.Model], row: dict[str, str], columns: tuple[str, ...], keys: Any, own: list[str], file: str
) -> dict[str, Any]:
    """Return the field values of a row; empty cells are null where the field allows it."""
    values: dict[str, Any] = {}
    for column in columns:
        if column in own:
            continue
        field_name = column.partition("__")[0]
        text = row[column]
        field: Any = model._meta.get_field(field_name)
        if "__" in column:
            if text and text not in keys[column]:
                raise ImportProblem(f"{text!r} is not known", file=file, field=column)
            values[field.attname] = keys[column][text] if text else None
        elif field_name == "limits":
            values[field_name] = text.split(";") if text else []
        else:
            values[field_name] = None if text == "" and field.null else field.to_python(text)
    return values


def _tie_own(model: type[models.Model], own: list[str], rows: list[dict[str, str]]) -> None:
    """Tie rows to others of the same table: parents, operators, counties."""
    for column in own:
        field, _, key = column.partition("__")
        ids = {str(value): pk for value, pk in model._default_manager.values_list(key, "pk")}
        named = model._default_manager.in_bulk([ids[row[key]] for row in rows if row[column]])
        tied = [(named[ids[row[key]]], ids[row[column]]) for row in rows if row[column]]
        attribute: Any = model._meta.get_field(field)
        for item, pk in tied:
            setattr(item, attribute.attname, pk)
        model._default_manager.bulk_update([item for item, _ in tied], [field], batch_size=BATCH)


def _load_merges(path: Path) -> None:
    agencies = {str(agency.uuid): agency for agency in Agency.objects.all()} if path.exists() else {}
    for row in _read(path):
        merge(agencies[row["merged__uuid"]], agencies[row["into__uuid"]], reason=row["reason"])
