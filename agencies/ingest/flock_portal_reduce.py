"""What may be stored of a portal's page: the page without search audits, images, scripts and styles."""

import json
import re

from django.utils.html import format_html
from selectolax.lexbor import LexborHTMLParser, LexborNode

from agencies.ingest.file_type import in_utf8
from agencies.ingest.flock_audit import COUNTS, data_links, searches_seen
from agencies.ingest.flock_portal_whole import CLOSING, is_whole
from agencies.ingest.parsed import ImportProblem

CUT = (
    "script, style, noscript, template, img, picture, svg, canvas, video, audio, source, track, map, iframe, frame, "
    f"object, embed, link, base, form, input, textarea, meta[http-equiv], meta[name={COUNTS}]"
)
"""Elements that are cut out with all that stands in them."""

LONGEST_ATTRIBUTE = 500
"""Longest attribute, in characters, that stays (addresses of links aside)."""

_KEPT_ATTRIBUTES = frozenset({"id", "class", "href", "title", "lang", "charset", "name", "content"})
_HOLDS_MORE = re.compile(r"(?:data|javascript|vbscript|blob):", re.IGNORECASE)


def reduce(data: bytes) -> bytes:
    """Return a page's bytes (UTF-8) without what is never kept; parsing them gives the same document.

    Cut are the elements of CUT, comments, links that hold data or a script, and every attribute but a few: audit rows
    may stand in an address, in a script's JSON or in an attribute. A page that came cut short stays without its end.
    Never raises: bytes that are no page come back as an empty one.
    """
    data = in_utf8(data)
    tree = LexborHTMLParser(data)
    counts = _counts(tree)
    cut(tree.css(CUT))
    cut(data_links(tree))
    cut(_comments(tree))
    for node in tree.css("*"):
        _strip(node)
    page = (tree.html or "").replace("<head>", f"<head>{counts}", 1)
    return (page if is_whole(data) else page.removesuffix(CLOSING)).encode()


def _counts(tree: LexborHTMLParser) -> str:
    """Return an element with the numbers that are kept of the page's audit; "" where there is none to be read."""
    try:
        seen = searches_seen(tree, file="")
    except ImportProblem:
        return ""
    return str(format_html('<meta name="{}" content="{}">', COUNTS, json.dumps(seen))) if seen else ""


def cut(nodes: list[LexborNode]) -> None:
    """Cut nodes, given in the page's order, out of it: the last first, so that none goes before its children."""
    for node in reversed(nodes):
        node.decompose()


def _comments(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return the page's comments, those before and after its html element too."""
    top = tree.root.parent if tree.root else None
    nodes = top.traverse(include_text=True) if top else ()
    return [node for node in nodes if node.tag == "-comment"]


def _strip(node: LexborNode) -> None:
    """Drop the attributes that no section is read by, and those that hold data or a script."""
    for name, value in list(node.attributes.items()):
        plain = "".join((value or "").split())
        too_long = name != "href" and len(plain) > LONGEST_ATTRIBUTE
        if name not in _KEPT_ATTRIBUTES or too_long or _HOLDS_MORE.match(plain):
            del node.attrs[name]
