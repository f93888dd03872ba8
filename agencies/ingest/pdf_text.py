"""PDFs as words with their places on the page; whatever is wrong with a file is told as an ImportProblem."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pdfplumber
from pdfplumber.page import Page

from agencies.ingest import safety_pdf
from agencies.ingest.parsed import ImportProblem

_WORD_GAP = 2.0
"""Points of white that part two words. Spaces measure 2.5 and more; inside a word the text layer leaves none."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text layer and its box: points from the page's left and upper edge."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Return the height of the box's middle: a hyphen has it near that of its line."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one page, in no promised order."""

    number: int
    height: float
    words: tuple[Word, ...]


@contextmanager
def opened_pdf(data: bytes, *, file: str) -> Iterator[list[Page]]:
    """Open a PDF for reading and give its pages.

    Raises ImportProblem for a file that is no PDF, is damaged or encrypted, or may not be read (`safety_pdf`). The
    library names no set of errors for damaged files, so whatever it raises counts.
    """
    if b"%PDF-" not in data[:1024]:
        raise ImportProblem("not a PDF", file=file)
    safety_pdf.check(data, file)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            yield pdf.pages
    except ImportProblem:
        raise
    except Exception as problem:
        raise ImportProblem(f"not a PDF that can be read ({type(problem).__name__})", file=file) from problem


def read_words(data: bytes, *, file: str) -> list[PageText]:
    """Return the words of every page.

    Raises ImportProblem as `opened_pdf` does, and for a page that is a picture without text: its names would be
    lost, so it needs character recognition (OCR) first. A page with neither words nor pictures is blank.
    """
    found = []
    with opened_pdf(data, file=file) as pages:
        for page in pages:
            words = tuple(
                Word(str(word["text"]), *(float(word[edge]) for edge in ("x0", "x1", "top", "bottom")))
                for word in page.extract_words(x_tolerance=_WORD_GAP)
            )
            if not words and page.images:
                message = "a picture without a text layer: the scan needs OCR first"
                raise ImportProblem(message, file=file, field=f"page {page.page_number}")
            found.append(PageText(page.page_number, float(page.height), words))
            page.close()
    if not any(page.words for page in found):
        raise ImportProblem("no page has any text", file=file)
    return found
