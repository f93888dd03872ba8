"""What changed between two neighbouring copies of one document: derived from statements, rebuilt, never edited."""

from django.db import models
from django.db.models import Q

from agencies.models.alias import Alias
from agencies.models.source import Capture, Network
from agencies.models.statement import Stream
from agencies.models.vocabulary import ChangeKind, FactField, one_of


class Change(models.Model):
    """One difference between a copy and the copy before it, as a person finds it by reading both."""

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from both copies and what differs.")
    kind = models.CharField(max_length=12, choices=ChangeKind, help_text="What is different.")
    observed_on = models.DateField(help_text="Date of the newer copy.")
    capture = models.ForeignKey(Capture, models.CASCADE, related_name="changes", help_text="The newer copy.")
    before = models.ForeignKey(Capture, models.CASCADE, related_name="+", help_text="The copy that it is held against.")
    stream = models.ForeignKey(
        Stream, models.CASCADE, null=True, blank=True, related_name="changes", help_text="The list; null for facts."
    )
    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="+")
    about = models.ForeignKey(
        Alias, models.CASCADE, related_name="changes_about", help_text="The agency, as printed, whose document it is."
    )
    name = models.ForeignKey(
        Alias, models.CASCADE, null=True, blank=True, related_name="changes_naming", help_text="The name on the list."
    )
    new_name = models.ForeignKey(
        Alias, models.CASCADE, null=True, blank=True, related_name="+", help_text="The new name; null: not renamed."
    )
    field = models.CharField(max_length=24, choices=FactField, blank=True, help_text="The fact; empty: a list.")
    old_value = models.JSONField(null=True, blank=True, help_text="Before; null: not known or no value.")
    new_value = models.JSONField(null=True, blank=True, help_text="After; null: not known or no value.")
    noted_at = models.DateTimeField(auto_now_add=True, help_text="When the atlas first noted it.")

    class Meta:
        ordering = ["-observed_on", "-id"]
        indexes = [
            models.Index(fields=["-observed_on", "-id"], name="change_date_id"),
            models.Index(fields=["noted_at", "id"], name="change_noted_id"),
        ]
        constraints = [
            one_of("kind", ChangeKind, "change_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="fact", stream__isnull=True) & ~Q(field="") | Q(stream__isnull=False, field=""),
                name="change_of_list_or_fact",
                violation_error_message="A change is of a list or of a fact.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.observed_on}"
