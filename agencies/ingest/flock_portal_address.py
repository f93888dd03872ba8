"""Addresses of Flock's transparency portals, and the slug that is their last part."""

import re

from agencies.ingest.parsed import ImportProblem

PORTAL_ADDRESS = "https://transparency.flocksafety.com/"

_SLUG = re.compile(r"(?=.*[a-z0-9])[a-z0-9().-]+")
"""What stands in portals' addresses; a few hold brackets or full stops: "centralia-pd-(wa)"."""

_PASTED = re.compile(r"(?:https?://)?transparency\.flocksafety\.com(?:/([^/?#]*)/?(?:[?#].*)?)?", re.IGNORECASE)


def is_slug(text: str) -> bool:
    """Tell whether a text can stand in a portal's address as its name."""
    return _SLUG.fullmatch(text) is not None


def portal_slug(url: str) -> str | None:
    """Return the portal's slug in an address, or None when it is no portal's address."""
    slug = url.removeprefix(PORTAL_ADDRESS).strip("/")
    return slug if url.startswith(PORTAL_ADDRESS) and is_slug(slug) else None


def slug_option(text: str, file: str = "") -> str:
    """Return the slug that an option gives, alone or as a portal's whole address; "" where it gives none.

    Raises ImportProblem for what stands in no portal's address, since it would become a source of its own.
    """
    text = text.strip()
    address = _PASTED.fullmatch(text)
    slug = (address[1] or "") if address else text
    if text and not is_slug(slug):
        said = "as in its address: lower-case letters, digits and hyphens, such as union-city-ca-pd"
        raise ImportProblem(f"not the name of a portal, {said}: {text[:60]!r}", file=file, field="slug")
    return slug
