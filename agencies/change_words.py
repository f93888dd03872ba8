"""Sentences about changes: what the newer copy shows, and never what an agency did."""

from collections.abc import Callable, Mapping

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.changes import DocumentLine
from agencies.models import Access, AccountStatus, Change, ChangeKind, ReportedBy, Stream
from agencies.wording import day


def count_words(counts: Mapping[str, int]) -> str:
    """Return changes by kind in words, as in "3 names added, 1 no longer listed"; "" for none."""
    return ", ".join(_COUNTED[kind](counts[kind]) for kind in ChangeKind if counts.get(kind))


def _added(n: int) -> str:
    return ngettext("%(n)s name added", "%(n)s names added", n) % {"n": intcomma(n)}


def _removed(n: int) -> str:
    return ngettext("%(n)s name no longer listed", "%(n)s names no longer listed", n) % {"n": intcomma(n)}


def _renamed(n: int) -> str:
    return ngettext("%(n)s name printed differently", "%(n)s names printed differently", n) % {"n": intcomma(n)}


def _marked(n: int) -> str:
    return ngettext("%(n)s account marked differently", "%(n)s accounts marked differently", n) % {"n": intcomma(n)}


def _emptied(n: int) -> str:
    return ngettext("%(n)s list without names", "%(n)s lists without names", n) % {"n": intcomma(n)}


def _absent(n: int) -> str:
    return ngettext("%(n)s list no longer shown", "%(n)s lists no longer shown", n) % {"n": intcomma(n)}


def _facts(n: int) -> str:
    return ngettext("%(n)s fact changed", "%(n)s facts changed", n) % {"n": intcomma(n)}


_COUNTED: dict[str, Callable[[int], str]] = {
    ChangeKind.ADDED: _added,
    ChangeKind.REMOVED: _removed,
    ChangeKind.RENAMED: _renamed,
    ChangeKind.MARKED: _marked,
    ChangeKind.LIST_EMPTY: _emptied,
    ChangeKind.LIST_ABSENT: _absent,
    ChangeKind.FACT: _facts,
}


def line_words(line: DocumentLine) -> str:
    """Say what differs in a document, and from which copies."""
    words = {"counts": count_words(line.counts), "oldest": day(line.oldest), "newest": day(line.newest)}
    if line.oldest == line.newest:
        return _("%(counts)s, compared with the copy of %(newest)s") % words
    return _("%(counts)s, compared with the copies of %(oldest)s and %(newest)s") % words


def list_name(stream: Stream) -> str:
    """Name a list by what stands on it."""
    if stream.reported_by == ReportedBy.THIRD_PARTY:
        return _("Who gives whom access")
    is_grantee = stream.reported_by == ReportedBy.GRANTEE
    match stream.access:
        case Access.HOTLIST:
            return _("Who gives it a hot list") if is_grantee else _("Who gets its hot list")
        case Access.OBSERVED_SEARCH:
            return _("Whose plate reads it searched") if is_grantee else _("Who searched its plate reads")
    return _("Who gives it access to plate reads") if is_grantee else _("Who gets access to its plate reads")


def kind_words(kind: str) -> str:
    """Return the heading over changes of one kind."""
    return {
        ChangeKind.ADDED: _("Added to the list"),
        ChangeKind.REMOVED: _("No longer on the list"),
        ChangeKind.RENAMED: _("Printed differently"),
        ChangeKind.MARKED: _("Account marked differently"),
        ChangeKind.LIST_EMPTY: _("List without names"),
        ChangeKind.LIST_ABSENT: _("List no longer shown"),
        ChangeKind.FACT: _("Published facts"),
    }[ChangeKind(kind)]


def status_words(status: str) -> str:
    """Return how a document marks an account."""
    return str(AccountStatus(status).label)


def lost_words(change: Change) -> str:
    """Say that a list has no names, or is not there, and that this ends nothing."""
    number = int(change.old_value or 0)
    words = {"day": day(change.before.observed_on), "count": intcomma(number)}
    if change.kind == ChangeKind.LIST_EMPTY:
        return (
            ngettext(
                "The list is there, with no name on it. The copy of %(day)s lists %(count)s name. By itself, an empty "
                "list does not show that access has ended.",
                "The list is there, with no name on it. The copy of %(day)s lists %(count)s names. By itself, an empty "
                "list does not show that access has ended.",
                number,
            )
            % words
        )
    return (
        ngettext(
            "The document no longer shows the list. The copy of %(day)s lists %(count)s name. That a list is not "
            "published does not show that access has ended.",
            "The document no longer shows the list. The copy of %(day)s lists %(count)s names. That a list is not "
            "published does not show that access has ended.",
            number,
        )
        % words
    )


def is_certain(change: Change) -> bool:
    """Tell whether both prints of a name are matched to one agency; else they are only alike."""
    old, new = change.name, change.new_name
    decisions = [alias.decision for alias in (old, new) if alias]
    agencies = [decision.agency_id for decision in decisions if decision and decision.outcome == "matched"]
    return len(agencies) == 2 and agencies[0] == agencies[1]
