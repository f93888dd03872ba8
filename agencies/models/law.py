"""Laws and policies that limit what becomes of plate reads, each with its own source and state of checking."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models.place import Place


class Law(models.Model):
    """A statute or policy of a state, county or city. Loaded from `data/laws`; never a legal opinion."""

    class Kind(models.TextChoices):
        """What sort of rule it is."""

        ALPR_STATUTE = "alpr_statute", _("law on licence plate readers")
        SANCTUARY = "sanctuary", _("law or policy that limits help to immigration enforcement")
        LABEL = "label", _("label given by another government")

    class Limit(models.TextChoices):
        """What it limits."""

        OUT_OF_STATE = "out_of_state", _("sharing with agencies of other states")
        FEDERAL = "federal", _("sharing with federal agencies")
        IMMIGRATION = "immigration", _("use for immigration enforcement")
        RETENTION = "retention", _("how long reads are kept")
        USE = "use", _("what reads may be used for")

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from the slug.")
    slug = models.SlugField(max_length=140, unique=True, help_text="Name in addresses.")
    kind = models.CharField(max_length=14, choices=Kind, help_text="What sort of rule it is.")
    place = models.ForeignKey(Place, models.PROTECT, related_name="laws", help_text="State, county or city it binds.")
    title = models.CharField(max_length=200, help_text="Its name, in a line.")
    citation = models.CharField(max_length=200, blank=True, help_text="Citation; empty: not known.")
    url = models.URLField(max_length=500, blank=True, help_text="Official text; empty: not known.")
    limits = ArrayField(
        models.CharField(max_length=14, choices=Limit), default=list, blank=True, help_text="What it limits."
    )
    retention_days = models.FloatField(null=True, blank=True, help_text="Longest retention in days; null: none known.")
    summary = models.CharField(max_length=600, blank=True, help_text="What it says, in the atlas's own words.")
    in_force_from = models.DateField(null=True, blank=True, help_text="First day in force; null: not known.")
    in_force_to = models.DateField(null=True, blank=True, help_text="Last day in force; null: none known.")
    listed_by = models.CharField(max_length=200, blank=True, help_text="Whose list or label it is; empty: its own.")
    verified_on = models.DateField(null=True, blank=True, help_text="Day it was held against the text; null: never.")
    verified_by = models.CharField(max_length=100, blank=True, help_text="Who did that; empty: nobody.")
    source = models.CharField(max_length=500, help_text="Where the row comes from.")

    class Meta:
        ordering = ["place__state", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True, verified_by="")
                | (Q(verified_on__isnull=False) & ~Q(verified_by="")),
                name="law_verified_by_someone",
                violation_error_message="A verified law has a date and a name of who verified it.",
            ),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_from__lte=F("in_force_to")),
                name="law_dates_in_order",
                violation_error_message="A law ends after it begins.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="label") | ~Q(listed_by=""),
                name="law_label_names_lister",
                violation_error_message="A label names whose list it is.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the law's page."""
        return reverse("law-detail", args=[self.slug])

    @property
    def is_verified(self) -> bool:
        """Tell whether someone held the row against the text of the law."""
        return self.verified_on is not None
