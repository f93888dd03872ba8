"""Rungs and routes worked out the slow way: plain Python over statements, link by link. The graph must agree.

Shares with the graph only the rule that turns sightings into a link (`summarise`), which has tests of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from agencies.models import (
    Agency,
    Alias,
    Answer,
    Fact,
    ListConfirmation,
    SharingList,
    SharingStatement,
    Statement,
    Withdrawal,
)
from agencies.network.summary import LinkSummary, Sighting, summarise

Key = tuple[int, int, int, str]
Ranks = dict[tuple[int, ...], tuple[int, date]]
RANKS = {"third_party": 0, "grantee": 1, "grantor": 2, "both": 3}
THREE_YEARS = timedelta(days=3 * 365)


class Reference:
    """The record as of a day, in dictionaries."""

    def __init__(self, day: date, as_of: date | None = None) -> None:
        self.day = day
        self.last_day = as_of or date.max
        self.gone = {name: set[int]() for name in ("statement", "capture", "run")}
        for row in Withdrawal.objects.filter(lift__isnull=True):
            for name, ids in self.gone.items():
                if getattr(row, f"{name}_id"):
                    ids.add(getattr(row, f"{name}_id"))
        self.agencies = {agency.pk: agency for agency in Agency.objects.all()}
        self._read_links()
        self._read_lists()
        self._read_searches()
        self.granted: dict[int, list[Key]] = defaultdict(list)
        for key in self.links:
            self.granted[key[0]].append(key)

    # --- Reading ---

    def stands(self, statement: Statement) -> bool:
        return (
            statement.pk not in self.gone["statement"]
            and statement.capture_id not in self.gone["capture"]
            and statement.run_id not in self.gone["run"]
            and statement.observed_on <= self.last_day
        )

    def meant(self, alias: Alias | None) -> int | None:
        decision = alias.decision if alias else None
        if decision is None or decision.outcome != "matched":
            return None
        assert decision.agency_id
        return self.agencies[decision.agency_id].merged_into_id or decision.agency_id

    def list_stands(self, row: SharingList) -> bool:
        withdrawn = row.capture_id in self.gone["capture"] or row.run_id in self.gone["run"]
        return not withdrawn and row.capture.observed_on <= self.last_day

    def _whole_lists(self) -> list[SharingList]:
        confirmed = {row.sharing_list_id: row.is_confirmed for row in ListConfirmation.objects.order_by("pk")}
        rows = SharingList.objects.select_related("stream", "capture__source__agency_alias__decision").defer(
            "capture__kept_text"
        )
        return [
            row
            for row in rows
            if self.list_stands(row)
            and (row.completeness == "complete" or (row.completeness in ("empty", "none") and confirmed.get(row.pk)))
        ]

    def _read_links(self) -> None:
        whole: dict[int, list[date]] = defaultdict(list)
        for copy in self._whole_lists():
            whole[copy.stream_id].append(copy.capture.observed_on)
        denied: dict[int, date] = {}
        for answer in Answer.objects.filter(effect="denies").select_related("statement").prefetch_related("targets"):
            if self.stands(answer.statement):
                for target in answer.targets.all():
                    denied[target.pk] = max(denied.get(target.pk, date.min), answer.statement.observed_on)
        sightings: dict[Key, list[Sighting]] = defaultdict(list)
        rows = SharingStatement.objects.select_related(
            "statement", "sharing_list__stream", "grantor_alias__decision", "grantee_alias__decision"
        )
        for row in rows:
            grantor, grantee = self.meant(row.grantor_alias), self.meant(row.grantee_alias)
            if grantor is None or grantee is None or grantor == grantee or not self.stands(row.statement):
                continue
            stream = row.sharing_list.stream
            key = (grantor, grantee, stream.network_id, stream.access)
            sightings[key].append(
                Sighting(
                    stream.pk,
                    stream.reported_by,
                    row.statement.observed_on,
                    row.account_status == "active",
                    denied.get(row.pk),
                )
            )
        dates = {stream: sorted(days) for stream, days in whole.items()}
        self.links: dict[Key, LinkSummary] = {key: summarise(rows, dates) for key, rows in sightings.items()}
        self.sides: dict[Key, dict[int, LinkSummary]] = {
            key: {
                rung: summarise(told, dates)
                for rung, is_own in ((1, True), (2, False))
                if (told := [row for row in rows if (row.reported_by == "grantee") == is_own])
            }
            for key, rows in sightings.items()
        }

    def _read_lists(self) -> None:
        self.checked: dict[int, date] = {}
        for row in self._whole_lists():
            owner = self.meant(row.capture.source.agency_alias)
            if owner and row.stream.reported_by == "grantor" and row.stream.access == "configured_access":
                self.checked[owner] = max(self.checked.get(owner, date.min), row.capture.observed_on)

    def _read_searches(self) -> None:
        self.searched: dict[int, date] = {}
        for fact in Fact.objects.filter(field="searches_seen").select_related("statement", "alias__decision"):
            owner = self.meant(fact.alias)
            if owner is None or not fact.value or not self.stands(fact.statement):
                continue
            for month, kinds in fact.value.items():
                if kinds.get("immigration"):
                    seen = fact.statement.observed_on
                    if month != "unknown":
                        year, number = int(month[:4]), int(month[5:])
                        after = date(year + 1, 1, 1) if number == 12 else date(year, number + 1, 1)
                        seen = min(seen, after - timedelta(days=1))
                    self.searched[owner] = max(self.searched.get(owner, date.min), seen)

    # --- Links ---

    def body(self, pk: int) -> str:
        seen: list[int] = []
        above: int | None = pk
        while above and above not in seen:
            seen.append(above)
            agency = self.agencies[above]
            if agency.slug == "immigration-and-customs-enforcement":
                return "ICE"
            if agency.slug == "customs-and-border-protection":
                return "CBP"
            above = agency.merged_into_id or agency.parent_id
        return ""

    def state(self, key: Key) -> str:
        return self._state(self.links[key])

    def _state(self, link: LinkSummary) -> str:
        if link.status == "ended" or link.last_seen + THREE_YEARS < self.day:
            return "history"
        return "current" if link.status == "listed" else "inactive"

    def span(self, key: Key) -> tuple[date, date]:
        return self._span(self.links[key])

    def _span(self, link: LinkSummary) -> tuple[date, date]:
        if self._state(link) == "current":
            return link.first_seen, self.day
        if link.status == "inactive":
            assert link.inactive_as_of
            return link.first_seen, min(link.last_seen, link.inactive_as_of - timedelta(days=1))
        return link.first_seen, link.last_seen

    def strength(self, key: Key) -> int:
        link = self.links[key]
        return RANKS[link.reported_by] + (4 if link.disputed_on is None else 0)

    # --- Rungs ---

    def evidence(self, pk: int) -> list[tuple[int, str, tuple[date, date]]]:
        """Return (rung, state, span) of whatever puts an agency on rungs 1 to 4."""
        if self.body(pk):
            return []
        found = []
        for key in self.granted[pk]:
            body = self.body(key[1])
            if not body or key[3] == "hotlist_feed":
                continue
            if key[3] == "observed_search":
                told = {4: self.links[key]}
            elif body == "CBP":
                told = {3: self.links[key]}
            else:
                told = self.sides[key]
            found += [(rung, self._state(link), self._span(link)) for rung, link in told.items()]
        if pk in self.searched:
            day = self.searched[pk]
            found.append((4, "history" if day + THREE_YEARS < self.day else "current", (day, day)))
        return found

    def through(self, pk: int) -> dict[int, str]:
        """Return the best state of a possible route through each agency."""
        found: dict[int, str] = {}
        order = ["current", "inactive", "history"]
        for key in self.granted[pk] if not self.body(pk) else []:
            if key[3] == "hotlist_feed" or self.body(key[1]):
                continue
            for _, state, span in self.evidence(key[1]):
                both = max(self.state(key), state, key=order.index)
                if both == "history":
                    near = self.span(key)
                    if max(near[0], span[0]) > min(near[1], span[1]):
                        continue
                found[key[1]] = min(found.get(key[1], "history"), both, key=order.index)
        return found

    def rungs(self, pk: int) -> dict[int, str]:
        """Return the best state of each of the rungs 1 to 5 on which there is evidence."""
        order = ["current", "inactive", "history"]
        found: dict[int, str] = {}
        for rung, state, _ in self.evidence(pk):
            found[rung] = min(found.get(rung, "history"), state, key=order.index)
        states = self.through(pk).values()
        return found | ({5: min(states, key=order.index)} if states else {})

    def top_and_past(self, pk: int) -> tuple[int, int]:
        """Return the highest current rung (0 for ICE and CBP), and the highest that only once was (0: none)."""
        if self.body(pk):
            return 0, 0
        rungs = self.rungs(pk)
        current = [rung for rung, state in rungs.items() if state == "current"]
        past = [rung for rung, state in rungs.items() if state != "current"]
        checked = self.checked.get(pk)
        bears_it = checked and (not past or checked + THREE_YEARS >= self.day)
        return min(current, default=6 if bears_it else 7), min(past, default=0)

    # --- Routes ---

    def routes(self, origin: int, targets: set[int], hops: int) -> tuple[Ranks, Ranks]:
        """Return current and past chains of agencies, each with the (strength, oldest day) of its best links."""
        now: Ranks = {}
        past: Ranks = {}
        for path in self._walk(origin, targets - {origin}, hops, (origin,)):
            chain = tuple(key[1] for key in path)
            rank = min(map(self.strength, path)), min(self.links[key].last_seen for key in path)
            if all(self.state(key) == "current" for key in path):
                now[chain] = max(now.get(chain, rank), rank)
            elif max(self.span(key)[0] for key in path) <= min(self.span(key)[1] for key in path):
                past[chain] = max(past.get(chain, rank), rank)
        return now, {chain: rank for chain, rank in past.items() if chain not in now}

    def _walk(self, at: int, targets: set[int], hops: int, seen: tuple[int, ...]) -> Iterator[tuple[Key, ...]]:
        for key in self.granted[at]:
            if key[3] == "hotlist_feed" or key[1] in seen:
                continue
            if key[1] in targets:
                yield (key,)
            elif hops > 1:
                for rest in self._walk(key[1], targets, hops - 1, (*seen, key[1])):
                    yield (key, *rest)
