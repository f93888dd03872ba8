"""Names as sharing lists print them: cutting a list into names, their status marks, the state they carry."""

import re

_CODES = (
    "AL AK AZ AR CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT "
    "NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VT WA WI WV WY"
)
US_STATES = frozenset(_CODES.split())
"""USPS codes of the states, the District of Columbia and Puerto Rico."""

_SECOND_READINGS = frozenset({"CO", "SD"})
"""Codes that these names also use for something else: "Co" for county, "SD" for sheriff's department."""

_TAIL_OF_A_NAME = re.compile(
    r"(?:LLC|L\.L\.C\.|Inc\.?|Ltd\.?|Corp\.?)$"  # a company's form: "CA - Topgolf USA El Segundo, LLC"
    r"|(?:Precinct|Pct\.?)\s*\d",  # a constable's precinct: "Montgomery County Constable, Precinct 1 (TX)"
    re.IGNORECASE,
)
"""A fragment that no body is named by: it ends the name before it, which holds a comma."""

_CAMPUS_SYSTEMS = frozenset({"University of California"})
"""University systems printed "System, Campus"; the campus alone ("Berkeley") would read as a city."""

_STATUS_MARKS = (
    ("do_not_use", re.compile(r"\bDNU\b|\b(?:do not|don.?t|not) use|\bnot (?:in )?used?\b|\bdelete\b", re.IGNORECASE)),
    ("turned_off", re.compile(r"\bturned off\b", re.IGNORECASE)),
    ("deactivated", re.compile(r"\b(?:deactivated|decommissioned)\b", re.IGNORECASE)),
    ("inactive", re.compile(r"\binactive\b|\brevoked\b", re.IGNORECASE)),
)
"""Account status and the marks that print it; the first that stands in the name counts."""


def clean(text: str) -> str:
    """Return a printed text without outer and doubled white space; nothing else is changed."""
    return " ".join(text.split())


def split_names(text: str) -> list[str]:
    """Return the names of a comma-separated list in their order, with repeats.

    A name may hold a comma. Four rules put such a name together again, each seen on real portals:
    a company's form ("..., LLC"), a constable's precinct ("..., Precinct 1 (TX)"), a bracket still open
    ("Miami Dade (Duplicate, don't use)"), and a campus after its university system ("University of California,
    Berkeley"). Empty fragments are dropped.
    """
    names: list[str] = []
    for fragment in map(clean, text.split(",")):
        if not fragment:
            continue
        if names and _belongs_to(names[-1], fragment):
            names[-1] = f"{names[-1]}, {fragment}"
        else:
            names.append(fragment)
    return names


def _belongs_to(name: str, fragment: str) -> bool:
    """Tell whether a fragment is the rest of the name before it."""
    return (
        bool(_TAIL_OF_A_NAME.match(fragment))
        or any(name.count(opened) > name.count(closed) for opened, closed in ("()", "[]"))
        or (name in _CAMPUS_SYSTEMS and len(fragment.split()) <= 2)
    )


def account_status(name: str) -> str:
    """Return the state of an account as the marks in its printed name give it: a value of AccountStatus."""
    return next((status for status, mark in _STATUS_MARKS if mark.search(name)), "active")


def state_in_name(name: str) -> str:
    """Return the USPS code that stands in a printed name as a word in capitals, or "" when there is none.

    Of several codes the last counts, except that "CO" and "SD" give way to any other.
    """
    codes = [word for word in re.findall(r"[A-Za-z]+", name) if word in US_STATES]
    plain = [code for code in codes if code not in _SECOND_READINGS]
    return (plain or codes or [""])[-1]
