"""The rule of links in SQL against the rule itself, on records made by chance."""

import copy
import os
from datetime import date, timedelta

from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.models import ListConfirmation, SharingLink, SharingStatement, Withdrawal
from agencies.network.evidence import summaries
from agencies.network.rebuild import SUMMARY_FIELDS, rebuild_links
from agencies.network.summary_sql import summary_query
from agencies.network.withdrawn import Withdrawn
from agencies.tests import factories as make

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
START = date(2026, 4, 1)
KEY = ["grantor_id", "grantee_id", "network_id", "access"]

Copied = tuple[int, str, bool | None, str | None, list[tuple[int, str, str, int | None, bool]]]
LINE = st.tuples(
    st.integers(0, 3),  # grantee: two bodies, one merged into the first, and the city itself
    st.sampled_from(["", "", " (CA)"]),  # how its name is spelled
    st.sampled_from(["active", "active", "inactive", "turned_off"]),
    st.none() | st.integers(0, 8),  # day of an answer that denies it
    st.booleans(),  # whether that answer says no; else it only qualifies
)
COPY = st.tuples(
    st.integers(0, 8),  # day
    st.sampled_from(["complete", "complete", "complete", "empty", "none", "absent", "extract"]),
    st.sampled_from([None, None, None, True, False]),  # a person's word that an empty list is empty
    st.sampled_from([None, None, None, "capture", "run", "statement"]),  # what of it is withdrawn
    st.lists(LINE, max_size=3),
)
STREAMS = st.lists(
    st.tuples(st.sampled_from(["grantor", "grantee", "third_party"]), st.lists(COPY, max_size=4)), max_size=4
)


MARKED_AGAIN: list[tuple[int, str, str, int | None, bool]] = [
    (0, "", "inactive", None, False),
    (0, " (CA)", "active", None, False),
    (0, "", "inactive", None, False),
]
"""One body under two names, copy by copy: inactive as of the third, although its first name never was active."""


class SameRuleTests(TestCase):
    def setUp(self) -> None:
        self.city = make.make_agency()
        self.bodies = [make.make_agency(f"Body {number} Police Department") for number in range(2)]
        self.bodies += [make.make_agency("Old Police Department", merged_into=self.bodies[0]), self.city]

    def make_copy(self, source: int, reporter: str, copied: Copied) -> None:
        day, completeness, word, withdrawn, lines = copied
        capture = make.make_capture(make.make_source(f"source-{source}"), day=START + timedelta(day))
        found = make.make_list(capture, completeness=completeness, reported_by=reporter)
        if word is not None:
            ListConfirmation.objects.create(sharing_list=found, is_confirmed=word, reason="a test says so")
        for body, spelling, status, answered, denies in lines:
            listed = copy.copy(self.bodies[body])
            listed.name += spelling
            grant = make.make_grant(self.city, listed, found, account_status=status)
            if answered is not None:
                capture_of_answer = make.make_capture(make.make_source("paper"), day=START + timedelta(answered))
                effect = "denies" if denies else "qualifies"
                make.make_answer(self.city, grant, effect=effect, capture=capture_of_answer)
        if withdrawn == "capture":
            Withdrawal.objects.create(capture=capture, kind="error", reason="a test says so")
        elif withdrawn and lines:  # The last line of the list, by itself or with its import.
            target = {"run": grant.statement.run, "statement": grant.statement}[withdrawn]
            Withdrawal.objects.create(**{withdrawn: target}, kind="error", reason="a test says so")

    @settings(max_examples=2000 if DEEP else 60, deadline=None)
    @given(STREAMS)
    @example([("grantor", [(day, "complete", None, None, [line]) for day, line in enumerate(MARKED_AGAIN)])])
    def test_sql_sums_up_as_the_rule_does(self, streams: list[tuple[str, list[Copied]]]) -> None:
        for source, (reporter, copies) in enumerate(streams):
            for copied in copies:
                self.make_copy(source, reporter, copied)
        text, values = summary_query(SharingStatement.objects.filter(Withdrawn.read().standing()))
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            self.assertEqual([column[0] for column in cursor.description], [*KEY, *SUMMARY_FIELDS])
            found = sorted(cursor.fetchall(), key=str)
        ruled = [(*key, *(getattr(summary, name) for name in SUMMARY_FIELDS)) for key, summary in summaries()]
        self.assertEqual(found, sorted(ruled, key=str))
        rebuild_links()
        self.assertEqual(sorted(SharingLink.objects.values_list(*KEY, *SUMMARY_FIELDS), key=str), found)
