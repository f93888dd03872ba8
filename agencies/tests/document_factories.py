"""Small PDFs and workbooks made for tests, and where the real ones stand."""

import io
from collections.abc import Iterable, Sequence

import openpyxl

from agencies.tests.portal_factories import SHARED

REPORT = SHARED / "vigilant" / "irvine_pd_2020_data_sharing_report.pdf"
TABLE = SHARED / "flock_shared_networks" / "orange_county_2025-12.xlsx"

Text = tuple[float, float, str]
"""Left edge and upper edge in points from the page's corner, and what stands there."""

HEIGHT, SIZE = 792, 10

PICTURE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
    b"stream\n\xff\nendstream"
)


def pdf(pages: Iterable[bytes], *, encrypted: bool = False) -> bytes:
    """Return a PDF of pages that are given as their content streams; `/Im0` is a picture, `/F1` is Helvetica."""
    contents = list(pages)
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        PICTURE,
    ]
    for number, content in enumerate(contents):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 {HEIGHT}] /Contents {6 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> /XObject << /Im0 4 0 R >> >> >>".encode(),
            f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream",
        ]
    return _file(objects, encrypted)


def _file(objects: list[bytes], encrypted: bool) -> bytes:
    """Return the file of numbered objects, with its table of offsets."""
    if encrypted:
        objects = [*objects, b"<< /Filter /Standard /V 1 /R 2 /P -1 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32)]
    found, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(found))
        found += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(found)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in offsets)
    key = f"/Encrypt {len(objects)} 0 R /ID [(a) (a)] " if encrypted else ""
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {key}>>\nstartxref\n{start}\n%%EOF\n"
    return found + table.encode() + trailer.encode()


def content(texts: Iterable[Text], *, rules: Iterable[tuple[float, float, float, float]] = ()) -> bytes:
    """Return the content stream of a page with texts at their places and straight rules (x0, top, x1, bottom)."""
    parts = []
    for left, top, text in texts:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        parts.append(f"BT /F1 {SIZE} Tf {left} {HEIGHT - top - SIZE} Td ({escaped}) Tj ET")
    parts += [f"{x0} {HEIGHT - top} m {x1} {HEIGHT - bottom} l S" for x0, top, x1, bottom in rules]
    return "\n".join(parts).encode("cp1252")


LEFT, RIGHT, FIRST, STEP = 98, 328, 80, 25
"""Where a report's two columns begin, where its first line stands, and how far apart its lines are, in points."""


def report_page(
    *lines: str | tuple[str, ...], created: str = "03-02-20", top: float = FIRST, extra: Iterable[Text] = ()
) -> bytes:
    """Return a page of a report with banner and footer; a line is a text in the middle or the texts of its columns."""
    texts: list[Text] = [(277, 20, "Agency"), (240, 40, "DataSharing"), (310, 40, "Report"), (47, 30, "LEA.J"), *extra]
    for line in lines:
        columns = (line,) if isinstance(line, str) else line
        edges = (126,) if isinstance(line, str) else (LEFT, RIGHT)
        texts += [(left, top, text) for left, text in zip(edges, columns, strict=False) if text]
        top += STEP
    texts += [(40, 762, f"Date Created: {created}"), (264, 763, "LEARN Agency Data Sharing Report")]
    texts.append((520, 763, "Page 1 ofl7"))
    return content(texts)


SHARED_HEAD = (
    "Detections Shared",
    "The Testville Police Department Agency is Sharing its data with these Agencies:",
)
RECEIVED_HEAD = ("Detections Received", "The Testville Police Department Agency is receiving data from these Agencies:")
HOT_HEAD = (
    "Hot List Sharing",
    "The Testville Police Department Agency is sharing Hot List records with these Agencies:",
    ("Agency:", "Hot List(s):"),
)


def workbook(
    *rows: Sequence[object], title: str = "SharedNetworks_2025_December_30", other: Sequence[object] = ()
) -> bytes:
    """Return a workbook with one sheet of these rows, and a second one where `other` is a row."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if other:
        book.create_sheet("Other").append(list(other))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ruled_page(*rows: Sequence[str], top: float = 80) -> bytes:
    """Return a page with a ruled table of three columns; a cell's lines are parted by line breaks."""
    edges, texts, rules = (40, 200, 380, 580), [], []
    start = top
    for row in rows:
        height = 14 * max(cell.count("\n") + 1 for cell in row) + 6
        rules.append((edges[0], top, edges[-1], top))
        for left, cell in zip(edges, row, strict=False):
            texts += [(left + 4, top + 4 + 14 * number, line) for number, line in enumerate(cell.split("\n"))]
        top += height
    rules += [(edges[0], top, edges[-1], top), *((edge, start, edge, top) for edge in edges)]
    return content(texts, rules=rules)
