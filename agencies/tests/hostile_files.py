"""Small documents made by hand, and what can be wrong with them."""

import io
import struct
import zipfile
import zlib

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATION = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="https://elsewhere.example/x" TargetMode="External"/></Relationships>'
)
BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><sst>&c;</sst>'
)
EXTERNAL_ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'


def workbook(parts: dict[str, str | bytes] | None = None) -> bytes:
    """Return a workbook with these files beside, or instead of, the usual ones."""
    usual: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "xl/workbook.xml": "<workbook/>",
        "xl/sharedStrings.xml": "<sst><si><t>Alpha PD</t></si></sst>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**usual, **(parts or {})}.items():
            book.writestr(name, content)
    return packed.getvalue()


def with_password(book: bytes) -> bytes:
    """Return the workbook with the mark of a password on all its files."""
    marked = bytearray(book)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(signature, at + 1)
    return bytes(marked)


def with_member_count(book: bytes, members: int) -> bytes:
    """Return the workbook with another number of files at its end."""
    end = book.rfind(b"PK\x05\x06")
    return book[: end + 8] + struct.pack("<HH", members & 0xFFFF, members & 0xFFFF) + book[end + 12 :]


def with_declared_size(book: bytes, name: str, size: int) -> bytes:
    """Return the workbook with another unpacked size for one of its files in its list of files."""
    at = book.rfind(name.encode()) - 46
    return book[: at + 24] + struct.pack("<I", size) + book[at + 28 :]


def pdf(*objects: str | bytes, catalog: str = "", pages: int = 1, trailer: str = "", page: str = "") -> bytes:
    """Return a PDF of pages, empty but for `page`, with these further objects, which are numbered from 1000."""
    kids = " ".join(f"{10 + number} 0 R" for number in range(pages))
    body: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
    }
    body |= {10 + n: f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] {page} >>".encode() for n in range(pages)}
    body |= {1000 + n: found.encode() if isinstance(found, str) else found for n, found in enumerate(objects)}
    out, places = b"%PDF-1.4\n", {}
    for number, content in body.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    return out + f"trailer << /Root 1 0 R /Size {max(body) + 1} {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode()


def stream(content: bytes, dictionary: str = "", times: int = 1) -> bytes:
    """Return a stream object of a PDF, packed so many times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = "/FlateDecode " * times
    head = f"<< /Length {len(content)} /Filter [{filters}] {dictionary} >>".encode()
    return head + b"\nstream\n" + content + b"\nendstream"


def pdf_with_packed_object(content: str) -> bytes:
    """Return a PDF whose first action is an object inside a packed stream, listed in a packed table."""
    members = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 2000 0 R >>",
        2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        3: stream(f"2000 0 {content}".encode(), "/Type /ObjStm /N 1 /First 7"),
        4: b"<< /Type /Page /Parent 2 0 R >>",
    }
    out, entries = b"%PDF-1.5\n", [(0, 0, 0)]
    for number, member in members.items():
        entries.append((1, len(out), 0))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, member)
    packed = b"".join(bytes([kind]) + place.to_bytes(4, "big") + bytes([n]) for kind, place, n in [*entries, (2, 3, 0)])
    table = stream(packed, "/Type /XRef /Root 1 0 R /W [1 4 1] /Size 2001 /Index [0 5 2000 1]")
    return out + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))
