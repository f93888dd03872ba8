"""Sentences about single statements and lists, in the words that the rules of truth allow."""

from collections.abc import Sequence
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.federal import ICE_2019
from agencies.models import Access, Agency, Capture, Completeness, Place, SharingLink, Source, Statement, Stream
from agencies.summaries import AgencySummary, ListSummary


def day(value: date | None) -> str:
    """Return a date as in "23 April 2026" or "23 de abril de 2026"; "" for none."""
    return date_format(value, "DATE_FORMAT") if value else ""


def document(capture: Capture) -> str:
    """Name the document of a capture, as in "Flock Safety portal of Union City, 23 April 2026"."""
    return _("%(title)s, %(day)s") % {"title": capture.source.title, "day": day(capture.observed_on)}


def statement_sentence(statement: Statement, grantor: Agency, grantee: Agency) -> str:
    """Say what one sharing statement says of a pair, who says it and when."""
    stream = statement.sharing.sharing_list.stream
    source = statement.capture.source
    words = {
        "grantor": grantor.name,
        "grantee": grantee.name,
        "publisher": source.publisher,
        "network": stream.network.name,
        "day": day(statement.observed_on),
    }
    if stream.section == ICE_2019:
        return (
            _(
                "Records of ICE released in March 2019, as reported by %(publisher)s on %(day)s, "
                "name %(grantor)s as giving %(grantee)s access."
            )
            % words
        )
    return _pattern(source, stream) % words


def _pattern(source: Source, stream: Stream) -> str:
    """Return the sentence for a kind of source, a kind of access, and the side that publishes the list."""
    if stream.access == Access.HOTLIST:
        return _("%(publisher)s, dated %(day)s, lists %(grantor)s as giving %(grantee)s its hot list.")
    if stream.access == Access.OBSERVED_SEARCH:
        return _("%(publisher)s, dated %(day)s, lists %(grantee)s as having searched plate reads of %(grantor)s.")
    if source.kind == Source.Kind.PORTAL and stream.reported_by == "grantor":
        return _("On %(day)s, %(grantor)s's own %(network)s portal listed %(grantee)s as getting access.")
    if source.kind == Source.Kind.PORTAL and stream.reported_by == "grantee":
        return _("On %(day)s, %(grantee)s's own %(network)s portal listed %(grantor)s as giving it access.")
    if source.kind == Source.Kind.FOIA:
        return _("Records released by %(publisher)s, dated %(day)s, list %(grantor)s as giving %(grantee)s access.")
    return _("%(publisher)s, dated %(day)s, lists %(grantor)s as giving %(grantee)s access.")


def link_sentence(link: SharingLink) -> str:
    """Say where a link stands, with its date; "listed" is never said without one."""
    if link.status == SharingLink.Status.INACTIVE:
        return _("listed as inactive as of %(day)s") % {"day": day(link.inactive_as_of)}
    if link.status == SharingLink.Status.ENDED:
        return _("no longer listed as of %(day)s") % {"day": day(link.ended_as_of)}
    return _("listed on %(day)s") % {"day": day(link.last_seen)}


def pair_answer(told: str, link: SharingLink | None, disputed_on: date | None) -> str:
    """Add to a sentence about a pair what may not be missing where it is read alone: its end, its denial, its limit."""
    sentences = [told]
    if link and link.status != SharingLink.Status.LISTED:
        sentences.append(f"{capfirst(link_sentence(link))}.")
    if disputed_on:
        sentences.append(_("Disputed by an answer of %(day)s.") % {"day": day(disputed_on)})
    return " ".join([*sentences, _("Being listed does not show that a search took place.")])


def own_list_sentence(found: ListSummary, agency: Agency) -> str:
    """Say what the newest copy of one of an agency's own lists shows."""
    capture, stream = found.capture, found.sharing_list.stream
    is_portal = capture.source.kind == Source.Kind.PORTAL
    words = {
        "day": day(capture.observed_on),
        "agency": agency.name,
        "publication": _("%(network)s portal") % {"network": stream.network.name} if is_portal else _("report"),
        "heading": found.sharing_list.heading or stream.section,
        "count": intcomma(found.names.active),
    }
    if stream.access != Access.CONFIGURED:
        pattern = ngettext(
            "As of %(day)s, the list “%(heading)s” in %(agency)s's own %(publication)s holds %(count)s name.",
            "As of %(day)s, the list “%(heading)s” in %(agency)s's own %(publication)s holds %(count)s names.",
            found.names.active,
        )
        return pattern % words
    is_receiving = stream.reported_by == "grantee"
    return (_receiving_pattern(found) if is_receiving else _granting_pattern(found)) % words


def _granting_pattern(found: ListSummary) -> str:
    """Return the sentence for a list of whom the agency gives access."""
    match found.sharing_list.completeness:
        case Completeness.ABSENT:
            return _(
                "As of %(day)s, %(agency)s's own %(publication)s has no section that says who gets access to its "
                "plate reads."
            )
        case Completeness.EMPTY:
            return _(
                "As of %(day)s, %(agency)s's own %(publication)s has a list of who gets access to its plate reads, "
                "with no name on it."
            )
        case Completeness.NONE:
            return _("As of %(day)s, %(agency)s's own %(publication)s says that nobody gets access to its plate reads.")
        case Completeness.EXTRACT:
            return _(
                "The atlas holds an extract of %(agency)s's own %(publication)s as of %(day)s; organizations listed in "
                "it as getting access to its plate reads: %(count)s."
            )
    return ngettext(
        "As of %(day)s, %(agency)s's own %(publication)s lists %(count)s organization that gets access to its "
        "plate reads.",
        "As of %(day)s, %(agency)s's own %(publication)s lists %(count)s organizations that get access to its "
        "plate reads.",
        found.names.active,
    )


def _receiving_pattern(found: ListSummary) -> str:
    """Return the sentence for a list of who gives the agency access."""
    match found.sharing_list.completeness:
        case Completeness.ABSENT:
            return _("As of %(day)s, %(agency)s's own %(publication)s has no section that says who gives it access.")
        case Completeness.EMPTY:
            return _(
                "As of %(day)s, %(agency)s's own %(publication)s has a list of who gives it access, with no name on it."
            )
        case Completeness.NONE:
            return _("As of %(day)s, %(agency)s's own %(publication)s says that nobody gives it access.")
        case Completeness.EXTRACT:
            return _(
                "The atlas holds an extract of %(agency)s's own %(publication)s as of %(day)s; organizations listed in "
                "it as giving it access: %(count)s."
            )
    return ngettext(
        "As of %(day)s, %(agency)s's own %(publication)s lists %(count)s organization that gives it access.",
        "As of %(day)s, %(agency)s's own %(publication)s lists %(count)s organizations that give it access.",
        found.names.active,
    )


def granting_sentence(summary: AgencySummary) -> str:
    """Say whom an agency gives access, by its newest own list, else by others' documents, else that none says."""
    agency, grants = summary.agency, summary.grants
    if summary.granting:
        return own_list_sentence(summary.granting[0], agency)
    words = {"agency": agency.name, "count": intcomma(grants.agencies), "day": day(grants.newest)}
    if not grants.total:
        return _("Not researched: no document in the atlas says whom %(agency)s gives access to.") % words
    if not grants.agencies:
        return (
            _(
                "No list of its own is in the atlas. Documents of others, the newest dated %(day)s, name %(agency)s, "
                "but none of the newest lists an active account that gets access from it."
            )
            % words
        )
    return (
        ngettext(
            "No list of its own is in the atlas. Documents of others, the newest dated %(day)s, name %(agency)s as "
            "giving access to %(count)s agency.",
            "No list of its own is in the atlas. Documents of others, the newest dated %(day)s, name %(agency)s as "
            "giving access to %(count)s agencies.",
            grants.agencies,
        )
        % words
    )


def serving_sentence(place: Place, own: Sequence[AgencySummary], is_served_from_afar: bool) -> str:
    """Say what a place's page says first: whom its one agency gives access, else how many agencies serve it.

    `own` are the place's own agencies; without any, its sheriff and state police may serve it from afar.
    """
    if len(own) == 1:
        return granting_sentence(own[0])
    words = {"place": place, "count": len(own)}
    if own:
        return ngettext("1 agency serves %(place)s.", "%(count)s agencies serve %(place)s.", len(own)) % words
    if is_served_from_afar:
        return (
            _(
                "The atlas knows of no agency of %(place)s's own. Its county's sheriff and the state police are shown "
                "instead."
            )
            % words
        )
    return _("The atlas knows of no agency that serves %(place)s. That is a gap in the atlas.") % words


def state_sentence(place: Place, agencies: int, researched: int) -> str:
    """Say what a state's page says first: how many of its agencies are researched."""
    words = {"place": place, "all": intcomma(agencies), "known": intcomma(researched)}
    return (
        _(
            "Researched: %(known)s of the %(all)s agencies in %(place)s. For these a document in the atlas bears on "
            "whom they give access to their plate reads."
        )
        % words
    )
