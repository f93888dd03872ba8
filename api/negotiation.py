"""Which format an answer has: `?format=` first, then the Accept header."""

from collections.abc import Sequence

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.errors import InvalidParameters


class FormatFirstNegotiation(DefaultContentNegotiation):
    """Take `?format=` at its word; an unknown one is a 400 that names the known ones."""

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer and its media type."""
        wanted = request.query_params.get("format")
        if wanted is None:
            return super().select_renderer(request, renderers, format_suffix)
        for renderer in renderers:
            if renderer.format == wanted:
                return renderer, renderer.media_type or ""
        known = ", ".join(sorted({str(renderer.format) for renderer in renderers}))
        raise InvalidParameters({"format": [f"The formats are: {known}."]})
