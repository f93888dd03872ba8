"""Fetching, against a web site on this machine: polite, in time, and never past a refusal."""

import gzip
import itertools
import threading
import time
import zlib
from datetime import timedelta
from unittest import mock

import httpcore
from django.core.cache import cache
from django.test import SimpleTestCase, override_settings

from agencies.ingest import ask, pace, robots
from agencies.ingest.fetch import MOST_REDIRECTS, Fetched, fetch, retry_after
from agencies.ingest.guarded_network import is_public, public_addresses
from agencies.tests.local_site import LocalSite, answer, drip, moved, raw, tagged

BODY = b"<!DOCTYPE html><p>Alpha PD</p>"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@override_settings(FETCH_PACE_SECONDS=0, FETCH_PRIVATE_ADDRESSES=True, CAPTURES_MAX_BYTES=100_000)
class SiteTestCase(SimpleTestCase):
    """A site of one's own, and nothing remembered of another test's."""

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)
        self.site = self.enterContext(LocalSite())

    def fetch(self, act: object, path: str = "/page", **values: str) -> Fetched:
        """Serve one page, and fetch it."""
        self.site.pages[path] = act  # type: ignore[assignment]
        return fetch(self.site.url(path), **values)

    def failed(self, found: Fetched, words: str) -> None:
        """Assert that the attempt failed, why, and that nothing of it is handed on."""
        self.assertEqual((found.outcome, found.data), ("failed", b""))
        self.assertIn(words, found.detail)


class AnswerTests(SiteTestCase):
    """What each answer means."""

    def test_whole_page_comes_with_what_is_needed_to_ask_again(self) -> None:
        found = self.fetch(tagged(BODY, '"1"'))
        self.assertEqual((found.outcome, found.status, found.data), ("changed", 200, BODY))
        self.assertEqual((found.etag, found.last_modified), ('"1"', "Thu, 23 Apr 2026 00:00:00 GMT"))
        self.assertEqual(found.final_url, self.site.url("/page"))

    def test_site_that_says_not_modified_is_believed_only_when_asked(self) -> None:
        found = self.fetch(tagged(BODY, '"1"'), etag='"1"', last_modified="Thu, 23 Apr 2026 00:00:00 GMT")
        self.assertEqual((found.outcome, found.status), ("unchanged", 304))
        self.assertEqual(self.site.headers[-1]["if-modified-since"], "Thu, 23 Apr 2026 00:00:00 GMT")
        self.failed(self.fetch(answer(304)), "status 304")

    def test_refusals_are_refusals(self) -> None:
        for status in (401, 402, 403, 407, 429, 451):
            with self.subTest(status=status):
                found = self.fetch(answer(status, BODY))
                self.assertEqual((found.outcome, found.status, found.data), ("refused", status, b""))
        for status in (503, 200):
            found = self.fetch(answer(status, BODY, CF_Mitigated="challenge"))
            self.assertEqual((found.outcome, found.data), ("refused", b""))

    def test_errors_empty_and_partial_answers_are_failures(self) -> None:
        for status in (404, 410, 500, 502, 503, 206, 204):
            with self.subTest(status=status):
                body = b"" if status == 204 else BODY
                self.failed(self.fetch(answer(status, body)), f"status {status}")
        self.failed(self.fetch(answer(200)), "an empty answer")

    def test_wish_to_be_left_alone_is_kept_for_the_whole_host(self) -> None:
        found = self.fetch(answer(503, Retry_After="3600"))
        self.assertEqual(found.retry_after, timedelta(hours=1))
        self.assertIn("left alone for 3,600 seconds", found.detail)
        asked = len(self.site.asked)
        with override_settings(FETCH_PACE_SECONDS=1), self.assertRaises(pace.NotNow) as wait:
            fetch(self.site.url("/other"))
        self.assertGreater(wait.exception.seconds, 3500)
        self.assertEqual(len(self.site.asked), asked)

    def test_retry_after_is_read_in_both_forms(self) -> None:
        self.assertEqual(retry_after(" 90 "), timedelta(seconds=90))
        self.assertEqual(retry_after("99999999999999"), timedelta(days=90))
        self.assertGreater(retry_after("Fri, 31 Dec 2100 23:59:59 GMT") or timedelta(0), timedelta(days=89))
        for nothing in ("", "0", "-5", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 99999 23:59:59 GMT"):
            with self.subTest(nothing=nothing):
                self.assertIsNone(retry_after(nothing))

    @override_settings(CONTACT_URL="https://atlas.example/contact")
    def test_request_says_who_asks_and_takes_no_cookie(self) -> None:
        self.fetch(answer(200, BODY, Set_Cookie="id=1"))
        self.fetch(answer(200, BODY))
        sent = self.site.headers[-1]
        self.assertEqual(sent["user-agent"], "ALPR-Sharing-Atlas/1 (+https://atlas.example/contact)")
        self.assertNotIn("cookie", sent)
        self.assertNotIn("referer", sent)


class BrokenTests(SiteTestCase):
    """Answers that do not come whole."""

    def test_body_shorter_than_it_says_is_a_failure(self) -> None:
        self.failed(self.fetch(answer(200, BODY, Content_Length="5000")), "broken off")

    def test_chunks_that_stop_are_a_failure(self) -> None:
        self.failed(self.fetch(raw(CHUNKED + b"1e\r\n" + BODY + b"\r\n")), "broken off")
        self.assertEqual(self.fetch(raw(CHUNKED + b"1e\r\n" + BODY + b"\r\n0\r\n\r\n")).data, BODY)

    def test_garbage_and_silence_are_failures(self) -> None:
        self.failed(self.fetch(raw(b"SSH-2.0-OpenSSH\r\n\r\n")), "broken off or garbled")
        self.failed(self.fetch(raw(b"")), "broken off")

    def test_endless_body_is_cut_off_whatever_it_says_of_its_length(self) -> None:
        pieces = itertools.repeat(b"400\r\n" + b"x" * 1024 + b"\r\n")
        endless = drip(itertools.chain([CHUNKED], pieces), 0, threading.Event())
        self.failed(self.fetch(endless), "more than 100,000 bytes")
        self.failed(self.fetch(answer(200, b"x" * 100_001)), "more than 100,000 bytes")
        self.assertEqual(len(self.fetch(answer(200, b"x" * 100_000)).data), 100_000)

    def test_packed_body_that_unpacks_without_end_is_cut_off(self) -> None:
        bomb = gzip.compress(b" " * 5_000_000)
        self.assertLess(len(bomb), 10_000)
        self.failed(self.fetch(answer(200, bomb, Content_Encoding="gzip")), "more than 100,000 bytes")

    def test_packed_body_is_whole_only_with_its_own_end_and_checksum(self) -> None:
        text = b"".join(b"%d,Alpha PD\n" % number for number in range(3000))
        bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        flushed = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
        rows = flushed.compress(text[:9000]) + flushed.flush(zlib.Z_SYNC_FLUSH)
        two = gzip.compress(text[:9000]) + gzip.compress(text[9000:])
        for packed, coding in (
            (gzip.compress(text), "gzip"),
            (gzip.compress(text), "X-GZIP"),
            (two, "gzip"),
            (zlib.compress(text), "deflate"),
            (bare.compress(text) + bare.flush(), "deflate"),
        ):
            with self.subTest(coding=coding, size=len(packed)):
                self.assertEqual(self.fetch(answer(200, packed, Content_Encoding=coding)).data, text)
                for cut in (packed[:-1], packed[: len(packed) // 2], packed[:9], packed + b"x"):
                    self.failed(self.fetch(answer(200, cut, Content_Encoding=coding)), "broken off")
        for cut in (rows, gzip.compress(text)[:-8], gzip.compress(text)[:-4] + b"\0\0\0\0", two[:-9]):
            self.failed(self.fetch(answer(200, cut, Content_Encoding="gzip")), "broken off or garbled: packed by gzip")

    def test_packing_that_is_not_known_is_a_failure_and_of_no_matter_to_a_refusal(self) -> None:
        for coding in ("br", "zstd", "gzip, gzip"):
            self.failed(self.fetch(answer(200, BODY, Content_Encoding=coding)), "not asked for")
            self.assertEqual(self.fetch(answer(403, BODY, Content_Encoding=coding)).outcome, "refused")
        self.failed(self.fetch(answer(200, Content_Encoding="gzip")), "an empty answer")
        self.assertEqual(self.fetch(answer(200, BODY, Content_Encoding="identity")).data, BODY)

    def test_slow_drip_of_headers_or_body_ends_in_time(self) -> None:
        stop = threading.Event()
        self.addCleanup(stop.set)
        headers = itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-A: b\r\n"))
        body = itertools.chain([b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"], itertools.repeat(b"x"))
        for parts in (headers, body):
            with mock.patch.object(ask, "TOTAL_SECONDS", 0.4):
                begun = time.monotonic()
                self.failed(self.fetch(drip(parts, 0.05, stop)), "not over after 0.4 seconds")
                self.assertLess(time.monotonic() - begun, 3)

    def test_server_that_says_nothing_is_given_up(self) -> None:
        stop = threading.Event()
        self.addCleanup(stop.set)
        with mock.patch.object(ask, "READ_SECONDS", 0.2):
            self.failed(self.fetch(drip([b"x"], 30, stop)), "nothing came in time")

    def test_closed_port_is_a_failure(self) -> None:
        with LocalSite() as gone:
            address = gone.url("/page")
        self.failed(fetch(address), "robots.txt: ")


class RedirectTests(SiteTestCase):
    """Being sent elsewhere."""

    def test_redirects_are_followed_and_the_last_address_is_told(self) -> None:
        self.site.pages["/new"] = answer(200, BODY)
        for status in (301, 302, 303, 307, 308):
            found = self.fetch(moved("/new#top", status))
            self.assertEqual((found.data, found.final_url), (BODY, self.site.url("/new")))

    def test_other_host_is_asked_for_its_rules_first(self) -> None:
        with LocalSite({"/new": answer(200, BODY)}) as other:
            self.assertEqual(self.fetch(moved(other.url("/new"))).data, BODY)
            self.assertEqual(other.asked, ["/robots.txt", "/new"])
            cache.clear()
            other.pages["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /new")
            found = self.fetch(moved(other.url("/new")))
            self.assertEqual((found.outcome, found.detail), ("refused", "robots.txt forbids it"))
            self.assertEqual(other.asked[2:], ["/robots.txt"])

    def test_circles_and_long_chains_end(self) -> None:
        self.site.pages["/a"] = moved("/page")
        self.failed(self.fetch(moved("/a")), "in a circle")
        for number in range(MOST_REDIRECTS + 1):
            self.site.pages[f"/{number}"] = moved(f"/{number + 1}")
        self.site.pages[f"/{MOST_REDIRECTS + 1}"] = answer(200, BODY)
        self.failed(fetch(self.site.url("/0")), f"more than {MOST_REDIRECTS} redirects")
        self.assertEqual(fetch(self.site.url("/1")).data, BODY)

    def test_only_web_addresses_are_followed(self) -> None:
        for address in ("file:///etc/passwd", "ftp://elsewhere.example/x", "gopher://elsewhere.example"):
            with self.subTest(address=address):
                self.failed(self.fetch(moved(address)), "not an http or https address")
        self.failed(self.fetch(moved("http://[::1")), "Invalid URL")
        self.failed(self.fetch(moved("http://me:secret@elsewhere.example/")), "a user name in it")

    def test_way_back_from_https_is_not_taken(self) -> None:
        answered = ask.Answer("https://a.example/", 302, mock.MagicMock(), b"")
        answered.headers.__contains__ = lambda *args: True  # type: ignore[method-assign]
        answered.headers.__getitem__ = lambda *args: "http://a.example/x"  # type: ignore[method-assign]
        with mock.patch("agencies.ingest.fetch._ask_in_turn", return_value=answered):
            self.failed(fetch("https://a.example/"), "redirected from https to http")

    @override_settings(FETCH_PRIVATE_ADDRESSES=False)
    def test_address_of_this_machine_is_not_asked_even_when_sent_there(self) -> None:
        self.failed(self.fetch(answer(200, BODY)), "not on the public internet")
        self.assertEqual(self.site.asked, [])


class GuardTests(SimpleTestCase):
    """Which addresses are public."""

    def test_private_addresses_are_known_in_every_dress(self) -> None:
        for address in (
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1%eth0",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ):
            with self.subTest(address=address):
                self.assertFalse(is_public(address))
        for address in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"):
            with self.subTest(address=address):
                self.assertTrue(is_public(address))

    def test_host_with_one_private_address_is_refused(self) -> None:
        found = [(0, 0, 0, "", ("8.8.8.8", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
        refused = self.assertRaisesMessage(httpcore.ConnectError, "10.0.0.1, which is not on the public internet")
        with mock.patch("socket.getaddrinfo", return_value=found), refused:
            public_addresses("two.example", 80)
        with mock.patch("socket.getaddrinfo", return_value=found[:1]):
            self.assertEqual(public_addresses("one.example", 80), ["8.8.8.8"])


class RobotsTests(SiteTestCase):
    """A site's rules."""

    def rule(self, text: str) -> None:
        """Serve these rules."""
        self.site.pages["/robots.txt"] = answer(200, text.encode())

    def test_forbidden_address_is_refused_and_never_asked(self) -> None:
        self.rule("User-agent: *\nDisallow: /page")
        found = self.fetch(answer(200, BODY))
        self.assertEqual((found.outcome, found.status, found.detail), ("refused", None, "robots.txt forbids it"))
        self.assertEqual(self.site.asked, ["/robots.txt"])
        self.assertEqual(self.fetch(answer(200, BODY), path="/other").data, BODY)

    def test_rules_that_name_us_count_before_those_for_all(self) -> None:
        self.rule("User-agent: *\nAllow: /\n\nUser-agent: ALPR-Sharing-Atlas\nDisallow: /")
        self.assertEqual(self.fetch(answer(200, BODY)).outcome, "refused")

    def test_rules_are_read_once_a_day(self) -> None:
        for _ in range(3):
            self.fetch(answer(200, BODY))
        self.assertEqual(self.site.asked.count("/robots.txt"), 1)

    def test_missing_rules_forbid_nothing(self) -> None:
        for status in (400, 401, 403, 404, 410, 418):
            cache.clear()
            self.site.pages["/robots.txt"] = answer(status, b"User-agent: *\nDisallow: /")
            self.assertEqual(self.fetch(answer(200, BODY)).outcome, "changed")

    def test_rules_that_cannot_be_read_hold_everything_back_for_a_while(self) -> None:
        for status in (429, 500, 503, 204):
            cache.clear()
            self.site.asked.clear()
            self.site.pages["/robots.txt"] = answer(status)
            for _ in range(2):
                self.failed(self.fetch(answer(200, BODY)), f"robots.txt: status {status}")
            self.assertEqual(self.site.asked, ["/robots.txt"])

    def test_rules_may_have_moved(self) -> None:
        self.site.pages |= {
            "/robots.txt": moved("/rules"),
            "/rules": answer(200, b"User-agent: *\nDisallow: /"),
        }
        self.assertEqual(self.fetch(answer(200, BODY)).outcome, "refused")

    def test_delay_that_rules_ask_for_is_kept(self) -> None:
        self.rule("User-agent: *\nCrawl-delay: 120")
        self.assertEqual(self.fetch(answer(200, BODY)).outcome, "changed")
        with self.assertRaises(pace.NotNow) as wait:
            self.fetch(answer(200, BODY))
        self.assertTrue(100 < wait.exception.seconds <= 120)
        self.assertEqual(robots.Rules("User-agent: *\nCrawl-delay: 99999999").delay, 24 * 3600)


class PaceTests(SimpleTestCase):
    """Turns at a host."""

    def setUp(self) -> None:
        cache.clear()

    def test_turns_at_one_host_are_apart_and_other_hosts_do_not_wait(self) -> None:
        pace.wait_for_turn("a.example", 0.3, 5)
        begun = time.monotonic()
        pace.wait_for_turn("b.example", 0.3, 5)
        self.assertLess(time.monotonic() - begun, 0.2)
        pace.wait_for_turn("A.example", 0.3, 5)
        self.assertGreater(time.monotonic() - begun, 0.2)

    def test_too_long_a_wait_is_put_off_at_once_and_takes_no_turn(self) -> None:
        pace.hold("a.example", 600)
        begun = time.monotonic()
        with self.assertRaisesMessage(pace.NotNow, "the next request to a.example may be made in 600 seconds"):
            pace.wait_for_turn("a.example", 1, 60)
        with self.assertRaises(pace.NotNow):
            pace.wait_for_turn("a.example", 0, 60)  # No pace of ours is no leave to break a hold.
        self.assertLess(time.monotonic() - begun, 1)
