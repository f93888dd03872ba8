"""What the ladder says, as plain data: no sentence stands here, and nothing is asked of the database."""

from dataclasses import dataclass
from datetime import date

from agencies.models import Agency, Answer, AnswerEffect, Place, Statement
from agencies.network.graph import Body
from agencies.network.hops import Hop
from agencies.network.rungs import Rung, RungState
from agencies.summaries import ListSummary


@dataclass(frozen=True)
class Searches:
    """One published audit that documents immigration searches by the agency's people.

    `months` gives their number by month ("2026-03", or "unknown"), as far as the audit was published.
    """

    statement: Statement
    months: dict[str, int]
    newest: date
    state: RungState


@dataclass(frozen=True)
class Chain:
    """A possible route: the agency gives `through` access, and `through` stands on one of the rungs 1 to 4.

    `onward` is the link that puts it there; None where its audit documents immigration searches, as of `searched_on`.
    """

    hop: Hop
    rung: Rung
    onward: Hop | None
    searched_on: date | None
    state: RungState
    strength: int
    seen_on: date

    @property
    def through(self) -> Agency:
        """Return the agency whose people can search the reads."""
        return self.hop.grantee


@dataclass(frozen=True)
class Through:
    """Rung 5: of `grantees` agencies with current access, `researched` have a complete list of their own on record.

    `current`, `inactive` and `history` count agencies with a possible route through them; `best` are the first ones.
    """

    grantees: int
    researched: int
    current: int
    inactive: int
    history: int
    best: tuple[Chain, ...]


@dataclass(frozen=True)
class Step:
    """One rung for one agency: its state of knowledge, and all that bears on it.

    `seen_on` is the date of the newest evidence; `checked_on` that of the newest document in which it was looked for
    and could have been found; None: none is on record. `is_partial`: what was looked through is not the whole (ICE's
    records: the names found in print; audits: as far as published; routes: not every grantee has a list on record;
    rung 7: documents of others bear on the agency, no complete list of its own).
    """

    rung: Rung
    state: RungState
    hops: tuple[Hop, ...] = ()
    searches: tuple[Searches, ...] = ()
    through: Through | None = None
    lists: tuple[ListSummary, ...] = ()
    seen_on: date | None = None
    checked_on: date | None = None
    is_partial: bool = False

    @property
    def holds(self) -> bool:
        """Tell whether it is the case as of the ladder's day."""
        if self.rung <= Rung.POSSIBLE_ROUTE:
            return self.state == RungState.CURRENT
        return self.state != RungState.NOT_APPLICABLE

    @property
    def bodies(self) -> tuple[Agency, ...]:
        """Return which bodies were listed, exactly, each once."""
        return tuple(dict.fromkeys(hop.grantee for hop in self.hops))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return the answers to its evidence, each once, the newest first."""
        found = {answer.pk: answer for hop in self.hops for answer in hop.answers}
        return tuple(sorted(found.values(), key=lambda answer: answer.statement.observed_on, reverse=True))

    @property
    def disputed_on(self) -> date | None:
        """Return the date of the newest answer that denies it; None: nobody does."""
        denials = (a.statement.observed_on for a in self.answers if a.effect == AnswerEffect.DENIES)
        return max(denials, default=None)


@dataclass(frozen=True)
class Ladder:
    """Does it reach ICE? One agency's answer as of a day: seven steps, and what stands beside them.

    `top` is the highest rung that is current, 6 or 7 where none of 1 to 5 is; None for ICE, CBP and their parts
    (`body`). `past` is the highest of 1 to 5 that is inactive or history; None: none. `federal` are links to other
    federal bodies, `hot_lists` hot lists given to ICE or CBP, `agreements` the newest statements on 287(g) agreements,
    one a document: none of these is a rung.
    """

    agency: Agency
    as_of: date
    steps: tuple[Step, ...]
    top: Rung | None
    past: Rung | None
    body: Body = Body.OTHER
    federal: tuple[Hop, ...] = ()
    hot_lists: tuple[Hop, ...] = ()
    agreements: tuple[Statement, ...] = ()
    policies: tuple[Statement, ...] = ()

    def step(self, rung: Rung) -> Step:
        """Return the step of a rung."""
        return self.steps[rung - 1]

    @property
    def top_step(self) -> Step | None:
        """Return the step that answers the question; None for ICE, CBP and their parts."""
        return self.step(self.top) if self.top else None

    @property
    def past_step(self) -> Step | None:
        """Return the highest step that is inactive or history."""
        return self.step(self.past) if self.past else None


@dataclass(frozen=True)
class PlaceLadder:
    """The ladders of the agencies that serve a place: its `own`, and its sheriff's and state police's (`wider`).

    `top` and `past` are the highest of the agencies shown first: its own, or else the wider ones.
    """

    place: Place
    own: tuple[Ladder, ...] = ()
    wider: tuple[Ladder, ...] = ()

    @property
    def is_served_from_afar(self) -> bool:
        """Tell whether the place has no agency of its own, so that others' ladders are shown for it."""
        return not self.own and bool(self.wider)

    @property
    def shown(self) -> tuple[Ladder, ...]:
        """Return the ladders that answer for the place."""
        return self.own or self.wider

    @property
    def top(self) -> Rung | None:
        """Return the highest current rung of those shown; None where no agency is known."""
        return min((one.top for one in self.shown if one.top), default=None)

    @property
    def past(self) -> Rung | None:
        """Return the highest rung of those shown that is inactive or history."""
        return min((one.past for one in self.shown if one.past), default=None)
