"""The kind of an agency, from the FBI's type of record and its name."""

import re

_BY_TYPE = {
    "City": "municipal_police",
    "County": "sheriff",
    "State Police": "state_police",
    "Other State Agency": "other_state",
    "University or College": "campus",
    "Tribal": "tribal",
    "Federal": "federal",
    "Other": "other",
}
_BY_NAME = (
    ("task_force", r"Task Force|Strike Force|HIDTA|Narcotics (Unit|Enforcement Team)|Drug (Unit|Squad|Enforcement"
     r"(?! Agency| Administration))|Enforcement Narcotics|Enforcement Network|Enforcement Team|Gang Unit"
     r"|Multi-Jurisdictional|Drug and Violent Crime|Unit for Special Investigations"),
    ("corrections", r"\bCorrections?\b|Correctional|Criminal Justice, |Department of Criminal Justice|\bJail\b"
     r"|Probation|Criminal Justice Authority"),
    ("prosecutor", r"Prosecutor|District Attorney|Attorney General|State Attorney|County Attorney|County Detective"
     r"|Detectives$"),
    ("campus", r"\bSchools?\b|Board of Education|Putnam City Campus|Colbert Campus|\bUniversity of\b"),
    ("transit", r"Railroad|Railway|Amtrak|\bCSX\b|\bMetra\b|Transit\b|Rapid Transit|Transportation (Authority|District"
     r"|Services Bureau)|Commuter|Airport|Aviation|\bPorts?\b(?! Mansfield)|Bridge Commission|River and Bay Authority"
     r"|Public Railways"),
)  # fmt: skip
_NAMED = [(kind, re.compile(pattern)) for kind, pattern in _BY_NAME]
_SORTED_BY_NAME = {"Other", "Other State Agency"}
"""The FBI's catch-all types. "Transit" takes in railroads, airports, ports and bridges: all that police transport."""
_NOT_SCHOOLS = re.compile(r"Hospitals?\b|Public Safety Training|Health")
_TERRITORY_FORCE = re.compile(r"^(Puerto Rico|Guam|U\.S\. Virgin Islands)")


def kind_of(fbi_type: str, name: str) -> str:
    """Return the kind for a type of FBI record and a full name. Raises KeyError for a type the FBI doesn't use."""
    if fbi_type in {"City", "County"} and "Sheriff" in name:
        return "sheriff"
    if fbi_type == "County" and "Police" in name:
        return "municipal_police"
    if fbi_type in _SORTED_BY_NAME:
        return _kind_by_name(name) or _BY_TYPE[fbi_type]
    return _BY_TYPE[fbi_type]


def _kind_by_name(name: str) -> str:
    if _TERRITORY_FORCE.match(name):
        return "state_police"
    for kind, pattern in _NAMED:
        if pattern.search(name) and not (kind == "campus" and _NOT_SCHOOLS.search(name)):
            return kind
    return ""
