"""The changes seen in documents, put together as a page shows them: document by document, list by list."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from agencies.models import Capture, Change, ChangeKind, Stream

NAMES_SHOWN = 12
"""Names of one kind on one list that stand on a page of many documents; the rest is a link away."""

ENDS = ("about", "name", "new_name")
PERSON = Q(*((f"{end}__decision__outcome", "person") for end in ENDS), _connector=Q.OR)
"""That a printed name in the change is a person's."""

GroupKey = tuple[int, int | None, str]
"""(capture id, stream id or None for facts, kind of change)."""


@dataclass
class Group:
    """Changes of one kind on one list: the first rows, how many there are, how many hold persons' names."""

    kind: ChangeKind
    total: int = 0
    persons: int = 0
    rows: list[Change] = field(default_factory=list)

    @property
    def more(self) -> int:
        """Return how many stand neither here nor are withheld."""
        return self.total - self.persons - len(self.rows)


@dataclass
class Section:
    """What differs in one list of a document, or, without a stream, in its facts."""

    stream: Stream | None
    groups: list[Group] = field(default_factory=list)

    @property
    def before(self) -> Capture | None:
        """Return the copy it is held against; None where all of it is withheld, or of facts held against several."""
        copies = {row.before_id: row.before for group in self.groups for row in group.rows}
        return next(iter(copies.values())) if len(copies) == 1 else None


@dataclass
class DocumentChanges:
    """What differs between one copy of a document and the copies before it."""

    capture: Capture
    sections: list[Section] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """Return how many changes there are of each kind."""
        counts: Counter[str] = Counter()
        for section in self.sections:
            for group in section.groups:
                counts[group.kind] += group.total
        return counts


def read_documents(
    changes: QuerySet[Change], captures: Collection[int], names: int | None = NAMES_SHOWN
) -> list[DocumentChanges]:
    """Return the changes of these captures (ids), in that order. Four queries.

    Of each kind on each list the first `names` rows are read, all where None; those with persons' names never.
    """
    found = (
        Capture.objects.select_related("source__agency_alias__decision__agency").defer("kept_text").in_bulk(captures)
    )
    documents = {pk: DocumentChanges(found[pk]) for pk in captures if pk in found}
    groups: dict[GroupKey, Group] = {}
    chosen = changes.filter(capture__in=captures)
    counted = chosen.order_by().values_list("capture", "stream", "kind")
    for *key, total, persons in counted.annotate(n=Count("pk"), persons=Count("pk", filter=PERSON)):
        groups[key[0], key[1], key[2]] = Group(ChangeKind(key[2]), total, persons)
    for row in _rows(chosen, names):
        groups[row.capture_id, row.stream_id, row.kind].rows.append(row)
    streams = Stream.objects.select_related("network").in_bulk({key[1] for key in groups if key[1]})
    _put_together(documents, groups, streams)
    return list(documents.values())


def _rows(changes: QuerySet[Change], names: int | None) -> QuerySet[Change]:
    """Return the rows to show, with all that a page says of them; one query."""
    shown = changes.exclude(PERSON)
    order = ("name__printed_name", "about__printed_name", "field", "pk")
    if names is not None:
        rank = Window(
            RowNumber(), partition_by=["capture", "stream", "kind"], order_by=[F(part).asc() for part in order]
        )
        shown = shown.annotate(rank=rank).filter(rank__lte=names)
    related = [f"{end}__decision__agency" for end in ENDS]
    shown = shown.select_related("network", "before__source", *related)
    return shown.defer("before__kept_text").order_by(*order)


def _put_together(
    documents: dict[int, DocumentChanges], groups: dict[GroupKey, Group], streams: dict[int, Stream]
) -> None:
    """Put groups into sections and those into documents: lists of whom access is given first, facts last."""

    def place(key: GroupKey) -> tuple[Any, ...]:
        stream = streams.get(key[1] or 0)
        words = (stream.access, stream.reported_by, stream.section) if stream else ("", "", "")
        return stream is None, *words, key[1] or 0, ChangeKind.values.index(key[2])

    sections: dict[tuple[int, int | None], Section] = {}
    for key in sorted(groups, key=place):
        capture, stream, _kind = key
        if (capture, stream) not in sections:
            section = sections[capture, stream] = Section(streams.get(stream or 0))
            documents[capture].sections.append(section)
        sections[capture, stream].groups.append(groups[key])
