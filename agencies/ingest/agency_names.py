"""Full agency names from the FBI's two tables: "Gwinnett" of type County is the Gwinnett County Sheriff's Office."""

import re

POLICE = " Police Department"
_SAYS_WHAT_IT_IS = re.compile(r"\b(Police|Sheriff|Public Safety|Marshals?|Constable|Lighthorse)\b")
_TRIBAL_AS_PRINTED = re.compile(r"\b(Police|Lighthorse|Enforcement)\b|\bAgency$")
_STATE_FORCE = re.compile(r"^(State Highway Patrol|State Police|Highway Patrol|State Patrol|State Troopers)\b")
_STATE_GENERIC = re.compile(
    r"^(State |Department |Division |Bureau |Office of |Attorney General|Motor |Forestry |Forest |Liquor |Alcohol"
    r"|Capitol |Drug Enforcement|Wildlife|Fish and |Park |Parks |Animal |Natural Resources|General Services"
    r"|Transportation |Transit |Comptroller |Secretary |Gaming |Gambling |Securities |Environmental |Commercial "
    r"|Ports? Authority|Ports Authority|Unlawful |Enforcement Bureau|Law Enforcement Training|Taxicab)"
)
_TAIL_FIRST = {
    "Independent School District": "Independent School District",
    "Unified School District": "Unified School District",
    "Drug Task Force": "Drug Task Force",
    "Hospital District": "Hospital District",
    "Park Police": "Park Police",
    "Prosecutor": "Prosecutor's Office",
    "County Detective": "Detectives",
    "District Attorney": "District Attorney's Office",
    "County Attorney": "Attorney's Office",
    "Fire Marshal's Office": "Fire Marshal's Office",
    "Marshal's Office": "Marshal's Office",
}
"""Printed "Prosecutor: Camden County" reads "Camden County Prosecutor's Office"."""
_NEEDS_COUNTY_IN_FRONT = {"Prosecutor", "County Detective", "District Attorney", "County Attorney"}
_MISSPELT = (
    ("Annimal", "Animal"), ("Commisison", "Commission"), ("Heath and Human", "Health and Human"), ("Boro ", "Borough "),
)  # fmt: skip


def tidy(printed: str) -> str:
    """Return a printed name without doubled spaces, trailing colons and commas, and known slips of the pen."""
    name = re.sub(r"\s+", " ", printed).strip().rstrip(":, ")
    name = name.replace(POLICE * 2, POLICE)
    for wrong, right in _MISSPELT:
        name = name.replace(wrong, right)
    return name


def is_truncated(printed: str) -> bool:
    """Return whether the name of a unit is missing: the printed name stops at a colon or a comma."""
    return printed.strip().endswith((":", ","))


def choose_printed(older: str, newer: str) -> str:
    """Return the better of an agency's names in the 2018 and the 2025 table, tidied.

    The newer spelling wins ("Windsor Heights"), unless it says less than the older ("State Police:").
    """
    if not older or not newer:
        return tidy(older or newer)
    if is_truncated(newer):
        return _renamed(tidy(older), tidy(newer))
    old, new = tidy(older), tidy(newer)
    if fold(new) == fold(old.removesuffix(POLICE)):
        return new + old[len(old.removesuffix(POLICE)) :]
    return old if fold(new) in fold(old) else new


def _renamed(older: str, head: str) -> str:
    """Return "Fish and Wildlife Conservation Commission: Pasco County" for "Florida Game Commission: Pasco County".

    Only units named by their county: a campus or a park may have passed to another body.
    """
    old_head, _, unit = older.partition(":")
    is_new = fold(head) not in fold(old_head)
    return f"{head}:{unit}" if is_new and unit.endswith(" County") else older


def fold(name: str) -> str:
    """Return a name's letters and digits in lower case, for comparing spellings."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def city_stem(printed: str) -> str:
    """Return the city in a printed name: "Pinecrest" of "Village of Pinecrest Police Department, Dade County"."""
    stem = tidy(printed).split(",")[0].removesuffix(POLICE)
    return re.sub(r"^(City|Village|Borough) of (?!Angels)", "", stem)


def municipal_name(printed: str) -> str:
    """Return "Oakwood Police Department, Montgomery County" for "Oakwood, Montgomery County"."""
    if _SAYS_WHAT_IT_IS.search(printed) or printed.endswith("Department"):
        return printed
    stem, comma, county = printed.partition(", ")
    return f"{stem}{POLICE}{comma}{county}"


def county_name(printed: str, county: str) -> str:
    """Return the full name of a record of type County: a sheriff, or a county's police where it says so.

    `county` is the Census name, which says parish, and that Carson City is no county but Charles City is.
    """
    if "Police" in printed:
        return printed.split(POLICE)[0] + POLICE if POLICE in printed else printed
    stem = re.sub(r"( County)?( Sheriff's Office| Sheriff)?$", "", printed)
    if "Sheriff" in printed and "County" not in printed:
        return f"{stem} Sheriff's Office"
    if stem.endswith(" City") and county != f"{stem} County":
        return f"{stem} Sheriff's Office"
    return f"{stem} {'Parish' if county.endswith(' Parish') else 'County'} Sheriff's Office"


def state_force_name(printed: str, main_name: str, county: str) -> str:
    """Return a post's name behind its force's: "California Highway Patrol, Alameda County".

    `county` serves where the table prints no post ("State Police:").
    """
    rest = _STATE_FORCE.sub("", printed.replace(main_name, "")).strip()
    parts = [part.strip() for part in re.split(r"[:,]", rest) if part.strip()]
    if not parts and county:
        parts = [county]
    joined = ", ".join(parts)
    starts_with_unit = rest and not rest.startswith((":", ","))
    return f"{main_name}{' ' if starts_with_unit else ', ' if joined else ''}{joined}"


def other_state_name(printed: str, state_name: str, county: str, truncated: bool) -> str:
    """Return a state body's name with its state in front where the printed name is generic."""
    name = _with_unit(printed, county, truncated)
    needs_state = _STATE_GENERIC.match(name) and state_name not in name.split(", ")[0]
    return f"{state_name} {name}" if needs_state else name


def campus_name(printed: str, county: str, truncated: bool) -> str:
    """Return a campus police's name: "University of California Police Department, Berkeley".

    Where no campus is named the county tells: "Indiana University Police Department, Howard County".
    """
    head, _, campus = (part.strip() for part in printed.partition(":"))
    name = head if "Police" in head else head + POLICE
    unit = campus or (county if truncated else "")
    return f"{name}, {unit}" if unit else name


def tribal_name(printed: str) -> str:
    """Return a tribal police's name; agencies of the Bureau of Indian Affairs keep theirs."""
    return printed if _TRIBAL_AS_PRINTED.search(printed) else printed + POLICE


def other_name(printed: str, county: str, truncated: bool) -> str:
    """Return the name of a record of type Other: the place in front of a generic head, else as printed."""
    head, _, tail = (part.strip() for part in printed.partition(":"))
    if head in _TAIL_FIRST:
        return _tail_first(head, tail, county)
    name = _with_unit(printed, county, truncated)
    return name if "Police" in name or not is_school(name) else name + POLICE


def is_school(name: str) -> bool:
    """Return whether a name is a school district's or a school's."""
    return re.search(r"\b(Schools?|Board of Education)\b", name) is not None


def _tail_first(head: str, tail: str, county: str) -> str:
    label = _TAIL_FIRST[head]
    if is_school(label):
        label += POLICE
    if tail:
        return f"{tail} {label}"
    if head in _NEEDS_COUNTY_IN_FRONT and county:
        return f"{county} {label}"
    return f"{label}, {county}" if county else label


def _with_unit(printed: str, county: str, truncated: bool) -> str:
    """Return "Head: Tail" as "Head, Tail"; a unit that is not named is told by its county."""
    head, _, tail = (part.strip() for part in printed.partition(":"))
    if tail:
        return f"{head}, {tail}"
    return f"{head}, {county}" if truncated and county and county not in head else head
