"""Text folded for comparing: the same for what is stored and for what a reader types."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['‘’`´\x19]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return `text` in lower case, without accents or punctuation, with single spaces between words.

    Apostrophes vanish ("Sheriff's" -> "sheriffs"); every other mark parts words.
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", plain)).strip()
