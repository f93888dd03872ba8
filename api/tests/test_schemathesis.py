"""The OpenAPI document held against the code by schemathesis: made-up requests, good and bad, to every operation.

What is checked of each answer: no 500, a status and a media type that are documented, a body as described; and that
nothing against the document is accepted.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from rest_framework.settings import api_settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from agencies.models import Change, Finding, Webhook
from api.keys import make_key
from api.tests.following import FollowingTestCase
from transparency.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
_SHAPE = [response_schema_conformance]
EXAMPLES = {"test": 4, "deep": 150}
"""Requests an operation and mode: in every run, and in the long one."""


@cache
def document() -> Any:
    """Return the API's own document, as a client reads it."""
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application)


class SchemathesisTests(FollowingTestCase):
    """Every operation, with data that fits the document and with data that does not."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Add a key and its webhook."""
        super().setUpTestData()
        row, cls.key = make_key("schemathesis", "1000000/min")
        hook = Webhook.objects.create(key=row, url="https://example.org/atlas", secret="s" * 40)
        cls.on_record = {
            "/agencies/": cls.union_city.slug,
            "/captures/": str(cls.capture.uuid),
            "/changes/": str(Change.objects.values_list("uuid", flat=True)[0]),
            "/facts/": str(cls.fact.statement.uuid),
            "/findings/": str(Finding.objects.values_list("uuid", flat=True)[0]),
            "/laws/": "ca-values-act",
            "/links/": str(cls.disputed.uuid),
            "/networks/": "flock",
            "/places/": "0681204",
            "/releases/": cls.release.name,
            "/sources/": cls.source.slug,
            "/statements/": str(cls.grant.statement.uuid),
            "/webhooks/": str(hook.uuid),
        }
        agency = dict.fromkeys(("agency", "grantor", "grantee", "from"), cls.union_city.slug)
        places = {"place": "0681204", "served_place": "0681204", "county": "06001"}
        others = {
            "to": "ice",
            "network": "flock",
            "source": cls.source.slug,
            "law": "ca-values-act",
            "fields": "api_url",
        }
        cls.known = {**agency, **places, **others, "capture": str(cls.capture.uuid), "near": "37.6,-122,50"}

    def setUp(self) -> None:
        """Count nothing, ask no DNS, and keep what is refused out of the log."""
        super().setUp()
        logging.disable(logging.WARNING)
        self.addCleanup(logging.disable, logging.NOTSET)
        unlimited = patch.dict(api_settings.DEFAULT_THROTTLE_RATES, anon=None)
        for one in (unlimited, patch("api.serializers.webhook.host_problem", return_value="")):
            one.start()
            self.addCleanup(one.stop)
        for signal in (request_started, request_finished):  # The test's transaction outlives a request.
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)

    def test_requests_that_fit(self) -> None:
        self.hold(GenerationMode.POSITIVE, EXAMPLES["test"])

    def test_requests_that_do_not_fit(self) -> None:
        self.hold(GenerationMode.NEGATIVE, EXAMPLES["test"])

    @tag("deep")
    def test_many_requests(self) -> None:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            self.hold(mode, EXAMPLES["deep"])

    def hold(self, mode: GenerationMode, examples: int) -> None:
        """Send that many requests to each operation, and check each answer."""
        bounded = settings(
            max_examples=examples,
            deadline=timedelta(seconds=20),
            derandomize=examples == EXAMPLES["test"],
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        for found in document().get_all_operations():
            operation = found.ok()
            # Where any text is a name, and there is no parameter, nothing can be against the document.
            never: tuple[type[BaseException], ...] = (Unsatisfiable,) if mode.is_negative else ()
            with self.subTest(operation.label, mode=mode.value), suppress(*never):
                bounded(given(self.cases(operation, mode))(self.send))()

    def cases(self, operation: Any, mode: GenerationMode) -> Any:
        """Return what makes requests: to what is on record or to made-up names, with few parameters or with many."""
        names = {name: self.name_for(operation.path) for name in _path_names(operation.path)}
        anything = operation.as_strategy(mode)
        requests = anything | operation.as_strategy(mode, path_parameters=names) if names else anything
        return requests if mode.is_negative else st.builds(self.narrowed, requests, st.integers(0, 4), st.booleans())

    def narrowed(self, case: Any, most: int, is_on_record: bool) -> Any:
        """Return a case with so many optional parameters at most; names are those of the record, where wanted."""
        required = {one.name for one in case.operation.query if one.is_required}
        optional = [name for name in case.query if name not in required][:most]
        kept = {name: value for name, value in case.query.items() if name in required or name in optional}
        case.query = {**kept, **{name: self.known[name] for name in kept if is_on_record and name in self.known}}
        return case

    def name_for(self, path: str) -> str:
        """Return the name of something on record below a path."""
        return next(name for beginning, name in self.on_record.items() if path.startswith(f"/api/v1{beginning}"))

    def send(self, case: Any) -> None:
        """Send one request, undo what it wrote, and check the answer."""
        if "/webhooks/" in case.path:
            case.headers["Authorization"] = f"Bearer {self.key}"
        with transaction.atomic():
            response = case.call(headers={"Accept-Encoding": "identity"})
            transaction.set_rollback(True)
        # Some fields of a row are, by what the document says of them, not all that are required.
        case.validate_response(
            response, checks=[one for one in CHECKS if one not in _SHAPE or "fields" not in case.query]
        )


def _path_names(path: str) -> list[str]:
    """Return the names of a path's parameters."""
    return [part.partition("}")[0] for part in path.split("{")[1:]]
