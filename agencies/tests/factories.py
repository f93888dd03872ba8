"""Keyword factories: the smallest valid row of each noun, with what the test cares about overridden."""

from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import TestCase

from django.contrib.auth.models import User
from django.utils.text import slugify

from agencies.folding import fold
from agencies.identifiers import agency_id, place_id, record_id
from agencies.matching.withheld import name_hash
from agencies.models import (
    Agency,
    AgencyPlace,
    Alias,
    Answer,
    AnswerTarget,
    Capture,
    Fact,
    ImportRun,
    MatchDecision,
    Network,
    Place,
    SharingLink,
    SharingList,
    SharingStatement,
    Source,
    Statement,
    Stream,
)

_number = count(1)


def make_place(name: str = "Union City", state: str = "CA", **values: Any) -> Place:
    """Create a city (by default), with a GEOID of its own."""
    geoid = values.pop("geoid", None) or f"{next(_number):07d}"
    defaults = {
        "uuid": place_id(geoid),
        "kind": "city",
        "full_name": f"{name} city",
        "search_key": fold(f"{name} {state}"),
    }
    return Place.objects.create(geoid=geoid, name=name, state=state, source="test", **{**defaults, **values})


def make_agency(name: str = "Union City Police Department", state: str = "CA", **values: Any) -> Agency:
    """Create a municipal police agency (by default)."""
    slug = values.pop("slug", None) or slugify(f"{name} {state}")
    ori = values.get("ori") or ""
    defaults = {
        "uuid": agency_id(ori=ori, slug=slug),
        "kind": "municipal_police",
        "search_key": fold(f"{name} {state}"),
    }
    return Agency.objects.create(slug=slug, name=name, state=state, source="test", **{**defaults, **values})


def make_serving(agency: Agency, place: Place, basis: str = "name") -> AgencyPlace:
    """Say that the agency serves the place."""
    return AgencyPlace.objects.create(agency=agency, place=place, basis=basis, source="test")


def make_network(slug: str = "flock", **values: Any) -> Network:
    """Return the network of that slug, made when missing."""
    defaults = {"name": slug.title(), "vendor": slug.title(), "source": "test"}
    return Network.objects.get_or_create(slug=slug, defaults={**defaults, **values})[0]


def make_run(**values: Any) -> ImportRun:
    """Create a finished import run."""
    return ImportRun.objects.create(**{"format": "test", "status": "done", **values})


def make_alias(printed_name: str, agency: Agency | None = None, state: str = "CA", **values: Any) -> Alias:
    """Create an alias, matched by hand to `agency` when one is given."""
    network = values.pop("network", None) or make_network()
    ident = record_id("alias", printed_name, network.slug, state)
    alias, _ = Alias.objects.get_or_create(
        uuid=ident, defaults={"printed_name": printed_name, "network": network, "state": state, **values}
    )
    if agency is not None and alias.decision is None:
        make_decision(alias, agency=agency)
    return alias


def make_decision(alias: Alias, outcome: str = "matched", agency: Agency | None = None) -> MatchDecision:
    """Append a decision by hand and put it in force."""
    decision = MatchDecision.objects.create(
        alias=alias, outcome=outcome, agency=agency, method="hand", reason="a test says so"
    )
    alias.decision = decision
    alias.save(update_fields=["decision"])
    return decision


def make_source(slug: str = "flock-portal-union-city-ca-pd", **values: Any) -> Source:
    """Return the source of that slug, made when missing."""
    defaults = {"title": f"Portal {slug}", "kind": "portal", "publisher": "Union City Police Department"}
    defaults["url"] = f"https://example.org/{slug}"
    return Source.objects.get_or_create(slug=slug, defaults={**defaults, **values})[0]


def make_capture(source: Source | None = None, day: date = date(2026, 4, 23), **values: Any) -> Capture:
    """Create a capture published and retrieved on `day`."""
    source = source or make_source()
    ident = record_id("capture", source.slug, day, next(_number))
    defaults = {"url": source.url, "published_on": day, "retrieved_on": day, "bytes_kept": "none"}
    capture = Capture.objects.create(uuid=ident, source=source, **{**defaults, **values})
    capture.refresh_from_db(fields=["observed_on"])
    return capture


def make_list(
    capture: Capture | None = None,
    *,
    completeness: str = "complete",
    reported_by: str = "grantor",
    network: Network | None = None,
    access: str = "configured_access",
    section: str = "organizations-with-access",
) -> SharingList:
    """Create one list of a capture, in its source's stream."""
    capture = capture or make_capture()
    stream, _ = Stream.objects.get_or_create(
        source=capture.source,
        network=network or make_network(),
        access=access,
        reported_by=reported_by,
        section=section,
    )
    ident = record_id("list", capture.uuid, stream.pk)
    return SharingList.objects.create(
        uuid=ident, capture=capture, stream=stream, run=make_run(), completeness=completeness
    )


def make_statement(kind: str, capture: Capture, printed: str = "", locator: str = "") -> Statement:
    """Create a bare statement of a capture; its payload is the caller's."""
    return Statement.objects.create(
        uuid=record_id("statement", next(_number)),
        kind=kind,
        capture=capture,
        run=make_run(),
        observed_on=capture.observed_on,
        printed=printed,
        locator=locator,
    )


def make_grant(
    grantor: Agency, grantee: Agency, sharing_list: SharingList | None = None, **values: Any
) -> SharingStatement:
    """State that grantor gives grantee access, by names matched to both; links are not rebuilt."""
    sharing_list = sharing_list or make_list()
    network = sharing_list.stream.network
    return SharingStatement.objects.create(
        statement=make_statement("sharing", sharing_list.capture, printed=grantee.name),
        sharing_list=sharing_list,
        grantor_alias=make_alias(grantor.name, grantor, network=network),
        grantee_alias=make_alias(grantee.name, grantee, network=network),
        **values,
    )


def make_fact(agency: Agency, field: str, value: Any, capture: Capture | None = None, **values: Any) -> Fact:
    """State a fact of an agency."""
    statement = make_statement("fact", capture or make_capture(), printed=values.pop("printed", str(value)))
    defaults = {"knowledge": "known", "network": make_network()}
    alias = make_alias(agency.name, agency)
    return Fact.objects.create(statement=statement, alias=alias, field=field, value=value, **{**defaults, **values})


def make_answer(agency: Agency, *targets: SharingStatement, effect: str = "denies", **values: Any) -> Answer:
    """State an agency's answer to other statements."""
    capture = values.pop("capture", None) or make_capture(make_source("answer-article", kind="article"))
    statement = make_statement("answer", capture)
    defaults = {"paraphrase": "The agency says that it operates no plate cameras."}
    answer = Answer.objects.create(
        statement=statement, alias=make_alias(agency.name, agency), effect=effect, **{**defaults, **values}
    )
    AnswerTarget.objects.bulk_create(AnswerTarget(answer=answer, sharing=target) for target in targets)
    return answer


def make_link(grantor: Agency, grantee: Agency, **values: Any) -> SharingLink:
    """Create a listed link without evidence: for tests of pages and queries, not of truth."""
    network = values.pop("network", None) or make_network()
    access = values.pop("access", "configured_access")
    defaults: dict[str, Any] = {
        "status": "listed",
        "first_seen": date(2024, 4, 26),
        "last_seen": date(2026, 4, 23),
        "reported_by": "grantor",
        "statement_count": 2,
    }
    ident = record_id("link", grantor.uuid, grantee.uuid, network.slug, access)
    return SharingLink.objects.create(
        uuid=ident, grantor=grantor, grantee=grantee, network=network, access=access, **{**defaults, **values}
    )


def withheld_folder(test: TestCase, *names: str) -> Path:
    """Return a data folder whose withheld names are these; it goes with the test."""
    folder = Path(test.enterContext(TemporaryDirectory()))
    (folder / "matches").mkdir()
    lines = ["sha256,reason", *(f"{name_hash(name)},a test says so" for name in names)]
    (folder / "matches" / "withheld_names.csv").write_text("\n".join(lines))
    return folder


def make_editor(username: str = "editor") -> User:
    """Create an editor who may do everything in the admin."""
    return User.objects.create_superuser(username, password="a long enough password")
