"""Column mappings as saved, made into what reads a table."""

from collections.abc import Mapping

from agencies.ingest.mapped_rows import ENCODINGS, FIELDS, NAMES, TableMapping
from agencies.ingest.parsed import ImportProblem, ParsedSource
from agencies.models import ColumnMapping

ENCODING = "encoding"
"""Name under which a mapping's constants hold the table's encoding, where it is not UTF-8."""


def saved_mapping(slug: str, *, file: str) -> TableMapping:
    """Return the mapping of that name. Raises ImportProblem where there is none, or it can't be used."""
    saved = ColumnMapping.objects.select_related("source", "network").filter(slug=slug).first()
    if saved is None:
        known = ", ".join(ColumnMapping.objects.values_list("slug", flat=True)) or "none is saved"
        raise ImportProblem(f"no column mapping is called {slug!r} (known: {known})", file=file, field="mapping")
    problem = mapping_problem(saved.columns, saved.constants)
    if problem:
        raise ImportProblem(problem, file=file, field="mapping")
    return as_table_mapping(saved)


def as_table_mapping(saved: ColumnMapping) -> TableMapping:
    """Return a mapping, saved or about to be, as the parser takes it."""
    source = saved.source
    constants = {name: str(value) for name, value in saved.constants.items()}
    return TableMapping(
        source=ParsedSource(
            slug=source.slug,
            title=source.title,
            kind=source.kind,
            publisher=source.publisher,
            url=source.url,
            licence=source.licence,
            licence_url=source.licence_url,
            credit=source.credit,
            network=saved.network.slug,
        ),
        network=saved.network.slug,
        access=saved.access,
        reported_by=saved.reported_by,
        section=saved.section,
        completeness=saved.completeness,
        columns=dict(saved.columns),
        constants={name: value for name, value in constants.items() if name != ENCODING},
        delimiter=saved.delimiter,
        encoding=constants.get(ENCODING, "utf-8"),
    )


def mapping_problem(columns: dict[str, str], constants: dict[str, str]) -> str:
    """Return why columns and constants cannot be used together, in a sentence; "" where they can."""
    unknown = sorted((set(columns) | set(constants)) - {*FIELDS, ENCODING})
    twice = sorted(set(columns) & set(constants))
    missing = [name for name in NAMES if name not in columns and name not in constants]
    if unknown:
        return f"Not a field: {', '.join(unknown)}."
    if twice:
        return f"Both a column and a fixed value: {', '.join(twice)}."
    if missing:
        return f"Neither a column nor a fixed value says who the {' and the '.join(missing)} is."
    if constants.get(ENCODING, "utf-8") not in ENCODINGS:
        return f"Unknown encoding; known: {', '.join(ENCODINGS)}."
    return ""


def encoding_of(options: Mapping[str, str]) -> str:
    """Return the encoding of a table that is read with these options: theirs, else their mapping's, else UTF-8."""
    if options.get(ENCODING) or "mapping" not in options:
        return options.get(ENCODING) or "utf-8"
    saved = ColumnMapping.objects.filter(slug=options["mapping"]).first()
    return str(saved.constants.get(ENCODING, "utf-8")) if saved else "utf-8"
