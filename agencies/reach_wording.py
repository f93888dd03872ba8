"""What the ladder says (design rule 6): fixed templates by rung and state of knowledge; nothing is said in other words.

`docs/wording.md` repeats them word for word, as they were reviewed; a test holds the two together. `reach_telling.py`
fills them in.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.network.rungs import Rung, RungState

Words = str | Promise

LISTED = _("On %(day)s, %(document)s listed %(body)s as getting access to plate reads of %(agency)s.")
ASLEEP = _(
    "On %(day)s, %(document)s listed %(body)s for plate reads of %(agency)s with an inactive account: no access is "
    "claimed."
)
NO_LIST = _("Not researched: no complete list of who gets access to plate reads of %(agency)s is in the atlas.")

TEMPLATES: dict[str, Words] = {
    # 1: ICE's own records name it
    "ice_records.current": _(
        "Records of ICE released in March 2019, as reported by %(publisher)s on %(day)s, name %(agency)s as giving "
        "%(body)s access."
    ),
    "ice_records.own_list": _(
        "On %(day)s, a list kept by %(body)s and published by %(publisher)s named %(agency)s as giving it access."
    ),
    "ice_records.inactive": _(
        "On %(day)s, a list kept by %(body)s and published by %(publisher)s named %(agency)s beside an inactive "
        "account: no access is claimed."
    ),
    "ice_records.none_found": _(
        "No document found (checked %(day)s): %(agency)s is not among the names that ICE's own records in the atlas "
        "hold."
    ),
    "ice_records.none_found_partial": _(
        "No document found (checked %(day)s): of ICE's own records the atlas holds only the names that were in print, "
        "and %(agency)s is not among them."
    ),
    "ice_records.not_researched": _("Not researched: the atlas holds no records of ICE's own."),
    # 2: ICE or a part of it stands on its list
    "ice_listed.current": LISTED,
    "ice_listed.inactive": ASLEEP,
    "ice_listed.none_found": _(
        "No document found (checked %(day)s): no name on the newest complete list of who gets access to plate reads of "
        "%(agency)s is matched to ICE or a part of it."
    ),
    "ice_listed.not_researched": NO_LIST,
    # 3: CBP, Border Patrol or another part of CBP stands on its list
    "border_listed.current": LISTED,
    "border_listed.inactive": ASLEEP,
    "border_listed.none_found": _(
        "No document found (checked %(day)s): no name on the newest complete list of who gets access to plate reads of "
        "%(agency)s is matched to CBP, Border Patrol or another part of CBP."
    ),
    "border_listed.not_researched": NO_LIST,
    # 4: immigration searches are documented
    "immigration_searches.current": _(
        "%(title)s, as of %(day)s, gives immigration as the reason of searches by people at %(agency)s: %(count)s, as "
        "far as published, the newest of them in the month up to %(newest)s."
    ),
    "immigration_searches.body": _(
        "On %(day)s, %(document)s listed %(body)s as having searched plate reads of %(agency)s."
    ),
    "immigration_searches.inactive": ASLEEP,
    "immigration_searches.none_found": _(
        "No document found (checked %(day)s): in the search audit of %(agency)s, as far as it is published, no search "
        "gives immigration as its reason."
    ),
    "immigration_searches.not_researched": _("Not researched: no search audit of %(agency)s is in the atlas."),
    # 5: possible route through an agency that stands on rung 1, 2, 3 or 4
    "possible_route.current": _(
        "Possible route through %(through)s: people at %(through)s can search plate reads of %(agency)s, as "
        "%(document)s listed on %(day)s; it does not show that anyone did."
    ),
    "possible_route.inactive": _(
        "Possible route through %(through)s, as of %(day)s, with an inactive account on the way: no access is claimed."
    ),
    "possible_route.history": _(
        "A possible route through %(through)s is history: documents up to %(day)s state both of its parts. It does "
        "not show that anyone searched."
    ),
    "possible_route.counts": _(
        "Agencies listed as getting access from %(agency)s: %(all)s. With a possible route through them: %(count)s. "
        "With a complete list of their own in the atlas: %(known)s."
    ),
    "possible_route.none_found": _(
        "No document found (checked %(day)s) that makes a possible route through an agency listed as getting access "
        "from %(agency)s."
    ),
    "possible_route.not_researched": NO_LIST,
    # 6: nothing found
    "nothing_found.none_found": _(
        "No document found (checked %(day)s): no current document in the atlas lists ICE, CBP (with Border Patrol) or "
        "a part of them as getting access to plate reads of %(agency)s, documents an immigration search by its people, "
        "or makes a possible route. That is not a no."
    ),
    "nothing_found.unmatched": _(
        "Names on that list that are not matched to an agency yet, and could be any: %(count)s."
    ),
    # 7: not researched
    "not_researched.not_researched": _(
        "Not researched: no complete list of who gets access to plate reads of %(agency)s is in the atlas. That is not "
        "a no."
    ),
    "not_researched.old": _(
        "Not researched for today: the newest complete list of who gets access to plate reads of %(agency)s in the "
        "atlas is of %(day)s, more than three years ago. That is not a no."
    ),
    "not_researched.partial": _(
        "What is on record of %(agency)s comes from documents of others, or from parts of its own."
    ),
}
"""By rung and state, `rung.state`; other keys are forms of a state, or what is added to it."""

HISTORY: dict[str, Words] = {
    "ended": _("No longer listed as of %(day)s."),
    "old": _("That is more than three years ago, and no newer document in the atlas says so: it is history."),
}
"""What follows a listing that is history: its end, or its age."""

DOCUMENTS: dict[str, Words] = {
    "own_portal": _("%(agency)s's own %(network)s portal"),
    "body_portal": _("%(body)s's own %(network)s portal"),
    "records": _("records released by %(publisher)s"),
    "other": _("a document of %(publisher)s"),
    "unread": _("a document in the atlas"),
}
"""Who lists: the forms of %(document)s."""

BODIES: dict[str, Words] = {
    "ice": _("%(body)s, a part of ICE,"),
    "border": _("%(body)s, a part of CBP,"),
}
"""How a part of ICE or CBP is named, so that the exact body listed and what it belongs to are both said."""

NOTES: dict[str, Words] = {
    "disputed": _("Disputed by an answer of %(day)s."),
    "no_search": _("Being listed does not show that a search took place."),
    "not_passed_on": _(
        "Access is not passed on: %(body)s is listed for plate reads of %(through)s, not for those of %(agency)s."
    ),
    "listed": LISTED,
    "inactive": ASLEEP,
    "hot_list": _(
        "On %(day)s, %(document)s listed %(body)s as getting the hot list of %(agency)s: a hot list is no access to "
        "plate reads."
    ),
    "policy": _("%(title)s, as of %(day)s, declares of %(agency)s's sharing: %(value)s."),
    "agreement": _("%(title)s, as of %(day)s, says of %(agency)s: %(value)s."),
    "not_in_newer": _("A newer copy, of %(day)s, does not say so any more."),
    "asked_body": _("The ladder asks whether plate reads reach %(agency)s; it has no rung of its own."),
    "not_built": _("The ladder is being worked out from the newest documents. Please come back in a few minutes."),
    "place_several": _("Of the %(count)s agencies that serve %(place)s, the highest on the ladder is %(agency)s."),
    "place_not_researched": _(
        "Not researched: a complete list is in the atlas for none of the %(count)s agencies that serve %(place)s. That "
        "is not a no."
    ),
    "place_from_afar": _("%(place)s has no agency of its own in the atlas; this is about %(agency)s."),
}
"""What stands beside the rungs."""

ROUTES: dict[str, Words] = {
    "found": _(
        "Routes from %(origin)s to %(target)s in up to %(hops)s links, as of %(day)s: %(count)s. Of one link, which is "
        "access as listed: %(direct)s. Of more, which are only possible: %(possible)s."
    ),
    "none": _(
        "No route found from %(origin)s to %(target)s in up to %(hops)s links, as of %(day)s. That is not a no: routes "
        "are found only through agencies whose lists the atlas has read."
    ),
    "not_researched": _(
        "Not researched: no document in the atlas says whom %(origin)s gives access to, so no route can be found."
    ),
    "past": _("Routes that once stood, and are history or lead over an account that is inactive now: %(count)s."),
    "long": _(
        "Possible route through %(through)s: each can search plate reads of the one before it, as listed, on "
        "%(day)s or later; it does not show that anyone did, and no reads are passed on."
    ),
    "weakest": _(
        "It is as sure as its weakest link (%(ends)s, reported by %(who)s) and as old as its oldest (last seen "
        "%(day)s)."
    ),
    "targets": _("ICE, CBP (with Border Patrol) and their parts"),
}
"""What the page of routes says."""

IF_ENDED: dict[str, Words] = {
    "falls": _("%(agency)s: the highest rung would be “%(after)s” in place of “%(before)s”."),
    "more": _("Other agencies whose highest rung would be another: %(count)s."),
    "routes": _("Current routes of up to two links to ICE, CBP or a part of them that would go: %(count)s."),
    "caution": _(
        "Worked out from the documents in the atlas, as if nothing else changed; it says nothing of who searched."
    ),
}
"""What a pair's page says would change if the link ended."""

RUNGS: dict[Rung, Words] = {
    Rung.ICE_RECORDS: _("ICE's own records name it"),
    Rung.ICE_LISTED: _("ICE or a part of it stands on its list"),
    Rung.BORDER_LISTED: _("CBP or Border Patrol stands on its list"),
    Rung.IMMIGRATION_SEARCHES: _("Immigration searches are documented"),
    Rung.POSSIBLE_ROUTE: _("Possible route through another agency"),
    Rung.NOTHING_FOUND: _("No document found"),
    Rung.NOT_RESEARCHED: _("Not researched"),
}
"""The rungs by name."""

STATES: dict[RungState, Words] = {
    RungState.CURRENT: _("current"),
    RungState.INACTIVE: _("inactive account"),
    RungState.HISTORY: _("history"),
    RungState.NONE_FOUND: _("no document found"),
    RungState.NOT_RESEARCHED: _("not researched"),
    RungState.NOT_APPLICABLE: _("does not apply"),
}
"""The states of knowledge by name."""

GROUPS: dict[str, dict[str, Words]] = {
    "Rungs and states": TEMPLATES,
    "History": HISTORY,
    "Who lists": DOCUMENTS,
    "Parts of ICE and CBP": BODIES,
    "Beside the rungs": NOTES,
    "Routes": ROUTES,
    "If a link ended": IF_ENDED,
    "Names of rungs": {rung.name.lower(): words for rung, words in RUNGS.items()},
    "Names of states": {state.value: words for state, words in STATES.items()},
}
"""All of it, by the headings of `docs/wording.md`."""
