"""Parquet, SQLite and GraphML of a release, made from the rows of its CSV files."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq

from agencies.releases.tables import BY_NAME, Column, Table
from agencies.releases.text_files import read_rows

BATCH = 20_000
"""Rows in memory at a time."""

_ARROW = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}
_SQLITE = {"integer": "INTEGER", "number": "REAL"}


def write_parquet(table: Table, rows: Iterator[tuple[Any, ...]], path: Path) -> None:
    """Write rows as Parquet, with the description of each column in its metadata."""
    fields = [
        pa.field(column.name, _ARROW.get(column.type, pa.string()), metadata={"description": column.description})
        for column in table.columns
    ]
    schema = pa.schema(fields)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rows, BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [pa.array(list(values), type=field.type) for values, field in zip(columns, fields, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def write_sqlite(folder: Path, tables: list[Table], path: Path) -> None:
    """Write all tables into one SQLite file, with the first column as key and indexes on what is joined."""
    connection = sqlite3.connect(path)
    try:
        for table in tables:
            columns = ", ".join(f'"{column.name}" {_SQLITE.get(column.type, "TEXT")}' for column in table.columns)
            connection.execute(f'CREATE TABLE "{table.name}" ({columns}, PRIMARY KEY ("{table.columns[0].name}"))')
            marks = ", ".join("?" for _ in table.columns)
            rows = read_rows(table, folder / f"{table.name}.csv")
            plain = (tuple(map(_plain, row)) for row in rows)
            connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', plain)  # noqa: S608  (our own names)
            for column in table.columns[1:]:
                if column.name.endswith("_slug") or column.name == "capture":
                    index = f'CREATE INDEX "{table.name}_{column.name}" ON "{table.name}" ("{column.name}")'
                    connection.execute(index)
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def write_graphml(folder: Path, path: Path) -> None:
    """Write agencies with a link as nodes and links as directed edges (GraphML 1.0)."""
    links, agencies = BY_NAME["links"], BY_NAME["agencies"]
    names = [column.name for column in links.columns]
    grantor, grantee = names.index("grantor_slug"), names.index("grantee_slug")
    linked: set[str] = set()
    for row in read_rows(links, folder / "links.csv"):
        linked |= {row[grantor], row[grantee]}
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        file.writelines(_key("node", column) for column in agencies.columns)
        file.writelines(_key("edge", column) for column in links.columns)
        file.write('<graph id="links" edgedefault="directed">\n')
        as_node, as_edge = _writer("node", agencies), _writer("edge", links)
        for row in read_rows(agencies, folder / "agencies.csv"):
            if row[1] in linked:
                file.write(as_node(f"id={quoteattr(row[1])}", row))
        for row in read_rows(links, folder / "links.csv"):
            file.write(as_edge(f"source={quoteattr(row[grantor])} target={quoteattr(row[grantee])}", row))
        file.write("</graph>\n</graphml>\n")


def _plain(value: Any) -> Any:
    """Return a value as SQLite holds it: dates as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _key(kind: str, column: Column) -> str:
    """Return the declaration of an attribute of nodes or edges."""
    held = {"integer": "long", "number": "double"}.get(column.type, "string")
    return f'<key id="{kind}_{column.name}" for="{kind}" attr.name="{column.name}" attr.type="{held}"/>\n'


def _writer(kind: str, table: Table) -> Callable[[str, tuple[Any, ...]], str]:
    """Return what writes a row as a node or an edge, with its attributes; unknown ones are left out."""
    tags = [f'<data key="{kind}_{column.name}">' for column in table.columns]

    def write(attributes: str, row: tuple[Any, ...]) -> str:
        data = [f"{tag}{escape(str(value))}</data>" for tag, value in zip(tags, row, strict=True) if value is not None]
        return f"<{kind} {attributes}>{''.join(data)}</{kind}>\n"

    return write
