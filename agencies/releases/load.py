"""A release back into an empty database: the same record, or an error and nothing."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction

from agencies.copying import cell, checked_at_once, copy_rows, packed, reserve_ids
from agencies.ingest import facts_csv
from agencies.ingest.decisions_csv import load_decisions
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.recording import recorded
from agencies.matching.merge import merge
from agencies.models import Agency, ImportRun, Place, Statement
from agencies.network.rebuild import note_statistics
from agencies.releases.record_files import REGISTRY, record_hash, write_record

Say = Callable[[str], None]


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
    with checked_at_once():
        for name in REGISTRY:
            say(f"{name}: {_load_table(name, files / f'{name}.csv.gz'):,}")
    note_statistics()
    say(f"decisions: {load_decisions(files / 'decisions.csv.gz'):,}")
    run = ImportRun.objects.create(format="release", paths=[str(folder)], status=ImportRun.Status.RUNNING)
    counts = recorded(partial(facts_csv.read, files), run)
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
    """Write the rows of one table by COPY, those that name others of the same table too; return how many."""
    model, columns, _ = REGISTRY[name]
    rows = list(_read(path))
    fields: list[Any] = [model._meta.get_field(column.partition("__")[0]) for column in columns]
    pairs = list(zip(columns, fields, strict=True))
    ids = reserve_ids(model, len(rows))
    keys = {
        column: _keys(field, column.partition("__")[2], model, rows, ids)
        for column, field in pairs
        if field.is_relation
    }
    lines = (
        "\t".join([str(pk), *(_cell(row[column], column, field, keys, path.name) for column, field in pairs)])
        for pk, row in zip(ids, rows, strict=True)
    )
    copy_rows(model, ["id", *(field.column for field in fields)], packed(lines))
    return len(rows)


def _keys(
    field: Any, key: str, model: type[models.Model], rows: list[dict[str, str]], ids: Sequence[int]
) -> dict[str, int]:
    """Return the primary key of each row that a column may name: of another table, or of this one's new rows."""
    if field.related_model is model:
        return {row[key]: pk for pk, row in zip(ids, rows, strict=True)}
    return {str(value): pk for value, pk in field.related_model._default_manager.values_list(key, "pk")}


def _cell(text: str, column: str, field: Any, keys: dict[str, dict[str, int]], file: str) -> str:
    """Return a cell for COPY; an empty one is null where the field allows it."""
    if column in keys:
        if text and text not in keys[column]:
            raise ImportProblem(f"{text!r} is not known", file=file, field=column)
        return cell(keys[column][text] if text else None)
    if isinstance(field, ArrayField):
        return cell(f"{{{text.replace(';', ',')}}}")
    try:
        return cell(None if text == "" and field.null else field.to_python(text))
    except ValidationError as error:
        raise ImportProblem("; ".join(error.messages), file=file, field=column) from error


def _load_merges(path: Path) -> None:
    agencies = {str(agency.uuid): agency for agency in Agency.objects.all()} if path.exists() else {}
    for row in _read(path):
        merge(agencies[row["merged__uuid"]], agencies[row["into__uuid"]], reason=row["reason"])
