"""Grants of a facts file, made by columns: nearly all rows of a large file are grants, neighbours of one list."""

from functools import partial
from itertools import repeat
from operator import itemgetter

from agencies.ingest.facts_rows import Group
from agencies.ingest.facts_values import read_name
from agencies.ingest.parsed import ImportProblem, ParsedGrant, PrintedName

MOST_NAMES, MOST_STATES = 10_000, 100
"""NamesOfFile of one state, and states, that are remembered at a time."""

_grant = partial(tuple.__new__, ParsedGrant)
"""Makes a grant of its values, without the call of a Python function that ParsedGrant itself is."""

_text = itemgetter(0)


class NamesOfState(dict[str, PrintedName]):
    """Printed names by their text as it stands in a file: lists print the same few thousand again and again."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self._state = state.strip()

    def __missing__(self, text: str) -> PrintedName:
        """Make a name, without outer spaces; raises ImportProblem for one that the record can't hold."""
        if len(self) >= MOST_NAMES:
            self.clear()
        self[text] = name = read_name(text.strip(), self._state, "")
        return name


class NamesOfFile(dict[str, NamesOfState]):
    """Printed names by their state as it stands in a file."""

    def __missing__(self, state: str) -> NamesOfState:
        """Begin with the names of a state."""
        if len(self) >= MOST_STATES:
            self.clear()
        self[state] = found = NamesOfState(state)
        return found


def grants(group: Group, reported_by: str, account_status: str, names: NamesOfFile) -> list[ParsedGrant]:
    """Return the grants that rows of one list are.

    Raises ImportProblem naming row and field where a name is none that the record can hold.
    """
    try:
        grantors, grantees = (_named(group, side, names) for side in ("grantor", "grantee"))
    except ImportProblem as problem:
        raise _first_refused(group) from problem
    printed = list(map(str.strip, group.column("printed")))
    if not all(printed):
        listed = map(_text, grantors if reported_by == "grantee" else grantees)
        printed = [said or name for said, name in zip(printed, listed, strict=True)]
    locators = map(str.strip, group.column("locator"))
    values = zip(grantors, grantees, printed, locators, repeat(account_status, len(printed)), strict=True)
    return list(map(_grant, values))


def _named(group: Group, side: str, names: NamesOfFile) -> list[PrintedName]:
    """Return the names of one side of the grants."""
    texts, states = group.column(side), list(group.column(f"{side}_state"))
    if states.count(states[0]) == len(states):
        return list(map(names[states[0]].__getitem__, texts))
    return [names[state][text] for text, state in zip(texts, states, strict=True)]


def _first_refused(group: Group) -> ImportProblem:
    """Return the problem of the first row with a name that is none; there must be one."""
    columns = map(group.column, ("grantor", "grantor_state", "grantee", "grantee_state"))
    for number, cells in enumerate(zip(*columns, strict=True), start=group.number):
        grantor, grantor_state, grantee, grantee_state = map(str.strip, cells)
        try:
            read_name(grantor, grantor_state, "grantor")
            read_name(grantee, grantee_state, "grantee")
        except ImportProblem as problem:
            return problem.at("", number)
    raise ValueError("no row is to be refused")
