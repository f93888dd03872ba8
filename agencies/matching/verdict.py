"""What the matcher answers about a printed name: a verdict, its reasons, and the candidates it weighed."""

from dataclasses import dataclass, field

from agencies.matching.parse import ParsedName


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agency that a printed name could be.

    `score` is the calibrated probability (0 to 1) that the name means this agency; `features` are the named numbers
    that it was made from, each 0 to 1.
    """

    agency: int
    slug: str
    name: str
    ori: str
    state: str
    kind: str
    geoid: str
    score: float
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the matcher decided about one name.

    `decision` is one of: accepted (the best candidate is the agency), review (a person decides), ambiguous (the name
    as printed fits several agencies, so no machine may choose), not_agency (an account that stands for no agency).
    `agency` is set only for accepted. `candidates` are the best few, best first.
    """

    decision: str
    reason: str
    parsed: ParsedName
    agency: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
