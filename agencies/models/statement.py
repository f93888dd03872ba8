"""What captures say: append-only statements, the lists they stand in, and their payloads."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from agencies.models.alias import Alias
from agencies.models.run import ImportRun
from agencies.models.source import Capture, Network, Source
from agencies.models.vocabulary import (
    Access,
    AccountStatus,
    AnswerEffect,
    Completeness,
    FactField,
    Knowledge,
    ReportedBy,
    one_of,
)
from agencies.querysets import SharingListQuerySet, StatementQuerySet

APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
"""The operations that the database refuses on a statement and its payloads."""


class Stream(models.Model):
    """One publisher's list over time: portal or report, network, direction and section."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="streams", help_text="Who publishes the list.")
    network = models.ForeignKey(Network, models.PROTECT, related_name="streams", help_text="Network it is about.")
    access = models.CharField(max_length=20, choices=Access, help_text="Kind of access it lists.")
    reported_by = models.CharField(max_length=12, choices=ReportedBy, help_text="Side that publishes it.")
    section = models.SlugField(max_length=60, help_text="Canonical name of the section it stands in.")

    class Meta:
        ordering = ["source", "section"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "network", "access", "reported_by", "section"], name="stream_once"
            ),
            one_of("access", Access, "stream_access_known"),
            one_of("reported_by", ReportedBy, "stream_reporter_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.section}"


class SharingList(models.Model):
    """One stream as one capture shows it: how complete, and how many names."""

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from capture and stream.")
    capture = models.ForeignKey(Capture, models.PROTECT, related_name="lists", help_text="The copy it stands in.")
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="lists", help_text="The list it is a copy of.")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="lists", help_text="Import that recorded it.")
    completeness = models.CharField(max_length=10, choices=Completeness, help_text="How much of it this shows.")
    heading = models.CharField(max_length=300, blank=True, help_text="Heading as printed.")

    objects = SharingListQuerySet.as_manager()

    class Meta:
        ordering = ["capture", "stream"]
        constraints = [
            models.UniqueConstraint(fields=["capture", "stream"], name="list_once_a_capture"),
            one_of("completeness", Completeness, "list_completeness_known"),
        ]
        triggers = [pgtrigger.Protect(name="list_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.stream}, {self.capture.observed_on}"


class Statement(models.Model):
    """One thing one capture says. The database refuses to change or delete it."""

    class Kind(models.TextChoices):
        """Which payload carries what it says."""

        SHARING = "sharing", "sharing"
        FACT = "fact", "fact"
        ANSWER = "answer", "answer"

    uuid = models.UUIDField(editable=False, help_text="Stable id, from capture and content.")
    kind = models.CharField(max_length=10, choices=Kind, help_text="What sort of thing it says.")
    capture = models.ForeignKey(
        Capture, models.PROTECT, related_name="statements", db_index=False, help_text="The copy that says it."
    )
    run = models.ForeignKey(
        ImportRun, models.PROTECT, related_name="statements", db_index=False, help_text="Import that recorded it."
    )
    observed_on = models.DateField(help_text="The capture's date: published, else retrieved, else first reported.")
    printed = models.CharField(max_length=300, blank=True, help_text="The text as printed.")
    locator = models.CharField(max_length=200, blank=True, help_text="Where it stands: page, row or heading.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False, help_text="When the atlas recorded it.")

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Statements are recorded run by run in the order of time: block-range indexes are enough, and all but free.
            BrinIndex(fields=["recorded_at"], name="statement_recorded_brin"),
            BrinIndex(fields=["run"], name="statement_run_brin"),
            # One in twenty: they are read together, apart from what lists say.
            models.Index(fields=["id"], name="statement_facts", condition=models.Q(kind="fact")),
        ]
        constraints = [
            # An id is made from its capture's, so that once a capture is once at all; and new ids stand side by side,
            # where an index of ids alone would be written all over: a quarter of what a statement takes to record. A
            # statement is looked up by its id alone in this index, too, all of it: 12 ms at a million.
            models.UniqueConstraint(fields=["capture", "uuid"], name="statement_once"),
        ]
        triggers = [pgtrigger.Protect(name="statement_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return self.printed or f"{self.get_kind_display()} statement {self.uuid}"

    def get_absolute_url(self) -> str:
        """Return the address of the capture's page, where the statement is listed."""
        return reverse("capture-detail", args=[self.capture.uuid])


class SharingStatement(models.Model):
    """Grantor gives grantee access, as listed: both are names as printed."""

    statement = models.OneToOneField(Statement, models.PROTECT, primary_key=True, related_name="sharing")
    sharing_list = models.ForeignKey(SharingList, models.PROTECT, related_name="grants", help_text="List it stands in.")
    grantor_alias = models.ForeignKey(Alias, models.PROTECT, related_name="grants_out", help_text="Whose reads.")
    grantee_alias = models.ForeignKey(Alias, models.PROTECT, related_name="grants_in", help_text="Who gets access.")
    account_status = models.CharField(
        max_length=12,
        choices=AccountStatus,
        default=AccountStatus.ACTIVE,
        help_text="State of the grantee's account, as printed.",
    )

    class Meta:
        constraints = [one_of("account_status", AccountStatus, "sharing_status_known")]
        triggers = [pgtrigger.Protect(name="sharing_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.grantor_alias} gives {self.grantee_alias} access"


class Fact(models.Model):
    """An agency's value of a field, with its state of knowledge."""

    statement = models.OneToOneField(Statement, models.PROTECT, primary_key=True, related_name="fact")
    alias = models.ForeignKey(Alias, models.PROTECT, related_name="facts", help_text="The agency as printed.")
    network = models.ForeignKey(
        Network,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        help_text="Network it is about, if one.",
    )
    field = models.CharField(max_length=24, choices=FactField, help_text="What it is a value of.")
    value = models.JSONField(null=True, blank=True, help_text="The value; null unless known.")
    knowledge = models.CharField(max_length=15, choices=Knowledge, help_text="State of knowledge.")

    class Meta:
        indexes = [models.Index(fields=["field", "alias"], name="fact_field_alias")]
        constraints = [
            models.CheckConstraint(
                condition=Q(knowledge="known", value__isnull=False) | (~Q(knowledge="known") & Q(value__isnull=True)),
                name="fact_value_iff_known",
                violation_error_message="A known fact has a value; any other has none.",
            ),
            one_of("field", FactField, "fact_field_known"),
            one_of("knowledge", Knowledge, "fact_knowledge_known"),
        ]
        triggers = [pgtrigger.Protect(name="fact_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.alias}: {self.get_field_display()}"


class Answer(models.Model):
    """An agency's reply to statements of others. It stands beside them and removes nothing."""

    statement = models.OneToOneField(Statement, models.PROTECT, primary_key=True, related_name="answer")
    alias = models.ForeignKey(Alias, models.PROTECT, related_name="answers", help_text="Who answers, as printed.")
    effect = models.CharField(max_length=10, choices=AnswerEffect, help_text="What the answer says of them.")
    paraphrase = models.CharField(max_length=400, help_text="The answer in the atlas's own words.")
    targets = models.ManyToManyField(SharingStatement, through="AnswerTarget", related_name="answers")

    class Meta:
        constraints = [one_of("effect", AnswerEffect, "answer_effect_known")]
        triggers = [pgtrigger.Protect(name="answer_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.alias} {self.get_effect_display()}"


class AnswerTarget(models.Model):
    """Which statement an answer is about."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="answer_targets")
    sharing = models.ForeignKey(SharingStatement, models.PROTECT, related_name="answer_targets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "sharing"], name="answer_target_once")]
        triggers = [pgtrigger.Protect(name="answer_target_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.answer_id} answers {self.sharing_id}"
