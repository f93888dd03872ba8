"""JSON by orjson, and the media types of the streamed formats."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

JSON_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z | orjson.OPT_SERIALIZE_NUMPY


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
        return b"" if data is None else orjson.dumps(data, default=str, option=JSON_OPTIONS)


class GeoJSONRenderer(OrjsonRenderer):
    """The same for GeoJSON (RFC 7946)."""

    media_type = "application/geo+json"
    format = "geojson"


class CsvRenderer(OrjsonRenderer):
    """CSV (RFC 4180). Lists are streamed by `api.streams`; the class names the format."""

    media_type = "text/csv"
    format = "csv"


class NdjsonRenderer(OrjsonRenderer):
    """JSON, a row a line; streamed too."""

    media_type = "application/x-ndjson"
    format = "ndjson"
