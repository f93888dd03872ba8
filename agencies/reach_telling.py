"""The ladder in words: each rung's sentences, with the documents and answers that they stand on.

Only fills in the templates of `reach_wording.py`. Nothing here asks the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma

from agencies.fact_words import fact_words
from agencies.federal import ICE_2019
from agencies.models import AccountStatus, Agency, Answer, AnswerEffect, Capture, SharingLink, Source, Statement
from agencies.network.bodies import ROOTS
from agencies.network.graph import ACCESS, HOTLIST, OBSERVED
from agencies.network.hops import Hop
from agencies.network.rungs import STATES, Rung, RungState
from agencies.network.steps import Chain, Ladder, PlaceLadder, Searches, Step
from agencies.reach_wording import BODIES, DOCUMENTS, HISTORY, NOTES, TEMPLATES
from agencies.wording import day

SOUGHT = (Rung.ICE_RECORDS, Rung.ICE_LISTED, Rung.BORDER_LISTED, Rung.IMMIGRATION_SEARCHES, Rung.POSSIBLE_ROUTE)
"""The rungs that each ladder tells of; 6 and 7 only where they are the answer."""
PART_OF = {Rung.ICE_RECORDS: "ice", Rung.ICE_LISTED: "ice", Rung.BORDER_LISTED: "border"}
FIRST = 2
"""Bodies told one by one in the answer; the rungs below name all."""


@dataclass(frozen=True)
class Told:
    """One sentence or some that belong together, the document behind them, the pair they are about, and the answers."""

    text: str
    capture: Capture | None = None
    hop: Hop | None = None
    answers: tuple[Answer, ...] = ()


def body_words(body: Agency, rung: Rung) -> str:
    """Name the exact body listed, and what it is a part of."""
    whole = PART_OF.get(rung)
    if whole is None or body.slug in ROOTS:
        return body.name
    return str(BODIES[whole]) % {"body": body.name}


def document_words(hop: Hop, statement: Statement | None) -> str:
    """Say who lists: whose portal, or whose records or document."""
    if statement is None:
        return str(DOCUMENTS["unread"])
    source, reported_by = statement.capture.source, statement.sharing.sharing_list.stream.reported_by
    kind = {Source.Kind.PORTAL: "portal", Source.Kind.FOIA: "records"}.get(Source.Kind(source.kind), "other")
    if kind == "portal":
        kind = {"grantor": "own_portal", "grantee": "body_portal"}.get(reported_by, "other")
    named = {"agency": hop.grantor.name, "body": hop.grantee.name, "network": hop.network.name}
    return str(DOCUMENTS[kind]) % {**named, "publisher": source.publisher}


def listing(hop: Hop, rung: Rung) -> Told:
    """Say what the newest statement behind a link says of it, with its end or age, and the denials of it."""
    statement = hop.statements[0] if hop.statements else None
    words = {
        "day": day(statement.observed_on if statement else hop.last_seen),
        "document": document_words(hop, statement),
        "body": body_words(hop.grantee, rung),
        "agency": hop.grantor.name,
        "publisher": statement.capture.source.publisher if statement else "",
    }
    sentences = [str(TEMPLATES[_listing_key(hop, rung, statement)]) % words, *_history(hop), *_denials(hop.answers)]
    return Told(" ".join(sentences), statement.capture if statement else None, hop, hop.answers)


def _listing_key(hop: Hop, rung: Rung, statement: Statement | None) -> str:
    """Return which template says what a statement says."""
    name = rung.name.lower()
    if _is_inactive(hop, statement):
        return f"{name}.inactive"
    if rung == Rung.ICE_RECORDS and not (statement and statement.sharing.sharing_list.stream.section == ICE_2019):
        return f"{name}.own_list" if statement else "ice_listed.current"
    if rung == Rung.IMMIGRATION_SEARCHES:
        return f"{name}.body"
    return f"{name}.current"


def _is_inactive(hop: Hop, statement: Statement | None) -> bool:
    """Tell whether the newest document marks the account, so that it claims no access."""
    if statement is None:
        return hop.status == SharingLink.Status.INACTIVE
    return statement.sharing.account_status != AccountStatus.ACTIVE


def _history(hop: Hop) -> list[str]:
    """Say why a listing is history; nothing of one that is not."""
    if hop.state != RungState.HISTORY:
        return []
    if hop.is_old or hop.closed_on is None:
        return [str(HISTORY["old"])]
    return [str(HISTORY["ended"]) % {"day": day(hop.closed_on)}]


def _denials(answers: Iterable[Answer]) -> list[str]:
    """Say that it is disputed, and when last."""
    denied = [answer.statement.observed_on for answer in answers if answer.effect == AnswerEffect.DENIES]
    return [str(NOTES["disputed"]) % {"day": day(max(denied))}] if denied else []


def _searches(found: Searches, agency: Agency) -> Told:
    """Say what a published audit documents."""
    capture = found.statement.capture
    text = str(TEMPLATES["immigration_searches.current"]) % {
        "title": capture.source.title,
        "day": day(found.statement.observed_on),
        "agency": agency.name,
        "count": intcomma(sum(found.months.values())),
        "newest": day(found.newest),
    }
    aged = [str(HISTORY["old"])] if found.state == RungState.HISTORY else []
    return Told(" ".join([text, *aged]), capture)


def _chain(chain: Chain) -> list[Told]:
    """Say of a possible route through whom it leads, and on what each of its parts stands."""
    statement = chain.hop.statements[0] if chain.hop.statements else None
    is_current = chain.state == RungState.CURRENT
    words = {
        "through": chain.through.name,
        "agency": chain.hop.grantor.name,
        "document": document_words(chain.hop, statement),
        "day": day(statement.observed_on if statement and is_current else chain.seen_on),
    }
    route = Told(str(TEMPLATES[f"possible_route.{chain.state.value}"]) % words)
    if is_current:
        route = replace(
            route, capture=statement.capture if statement else None, hop=chain.hop, answers=chain.hop.answers
        )
    near = [route] if is_current else [route, plain_listing(chain.hop)]
    return [*near, listing(chain.onward, chain.rung)] if chain.onward else near


def _counts(step: Step, agency: Agency) -> list[Told]:
    """Say through how many of how many agencies possible routes lead, and how many of these were researched."""
    via = step.through
    if via is None or not via.grantees:
        return []
    words = {
        "agency": agency.name,
        "all": intcomma(via.grantees),
        "count": intcomma(via.current),
        "known": intcomma(via.researched),
    }
    return [Told(str(TEMPLATES["possible_route.counts"]) % words)]


def tell(step: Step, ladder: Ladder) -> list[Told]:
    """Return all that is said of a rung: its evidence, else what was looked through and when, else that none was."""
    agency = ladder.agency
    if step.state in STATES:
        found = [listing(hop, step.rung) for hop in step.hops]
        found += [_searches(searches, agency) for searches in step.searches]
        chains = step.through.best[:1] if step.through else ()
        return [*found, *(told for chain in chains for told in _chain(chain)), *_counts(step, agency)]
    return [Told(_absence(step, agency)), *_added(step, agency)]


def _absence(step: Step, agency: Agency) -> str:
    """Say what was looked through without finding any, or that nothing was."""
    key = f"{step.rung.name.lower()}.{step.state.value}"
    if step.rung == Rung.ICE_RECORDS and step.state == RungState.NONE_FOUND and step.is_partial:
        key += "_partial"
    if step.rung == Rung.NOT_RESEARCHED and step.checked_on:
        key = "not_researched.old"
    return str(TEMPLATES[key]) % {"agency": agency.name, "day": day(step.checked_on)}


def _added(step: Step, agency: Agency) -> list[Told]:
    """Return what may not be missing beside "nothing found" and "not researched"."""
    if step.rung == Rung.POSSIBLE_ROUTE and step.state == RungState.NONE_FOUND:
        return _counts(step, agency)
    if step.rung == Rung.NOTHING_FOUND and (unmatched := sum(found.names.unmatched for found in step.lists)):
        return [Told(str(TEMPLATES["nothing_found.unmatched"]) % {"count": intcomma(unmatched)})]
    if step.rung == Rung.NOT_RESEARCHED and step.is_partial:
        return [Told(str(TEMPLATES["not_researched.partial"]) % {"agency": agency.name})]
    return []


def told_steps(ladder: Ladder) -> list[Step]:
    """Return the rungs that are told: 1 to 5, and the answer where it is another."""
    return [step for step in ladder.steps if step.rung in SOUGHT or step.rung == ladder.top]


def answer(ladder: Ladder) -> str:
    """Return the answer to "does it reach ICE?": the highest current rung, and a higher one that is not current."""
    if ladder.top is None or ladder.top_step is None:
        return str(NOTES["asked_body"]) % {"agency": ladder.agency.name}
    steps = [ladder.top_step]
    if ladder.past_step and ladder.past_step.rung < ladder.top:
        steps.append(ladder.past_step)
    sentences = [told.text for step in steps for told in _shortened(step, ladder)]
    if any(step.state in STATES and step.rung != Rung.IMMIGRATION_SEARCHES for step in steps):
        sentences.append(str(NOTES["no_search"]))
    return " ".join(sentences)


def _shortened(step: Step, ladder: Ladder) -> list[Told]:
    """Return what the answer says of a rung: its first bodies; of a possible route all."""
    told = tell(step, ladder)
    if step.rung == Rung.POSSIBLE_ROUTE:
        return told
    return told[: FIRST if step.rung < Rung.POSSIBLE_ROUTE else 1]


def foremost(place: PlaceLadder) -> Ladder | None:
    """Return the ladder of a place that stands highest now, else that once did; the first of several."""
    lowest = len(Rung) + 1
    return min(place.shown, key=lambda one: (one.top or lowest, one.past or lowest), default=None)


def place_answer(place: PlaceLadder) -> str:
    """Return the answer for a place: of the agency that stands highest, saying whose it is; "" where none is known."""
    first = foremost(place)
    if first is None:
        return ""
    words = {"place": place.place, "count": len(place.shown), "agency": first.agency.name}
    if place.is_served_from_afar:
        return " ".join([str(NOTES["place_from_afar"]) % words, answer(first)])
    if len(place.shown) == 1:
        return answer(first)
    if first.top == Rung.NOT_RESEARCHED and first.past is None:
        return str(NOTES["place_not_researched"]) % words
    return " ".join([str(NOTES["place_several"]) % words, answer(first)])


# --- Beside the ladder -------------------------------------------------------------------------------


def beside(ladder: Ladder) -> list[Told]:
    """Return what is no rung: other federal bodies, hot lists, 287(g) agreements, declared limits."""
    told = [plain_listing(hop) for hop in (*ladder.federal, *ladder.hot_lists)]
    told += [_stated(statement, ladder.agency, "agreement") for statement in ladder.agreements]
    return told + [_stated(statement, ladder.agency, "policy") for statement in ladder.policies]


def plain_listing(hop: Hop) -> Told:
    """Say what a document says of a link that is no rung."""
    statement = hop.statements[0] if hop.statements else None
    if hop.access == ACCESS[OBSERVED]:
        return listing(hop, Rung.IMMIGRATION_SEARCHES)
    if statement and statement.sharing.sharing_list.stream.section == ICE_2019:
        return listing(hop, Rung.ICE_RECORDS)
    key = "inactive" if _is_inactive(hop, statement) else "listed"
    text = str(NOTES["hot_list" if hop.access == ACCESS[HOTLIST] else key]) % {
        "day": day(statement.observed_on if statement else hop.last_seen),
        "document": document_words(hop, statement),
        "body": hop.grantee.name,
        "agency": hop.grantor.name,
    }
    sentences = [text, *_history(hop), *_denials(hop.answers)]
    return Told(" ".join(sentences), statement.capture if statement else None, hop, hop.answers)


def _stated(statement: Statement, agency: Agency, key: str) -> Told:
    """Say what a document says of an agency's 287(g) agreements, or declares of its sharing."""
    text = str(NOTES[key]) % {
        "title": statement.capture.source.title,
        "day": day(statement.observed_on),
        "agency": agency.name,
        "value": fact_words(statement.fact.field, statement.fact.value) or statement.fact.get_knowledge_display(),
    }
    checked_on: date | None = getattr(statement, "checked_on", None)
    if checked_on and checked_on > statement.observed_on:
        text += " " + str(NOTES["not_in_newer"]) % {"day": day(checked_on)}
    return Told(text, statement.capture)
