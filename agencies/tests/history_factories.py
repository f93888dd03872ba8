"""Copies of lists, as short as a test can say them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from agencies.models import Change, SharingList, SharingStatement, Source
from agencies.tests.factories import make_alias, make_capture, make_list, make_source, make_statement

OWNER = "Union City CA PD"


def april(day: int) -> date:
    """Return a day of April 2026."""
    return date(2026, 4, day)


def make_copy(
    day: date,
    names: Iterable[str] | Mapping[str, str] = (),
    *,
    source: Source | None = None,
    completeness: str = "complete",
    reported_by: str = "grantor",
    owner: str = OWNER,
    **capture: Any,
) -> SharingList:
    """Create a list as one capture shows it: names as printed, or names with their account status."""
    sharing_list = make_list(
        make_capture(source or make_source(), day, **capture), completeness=completeness, reported_by=reported_by
    )
    for name, status in (names if isinstance(names, Mapping) else dict.fromkeys(names, "active")).items():
        near, far = make_alias(owner), make_alias(name)
        grantor, grantee = (far, near) if reported_by == "grantee" else (near, far)
        SharingStatement.objects.create(
            statement=make_statement("sharing", sharing_list.capture, printed=name),
            sharing_list=sharing_list,
            grantor_alias=grantor,
            grantee_alias=grantee,
            account_status=status,
        )
    return sharing_list


def told(**filters: Any) -> list[tuple[Any, ...]]:
    """Return changes of lists as (day, kind, name, new name, old value, new value), in a fixed order."""
    columns = ("observed_on", "kind", "name__printed_name", "new_name__printed_name", "old_value", "new_value")
    return sorted(Change.objects.filter(**filters).values_list(*columns), key=str)
