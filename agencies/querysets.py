"""Named reads of the record: what many rows share. No model is imported at the top: models import this."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OrderBy, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

if TYPE_CHECKING:
    from agencies.models import (  # noqa: F401
        Agency,
        Capture,
        ImportRun,
        KeptFile,
        Place,
        SharingLink,
        SharingList,
        Source,
        Statement,
    )


def _withdrawn(**target: OuterRef) -> Exists:
    """Return the condition that an unlifted withdrawal of `target` exists."""
    withdrawals = apps.get_model("agencies", "Withdrawal").objects
    return Exists(withdrawals.filter(lift__isnull=True, **target))


def first_of_day(capture: str) -> tuple[OrderBy, OrderBy]:
    """Return the order of several copies of one day, the one that counts first; `capture` is the path to the copy.

    A copy of the same day is not later, whatever it says: the one fetched first counts, then the one whose id comes
    first. `agencies.history.steps` has the same rule for lists in memory.
    """
    return F(f"{capture}__retrieved_on").asc(nulls_last=True), F(f"{capture}__uuid").asc()


def means(names: str, agency: Agency) -> Q:
    """Return the condition that the alias at `names` is matched to an agency, or to one merged into it."""
    # A subquery, not an OR over a join: the latter reads every decision there is.
    agencies = apps.get_model("agencies", "Agency").objects.filter(Q(pk=agency.pk) | Q(merged_into=agency))
    decision = f"{names}__decision__"
    return Q(**{f"{decision}agency__in": agencies.order_by().values("pk"), f"{decision}outcome": "matched"})


def names_of(agency: Agency) -> list[int]:
    """Return the aliases (ids) matched to an agency, or to one merged into it; one query.

    Read first: given as a join, they let PostgreSQL begin at all statements.
    """
    decisions = apps.get_model("agencies", "MatchDecision").objects.filter(means("alias", agency))
    return sorted(set(decisions.order_by().values_list("alias", flat=True)))


class AgencyQuerySet(QuerySet["Agency"]):
    """Reads of agencies."""

    def current(self) -> AgencyQuerySet:
        """Leave out records that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def main_bodies(self) -> AgencyQuerySet:
        """Leave out the posts and troops of a state police: they stand under their parent."""
        return self.exclude(kind="state_police", parent__isnull=False)

    def with_link_counts(self) -> AgencyQuerySet:
        """Add `grants_count` and `receipts_count`: links listed when last seen. Two subqueries a row."""
        links = apps.get_model("agencies", "SharingLink").objects.filter(status="listed")

        def counted(side: str) -> Coalesce:
            rows = links.filter(**{side: OuterRef("pk")}).order_by().values(side)
            return Coalesce(models.Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

        return self.annotate(grants_count=counted("grantor"), receipts_count=counted("grantee"))


class SourceQuerySet(QuerySet["Source"]):
    """Reads of sources."""

    def standing(self) -> SourceQuerySet:
        """Leave out sources of which no copy stands: what the atlas says of one rests on a copy."""
        captures = apps.get_model("agencies", "Capture").objects.standing()
        return self.filter(Exists(captures.filter(source=OuterRef("pk"))))


class CaptureQuerySet(QuerySet["Capture"]):
    """Reads of captures."""

    def standing(self) -> CaptureQuerySet:
        """Leave out withdrawn captures."""
        return self.exclude(_withdrawn(capture=OuterRef("pk")))

    def of_agency(self, agency: Agency) -> CaptureQuerySet:
        """Keep captures of the agency's own portals and reports, newest first."""
        own = self.standing().filter(means("source__agency_alias", agency)).select_related("source")
        return own.defer("kept_text").order_by("-observed_on", "id")


class SharingListQuerySet(QuerySet["SharingList"]):
    """Reads of captured lists."""

    def standing(self) -> SharingListQuerySet:
        """Leave out lists withdrawn with their capture or their import."""
        return self.filter(~_withdrawn(capture=OuterRef("capture_id")), ~_withdrawn(run=OuterRef("run_id")))

    def newest_first(self, *apart: str) -> SharingListQuerySet:
        """Order lists by `apart`, then the newest day first; of one day the list that the history counts comes first.

        That is a whole one (one that is empty, too, where a person confirmed it), then the one fetched first.
        """
        from agencies.network.confirmed import confirmed_lists  # It imports the models, which import this.

        found = self.alias(is_whole=Q(completeness="complete") | Q(pk__in=confirmed_lists()))
        return found.order_by(*apart, "-capture__observed_on", "-is_whole", *first_of_day("capture"))

    def newest_of_streams(self) -> SharingListQuerySet:
        """Keep the newest list of each stream, by `newest_first`."""
        return self.newest_first("stream_id").distinct("stream_id")

    def one_a_day(self) -> SharingListQuerySet:
        """Keep of each stream and day the list that counts, stream by stream, the newest first."""
        return self.newest_first("stream_id").distinct("stream_id", "capture__observed_on")


class StatementQuerySet(QuerySet["Statement"]):
    """Reads of statements, whatever their payload."""

    def standing(self) -> StatementQuerySet:
        """Leave out what was withdrawn: by itself, with its capture or with its import."""
        # Three conditions, not one of three parts: those PostgreSQL asks for every row, these it joins.
        return self.filter(
            ~_withdrawn(statement=OuterRef("pk")),
            ~_withdrawn(capture=OuterRef("capture_id")),
            ~_withdrawn(run=OuterRef("run_id")),
        )

    def as_of(self, day: Any) -> StatementQuerySet:
        """Keep what was observed up to `day`, under today's matching and withdrawals."""
        return self.filter(observed_on__lte=day)

    def facts_of(self, agency: Agency) -> StatementQuerySet:
        """Return the newest standing fact of each field and network of an agency; one query."""
        facts = self.standing().filter(means("fact__alias", agency))
        same = ("fact__field", "fact__network_id")
        newest = facts.order_by(*same, "-observed_on", *first_of_day("capture"), "uuid")
        newest = newest.distinct(*same).select_related("fact__network", "capture__source")
        return newest.defer("capture__kept_text")

    def between(self, grantor: Agency, grantee: Agency) -> StatementQuerySet:
        """Return every standing sharing statement of a pair, newest first."""
        ends = Q(sharing__grantor_alias__in=names_of(grantor), sharing__grantee_alias__in=names_of(grantee))
        related = (
            "capture__source",
            "sharing__sharing_list__stream__network",
            "sharing__grantee_alias__decision",
        )
        found = self.standing().filter(ends, kind="sharing")
        found = found.select_related(*related, "sharing__grantor_alias__decision").defer("capture__kept_text")
        return found.order_by("-observed_on", "uuid")

    def answers_by(self, agency: Agency) -> StatementQuerySet:
        """Return the agency's standing answers, newest first."""
        found = self.standing().filter(means("answer__alias", agency), kind="answer")
        found = found.select_related("answer", "capture__source").defer("capture__kept_text")
        return found.order_by("-observed_on", "uuid")

    def naming(self, agency: Agency, side: str) -> StatementQuerySet:
        """Keep standing sharing statements that name the agency as `side`: grantor or grantee."""
        return self.standing().filter(**{f"sharing__{side}_alias__in": names_of(agency)}, kind="sharing")

    def unmatched_names(self, side: str) -> StatementQuerySet:
        """Return the newest statement of each printed name of `side` that is not matched yet, by name.

        Persons' names are among them, to be counted and withheld; names that were decided to be no agency are not.
        """
        alias = f"sharing__{side}_alias"
        unmatched = Q(**{f"{alias}__decision": None}) | Q(
            **{f"{alias}__decision__outcome__in": ["rejected", "ambiguous", "person"]}
        )
        newest = self.filter(unmatched).order_by(f"{alias}__printed_name", "-observed_on", "uuid")
        newest = newest.distinct(f"{alias}__printed_name").defer("capture__kept_text")
        return newest.select_related(f"{alias}__decision", "capture__source")


class SharingLinkQuerySet(QuerySet["SharingLink"]):
    """Reads of sharing links."""

    def listed(self) -> SharingLinkQuerySet:
        """Keep links that were listed, and not as inactive, when last seen."""
        return self.filter(status="listed")

    def with_ends(self) -> SharingLinkQuerySet:
        """Fetch both agencies and the network in the same query."""
        return self.select_related("grantor", "grantee", "network")


class ImportRunQuerySet(QuerySet["ImportRun"]):
    """Reads and claims of import runs."""

    def abandoned(self, now: datetime) -> ImportRunQuerySet:
        """Keep open runs whose lease has run out: a worker died, or never came."""
        return self.filter(Q(lease_until__lt=now) | Q(lease_until__isnull=True), status__in=["queued", "running"])

    def naming(self, path: Any) -> ImportRunQuerySet:
        """Keep the runs among whose paths is one that begins so: a text, or an expression."""
        return self.alias(named=Cast("paths", TextField())).filter(named__contains=path)

    def reading(self, kept: KeptFile) -> ImportRunQuerySet:
        """Keep the runs that read a kept file: named by a path, or kept by the run itself."""
        named, kept_by = self.naming(f"kept:{kept.sha256}"), self.filter(kept_files=kept)
        return self.filter(Q(pk__in=named.values("pk")) | Q(pk__in=kept_by.values("pk")))

    def heeded(self, since: datetime) -> ImportRunQuerySet:
        """Leave out those that failed or were cancelled before `since`: nobody is about to repeat them."""
        ended = self.alias(ended=Coalesce("finished_at", "created_at"))
        return ended.exclude(status__in=["failed", "cancelled"], ended__lt=since)


class KeptFileQuerySet(QuerySet["KeptFile"]):
    """Reads of kept files."""

    def leftover(self, before: datetime) -> KeptFileQuerySet:
        """Keep those from before then to which nothing on record leads.

        What leads to a file: a capture of its SHA-256 or that of what is stored, withdrawn or not; an attempt of the
        watch list; a run that reads it, unless that failed or was cancelled before then. A removed one is itself on
        record.
        """
        captures, runs, fetches = (
            apps.get_model("agencies", name).objects for name in ("Capture", "ImportRun", "Fetch")
        )
        heeded = runs.heeded(before)
        leading = (
            captures.filter(sha256=OuterRef("sha256")),
            captures.filter(sha256=OuterRef("stored_sha256")),
            fetches.filter(kept_file=OuterRef("pk")),
            heeded.filter(kept_files=OuterRef("pk")),
            heeded.naming(Concat(Value("kept:"), OuterRef("sha256"))),
        )
        found = self.filter(created_at__lt=before, removal__isnull=True)
        for rows in leading:
            found = found.exclude(Exists(rows))
        return found
