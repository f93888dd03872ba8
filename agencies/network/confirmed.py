"""Lists that a person confirmed to be whole although they name nobody: those end links as a longer list would."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from agencies.models import ListConfirmation
from agencies.models.vocabulary import Completeness

CONFIRMABLE = (Completeness.EMPTY, Completeness.NONE)
"""What a person may confirm. An absent section is not published, and an extract never ends anything."""


def confirmations_in_force() -> QuerySet[ListConfirmation]:
    """Return the rows that say yes of a list and that no newer row about it takes back."""
    newer = ListConfirmation.objects.filter(sharing_list=OuterRef("sharing_list"), pk__gt=OuterRef("pk"))
    in_force = ListConfirmation.objects.filter(~Exists(newer), is_confirmed=True)
    return in_force.filter(sharing_list__completeness__in=CONFIRMABLE).order_by()


def confirmed_lists() -> QuerySet[Any]:
    """Return the ids of confirmed lists, to be used as a subquery."""
    return confirmations_in_force().values("sharing_list")
