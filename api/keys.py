"""API keys: made by operators, shown once, kept as a hash; nothing of their holders is kept."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core.cache import cache
from rest_framework import exceptions

from agencies.models import ApiKey

BEGINNING = "atlas_"
_SECONDS_KNOWN = 60
"""How long a process takes a key as good, or as bad, without asking the database again."""


class InvalidKey(exceptions.APIException):
    """The Authorization header holds no key that works."""

    status_code = 401
    default_detail = "The API key is unknown or was revoked. Reading needs none: leave the Authorization header out."


@dataclass(frozen=True)
class KnownKey:
    """A key that works: its row's id and its rate."""

    pk: int
    rate: str


def make_key(label: str = "", rate: str = "") -> tuple[ApiKey, str]:
    """Make a key; return its row and the key itself, which is kept nowhere."""
    key = BEGINNING + secrets.token_urlsafe(32)
    given = {"rate": rate} if rate else {}
    row = ApiKey.objects.create(prefix=key[:12], key_sha256=_hash(key), label=label, **given)
    return row, key


def key_of(authorization: str) -> KnownKey | None:
    """Return the key of an Authorization header, None for an empty one. Raises InvalidKey for one that is no good."""
    if not authorization:
        return None
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key.startswith(BEGINNING):
        raise InvalidKey
    name = f"api-key-{_hash(key)}"
    found: tuple[int, str] | None = cache.get(name)
    if found is None:
        row = ApiKey.objects.filter(key_sha256=_hash(key), revoked_at__isnull=True).values_list("pk", "rate").first()
        found = row or (0, "")
        cache.set(name, found, _SECONDS_KNOWN)
    if not found[0]:
        raise InvalidKey
    return KnownKey(*found)


def _hash(key: str) -> str:
    """Return a key's SHA-256; keys are long and random, so that a slow hash would add nothing."""
    return hashlib.sha256(key.encode()).hexdigest()
