"""Two copies of a list held against each other: by what differs, and in the plain way by all of their lines."""

import uuid
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.history.compared import step_changes
from agencies.history.differences import compare_lists
from agencies.history.drafts import Copy, Draft, Name, Subject
from agencies.history.names import Names
from agencies.history.steps import ListCopy, Step
from agencies.tests.history_factories import april

PRINTS = ("Brea CA PD", "Brea PD", "Brea CA PD [Inactive]", "Butte County SO", "Butte County CA SO", "Union City CA PD")
STATUSES = ("active", "inactive", "do_not_use")
SUBJECT = Subject(1, 2, ("flock", "configured_access", "grantor", "section"))
ALIASES = range(1, 10)

Line = tuple[int, int, str]
"""A line of a list: alias (id) of the side whose list it is, of the other side, account status."""


class Owned(NamedTuple):
    """Names listed for one agency."""

    owner: Name
    listed: dict[str, tuple[Name, str]]


def plainly(step: Step, before: list[Line], after: list[Line], names: dict[int, Name]) -> Iterator[Draft]:
    """Yield the changes of a step as one finds them who writes out both lists, sorts them and compares all names."""
    old, new = owners_of(before, names), owners_of(after, names)
    if (step.before.holds_names and not old) or (step.after.holds_names and not new):
        return
    copies = (copy_of(step.after), copy_of(step.before))
    if step.lost:
        for owned in old.values():
            yield Draft(step.lost, *copies, SUBJECT, owned.owner, old_value=len(owned.listed))
    if step.compare and len(old) == len(new) == 1:
        yield from of_owner(next(iter(old.values())), next(iter(new.values())), copies)
    elif step.compare:
        for printed in sorted(old.keys() | new.keys()):
            nobody = Owned((new.get(printed) or old[printed]).owner, {})
            yield from of_owner(old.get(printed, nobody), new.get(printed, nobody), copies)


def owners_of(lines: Iterable[Line], names: dict[int, Name]) -> dict[str, Owned]:
    """Return all names of a list by the printed name of the agency that they are listed for."""
    owners: dict[str, Owned] = {}
    for status, far, near in sorted((status, far, near) for near, far, status in lines):
        owned = owners.setdefault(names[near].printed, Owned(names[near], {}))
        owned.listed.setdefault(names[far].printed, (names[far], status))
    return owners


def of_owner(old: Owned, new: Owned, copies: tuple[Copy, Copy]) -> Iterator[Draft]:
    """Yield the changes of all names listed for an agency."""
    before, after = ({name: status for name, (_, status) in owned.listed.items()} for owned in (old, new))
    known = [name for name, _ in (*old.listed.values(), *new.listed.values()) if name.agency]
    found = compare_lists(before, after, {name.printed: name.agency for name in known if name.agency})
    yield from (Draft("added", *copies, SUBJECT, new.owner, new.listed[text][0]) for text in found.added)
    yield from (Draft("removed", *copies, SUBJECT, new.owner, old.listed[text][0]) for text in found.removed)
    for pair in found.renamed:
        yield Draft("renamed", *copies, SUBJECT, new.owner, old.listed[pair.old][0], new.listed[pair.new][0])
    for pair in found.marked:
        other = new.listed[pair.new][0] if pair.new != pair.old else None
        marks = (pair.old_status, pair.new_status)
        yield Draft("marked", *copies, SUBJECT, new.owner, old.listed[pair.old][0], other, "", *marks)


def copy_of(found: ListCopy) -> Copy:
    """Return the capture of a list."""
    return Copy(found.capture, found.capture_uuid, found.day)


def as_read(lines: Iterable[Line]) -> dict[tuple[int, str], set[int]]:
    """Return lines as they come from the record."""
    found: dict[tuple[int, str], set[int]] = {}
    for near, far, status in lines:
        found.setdefault((near, status), set()).add(far)
    return found


def list_copy(pk: int, completeness: str) -> ListCopy:
    """Return a copy of a list."""
    return ListCopy(pk, pk, str(uuid.UUID(int=pk)), april(pk), completeness)


NAMES = st.lists(
    st.tuples(st.sampled_from(PRINTS), st.sampled_from([None, None, 1, 2])),
    min_size=len(ALIASES),
    max_size=len(ALIASES),
).map(lambda rows: [Name(pk, f"uuid-{pk}", *row) for pk, row in zip(ALIASES, rows, strict=True)])
"""A few aliases: some printed the same in another context, some matched to an agency."""

NEAR, STATUS = st.sampled_from(ALIASES[:4]), st.sampled_from(STATUSES)
ONE_OWNER = NEAR.flatmap(lambda near: st.lists(st.tuples(st.just(near), st.sampled_from(ALIASES), STATUS), max_size=9))
LINES = ONE_OWNER | st.lists(st.tuples(NEAR, st.sampled_from(ALIASES), STATUS), max_size=9)
"""A list, of one owner or several; lines may stand in it twice, and all may have been withdrawn."""

STEP = st.builds(
    lambda before, after, lost, compare: Step(list_copy(1, before), list_copy(2, after), lost, compare),
    *[st.sampled_from(["complete", "complete", "empty"])] * 2,
    lost=st.sampled_from(["", "", "list_empty"]),
    compare=st.sampled_from([True, True, True, False]),
)


class StepTests(TestCase):
    """Random lists of a few names that share prints."""

    @settings(max_examples=400, deadline=None)
    @given(NAMES, STEP, LINES, LINES, st.lists(st.integers(0, 8), max_size=3), st.booleans())
    def test_what_differs_gives_the_changes_that_whole_lists_give(
        self, known: list[Name], step: Step, before: list[Line], other: list[Line], left: list[int], is_next: bool
    ) -> None:
        after = [line for index, line in enumerate(before) if index not in left] + other[:2] if is_next else other
        names = Names(known)
        found = list(step_changes(SUBJECT, step, as_read(before), as_read(after), names))
        self.assertEqual(found, list(plainly(step, before, after, names)))

    def told(self, known: list[Name], before: list[Line], after: list[Line]) -> list[tuple[str, int, int | None]]:
        """Return changes as (kind, alias of the owner, alias of the name)."""
        step = Step(list_copy(1, "complete"), list_copy(2, "complete"), "", True)
        found = step_changes(SUBJECT, step, as_read(before), as_read(after), Names(known))
        return [(draft.kind, draft.about.pk, draft.name and draft.name.pk) for draft in found]

    def test_name_that_is_also_listed_without_a_mark_by_another_alias_is_not_marked(self) -> None:
        known = [Name(1, "a", "Union City CA PD", None), *(Name(pk, str(pk), "Brea CA PD", None) for pk in (2, 3))]
        stays = (1, 3, "active")
        self.assertEqual(self.told(known, [stays, (1, 2, "active")], [stays, (1, 2, "inactive")]), [])
        self.assertEqual(self.told(known, [(1, 2, "active")], [(1, 2, "inactive")]), [("marked", 1, 2)])

    def test_owner_of_several_aliases_is_called_by_that_of_the_first_line_of_the_whole_list(self) -> None:
        known = [Name(pk, str(pk), "Union City CA PD", None) for pk in (1, 2)]
        known += [
            Name(pk, str(pk), printed, None) for pk, printed in ((3, "Brea PD"), (4, "Chico PD"), (5, "Dixon PD"))
        ]
        lines = [(2, 3, "active"), (1, 4, "active")]
        self.assertEqual(self.told(known, lines, [*lines, (1, 5, "active")]), [("added", 2, 5)])

    def test_bodies_of_one_printed_name_that_stay_as_they_are_change_nothing(self) -> None:
        known = [
            Name(pk, str(pk), "Caney PD", None, state) for pk, state in ((1, "OK"), (2, "KS"), (3, "OK"), (4, "KS"))
        ]
        known.append(Name(5, "5", "Brea PD", None, "CA"))
        lines = [(1, 3, "active"), (1, 4, "inactive"), (2, 3, "inactive"), (2, 4, "active")]
        self.assertEqual(self.told(known, lines, lines[::-1]), [])
        self.assertEqual(self.told(known, lines, [*lines, (5, 5, "active")]), [("added", 5, 5)])
