"""The optional tiles under the map: off unless the operator names a host, which then sees readers' addresses."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

PLACEHOLDERS = ["{x}", "{y}", "{z}"]
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
"""A host with its port: it goes into the content security policy, so nothing else may stand there."""


@dataclass(frozen=True)
class TileLayer:
    """Where tiles come from and whom the map names for them; `origin` is what the page's policy lets in."""

    template: str
    origin: str
    attribution: str


def template_problem(template: str) -> str:
    """Return what is wrong with a template of tiles; "" where nothing is."""
    if re.search(r"[^\x21-\x7e]|[\"'<>\\]", template):
        return "it holds a space, a quotation mark or another sign that no address has"
    try:
        parts = urlsplit(template)
    except ValueError:
        return "it is no address"
    if parts.scheme != "https":
        return "it does not begin with https://"
    if not HOST.fullmatch(parts.netloc):
        return "its host must be one name in small letters, without {s}, *, user or password"
    if sorted(re.findall(r"{[^}]*}?|}", template)) != PLACEHOLDERS:
        return "{z}, {x} and {y} must stand in it once each, and no other braces"
    return ""


def tile_layer() -> TileLayer | None:
    """Return the layer that the settings name; None where there is none, or its template cannot be used."""
    template = settings.MAP_TILES_URL
    if not template or template_problem(template):
        return None
    return TileLayer(template, f"https://{urlsplit(template).netloc}", settings.MAP_TILES_ATTRIBUTION)


@register
def check_tiles(**_: Any) -> list[CheckMessage]:
    """Refuse a template that cannot be used; the map would do without it."""
    problem = settings.MAP_TILES_URL and template_problem(settings.MAP_TILES_URL)
    if not problem:
        return []
    hint = "Write it like https://tiles.example.org/{z}/{x}/{y}.png, or leave it empty for the map's own base."
    return [Error(f"MAP_TILES_URL cannot be used: {problem}.", hint=hint, id="agencies.E001")]
