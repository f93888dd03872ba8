"""JSON by orjson, and the GeoJSON media type."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z


class OrjsonRenderer(BaseRenderer):
    """Render to UTF-8 JSON; UUIDs and dates are written by orjson itself."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Return the bytes; None is an empty body."""
        return b"" if data is None else orjson.dumps(data, default=str, option=_OPTIONS)


class GeoJSONRenderer(OrjsonRenderer):
    """The same for GeoJSON (RFC 7946)."""

    media_type = "application/geo+json"
    format = "geojson"
