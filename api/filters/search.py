"""Search by words of a name."""

from typing import Any

from django.db.models import QuerySet

from agencies.folding import fold


def with_words(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Keep rows whose folded name holds every word of `text`, in any order; text without a word keeps none."""
    words = fold(text).split()
    if not words:
        return queryset.none()
    for word in words:
        queryset = queryset.filter(search_key__contains=word)
    return queryset
