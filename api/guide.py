"""The written documentation, read from `docs/`: as it stands, and what of it heads the OpenAPI document."""

import re
from functools import cache

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import PublicView, site_of

EXAMPLE_SITE = "http://localhost:8000"
"""Stands in examples for the address of the site."""


@cache
def written(name: str) -> str:
    """Return a document of `docs/` as Markdown, "" where there is none. Read once a process."""
    known = {path.stem: path for path in (settings.BASE_DIR / "docs").glob("*.md")}
    return known[name].read_text(encoding="utf-8") if name in known else ""


def introduction() -> str:
    """Return, as Markdown, what one must know before the first request: promise, meaning, a whole example."""
    reference, tutorial = written("api"), written("tutorial")
    parts = [_section(reference, "What an answer means"), _section(reference, "The promise")]
    example = re.search(r"^```python\n.*?^```", tutorial, re.MULTILINE | re.DOTALL)
    parts.append(
        f"## An example\n\nWhich California agencies list out-of-state grantees?\n\n{example[0]}" if example else ""
    )
    links = (("Tutorial", "tutorial"), ("reference", "api"), ("releases", "releases"))
    more = ", ".join(f"[{text}](/api/v1/docs/{name}.md)" for text, name in links)
    return "\n\n".join((f"More to read: {more}.", *filter(None, parts)))


def _section(text: str, heading: str) -> str:
    """Return a section of a document with its heading; "" where there is none."""
    found = re.search(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[0].strip() if found else ""


class PlainRenderer(BaseRenderer):
    """Text as it is, which every browser shows."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(self, data: object, *args: object, **kwargs: object) -> bytes:
        """Return the bytes."""
        return str(data).encode()


class GuideView(PublicView):
    """A document of `docs/`, with this site's address in its examples."""

    renderer_classes = [PlainRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request, name: str) -> Response:
        """Return the document as Markdown."""
        text = written(name)
        if not text:
            raise NotFound("There is no such document.")
        return Response(text.replace(EXAMPLE_SITE, site_of(request)))
