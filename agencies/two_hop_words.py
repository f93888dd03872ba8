"""What the network view says of an agency's or a place's surroundings; its exports say the same."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from agencies.link_filter import GRANTS, LISTED, LinkFilter, LinkFilterForm
from agencies.models import Access, Agency, Network
from agencies.two_hops import Layers, Subject
from agencies.wording import day


def subject_name(subject: Subject) -> str:
    """Name the subject in a sentence."""
    if isinstance(subject.body, Agency):
        return str(subject.body)
    return _("the agencies of %(place)s") % {"place": subject.body}


def title(subject: Subject, chosen: LinkFilter) -> str:
    """Name the view."""
    words = {"name": subject_name(subject)}
    if not _is_listed(chosen):
        if chosen.direction == GRANTS:
            return _("Links on record from %(name)s, and from those in turn") % words
        return _("Links on record to %(name)s, and to those in turn") % words
    if chosen.direction == GRANTS:
        return _("Who gets access from %(name)s, and from those in turn") % words
    return _("Who gives access to %(name)s, and to those in turn") % words


def whole_title(subject: Subject | None) -> str:
    """Name both directions of a view, or the whole record."""
    if subject is None:
        return _("Sharing links on record")
    return _("Who gives access to %(name)s and gets it, and who to and from those") % {"name": subject_name(subject)}


def legend() -> str:
    """Say how a diagram is read."""
    return _(
        "Arrows lead from who gives access to who gets it; broken ones are links that are inactive, no longer listed, "
        "or last seen more than three years ago. A double frame marks a federal agency."
    )


def not_passed_on() -> str:
    """Say what a chain of links does not mean."""
    return _(
        "Access is not passed on: that one agency gives another access does not give a third any. Being listed does "
        "not show that a search took place."
    )


def _is_listed(chosen: LinkFilter) -> bool:
    """Tell whether what is shown may be called listed; what once was is only on record."""
    return chosen.status == LISTED and chosen.as_of is None


def headings(subject: Subject, chosen: LinkFilter) -> tuple[str, str]:
    """Return what stands above those one and two links away."""
    words = {"name": subject_name(subject)}
    if not _is_listed(chosen):
        if chosen.direction == GRANTS:
            return _("1 link: on record from %(name)s") % words, _("2 links: on record from those")
        return _("1 link: on record to %(name)s") % words, _("2 links: on record to those")
    if chosen.direction == GRANTS:
        first = _("1 link: listed as getting access from %(name)s")
        return first % words, _("2 links: listed as getting access from those")
    first = _("1 link: listed as giving access to %(name)s")
    return first % words, _("2 links: listed as giving access to those")


def lead(subject: Subject, chosen: LinkFilter, found: Layers) -> str:
    """Say how many agencies are one and two links away, out of how many that anything is known of."""
    words = {
        "name": subject_name(subject),
        "near": intcomma(len(found.fitting)),
        "far": intcomma(len(found.far)),
        "known": intcomma(found.known),
        "days": _days(found),
    }
    if not found.fitting:
        first = _("No agency one link away fits these filters.")
    else:
        first = _lead_listed(chosen) if _is_listed(chosen) else _lead_on_record(chosen)
    return f"{first} {_lead_second(chosen)}" % words


def _lead_second(chosen: LinkFilter) -> str:
    """Return the sentence on those two links away."""
    if chosen.asks_of_partner:
        return _("Two links away, through agencies in between of whatever kind: %(far)s more.")
    if chosen.direction == GRANTS:
        return _("Of these, %(known)s have links to others on record in turn; two links away are %(far)s more.")
    return _("Of these, %(known)s have links from others on record in turn; two links away are %(far)s more.")


def _days(found: Layers) -> str:
    """Say when the first links were last seen."""
    if found.oldest == found.newest:
        return day(found.newest)
    return _("%(first)s to %(last)s") % {"first": day(found.oldest), "last": day(found.newest)}


def _lead_listed(chosen: LinkFilter) -> str:
    """Return the first sentence on links that are listed."""
    if chosen.direction == GRANTS:
        return _("Agencies listed, when last seen (%(days)s), as getting access from %(name)s: %(near)s.")
    return _("Agencies listed, when last seen (%(days)s), as giving access to %(name)s: %(near)s.")


def _lead_on_record(chosen: LinkFilter) -> str:
    """Return the first sentences on links of any other status, or of a day."""
    if chosen.direction == GRANTS:
        first = _(
            "Agencies with a link from %(name)s on record that fits these filters (last seen %(days)s): %(near)s."
        )
    else:
        first = _("Agencies with a link to %(name)s on record that fits these filters (last seen %(days)s): %(near)s.")
    return f"{first} {_('A link that is inactive or no longer listed claims no access.')}"


def caveat(subject: Subject, chosen: LinkFilter) -> str:
    """Say what two links do not mean."""
    words = {"name": subject_name(subject)}
    if chosen.direction == GRANTS:
        return (
            _(
                "Access is not passed on. Who is two links away gets no access to plate reads of %(name)s by that: "
                "only people one link away can search those, as far as they are listed."
            )
            % words
        )
    return (
        _(
            "Access is not passed on. %(name)s gets no access to plate reads of who is two links away by that: "
            "only people one link away can search those, as far as they are listed."
        )
        % words
    )


def nothing(subject: Subject, chosen: LinkFilter) -> str:
    """Say that no link fits, which is not a no."""
    return _("No link on record fits. Most agencies are not researched yet, so this is not a no about %(name)s.") % {
        "name": subject_name(subject)
    }


def filters(chosen: LinkFilter) -> str:
    """Say which links and agencies are kept, in the words of the form."""
    form = LinkFilterForm({})
    told = []
    for name in ("direction", "status", "access", "kind", "federal", "state"):
        if value := getattr(chosen, name):
            choices = dict(form.fields[name].choices)  # type: ignore[attr-defined]
            told.append(f"{form.fields[name].label}: {choices[value]}")
    if chosen.network:
        network = Network.objects.get(slug=chosen.network)
        told.append(f"{form.fields['network'].label}: {network.name}")
    if not chosen.access:
        told.append(_("%(hot)s left out") % {"hot": Access.HOTLIST.label})
    if chosen.as_of:
        told.append(_("links as of %(day)s") % {"day": day(chosen.as_of)})
    return "; ".join(told)
