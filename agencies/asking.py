"""Whom a resident can ask about an agency, and which law opens its records."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.records_laws import FEDERAL, RecordsLaw, records_law

Words = str | Promise
Kind = Agency.Kind

WHOM: dict[str, tuple[Words, Words]] = {
    Kind.MUNICIPAL_POLICE: (
        _("the city or town council, and the chief of police"),
        _("The council usually approves the police budget and contracts, and usually meets in public."),
    ),
    Kind.SHERIFF: (
        _("the sheriff, and the county's board or commission"),
        _("In most states voters elect the sheriff, and the county's board approves the budget."),
    ),
    Kind.STATE_POLICE: (_("your state legislators, and the head of the agency"), ""),
    Kind.OTHER_STATE: (_("your state legislators, and the head of the agency"), ""),
    Kind.FEDERAL: (_("your members of Congress, and the agency's FOIA office"), ""),
    Kind.TRIBAL: (
        _("the tribe's council"),
        _("State records laws usually do not apply to a tribe: its own law decides."),
    ),
    Kind.CAMPUS: (
        _("the board of the school, college or university"),
        _("Records laws usually apply to public institutions; a private one may not have to answer."),
    ),
    Kind.TRANSIT: (_("the board of the transit agency"), ""),
    Kind.TASK_FORCE: (
        _("the agencies that run it, and the councils or boards above them"),
        _("Each member agency may hold records of its own."),
    ),
    Kind.PROSECUTOR: (_("the prosecutor, and the county's or state's body that approves the budget"), ""),
    Kind.CORRECTIONS: (_("the head of the agency, and the county board or state legislature above it"), ""),
    Kind.PRIVATE: (
        _("its board or owner"),
        _("Records laws usually do not apply to a private body. A police agency that uses its cameras can be asked."),
    ),
    Kind.OTHER: (_("the board or council above it"), ""),
}
"""For each kind of agency: whom to ask, and what to know about that; "" where there is nothing to add."""

LAWLESS = frozenset({Kind.TRIBAL, Kind.PRIVATE})
"""Kinds that a state's records law usually does not reach."""


@dataclass(frozen=True)
class Asking:
    """Whom to ask about one agency. `law` is None where none is known to apply."""

    agency: Agency
    whom: Words
    note: Words
    law: RecordsLaw | None


def asking(agency: Agency) -> Asking:
    """Return whom to ask about an agency, by its kind, and the law that opens its records."""
    whom, note = WHOM[agency.kind]
    state = FEDERAL if agency.kind == Kind.FEDERAL else agency.state
    return Asking(agency, whom, note, None if agency.kind in LAWLESS else records_law(state))


def laws_of(askings: Iterable[Asking]) -> list[RecordsLaw]:
    """Return the laws of several askings, each once, in their order."""
    return list(dict.fromkeys(one.law for one in askings if one.law))
