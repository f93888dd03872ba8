"""Query parameters are taken exactly or refused: none is ignored in silence."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.request import Request
from rest_framework.views import APIView

from api.errors import InvalidParameters


def check_parameters(given: QueryDict, allowed: Iterable[str]) -> None:
    """Raise InvalidParameters where one is unknown, empty, or given twice."""
    allowed = set(allowed)
    problems: dict[str, list[str]] = {}
    for name, values in given.lists():
        if name not in allowed:
            problems[name] = ["Unknown parameter."]
        elif len(values) > 1:
            problems[name] = ["Given more than once."]
        elif not values[0]:
            problems[name] = ["Empty: leave the parameter out, or give it a value."]
    if problems:
        raise InvalidParameters(problems, allowed)


def _messages(filterset: FilterSet) -> dict[str, list[str]]:
    """Return what is wrong with each value; a value outside of a short list is told the list."""
    found: dict[str, list[str]] = {}
    for name, messages in filterset.form.errors.items():
        choices = [str(value) for value, _ in getattr(filterset.filters[name], "extra", {}).get("choices", ())]
        found[name] = [f"One of: {', '.join(choices)}."] if choices else [str(message) for message in messages]
    return found


class StrictFilterBackend(DjangoFilterBackend):
    """Filter by the view's FilterSet; values that do not fit are refused by name."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """Return the rows that pass; without a filter in the address no form is built."""
        filters = getattr(view, "filterset_class", None)
        if filters is None or not filters.base_filters.keys() & request.query_params.keys():
            return queryset
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise InvalidParameters(_messages(filterset))
        return filterset.qs
