"""The record's nouns, one file each. What many rows share is in `agencies.querysets`."""

from agencies.models.agency import Agency, AgencyPlace
from agencies.models.alias import AgencyMerge, Alias, MatchDecision
from agencies.models.link import SharingLink
from agencies.models.place import Place, PlaceBoundary
from agencies.models.run import ImportRun
from agencies.models.source import Capture, Network, Source
from agencies.models.statement import (
    Answer,
    AnswerTarget,
    Fact,
    SharingList,
    SharingStatement,
    Statement,
    Stream,
)
from agencies.models.vocabulary import (
    NETWORK_FACTS,
    SOUGHT_FACTS,
    Access,
    AccountStatus,
    AnswerEffect,
    Completeness,
    FactField,
    Knowledge,
    ReportedBy,
)
from agencies.models.withdrawal import Withdrawal, WithdrawalLift

__all__ = [
    "NETWORK_FACTS",
    "SOUGHT_FACTS",
    "Access",
    "AccountStatus",
    "Agency",
    "AgencyMerge",
    "AgencyPlace",
    "Alias",
    "Answer",
    "AnswerEffect",
    "AnswerTarget",
    "Capture",
    "Completeness",
    "Fact",
    "FactField",
    "ImportRun",
    "Knowledge",
    "MatchDecision",
    "Network",
    "Place",
    "PlaceBoundary",
    "ReportedBy",
    "SharingLink",
    "SharingList",
    "SharingStatement",
    "Source",
    "Statement",
    "Stream",
    "Withdrawal",
    "WithdrawalLift",
]
