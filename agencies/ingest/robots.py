"""What a site's robots.txt lets us fetch, read once a day: RFC 9309."""

import hashlib
from dataclasses import dataclass

import httpx
from django.conf import settings
from django.core.cache import cache
from protego import Protego

from agencies.ingest import pace
from agencies.ingest.ask import PRODUCT, NoAnswer, ask

DAY, SOON = 24 * 3600, 600
"""Seconds for which rules are kept; for which a site whose rules could not be read is not asked for them again."""

MOST_BYTES = 500 * 1024
"""What is read of a robots.txt: the least that the standard asks for."""

MOST_REDIRECTS = 5
LONGEST_DELAY = 24 * 3600.0
"""A robots.txt may ask for this many seconds between requests at most."""

_UNREADABLE = "\0"


class RulesUnreadable(Exception):
    """The site's rules can't be read for now, so that nothing is fetched: the message says why."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A site's rules for us."""

    text: str

    def allow(self, url: str) -> bool:
        """Tell whether an address may be fetched."""
        return bool(Protego.parse(self.text).can_fetch(url, PRODUCT))

    @property
    def delay(self) -> float:
        """Return the seconds between two requests that the site asks for; 0 where it asks for none."""
        asked = Protego.parse(self.text).crawl_delay(PRODUCT)
        return min(max(float(asked or 0), 0.0), LONGEST_DELAY)


def rules_for(url: str) -> Rules:
    """Return the rules of an address's site. Raises RulesUnreadable where its robots.txt gives no clear answer,
    and pace.NotNow.

    A robots.txt that is not there (any status from 400 to 499 but 429) forbids nothing; a server that fails or
    does not answer forbids all, until it can be read.
    """
    site = httpx.URL(url).copy_with(raw_path=b"/robots.txt", fragment=None)
    key = "robots:" + hashlib.sha256(str(site).encode()).hexdigest()
    text = cache.get(key)
    if text is None:
        try:
            text = _read(site)
        except RulesUnreadable as problem:
            cache.set(key, _UNREADABLE + str(problem), SOON)
            raise
        cache.set(key, text, DAY)
    if text.startswith(_UNREADABLE):
        raise RulesUnreadable(text.removeprefix(_UNREADABLE))
    return Rules(text)


def _read(site: httpx.URL) -> str:
    """Return the text of a robots.txt, "" where there is none; raises RulesUnreadable."""
    for _ in range(MOST_REDIRECTS + 1):
        pace.wait_for_turn(site.netloc.decode(), settings.FETCH_PACE_SECONDS, pace.PATIENCE_SECONDS)
        try:
            answer = ask(str(site), most_bytes=MOST_BYTES)
        except NoAnswer as problem:
            raise RulesUnreadable(f"robots.txt: {problem}") from problem
        if answer.status in {301, 302, 303, 307, 308} and "location" in answer.headers:
            site = site.join(answer.headers["location"])
            if site.scheme not in {"http", "https"}:
                return ""
        elif 400 <= answer.status < 500 and answer.status != 429:
            return ""
        elif answer.status == 200:
            return answer.body.decode("utf-8", "replace").replace(_UNREADABLE, "")
        else:
            raise RulesUnreadable(f"robots.txt: status {answer.status}")
    return ""
