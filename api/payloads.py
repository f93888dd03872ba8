"""What the statements of a page say: one query for each kind among them, and one for the answers."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from agencies.models import Answer, AnswerTarget, Fact, SharingStatement, Statement
from api.rows import Row, RowSerializer, plan
from api.serializers.statement import AnswerPayloadSerializer, FactPayloadSerializer, SharingPayloadSerializer


def add_payloads(rows: list[Row], site: str) -> None:
    """Put `sharing`, `fact`, `answer` and `withheld` into statement rows (which have `pk`, `kind`, `printed`)."""
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        ids[row["kind"]].append(row["pk"])
    said = {
        "sharing": _sharing(ids["sharing"], site),
        "fact": _shaped(Fact, FactPayloadSerializer, ids["fact"], site, {}),
        "answer": _answers(ids["answer"], site),
    }
    for row in rows:
        row.update({kind: payloads.get(row["pk"]) for kind, payloads in said.items()})
        row["withheld"] = _names_a_person(row[row["kind"]] or {})
        if row["withheld"]:
            row["printed"] = None


def _names_a_person(payload: Row) -> bool:
    """Tell whether a name in the payload is withheld."""
    names = (payload.get(side) for side in ("grantor", "grantee", "agency"))
    return any(name and name["withheld"] for name in names)


def _shaped(
    model: Any, serializer: type[RowSerializer], ids: list[int], site: str, extra: dict[int, Row]
) -> dict[int, Row]:
    """Return the payloads of statements by primary key; `extra` joins each row before it is shaped."""
    if not ids:
        return {}
    columns, shape = plan(serializer)
    rows = model.objects.filter(pk__in=ids).values("pk", *columns)
    return {row["pk"]: shape({**row, **extra.get(row["pk"], {})}, site) for row in rows}


def _gathered(pairs: Iterable[tuple[int, UUID]], ids: list[int], name: str) -> dict[int, Row]:
    """Return {id: {name: [the ids paired with it]}} for every id."""
    found: dict[int, Row] = {pk: {name: []} for pk in ids}
    for pk, other in pairs:
        found[pk][name].append(other)
    return found


def _sharing(ids: list[int], site: str) -> dict[int, Row]:
    """Return sharing payloads, each with the standing answers to it."""
    if not ids:
        return {}
    targets = AnswerTarget.objects.filter(sharing__in=ids, answer__statement__in=Statement.objects.standing())
    pairs = targets.order_by("pk").values_list("sharing_id", "answer__statement__uuid")
    return _shaped(SharingStatement, SharingPayloadSerializer, ids, site, _gathered(pairs, ids, "answered_by"))


def _answers(ids: list[int], site: str) -> dict[int, Row]:
    """Return answer payloads, each with what it answers."""
    if not ids:
        return {}
    targets = AnswerTarget.objects.filter(answer__in=ids).order_by("pk")
    pairs = targets.values_list("answer_id", "sharing__statement__uuid")
    return _shaped(Answer, AnswerPayloadSerializer, ids, site, _gathered(pairs, ids, "answers"))
