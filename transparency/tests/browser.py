"""Tests in a real browser, which sees every request that a page makes. None may leave this host."""

import os
from typing import Any
from unittest import SkipTest
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.testing import StaticLiveServerTestCase
from django.core.cache import cache
from django.test import tag
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

from transparency.checks import find_chromium

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}


def chromium() -> str:
    """Return the browser's path; without one skip the tests, or fail where CI is set."""
    found = find_chromium(dict(os.environ))
    if found:
        return found
    message = "No Chromium for the browser tests. Install it (Debian: apt-get install chromium) or set CHROMIUM."
    if os.environ.get("CI"):
        raise AssertionError(message)
    raise SkipTest(message)


@tag("browser")
class BrowserTestCase(StaticLiveServerTestCase):
    """A live server, one browser for the class, and a fresh reader (no cookie, no cache) for each test.

    After each test it is asserted that no request left the host, and that no script failed.
    """

    playwright: Playwright
    browser: Browser
    page: Page

    @classmethod
    def setUpClass(cls) -> None:
        path = chromium()
        super().setUpClass()
        # Playwright keeps an event loop in this thread, in which Django would refuse to reach the database.
        before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        cls.addClassCleanup(cls._restore, before)
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        # As root, as in many containers, Chromium starts only without its sandbox.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        cls.browser = cls.playwright.chromium.launch(executable_path=path, args=arguments)
        cls.addClassCleanup(cls.browser.close)

    @classmethod
    def _restore(cls, before: str | None) -> None:
        """Put the environment back as it was."""
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

    def setUp(self) -> None:
        super().setUp()
        cache.clear()
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.expected_problems: tuple[str, ...] = ()
        self.page = self.new_page()
        self.addCleanup(self.assert_kept_to_this_host)

    def new_page(self, **options: Any) -> Page:
        """Open a page of a new reader; options are those of Playwright's `new_context`."""
        context: BrowserContext = self.browser.new_context(**{"viewport": WIDE, "locale": "en-US", **options})
        context.set_default_timeout(15_000)
        self.addCleanup(context.close)
        page = context.new_page()
        page.on("request", self._record)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        return page

    def _record(self, request: Request) -> None:
        """Keep the address of a request that is one: data and blob addresses stay in the page."""
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def assert_kept_to_this_host(self) -> None:
        """Assert that requests were made, none of them to another host, and that no script failed."""
        own = urlsplit(self.live_server_url).netloc
        self.assertTrue(self.requests, "no page was opened")
        self.assertEqual([url for url in self.requests if urlsplit(url).netloc != own], [])
        found = [text for text in self.problems if not any(part in text for part in self.expected_problems)]
        self.assertEqual(found, [])

    def open(self, path: str, page: Page | None = None) -> Page:
        """Open a path of the site, in the test's page or another; the answer must be a good one."""
        page = page or self.page
        response = page.goto(self.live_server_url + path)
        assert response is not None
        self.assertLess(response.status, 400, path)
        return page

    def assert_accessible(self, page: Page | None = None, without: tuple[str, ...] = ()) -> None:
        """Assert that axe finds nothing wrong with the page as it stands, by all its rules but those of `without`."""
        results = Axe().run(page or self.page, options={"rules": {rule: {"enabled": False} for rule in without}})
        self.assertEqual(results.violations_count, 0, results.generate_report())

    def assert_fits(self, page: Page) -> None:
        """Assert that the page needs no scrolling to the side."""
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        self.assertLessEqual(widths[0], widths[1], page.url)
