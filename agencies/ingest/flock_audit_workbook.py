"""Whether a sheet of a workbook is a search audit.

Read without the reader that importers use: what that can't open would still be kept. Memory does not grow with the
workbook.
"""

import zipfile
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax

from agencies.ingest.flock_audit import OF_A_SEARCH, SEARCH, is_heading

_WORDS = {SEARCH, *OF_A_SEARCH}

_LONGEST = max(map(len, _WORDS)) + 20
"""Characters of a cell from which on it is no heading, white space included."""


class _Rows(ContentHandler):
    """Notes whether a row has the headings. `shared` are the texts that cells share: of the headings only, by number.

    One and the same for all files of a workbook: the shared texts must be met before the sheets.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found = False
        self.shared: dict[str, str] = {}
        self._texts = 0
        self._row: set[str] = set()
        self._kind = self._text = ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Begin a row, a cell or a shared text."""
        local = name.rpartition(":")[2]
        if local == "row":
            self._row = set()
        elif local in ("c", "si"):
            self._kind, self._text = attrs.get("t", ""), ""
        elif local in ("v", "is"):
            self._text = ""  # Without the formula before it.

    def characters(self, content: str) -> None:
        """Take in text of a cell, as far as a heading goes."""
        self._text += content[: _LONGEST + 1 - len(self._text)]

    def endElement(self, name: str) -> None:
        """Note a heading, or look at the row that ends."""
        local = name.rpartition(":")[2]
        if local == "row":
            self.found = self.found or is_heading(self._row)
        elif local == "si":
            self._note_shared(self._word())
        elif local == "c" and (word := self._word()):
            word = self.shared.get(word, "") if self._kind == "s" else word
            if word in _WORDS:
                self._row.add(word)

    def _note_shared(self, word: str) -> None:
        """Count a shared text, and remember it where it is a heading."""
        if word in _WORDS:
            self.shared[str(self._texts)] = word
        self._texts += 1

    def _word(self) -> str:
        """Return a cell's text in small letters, "" for one that is too long for a heading."""
        return "" if len(self._text) > _LONGEST else self._text.strip("\"' \t\r\n").lower()


def is_audit_workbook(book: zipfile.ZipFile) -> bool:
    """Tell whether a sheet has a row with the headings of an audit. `safety_workbook` must have checked the file."""
    rows = _Rows()
    parts = [part for part in book.infolist() if part.filename.lower().endswith(".xml")]
    # Shared texts stand beside the sheets, wherever the workbook says: names are not to be trusted.
    for _ in ("shared texts", "sheets"):
        for part in parts:
            with book.open(part) as opened:
                defusedxml.sax.parse(opened, rows, forbid_dtd=True)
        if rows.found or not rows.shared:
            break
    return rows.found
