"""Small workbooks made for tests."""

import io
import re
import zipfile
from collections.abc import Sequence

import openpyxl


def workbook(
    *rows: Sequence[object],
    sheet: str = "Sheet1",
    saved: str = "2025-07-18T17:43:02Z",
    further: Sequence[Sequence[object]] = (),
) -> bytes:
    """Return the bytes of a workbook with one sheet of these rows, last saved at a time (UTC; "": not told).

    `further` are the rows of a second sheet, where there should be one.
    """
    book = openpyxl.Workbook()
    table = book.active
    table.title = sheet
    for row in rows:
        table.append(list(row))
    if further:
        second = book.create_sheet()
        for row in further:
            second.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return _saved_at(made, saved)


def _saved_at(made: io.BytesIO, saved: str) -> bytes:
    """Return a workbook with another time of its last saving: openpyxl always writes the present."""
    target = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                stamp = rf"\g<1>{saved}\g<2>" if saved else ""
                part = re.sub(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", stamp, part.decode()).encode()
            new.writestr(name, part)
    return target.getvalue()
