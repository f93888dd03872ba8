"""Names on an agency's lists, or beside it on others', that stand for no agency yet."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from django.urls import reverse

from agencies.models import AccountStatus, Agency, MatchDecision, Statement


class UnmatchedName(NamedTuple):
    """One name as printed, with the newest document that holds it; plain values, as there may be hundreds."""

    printed_name: str
    account_status: str
    observed_on: date
    address: str
    source: str

    @property
    def account_words(self) -> str:
        """Return how the document marks the account; "" for an active one."""
        is_active = self.account_status == AccountStatus.ACTIVE
        return "" if is_active else str(AccountStatus(self.account_status).label)


@dataclass(frozen=True)
class UnmatchedNames:
    """The names that may be shown, in order, and how many more are persons' and withheld."""

    names: list[UnmatchedName]
    persons: int


def unmatched_names(agency: Agency, side: str) -> UnmatchedNames:
    """Return the names of whom the agency gives access ("grants") or who gives it access; two queries."""
    own, far = ("grantor", "grantee") if side == "grants" else ("grantee", "grantor")
    alias = f"sharing__{far}_alias"
    rows = Statement.objects.naming(agency, own).unmatched_names(far)
    outcome, printed = f"{alias}__decision__outcome", f"{alias}__printed_name"
    columns = (printed, "sharing__account_status", "observed_on", "capture__uuid", "capture__source__title")
    found = list(rows.values_list(outcome, *columns))
    address = cache(lambda uuid: reverse("capture-detail", args=[uuid]))
    names = [
        UnmatchedName(name, status, day, address(uuid), title)
        for decided, name, status, day, uuid, title in found
        if decided != MatchDecision.Outcome.PERSON
    ]
    return UnmatchedNames(names, len(found) - len(names))
