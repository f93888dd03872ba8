"""To which addresses deliveries go: over TLS, and never to this machine or its own network."""

from urllib.parse import urlsplit

import httpcore
from django.conf import settings

from agencies.ingest.guarded_network import public_addresses


def address_problem(url: str) -> str:
    """Return what is wrong with an address as it is written, "" where nothing is.

    Plain http is for trials only: with DEBUG, or where private addresses are let through.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "Not an address."
    schemes = {"https", "http"} if settings.DEBUG or settings.FETCH_PRIVATE_ADDRESSES else {"https"}
    if parts.scheme not in schemes:
        return "The address must begin with https://."
    if not host or "@" in parts.netloc:
        return "The address may hold no user name or password."
    return "The address may hold no fragment (#)." if "#" in url else ""


def host_problem(url: str) -> str:
    """Return why nothing is sent to the host of an address, "" where all its IP addresses are public; asks the DNS.

    Says no more than that: what a name means inside this network is nobody's business.
    """
    parts = urlsplit(url)
    try:
        public_addresses(parts.hostname or "", parts.port or 443)
    except httpcore.ConnectError:
        return "The host has no IP address, or one that is not on the public internet."
    return ""
