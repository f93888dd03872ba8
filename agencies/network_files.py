"""Networks as files: GraphML, GEXF and CSV, written piece by piece with the standard library."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Any
from xml.sax.saxutils import escape

from agencies.network_export import EDGE_COLUMNS, NODE_COLUMNS, About, NetworkData, Values

PIECE = 1 << 15
"""Characters that are gathered before they are sent."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that spreadsheets take for a formula (OWASP, "CSV Injection"), as the API's CSV has them."""
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""
GRAPHML_TYPES = {"integer": "int", "string": "string"}


def text(value: Any) -> str:
    """Return a value as XML holds it."""
    plain = str(value.isoformat() if hasattr(value, "isoformat") else value)
    return escape(plain if plain.isprintable() else NO_XML.sub("", plain), {'"': "&quot;"})


def element(name: str, attributes: Values, content: str = "") -> str:
    """Return an element; what stands in it is XML already."""
    return f"{start(name, attributes)}{content}</{name}>"


def start(name: str, attributes: Values) -> str:
    """Return the start of an element."""
    told = "".join(f' {key}="{text(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>"


def pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Gather lines until they are worth being sent."""
    gathered: list[str] = []
    size = 0
    for line in lines:
        gathered.append(line)
        size += len(line)
        if size > PIECE:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()


def graphml(data: NetworkData, about: About) -> Iterator[str]:
    """Yield a directed GraphML 1.0 document."""
    told = about.items()
    yield '<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for kind, columns in (("graph", dict.fromkeys(told, "string")), ("node", NODE_COLUMNS), ("edge", EDGE_COLUMNS)):
        for name, type_name in columns.items():
            key = {"id": f"{kind}_{name}", "for": kind, "attr.name": name, "attr.type": GRAPHML_TYPES[type_name]}
            yield element("key", key) + "\n"
    yield start("graph", {"id": "network", "edgedefault": "directed"}) + _graphml_data("graph", told) + "\n"
    for node in data.nodes.values():
        yield element("node", {"id": node.key}, _graphml_data("node", node.values)) + "\n"
    for edge in data.edges():
        ends = {"id": edge.values["uuid"], "source": edge.source, "target": edge.target}
        yield element("edge", ends, _graphml_data("edge", edge.values)) + "\n"
    yield "</graph>\n</graphml>\n"


def _graphml_data(kind: str, values: Values) -> str:
    """Return what is known of a graph, a node or an edge; what is not known is left out."""
    told = (f'<data key="{kind}_{name}">{text(value)}</data>' for name, value in values.items() if value is not None)
    return "".join(told)


def gexf(data: NetworkData, about: About) -> Iterator[str]:
    """Yield a directed GEXF 1.2 document, as Gephi reads it."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
    told = text("\n".join(f"{name}: {value}" for name, value in about.items().items()))
    named = element("creator", {}, text(about.source)) + element("description", {}, told)
    yield element("meta", {"lastmodifieddate": about.made_on}, named) + "\n"
    yield start("graph", {"defaultedgetype": "directed", "mode": "static"}) + "\n"
    for kind, columns in (("node", NODE_COLUMNS), ("edge", EDGE_COLUMNS)):
        known = (element("attribute", {"id": name, "title": name, "type": type_}) for name, type_ in columns.items())
        yield element("attributes", {"class": kind}, "".join(known)) + "\n"
    yield "<nodes>\n"
    for node in data.nodes.values():
        yield element("node", {"id": node.key, "label": node.values["name"]}, _gexf_values(node.values)) + "\n"
    yield "</nodes>\n<edges>\n"
    for edge in data.edges():
        ends = {"id": edge.values["uuid"], "source": edge.source, "target": edge.target}
        yield element("edge", ends, _gexf_values(edge.values)) + "\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _gexf_values(values: Values) -> str:
    """Return what is known of a node or an edge."""
    known = (f'<attvalue for="{name}" value="{text(value)}"/>' for name, value in values.items() if value is not None)
    return element("attvalues", {}, "".join(known))


def table(data: NetworkData, about: About) -> Iterator[str]:
    """Yield a CSV of the links (RFC 4180, UTF-8): both agencies, what is said of the link, date and terms."""
    ends = ("name", "state", "kind", "role")
    buffer = StringIO()
    writer = csv.writer(buffer)
    names = [f"{end}_{name}" for end in ("grantor", "grantee") for name in ("slug", *ends)]
    writer.writerow([*names, *EDGE_COLUMNS, "record_as_of", "licence"])
    said_of = {node.key: [node.key, *(node.values.get(name) for name in ends)] for node in data.nodes.values()}
    for edge in data.edges():
        said = [edge.values.get(name) for name in EDGE_COLUMNS]
        row = [*said_of[edge.source], *said_of[edge.target], *said, about.as_of, about.licence]
        writer.writerow(map(cell, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def cell(value: Any) -> Any:
    """Return a value as CSV holds it: empty for unknown, no formula in a text."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value.isoformat() if hasattr(value, "isoformat") else value


Write = Callable[[NetworkData, About], Iterator[str]]
FILES: dict[str, tuple[str, Write]] = {
    "graphml": ("application/graphml+xml", graphml),
    "gexf": ("application/gexf+xml", gexf),
    "csv": ("text/csv; charset=utf-8", table),
}
"""Media type and writer of each format."""
