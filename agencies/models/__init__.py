"""The record's nouns, one file each. What many rows share is in `agencies.querysets`."""

from agencies.models.agency import Agency, AgencyPlace
from agencies.models.alias import AgencyMerge, Alias, MatchDecision
from agencies.models.change import Change
from agencies.models.confirmation import ListConfirmation
from agencies.models.finding import Finding, FindingDismissal
from agencies.models.kept import KeptFile, RemovedBytes
from agencies.models.law import Law
from agencies.models.link import SharingLink
from agencies.models.mapping import ColumnMapping
from agencies.models.place import Place, PlaceBoundary
from agencies.models.record_change import RecordChange
from agencies.models.release import Release
from agencies.models.run import ImportRun, RunEvent
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
from agencies.models.subscription import ApiKey, Webhook, WebhookDelivery, WebhookScope
from agencies.models.vocabulary import (
    NETWORK_FACTS,
    SOUGHT_FACTS,
    Access,
    AccountStatus,
    AnswerEffect,
    ChangeKind,
    Completeness,
    FactField,
    Knowledge,
    ReportedBy,
)
from agencies.models.watch import Fetch, Watch
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
    "ApiKey",
    "Capture",
    "Change",
    "ChangeKind",
    "ColumnMapping",
    "Completeness",
    "Fact",
    "FactField",
    "Fetch",
    "Finding",
    "FindingDismissal",
    "ImportRun",
    "KeptFile",
    "Knowledge",
    "Law",
    "ListConfirmation",
    "MatchDecision",
    "Network",
    "Place",
    "PlaceBoundary",
    "RecordChange",
    "Release",
    "RemovedBytes",
    "ReportedBy",
    "RunEvent",
    "SharingLink",
    "SharingList",
    "SharingStatement",
    "Source",
    "Statement",
    "Stream",
    "Watch",
    "Webhook",
    "WebhookDelivery",
    "WebhookScope",
    "Withdrawal",
    "WithdrawalLift",
]
