"""Reads the preview of a run out of its own open transaction, in which all of it is recorded already."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sized
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import CharField, Count, Func

from agencies.ingest.preview import (
    SHOWN,
    Entry,
    Key,
    ListPreview,
    Preview,
    Shrunken,
    compare,
    flags_of,
    same_day_flags,
    shrinks,
    totals_of,
    upheld,
)
from agencies.ingest.preview_address import led_to
from agencies.ingest.preview_agencies import other_agencies, second_portals
from agencies.ingest.preview_copies import second_copies
from agencies.ingest.preview_facts import fact_previews
from agencies.ingest.record import Sizes
from agencies.ingest.runs_input import Met
from agencies.models import Capture, Change, ImportRun, SharingList, SharingStatement, Statement
from agencies.models.vocabulary import ChangeKind, Completeness, ReportedBy

MATCHED = {"matched", "not_agency", "person"}
"""Outcomes after which nobody needs to look at a name."""

_Entries = dict[int, dict[Key, Entry]]
"""Lines by list (id) and both names."""

WITHHELD = "(a person’s name, withheld)"


@dataclass(frozen=True, slots=True)
class _List:
    """A captured list that bears on the run: `is_new` when the run recorded it or something in it.

    `is_own` where it is the run's altogether; one that was on record before may have lines of both.
    """

    pk: int
    stream: int
    day: date
    completeness: str
    is_new: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """A list of the run, the newest whole copy before it, and whether a copy of a later day is on record."""

    after: _List
    before: _List | None
    is_older: bool

    @property
    def is_same_day(self) -> bool:
        """Tell whether both are copies of one day, of which neither is later."""
        return self.before is not None and self.before != self.after and self.before.day == self.after.day


def read_preview(run: ImportRun, counts: Counter[str], met: Met) -> Preview:
    """Return what the run changes. To be called inside its transaction, after all is recorded."""
    newest = _newest_of_streams(_steps(run))
    lists = _list_previews(newest, run)
    facts = fact_previews(run)
    captures, copies = known_captures(run, met), second_copies(run, met)
    totals = totals_of(lists, facts)
    totals |= {"documents": counts["documents"], "captures known": len(captures)}
    if copies:
        totals["same bytes"] = len(copies)
    if values := counts["facts known with another value"]:
        totals["other values"] = values
    lists.sort(key=lambda one: (not one["flags"], -one["new"] - one["gone"], one["title"]))
    others, portals = other_agencies(run, met), second_portals(run, met)
    found: dict[str, Sized] = {"lists": lists, "facts": facts, "known": captures, "copies": copies}
    found |= {"agencies": others, "portals": portals}
    shown = Capture.objects.filter(pk__in=captures[: SHOWN["known"]]).select_related("source").defer("kept_text")
    return {
        "counts": dict(counts),
        "totals": totals,
        "lists": lists[: SHOWN["lists"]],
        "facts": facts[: SHOWN["facts"]],
        "known": [str(capture) for capture in shown],
        "agencies": others[: SHOWN["agencies"]],
        "portals": portals[: SHOWN["portals"]],
        "copies": copies[: SHOWN["copies"]],
        "led_to": led_to(run),
        "more": {kind: len(rows) - SHOWN[kind] for kind, rows in found.items() if len(rows) > SHOWN[kind]},
    }


def shrunken_lists(run: ImportRun, sizes: Sizes) -> list[Shrunken]:
    """Return the run's lists that lost more than a third against the newest whole copy of an earlier day.

    `sizes` are those of the lists that the run met, as `record` gives them. Six queries, three where all of a stream's
    lists are the run's own.
    """
    known = {pk: size for pk, size in sizes.items() if size is not None}
    pairs = [
        (step.after, step.before)
        for step in _steps(run, all_new=len(known) == len(sizes))
        if step.before is not None and step.after.completeness == Completeness.COMPLETE and not step.is_same_day
    ]
    most, fewest = (known | found for found in _bounds(_ids(pairs) - known.keys()))
    pairs = [(after, before) for after, before in pairs if shrinks(most[before.pk], fewest[after.pk])]
    exact = known | _sizes(_ids(pairs) - known.keys())
    small = [(after, before) for after, before in pairs if shrinks(exact[before.pk], exact[after.pk])]
    titles = _titles({after.pk for after, _ in small})
    return [
        Shrunken(": ".join(titles[after.pk]), after.day.isoformat(), exact[before.pk], exact[after.pk])
        for after, before in small
    ]


def _ids(pairs: Iterable[tuple[_List, _List]]) -> set[int]:
    """Return the ids of lists."""
    return {found.pk for pair in pairs for found in pair}


def known_captures(run: ImportRun, met: Met) -> list[int]:
    """Return the ids of the captures that the run met and that were on record before it, oldest row first."""
    wanted = set(met.captures)
    own = ("pk", "source__slug", "url", "compiled_by", "published_on", "retrieved_on", "first_reported_on", "sha256")
    rows = Capture.objects.filter(source__slug__in={key[0] for key in wanted}, created_at__lt=run.began_at)
    return sorted(pk for pk, *key in rows.values_list(*own) if tuple(key) in wanted)


def count_withdrawn(run: ImportRun, met: Met, counts: Counter[str]) -> None:
    """Add to the counts what was met again and does not stand: an import that repeats a rolled-back one."""
    if counts["captures new"] >= counts["documents"]:
        return
    said = Statement.objects.filter(capture__in=known_captures(run, met))
    fallen = said.exclude(pk__in=Statement.objects.standing().filter(capture__in=said.values("capture")).values("pk"))
    counts["statements known but withdrawn"] = fallen.exclude(run=run).count()
    counts["statements new but withdrawn"] = fallen.filter(run=run).count()


def _steps(run: ImportRun, *, all_new: bool = False) -> list[_Step]:
    """Return the run's lists, each with the newest whole copy before it; stream by stream, oldest first.

    Before it comes, too, a copy of the same day that is not the run's own. Of several copies of one day that which
    the history counts stands last in these steps, and before those of later days. `all_new`: the run added nothing to
    lists that were on record before.
    """
    own = set(SharingList.objects.filter(run=run).values_list("pk", flat=True))
    met = set(own)
    if not all_new:
        said = SharingStatement.objects.filter(statement__run=run).order_by()
        met |= set(said.values_list("sharing_list", flat=True).distinct())
    streams = SharingList.objects.filter(pk__in=met).order_by().values("stream")
    rows = SharingList.objects.standing().filter(stream__in=streams).newest_first("-stream_id").reverse()
    found = [
        _List(pk, stream, day, completeness, pk in met, pk in own)
        for pk, stream, day, completeness in rows.values_list("pk", "stream", "capture__observed_on", "completeness")
    ]
    newest = {one.stream: one.day for one in found}
    before: dict[int, _List] = {}
    steps: list[_Step] = []
    for (stream, day), group in groupby(found, key=lambda one: (one.stream, one.day)):
        copies = list(group)
        whole = [one for one in copies if one.completeness == Completeness.COMPLETE]
        for one in copies:
            others = [other for other in whole if other != one and not other.is_own]
            if one.is_new:
                steps.append(_Step(one, others[-1] if others else before.get(stream), day < newest[stream]))
        if whole:
            before[stream] = whole[-1]
    return steps


def _newest_of_streams(steps: Iterable[_Step]) -> list[_Step]:
    """Return the newest list of each stream, held against the newest whole copy from before the run.

    A list that was on record already is held against itself, as it was before the run.
    """
    by_stream: dict[int, list[_Step]] = defaultdict(list)
    for step in steps:
        by_stream[step.after.stream].append(step)
    found = []
    for some in by_stream.values():
        after = some[-1].after
        earlier = [step.before for step in some if step.before is not None and not step.before.is_own]
        before = (earlier[-1] if earlier else None) if after.is_own else after
        found.append(_Step(after, before, some[-1].is_older))
    return found


def _list_previews(steps: Collection[_Step], run: ImportRun) -> list[ListPreview]:
    """Return the preview of each list; five queries however many."""
    ids = {found.pk for step in steps for found in (step.after, step.before) if found is not None}
    (earlier, own), titles = _entries(ids, run), _titles({step.after.pk for step in steps})
    renames = _renames({step.after.pk for step in steps})
    previews: list[ListPreview] = []
    for step in steps:
        after, before = step.after, step.before
        was, now = (earlier[before.pk] if before else {}), {**earlier[after.pk], **own[after.pk]}
        if step.is_same_day:
            numbers = compare(was, upheld(was, now), is_whole=False)
            flags = same_day_flags(after.completeness, was, now)
        else:
            is_whole = after.completeness == Completeness.COMPLETE
            numbers = compare(was, now, is_whole=is_whole, renames=renames.get(after.pk, ()))
            flags = flags_of(after.completeness, len(was) if before else None, len(now))
        title, section = titles[after.pk]
        previews.append(
            {
                **numbers,
                "title": title,
                "section": section,
                "observed_on": after.day.isoformat(),
                "before_on": before.day.isoformat() if before else None,
                "completeness": after.completeness,
                "before": len(was) if before else None,
                "after": len(now),
                "flags": [*flags, "older"] if step.is_older else flags,
            }
        )
    return previews


def _entries(lists: Collection[int], run: ImportRun) -> tuple[_Entries, _Entries]:
    """Return the lines of lists (ids) that stand, by both their names: others' and the run's own; one query."""
    earlier: _Entries = {pk: {} for pk in lists}
    own: _Entries = {pk: {} for pk in lists}
    rows = SharingStatement.objects.filter(sharing_list__in=lists, statement__in=Statement.objects.standing())
    ends = [
        f"{side}_alias{part}"
        for side in ("grantor", "grantee")
        for part in ("", "__printed_name", "__decision__outcome")
    ]
    columns = ("statement__run", "sharing_list", "sharing_list__stream__reported_by", "account_status", *ends)
    for by, pk, reported_by, status, *both in rows.order_by("pk").values_list(*columns).iterator(chunk_size=5000):
        grantor, grantee = _shown(both[1], both[2]), _shown(both[4], both[5])
        listed = {ReportedBy.GRANTOR: grantee, ReportedBy.GRANTEE: grantor}.get(reported_by, f"{grantor} → {grantee}")
        matched = both[2] in MATCHED and both[5] in MATCHED
        (own if by == run.pk else earlier)[pk][both[0], both[3]] = Entry(listed, status, matched)
    return earlier, own


def _shown(name: str, outcome: str | None) -> str:
    """Return a printed name, unless it is a person's."""
    return WITHHELD if outcome == "person" else name


def _bounds(lists: Collection[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return between how many and how few different names each of the lists (ids) holds; one query.

    Nearly always it is one number, found in a quarter of the time: one side of a list is one agency.
    """
    rows = SharingStatement.objects.filter(sharing_list__in=lists).order_by().values_list("sharing_list")
    counted = rows.annotate(
        lines=Count("pk"),
        grantors=Count("grantor_alias", distinct=True),
        grantees=Count("grantee_alias", distinct=True),
    )
    most, fewest = dict.fromkeys(lists, 0), dict.fromkeys(lists, 0)
    for pk, lines, grantors, grantees in counted:
        most[pk], fewest[pk] = lines, max(grantors, grantees)
    return most, fewest


def _sizes(lists: Collection[int]) -> dict[int, int]:
    """Return how many different names each of the lists (ids) holds; one query."""
    pair = Func("grantor_alias", "grantee_alias", function="ROW", output_field=CharField())
    rows = SharingStatement.objects.filter(sharing_list__in=lists).order_by().values_list("sharing_list")
    return dict.fromkeys(lists, 0) | dict(rows.annotate(n=Count(pair, distinct=True)))


def _titles(lists: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return source and section of lists (ids); one query."""
    rows = SharingList.objects.filter(pk__in=lists).values_list("pk", "stream__source__title", "stream__section")
    return {pk: (title, section) for pk, title, section in rows}


def _renames(lists: Collection[int]) -> dict[int, set[tuple[int, int]]]:
    """Return the pairs of names (ids) that the history proposes to be one body's, by list; two queries."""
    places = SharingList.objects.filter(pk__in=lists).values_list("capture", "stream", "pk")
    at = {(capture, stream): pk for capture, stream, pk in places}
    captures = {capture for capture, _ in at}
    kinds = (ChangeKind.RENAMED, ChangeKind.MARKED)
    rows = Change.objects.filter(kind__in=kinds, new_name__isnull=False, capture__in=captures).order_by()
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for capture, stream, old, now in rows.values_list("capture", "stream", "name", "new_name"):
        if (capture, stream) in at:
            found[at[capture, stream]].add((old, now))
    return found
