"""How a delivery shows that it comes from here: an HMAC over its time and its body, which only two sides can make."""

import hmac
import secrets

VERSION = "v1"


def new_secret() -> str:
    """Return a secret of 256 random bits, as text."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return `v1=` and the hex HMAC-SHA256, under the secret, of the time (Unix seconds), a full stop and the body.

    The time is signed with the body, so that an old delivery cannot be sent again as a new one.
    """
    return f"{VERSION}={hmac.new(secret.encode(), b'%d.%b' % (timestamp, body), 'sha256').hexdigest()}"
