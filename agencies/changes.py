"""Whose changes are read: of all, an agency's, a place's; and the newest documents with a change, in a line each."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from agencies.models import Agency, Capture, Change, Place
from agencies.querysets import names_of
from agencies.serving import bodies_of

DOCUMENTS_SHOWN = 6
CAPTURES_SHOWN = 6


@dataclass(frozen=True)
class DocumentLine:
    """A document in a line: its title and date, the dates of the copies it is held against, changes by kind."""

    uuid: UUID
    title: str
    day: date
    oldest: date
    newest: date
    counts: Counter[str]


def changes_of(agency: Agency) -> QuerySet[Change]:
    """Return changes of documents whose agency it is, and of others' lists that name it."""
    names = names_of(agency)
    return Change.objects.filter(Q(about__in=names) | Q(name__in=names) | Q(new_name__in=names))


def own_changes(agency: Agency) -> QuerySet[Change]:
    """Return changes of the agency's own documents, and of registers' entries about it."""
    return Change.objects.filter(about__in=names_of(agency))


def changes_by(agencies: Collection[int]) -> QuerySet[Change]:
    """Return changes of documents of these agencies (ids), or of records merged into one."""
    decision = "about__decision__"
    meant = Q(**{f"{decision}agency__in": agencies}) | Q(**{f"{decision}agency__merged_into__in": agencies})
    return Change.objects.filter(meant, **{f"{decision}outcome": "matched"})


def in_state(state: str) -> Q:
    """Return the condition that the document's agency lies in a state (USPS code), or has it printed beside its name.

    The latter counts where the agency is not known yet.
    """
    matched = Q(about__decision__outcome="matched")
    return (matched & Q(about__decision__agency__state=state)) | (~matched & Q(about__state=state))


def changes_in(place: Place) -> QuerySet[Change]:
    """Return changes of documents of the agencies that serve a place; of a state, of all its agencies."""
    if place.kind == Place.Kind.STATE:
        return Change.objects.filter(in_state(place.state))
    bodies = bodies_of(place)
    return changes_by([agency.pk for agency in (*bodies.own, *bodies.wider)])


def documents_of(changes: QuerySet[Change]) -> QuerySet[Change, int]:
    """Return the captures (ids) in which changes are seen, those of the newest date first."""
    rows = changes.order_by("-observed_on", "capture__source__title", "-capture")
    return rows.values_list("capture", flat=True).distinct()


def recent_changes(changes: QuerySet[Change] | None = None) -> list[DocumentLine]:
    """Return the newest documents with a change among `changes`, or of all. Two queries."""
    chosen = Change.objects.all() if changes is None else changes
    return document_lines(chosen, list(documents_of(chosen)[:DOCUMENTS_SHOWN]))


def document_lines(changes: QuerySet[Change], captures: Collection[int]) -> list[DocumentLine]:
    """Return these captures (ids) in a line each, in that order; one query."""
    columns = ("capture", "capture__uuid", "capture__source__title", "observed_on", "kind")
    rows = (
        changes.filter(capture__in=captures)
        .order_by()
        .values_list(*columns)
        .annotate(oldest=Min("before__observed_on"), newest=Max("before__observed_on"), n=Count("pk"))
    )
    by_capture: dict[int, list[Any]] = {}
    for row in rows:
        by_capture.setdefault(row[0], []).append(row)
    return [_line(by_capture[pk]) for pk in captures if pk in by_capture]


def _line(rows: list[Any]) -> DocumentLine:
    """Put the rows of one document together: one a kind."""
    _pk, uuid, title, day, *_rest = rows[0]
    counts = Counter({kind: number for *_columns, kind, _oldest, _newest, number in rows})
    return DocumentLine(uuid, title, day, min(row[5] for row in rows), max(row[6] for row in rows), counts)


def newest_captures() -> list[Capture]:
    """Return the documents of the newest dates; one query."""
    found = Capture.objects.standing().select_related("source").defer("kept_text")
    return list(found.order_by("-observed_on", "-pk")[:CAPTURES_SHOWN])
