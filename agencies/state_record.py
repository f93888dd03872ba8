"""A state in numbers: its agencies, how many are researched, who gives and gets the most access."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Q, QuerySet

from agencies.changes import DocumentLine, in_state, recent_changes
from agencies.models import Access, Agency, Change, Completeness, SharingLink, SharingList
from agencies.revision import kept
from agencies.summaries import researched_agencies

LARGEST = 10


@dataclass(frozen=True)
class KindCount:
    """Agencies of one kind, and how many of them are researched."""

    label: str
    agencies: int
    researched: int
    share: float


@dataclass(frozen=True)
class Largest:
    """An agency with many partners; `newest` is the date of the newest document on one, `share` of the most."""

    name: str
    slug: str
    partners: int
    newest: date
    share: float


@dataclass(frozen=True)
class StateRecord:
    """What the record holds of a state's agencies, posts and troops of its state police left out."""

    agencies: int
    researched: int
    portals: int
    kinds: list[KindCount]
    grantors: list[Largest]
    grantees: list[Largest]
    changes: list[DocumentLine]


def state_record(state: str) -> StateRecord:
    """Return a state's numbers for the record as it stands, kept until it changes; nine queries else."""
    found: StateRecord = kept(f"state-{state}", lambda: _read(state))
    return found


def researched_ids() -> list[int]:
    """Return the keys of all researched agencies, kept until the record changes; one query else."""
    ids: list[int] = kept(
        "researched",
        lambda: list(researched_agencies(Agency.objects.current()).order_by().values_list("pk", flat=True)),
    )
    return ids


def _read(state: str) -> StateRecord:
    """Count a state's record."""
    agencies = Agency.objects.current().main_bodies().filter(state=state)
    kinds = _kinds(agencies)
    return StateRecord(
        agencies=sum(kind.agencies for kind in kinds),
        researched=sum(kind.researched for kind in kinds),
        portals=_portals(state),
        kinds=kinds,
        grantors=_largest(agencies, "grants", "grantee"),
        grantees=_largest(agencies, "receipts", "grantor"),
        changes=recent_changes(Change.objects.filter(in_state(state))),
    )


def _kinds(agencies: QuerySet[Agency]) -> list[KindCount]:
    """Count agencies by kind, the largest first; two queries."""
    by_kind = dict(agencies.order_by().values_list("kind").annotate(n=Count("pk")))
    known = dict(researched_agencies(agencies).order_by().values_list("kind").annotate(n=Count("pk")))
    labels = dict(Agency.Kind.choices)
    ordered = sorted(by_kind.items(), key=lambda pair: (-pair[1], pair[0]))
    return [KindCount(str(labels[kind]), n, known.get(kind, 0), known.get(kind, 0) / n) for kind, n in ordered]


def _portals(state: str) -> int:
    """Count the portals of a state's agencies of which a whole page was read."""
    owner = "capture__source__agency_alias__decision"
    whole = SharingList.objects.standing().exclude(completeness=Completeness.EXTRACT)
    own = whole.filter(capture__source__kind="portal", **{f"{owner}__outcome": "matched"})
    in_state = Q(**{f"{owner}__agency__state": state})
    return own.filter(in_state).aggregate(n=Count("capture__source", distinct=True))["n"]


def _largest(agencies: QuerySet[Agency], side: str, far: str) -> list[Largest]:
    """Return the agencies with the most different partners listed on one side."""
    listed = Q(**{f"{side}__status": SharingLink.Status.LISTED, f"{side}__access": Access.CONFIGURED})
    counted = agencies.annotate(
        partners=Count(f"{side}__{far}", filter=listed, distinct=True),
        newest=Max(f"{side}__last_seen", filter=listed),
    )
    rows = counted.filter(partners__gt=0).order_by(F("partners").desc(), "name", "pk")
    found = list(rows.values_list("name", "slug", "partners", "newest")[:LARGEST])
    return [Largest(name, slug, number, newest, number / found[0][2]) for name, slug, number, newest in found]
