"""The values of facts in words: codes of fixed categories, numbers by month, agreements."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.models import FactField

CODES: dict[str, str | Promise] = {
    # Prohibited uses.
    "immigration_enforcement": gettext_lazy("immigration enforcement"),
    "traffic_enforcement": gettext_lazy("traffic enforcement"),
    "harassment_or_intimidation": gettext_lazy("harassment or intimidation"),
    "protected_class": gettext_lazy("use based on a protected class alone"),
    "personal_use": gettext_lazy("personal use"),
    "reproductive_care": gettext_lazy("reproductive care"),
    "gender_affirming_care": gettext_lazy("gender-affirming care"),
    "out_of_state_or_federal": gettext_lazy("out-of-state or federal use"),
    "first_amendment": gettext_lazy("activity that the First Amendment protects"),
    "non_law_enforcement": gettext_lazy("use outside law enforcement"),
    # Declared limits of sharing.
    "california_only": gettext_lazy("shared with California state or local agencies only"),
    "law_enforcement_only": gettext_lazy("shared with law-enforcement agencies only"),
    "public_agencies_only": gettext_lazy("shared with public agencies only"),
    "out_of_state_not_shared": gettext_lazy("not shared out of state"),
    "federal_not_shared": gettext_lazy("not shared with federal agencies"),
    "private_not_shared": gettext_lazy("not shared with private bodies"),
    "immigration_not_shared": gettext_lazy("not shared for immigration enforcement"),
    "out_of_state_searches_prohibited": gettext_lazy("searches for other states prohibited"),
    "federal_searches_prohibited": gettext_lazy("searches for federal agencies prohibited"),
    "immigration_searches_filtered": gettext_lazy("searches about immigration filtered out"),
    "reproductive_care_searches_filtered": gettext_lazy("searches about reproductive care filtered out"),
    # Reasons of searches.
    "immigration": gettext_lazy("immigration"),
    "federal_assist": gettext_lazy("help to a federal agency"),
    "missing_person": gettext_lazy("missing person"),
    "stolen_vehicle": gettext_lazy("stolen vehicle"),
    "violence": gettext_lazy("violence"),
    "theft": gettext_lazy("theft"),
    "drugs": gettext_lazy("drugs"),
    "traffic": gettext_lazy("traffic"),
    "wanted_person": gettext_lazy("wanted person"),
    "unspecific": gettext_lazy("unspecific"),
    "number_only": gettext_lazy("a number only"),
    "not_given": gettext_lazy("no reason given"),
    "unknown": gettext_lazy("month not known"),
    "other": gettext_lazy("other"),
    # 287(g) agreements.
    "participating": gettext_lazy("participating"),
    "pending": gettext_lazy("pending"),
}
"""What stands for a category in fixed lists; a code without words is shown as it is."""

_CODED = {FactField.PROHIBITED_USES, FactField.SHARING_POLICY}


def fact_words(field: str, value: Any) -> str:
    """Return a fact's value in words; "" for null."""
    if value is None:
        return ""
    if field in _CODED and isinstance(value, list):
        return capfirst(", ".join(_code(part) for part in value))
    if field == FactField.SEARCHES_SEEN and isinstance(value, dict):
        return "; ".join(_month(month, reasons) for month, reasons in value.items())
    if field == FactField.AGREEMENTS_287G and isinstance(value, list):
        return "; ".join(_agreement(one) if isinstance(one, dict) else str(one) for one in value)
    return plain_words(value)


def plain_words(value: Any) -> str:
    """Return any value as words: yes and no, thousands parted, lists joined, an address apart; "" for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return str(intcomma(value))
    if isinstance(value, dict):
        return "; ".join(plain_words(part) for key, part in value.items() if key != "url")
    if isinstance(value, list):
        return ", ".join(plain_words(part) for part in value)
    return str(value)


def _code(code: Any) -> str:
    return str(CODES.get(code, code))


def _month(month: str, reasons: dict[str, int]) -> str:
    """Say how many searches of a month the copy shows, and how many of them are about immigration."""
    total = sum(reasons.values())
    words = {"month": _code(month), "count": intcomma(total), "immigration": intcomma(reasons.get("immigration", 0))}
    pattern = ngettext(
        "%(month)s: %(count)s search, about immigration %(immigration)s",
        "%(month)s: %(count)s searches, about immigration %(immigration)s",
        total,
    )
    return pattern % words


def _agreement(agreement: dict[str, Any]) -> str:
    """Name an agreement's model, with its state and the day of signing where they are known."""
    parts = [agreement.get("model") or _("model not given"), _code(agreement.get("status") or "")]
    signed = agreement.get("signed_on")
    parts.append(_("signed %(day)s") % {"day": signed} if signed else "")
    return ", ".join(str(part) for part in parts if part)
