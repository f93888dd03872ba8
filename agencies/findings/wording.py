"""What findings say: fixed templates, each with who says so and when. Never that anybody broke a law.

`docs/findings.md` repeats them word for word; a test holds the two together.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.models import AccountStatus, Finding, Law
from agencies.wording import day

TITLES: dict[str, str | Promise] = {
    "prohibited-use": gettext_lazy("Use for immigration enforcement prohibited, ICE or Border Patrol listed"),
    "sanctuary": gettext_lazy("Law of the place limits help to immigration enforcement, ICE or Border Patrol listed"),
    "state-limit": gettext_lazy("State law limits sharing, agencies elsewhere listed"),
    "retention": gettext_lazy("Reads kept longer than a law's limit"),
    "inbound-gap": gettext_lazy("Two agencies' lists disagree"),
    "inactive-portal": gettext_lazy("Portal is live, others mark the account inactive"),
    "list-fall": gettext_lazy("A list shrank by more than a third"),
}
"""What each rule looks for, in a line."""

NOT_A_SEARCH = gettext_lazy("Being listed does not show that a search took place.")

LIMITS: dict[str, str | Promise] = {
    "prohibited-use": NOT_A_SEARCH,
    "sanctuary": NOT_A_SEARCH,
    "state-limit": NOT_A_SEARCH,
    "retention": gettext_lazy("What an agency says it keeps does not show how long any one read was kept."),
    "inbound-gap": gettext_lazy(
        "The lists carry different dates, and either may be out of date. Which is right is not known."
    ),
    "inactive-portal": gettext_lazy(
        "Which is right is not known. An account can be closed and opened again between two documents."
    ),
    "list-fall": gettext_lazy(
        "Why the list shrank is not known. A name that is gone may have been removed or renamed."
    ),
}
"""What each rule does not show."""

LISTINGS = 3
"""Documents told one by one in a sentence; the rest are counted."""


def title(finding: Finding) -> str | Promise:
    """Return a finding's rule in a line."""
    return TITLES[finding.rule]


def words(finding: Finding) -> list[str]:
    """Return a finding's sentences, in order: what documents say, the law, its state, the limits, the date.

    Reads `agency`, `network` and `law.place` of the finding, which lists fetch with it.
    """
    return [*brief(finding), *limits(finding)]


def brief(finding: Finding) -> list[str]:
    """Return what documents say and the law: alone only where its state and the limits stand beside it."""
    return [*SAYS[finding.rule](finding), *([conflict(finding.law)] if finding.law else [])]


def limits(finding: Finding) -> list[str]:
    """Return what the finding does not show: whether the law's entry was verified, what rule and dates leave open."""
    dated = _("The documents speak of their own dates, up to %(day)s, not of today.") % {"day": day(finding.as_of)}
    return [*([verified_words(finding.law)] if finding.law else []), str(LIMITS[finding.rule]), dated]


def conflict(law: Law) -> str:
    """Say with what a finding may conflict, and since when it is in force."""
    named = {
        "law": f"{law.title}, {law.citation}" if law.citation else law.title,
        "place": law.place,
        "from": day(law.in_force_from),
        "limits": limits_words(law),
    }
    told = _("This may conflict with a law of %(place)s, in force from %(from)s, which limits %(limits)s: %(law)s.")
    return told % named


def verified_words(law: Law) -> str:
    """Say whether somebody held a law's row against the law, who and when."""
    if law.verified_on is None:
        return _("Not verified: nobody has held the atlas's entry on this law against the law's own text yet.")
    return _("Held against the law's own text on %(day)s by %(who)s.") % {
        "day": day(law.verified_on),
        "who": law.verified_by,
    }


def limits_words(law: Law) -> str:
    """Return what a law limits, as a list in words."""
    return get_text_list([str(Law.Limit(limit).label) for limit in law.limits], _("and"))


def _listed(finding: Finding) -> list[str]:
    """Say of each immigration body who lists it as getting access, and when."""
    listed = finding.data["listed"]
    told = [_listing(one) % _listing_words(finding, one) for one in listed[:LISTINGS]]
    if (rest := len(listed) - LISTINGS) > 0:
        more = ngettext("One more such listing stands below.", "%(count)s more such listings stand below.", rest)
        told.append(more % {"count": intcomma(rest)})
    return told


def _listing_words(finding: Finding, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "grantor": finding.agency.name,
        "grantee": one["body"],
        "publisher": one["publisher"],
        "network": one["network"],
        "day": day(date.fromisoformat(one["day"])),
    }


def _listing(one: dict[str, Any]) -> str:
    """Return the sentence for a form of document; the words are those of the evidence page of a pair."""
    match one["form"]:
        case "release":
            return _(
                "Records of ICE released in March 2019, as reported by %(publisher)s on %(day)s, "
                "name %(grantor)s as giving %(grantee)s access."
            )
        case "own_portal":
            return _("On %(day)s, %(grantor)s's own %(network)s portal listed %(grantee)s as getting access.")
        case "body_portal":
            return _("On %(day)s, %(grantee)s's own %(network)s portal listed %(grantor)s as giving it access.")
        case "records":
            return _("Records released by %(publisher)s, dated %(day)s, list %(grantor)s as giving %(grantee)s access.")
    return _("%(publisher)s, dated %(day)s, lists %(grantor)s as giving %(grantee)s access.")


def _prohibited_use(finding: Finding) -> list[str]:
    named = {
        "day": day(date.fromisoformat(finding.data["stated"])),
        "agency": finding.agency.name,
        "network": finding.network,
    }
    stated = _(
        "On %(day)s, %(agency)s's own %(network)s portal named immigration enforcement among the uses it prohibits."
    )
    return [stated % named, *_listed(finding), _("The two may not fit together.")]


def _sanctuary(finding: Finding) -> list[str]:
    return _listed(finding)


def _state_limit(finding: Finding) -> list[str]:
    data = finding.data
    named = {
        "agency": finding.agency.name,
        "oldest": day(date.fromisoformat(data["oldest"])),
        "newest": day(finding.as_of),
        "federal": intcomma(data["federal"]),
        "others": intcomma(data["other_states"]),
        "own": intcomma(data["own"]),
        "rest": intcomma(data["federal"] + data["other_states"] - data["own"]),
        "first": ", ".join(data["first"]),
    }
    told = _(
        "Documents dated %(oldest)s to %(newest)s list these as getting access to plate reads of %(agency)s: agencies "
        "of other states, %(others)s; federal agencies, %(federal)s."
    )
    who = _("On its own lists stand %(own)s of them; only documents of others list %(rest)s. Among them: %(first)s.")
    return [told % named, who % named]


def _retention(finding: Finding) -> list[str]:
    data = finding.data
    named = {
        "day": day(finding.as_of),
        "publisher": data["publisher"],
        "agency": finding.agency.name,
        "days": days_words(data["days"]),
        "limit": days_words(data["limit"]),
    }
    told = _(
        "%(publisher)s, dated %(day)s, says that %(agency)s keeps plate reads for %(days)s. The law's limit, as the "
        "atlas has it, is %(limit)s."
    )
    return [told % named]


def days_words(days: float) -> str:
    """Return a number of days in words; less than one in minutes."""
    if days < 1:
        minutes = round(days * 24 * 60)
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    shown = number_format(int(days) if days == int(days) else days, use_l10n=True, force_grouping=True)
    return ngettext("%(n)s day", "%(n)s days", round(days)) % {"n": shown}


def _inbound_gap(finding: Finding) -> list[str]:
    data = finding.data
    named = {
        "day": day(date.fromisoformat(data["day"])),
        "agency": finding.agency.name,
        "network": finding.network,
        "lacking": intcomma(data["lacking"]),
        "checked": intcomma(data["checked"]),
        "unmatched": intcomma(data["unmatched"]),
        "apart": intcomma(data["apart"]),
    }
    told = _(
        "On %(day)s, %(agency)s's own %(network)s portal listed who gives it access. Agencies whose own lists of about "
        "that time name it as getting access: %(checked)s. Missing among them on its own list: %(lacking)s. Days "
        "between two lists, at most: %(apart)s."
    )
    unmatched = _("Names on that list whose agency is not known yet, and which could be among them: %(unmatched)s.")
    return [told % named, unmatched % named]


def _inactive_portal(finding: Finding) -> list[str]:
    data = finding.data
    named = {
        "day": day(date.fromisoformat(data["day"])),
        "marked": day(date.fromisoformat(data["marked"])),
        "agency": finding.agency.name,
        "network": finding.network,
        "publisher": data["publisher"],
        "mark": AccountStatus(data["mark"]).label,
        "marks": intcomma(data["marks"]),
        "unmarked": intcomma(data["unmarked"]),
    }
    told = _(
        "On %(day)s, %(agency)s's own %(network)s portal was live and listed who gets access. On %(marked)s, "
        "%(publisher)s listed the account of %(agency)s as %(mark)s."
    )
    others = _(
        "Lists of others around that day that mark the account: %(marks)s; that name it without a mark: %(unmarked)s."
    )
    return [told % named, others % named]


def _list_fall(finding: Finding) -> list[str]:
    data = finding.data
    named = {
        "agency": finding.agency.name,
        "network": finding.network,
        "heading": data["heading"],
        "before": day(date.fromisoformat(data["before"])),
        "after": day(date.fromisoformat(data["after"])),
        "was": intcomma(data["was"]),
        "now": intcomma(data["now"]),
    }
    told = _(
        "The list “%(heading)s” that %(agency)s publishes on %(network)s held %(was)s names on %(before)s and %(now)s "
        "on %(after)s."
    )
    return [told % named]


SAYS: dict[str, Callable[[Finding], list[str]]] = {
    "prohibited-use": _prohibited_use,
    "sanctuary": _sanctuary,
    "state-limit": _state_limit,
    "retention": _retention,
    "inbound-gap": _inbound_gap,
    "inactive-portal": _inactive_portal,
    "list-fall": _list_fall,
}
"""What documents say, by rule."""
