"""How many e-mail addresses and telephone numbers a document holds: counted for the reviewer, never stored."""

import io
import re
import zipfile

from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTComponent, LTContainer

from agencies.ingest.file_type import PDF, XLSX

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_PHONE = re.compile(
    r"(?<![\d.-])(?:\+?1[-. ]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}(?![\d-])",
)
MOST_TEXT = 100 * 2**20
"""Bytes of text in a workbook beyond which it counts as unread."""

_TAG = re.compile(r"<[^<>]{0,500}>")


def count_personal_data(data: bytes, media_type: str) -> dict[str, int]:
    """Return how many different e-mail addresses and telephone numbers stand in a document, by kind.

    Kinds with none are left out. "pages_without_text" counts a PDF's pages in which nothing could be looked for,
    and "unread" is 1 for a file whose text can't be got at: neither says that there is none.
    """
    counts: dict[str, int] = {}
    try:
        if media_type == PDF.media_type:
            pages = pdf_pages(data)
            counts["pages_without_text"] = sum(not page.strip() for page in pages)
            text = "\n".join(pages)
        elif media_type == XLSX.media_type:
            text = _workbook_text(data)
        elif media_type.startswith("text/"):
            text = data.decode("utf-8", "replace")
        else:
            return {"unread": 1}
    except Exception:  # The parsers of damaged files raise whatever comes.
        return {"unread": 1}
    counts["emails"] = len({found.lower() for found in _EMAIL.findall(text)})
    counts["phones"] = len({re.sub(r"\D", "", found)[-10:] for found in _PHONE.findall(text)})
    return {kind: number for kind, number in counts.items() if number}


def pdf_pages(data: bytes) -> list[str]:
    """Return the text of each page of a PDF, in the order of the file and without its layout."""
    pages = []
    for page in extract_pages(io.BytesIO(data), laparams=None):
        letters: list[str] = []
        last_end, last_line = 0.0, 0.0
        for item in _characters(page):
            if abs(item.y0 - last_line) > item.height / 2 or item.x0 - last_end > item.width:
                letters.append(" ")
            letters.append(item.get_text())
            last_end, last_line = item.x1, item.y0
        pages.append("".join(letters))
    return pages


def _characters(box: LTComponent) -> list[LTChar]:
    """Return the characters of a page, those inside figures too."""
    if isinstance(box, LTChar):
        return [box]
    return [item for inner in box for item in _characters(inner)] if isinstance(box, LTContainer) else []


def _workbook_text(data: bytes) -> str:
    """Return the texts of a workbook: its shared strings and what stands in its sheets; ValueError for a bomb."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = [
            part
            for part in book.infolist()
            if part.filename == "xl/sharedStrings.xml" or part.filename.startswith("xl/worksheets/sheet")
        ]
        if sum(part.file_size for part in parts) > MOST_TEXT:
            raise ValueError("too much text")
        texts = [book.read(part).decode("utf-8", "replace") for part in parts]
    return _TAG.sub(" ", "\n".join(texts))
