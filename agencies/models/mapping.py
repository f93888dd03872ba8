"""Saved column mappings: how a table that others made is read."""

from django.db import models

from agencies.models.source import Network, Source
from agencies.models.vocabulary import Access, Completeness, ReportedBy, one_of


class ColumnMapping(models.Model):
    """Which column of someone's CSV says what. `columns` and `constants` together name both ends of a grant."""

    slug = models.SlugField(max_length=80, unique=True, help_text="Name in commands: --option mapping=NAME.")
    title = models.CharField(max_length=200, help_text="What the table is, in a line.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", help_text="Who publishes the table.")
    network = models.ForeignKey(Network, models.PROTECT, related_name="+", help_text="Network it is about.")
    access = models.CharField(max_length=20, choices=Access, default=Access.CONFIGURED, help_text="Kind of access.")
    reported_by = models.CharField(
        max_length=12, choices=ReportedBy, default=ReportedBy.THIRD_PARTY, help_text="Side whose list the table is."
    )
    section = models.SlugField(max_length=60, help_text="Canonical name of the list.")
    completeness = models.CharField(
        max_length=10, choices=Completeness, default=Completeness.EXTRACT, help_text="How much of the list it shows."
    )
    columns = models.JSONField(help_text="Heading of the column that holds each field.")
    constants = models.JSONField(default=dict, blank=True, help_text="Value of each field that no column holds.")
    delimiter = models.CharField(max_length=1, default=",", help_text="What stands between fields.")

    class Meta:
        ordering = ["slug"]
        constraints = [
            one_of("access", Access, "mapping_access_known"),
            one_of("reported_by", ReportedBy, "mapping_reporter_known"),
            one_of("completeness", Completeness, "mapping_completeness_known"),
        ]

    def __str__(self) -> str:
        return self.title
