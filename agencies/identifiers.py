"""Stable identifiers: the same UUID for the same thing on every install."""

import uuid
from collections.abc import Iterable
from hashlib import sha1

ATLAS_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "alpr-sharing-atlas")
"""Namespace of every UUIDv5 below; changing it changes every public id."""

_NAMESPACE = ATLAS_NAMESPACE.bytes
_DIGEST = sha1(usedforsecurity=False).digest_size
_VERSION_5, _VARIANT = (bytes(byte & rest | mark for byte in range(256)) for rest, mark in ((0x0F, 0x50), (0x3F, 0x80)))
"""For each byte what it becomes where RFC 9562 has a UUID's version, and where its variant."""


def record_id(kind: str, *parts: object) -> uuid.UUID:
    """Return the UUIDv5 of a thing of `kind` named by `parts`.

    Parts are joined by a unit separator, so that ("a", "b") and ("ab",) differ; None counts as empty.
    """
    name = "\x1f".join([kind, *("" if part is None else str(part) for part in parts)])
    return uuid.uuid5(ATLAS_NAMESPACE, name)


def record_hex(kind: str, *parts: object) -> str:
    """Return what `record_id` gives as 32 hex digits."""
    return named_hexes(["\x1f".join([kind, *("" if part is None else str(part) for part in parts)])])[0]


def named_hexes(names: Iterable[str], start: str = "") -> list[str]:
    """Return what `record_hex` gives for each of many names: kind and parts as one text, which `start` begins.

    An import of a million needs a million: version and variant are put into all of them at once, in half the time, and
    what their names have in common is hashed once.
    """
    begun = sha1(_NAMESPACE + start.encode(), usedforsecurity=False)
    digests = bytearray()
    for name in names:
        hashed = begun.copy()
        hashed.update(name.encode())
        digests += hashed.digest()
    digests[6::_DIGEST] = digests[6::_DIGEST].translate(_VERSION_5)
    digests[8::_DIGEST] = digests[8::_DIGEST].translate(_VARIANT)
    digits = digests.hex()
    # A UUID is the first 16 of a digest's 20 bytes.
    return [digits[place : place + 32] for place in range(0, len(digits), 2 * _DIGEST)]


def agency_id(*, ori: str = "", slug: str = "") -> uuid.UUID:
    """Return an agency's id: from its ORI where the FBI gave one, else from its slug.

    Raises ValueError when both are empty.
    """
    if not (ori or slug):
        raise ValueError("an agency's id needs an ORI or a slug")
    return record_id("agency", "ori", ori) if ori else record_id("agency", "slug", slug)


def place_id(geoid: str) -> uuid.UUID:
    """Return a place's id from its Census GEOID."""
    return record_id("place", geoid)
