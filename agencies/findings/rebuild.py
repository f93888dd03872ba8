"""Findings written anew from the whole record: what rules give now stands, and nothing else."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from agencies.findings.draft import Draft, Rule
from agencies.findings.material import Material
from agencies.findings.rules import RULES
from agencies.identifiers import record_id
from agencies.models import Agency, Finding
from agencies.network.rebuild import lock_record

FIELDS = (
    "rule",
    "rule_version",
    "severity",
    "agency_id",
    "counterpart_id",
    "network_id",
    "law_id",
    "as_of",
    "data",
)
"""What a finding says. Its uuid names it, and `noted_at` stays that of its first day."""


@transaction.atomic
def refresh_findings() -> Counter[str]:
    """Bring all findings up to date and return how many are new, changed, the same or gone.

    Reads the whole record in a number of queries that grows with the verified laws alone. Waits for the record's
    lock.
    """
    lock_record()
    material = Material()
    drafts = [(rule, draft) for rule in RULES for draft in rule.find(material)]
    found = {
        _ident(rule, draft, uuid): (rule, draft) for (rule, draft), uuid in zip(drafts, _uuids(drafts), strict=True)
    }
    standing = {finding.uuid: finding for finding in Finding.objects.all()}
    counts = _write(found, standing)
    keys = dict(Finding.objects.values_list("uuid", "pk"))
    _link(
        Finding.statements.through,
        "statement_id",
        {keys[uuid]: draft.statements for uuid, (_rule, draft) in found.items()},
    )
    _link(Finding.lists.through, "sharinglist_id", {keys[uuid]: draft.lists for uuid, (_rule, draft) in found.items()})
    return counts


def _uuids(drafts: list[tuple[Rule, Draft]]) -> list[UUID]:
    """Return the agency's public id for each draft; one query."""
    ids = dict(Agency.objects.filter(pk__in={draft.agency for _rule, draft in drafts}).values_list("pk", "uuid"))
    return [ids[draft.agency] for _rule, draft in drafts]


def _ident(rule: Rule, draft: Draft, agency: UUID) -> UUID:
    """Return a finding's stable id: the same on every install, whatever the rule's version."""
    return record_id("finding", rule.slug, agency, *draft.key)


def _write(found: dict[UUID, tuple[Rule, Draft]], standing: dict[UUID, Finding]) -> Counter[str]:
    """Write what differs, and remove what no rule finds any more."""
    counts: Counter[str] = Counter()
    new: list[Finding] = []
    changed: list[Finding] = []
    for uuid, (rule, draft) in found.items():
        values = _values(rule, draft)
        finding = standing.get(uuid)
        if finding is None:
            new.append(Finding(uuid=uuid, **values))
        elif any(getattr(finding, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(finding, name, value)
            changed.append(finding)
        else:
            counts["same"] += 1
    gone = [finding.pk for uuid, finding in standing.items() if uuid not in found]
    Finding.objects.filter(pk__in=gone).delete()
    Finding.objects.bulk_create(new, batch_size=2000)
    Finding.objects.bulk_update(changed, [name.removesuffix("_id") for name in FIELDS], batch_size=500)
    counts.update(new=len(new), changed=len(changed), gone=len(gone))
    return counts


def _values(rule: Rule, draft: Draft) -> dict[str, Any]:
    """Return a draft as the fields of a finding."""
    return {
        "rule": rule.slug,
        "rule_version": rule.version,
        "severity": draft.severity,
        "agency_id": draft.agency,
        "counterpart_id": draft.counterpart,
        "network_id": draft.network,
        "law_id": draft.law.pk if draft.law else None,
        "as_of": draft.as_of,
        "data": draft.data,
    }


def _link(through: type[Model], far: str, wanted: dict[int, Iterable[int]]) -> None:
    """Make the rows of a table between findings and what they rest on those that are wanted."""
    rows = {(finding, pk) for finding, pks in wanted.items() for pk in pks}
    manager = through._default_manager
    standing = {(finding, pk): row for row, finding, pk in manager.values_list("pk", "finding_id", far)}
    manager.filter(pk__in=[row for pair, row in standing.items() if pair not in rows]).delete()
    new = [through(**{"finding_id": finding, far: pk}) for finding, pk in sorted(rows - standing.keys())]
    manager.bulk_create(new, batch_size=5000)
