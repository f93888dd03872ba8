"""A document fetched as its site wants it: by its robots.txt, at its pace, once where it has not changed.

A refusal is an outcome like any other. Nothing here tries to get round one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone

from agencies.ingest import pace
from agencies.ingest.ask import Answer, NoAnswer, ask
from agencies.ingest.robots import RulesUnreadable, rules_for
from agencies.models import Fetch

MOST_REDIRECTS = 5
LONGEST_HOLD = timedelta(days=90)
"""A site may ask to be left alone for this long at most."""

REFUSALS = frozenset({401, 402, 403, 407, 429, 451})
"""Statuses by which a site says no."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """How one attempt ended. `data` is the whole body where the outcome is CHANGED, else empty."""

    outcome: str
    detail: str = ""
    status: int | None = None
    final_url: str = ""
    data: bytes = b""
    etag: str = ""
    last_modified: str = ""
    retry_after: timedelta | None = None


def fetch(url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
    """Fetch a document, unless its site forbids it or says that it has not changed. Raises pace.NotNow.

    `etag` and `last_modified` are those of the copy that is held. CHANGED says that a whole body came with
    status 200; whether it is new, and what it should be, is for the caller to see.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in conditions.items() if value}
    seen: list[str] = []
    while len(seen) <= MOST_REDIRECTS:
        problem = _not_to_ask(url, seen)
        if problem is not None:
            return problem
        seen.append(url)
        answer = _ask_in_turn(url, headers)
        if isinstance(answer, Fetched):
            return answer
        if answer.status not in _REDIRECTS or "location" not in answer.headers:
            return _judged(answer, is_conditional=bool(headers))
        url = urljoin(url, answer.headers["location"]).partition("#")[0]
    return Fetched(Fetch.Outcome.FAILED, f"more than {MOST_REDIRECTS} redirects", final_url=url)


def never_asked(url: str) -> str:
    """Return why an address is never asked, whatever leads to it: wrong scheme, a password in it; "" for any other."""
    try:
        parts = urlsplit(url)
        has_host = parts.hostname is not None
    except ValueError:
        return "not an address"
    if "@" in parts.netloc:
        return "an address with a user name in it"
    return "" if parts.scheme in {"http", "https"} and has_host else "not an http or https address"


def _not_to_ask(url: str, seen: list[str]) -> Fetched | None:
    """Return the failure of an address that is not asked: never, in a circle, or in the open after https."""
    problem = never_asked(url)
    if not problem and seen and (urlsplit(seen[-1]).scheme, urlsplit(url).scheme) == ("https", "http"):
        problem = "redirected from https to http, where anyone on the way could change it"
    elif url in seen:
        problem = "redirected in a circle"
    return Fetched(Fetch.Outcome.FAILED, problem, final_url=url) if problem else None


def _ask_in_turn(url: str, headers: dict[str, str]) -> Answer | Fetched:
    """Return the answer of one hop, or how the attempt ended at it."""
    host = urlsplit(url).netloc
    try:
        rules = rules_for(url)
        if not rules.allow(url):
            return Fetched(Fetch.Outcome.REFUSED, "robots.txt forbids it", final_url=url)
        pace.wait_for_turn(host, max(settings.FETCH_PACE_SECONDS, rules.delay), pace.PATIENCE_SECONDS)
        return ask(url, most_bytes=settings.CAPTURES_MAX_BYTES, headers=headers)
    except (RulesUnreadable, NoAnswer) as problem:
        return Fetched(Fetch.Outcome.FAILED, str(problem), final_url=url)


def _judged(answer: Answer, *, is_conditional: bool) -> Fetched:
    """Return what a last answer means."""
    status, headers = answer.status, answer.headers
    wait = retry_after(headers.get("retry-after", ""))
    outcome, detail, data = Fetch.Outcome.FAILED, f"status {status}", b""
    if status in REFUSALS or headers.get("cf-mitigated"):  # A challenge page may come with status 200.
        outcome, detail = Fetch.Outcome.REFUSED, f"status {status}: the site refuses"
    elif status == 200 and answer.body:
        outcome, detail, data = Fetch.Outcome.CHANGED, "", answer.body
    elif status == 200:
        detail = "an empty answer"
    elif status == 304 and is_conditional:
        outcome, detail = Fetch.Outcome.UNCHANGED, "not modified, says the site"
    if wait is not None and data == b"":
        pace.hold(urlsplit(answer.url).netloc, wait.total_seconds())
        detail += f"; asks to be left alone for {wait.total_seconds():,.0f} seconds"
    return Fetched(
        outcome,
        detail,
        status,
        answer.url,
        data,
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        retry_after=wait,
    )


def retry_after(value: str) -> timedelta | None:
    """Return how long a Retry-After header asks to wait, at most LONGEST_HOLD; None where it asks for nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:9]), int(LONGEST_HOLD.total_seconds())))
    else:
        try:
            wait = _aware(parsedate_to_datetime(value)) - timezone.now()
        except (TypeError, ValueError, OverflowError):
            return None
    return min(wait, LONGEST_HOLD) if wait > timedelta(0) else None


def _aware(moment: datetime) -> datetime:
    """Return a time with a zone: a date without one is in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
