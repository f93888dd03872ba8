"""How a run's paths name kept bytes: "kept:SHA256", and behind a slash the name that the editor's file had."""

import re
from pathlib import PurePosixPath

KEPT = "kept:"
"""Beginning of a path that names bytes in the store instead of a file."""

PASSING = "atlas_passing_"
"""Beginning of the name of every folder that holds bytes while they are read: with "_", as no portal's name has."""

LONGEST_NAME = 200
"""Bytes (UTF-8) of a name that are kept, its ending among them."""

_PATH = re.compile(r"kept:([0-9a-f]{64})(?:/([^/]+))?")


def file_name(given: str) -> str:
    """Return the base name of an uploaded file, fit to be shown and to be the name of a local file; "" for none.

    Folders, leading dots and what can't be printed are dropped; a long name loses the end of its stem.
    """
    name = PurePosixPath(given.replace("\\", "/")).name
    name = "".join(sign for sign in name if sign.isprintable()).lstrip(". ")
    ending = PurePosixPath(name).suffix.encode()[:20]
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return (name.encode()[: LONGEST_NAME - len(ending)] + ending).decode("utf-8", "ignore")


def path_of(sha256: str, name: str = "") -> str:
    """Return the path of bytes received as `sha256` (hex), with the name of the file that they came in."""
    cleaned = file_name(name)
    return f"{KEPT}{sha256}/{cleaned}" if cleaned else f"{KEPT}{sha256}"


def parts_of(path: str) -> tuple[str, str]:
    """Return the SHA-256 and the name ("" where none was told) of a path; two empty texts for any other path."""
    match = _PATH.fullmatch(path)
    return (match[1], match[2] or "") if match else ("", "")
