"""What the API is held against: the same bytes from a bare view, and the same rows by psycopg2 and orjson alone.

Both learn from the endpoint itself, once a process: `bare` keeps its body, `raw` the statements that it sent to the
database. Every request to `raw` sends those statements anew and writes all their rows, unshaped, as JSON. Counting
requests, ETags, pages, addresses and names of fields are the endpoint's own work, which neither does.
"""

import os
import threading
from functools import cache
from typing import Any
from urllib.parse import urlencode

import orjson
import psycopg2
import psycopg2.extras
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from api.kept_answers import forget
from transparency.urls import urlpatterns as site

_local = threading.local()


def _get(address: str) -> Any:
    """Return the endpoint's whole answer."""
    answer = Client(headers={"host": "localhost"}).get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return body, answer.headers["Content-Type"]


@cache
def _body(address: str) -> tuple[bytes, str]:
    """Return the endpoint's body and media type."""
    body: tuple[bytes, str] = _get(address)
    return body


@cache
def _statements(address: str) -> list[tuple[str, Any]]:
    """Return what the endpoint asks of the database, once everything that it keeps is kept."""
    _get(address)
    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            found.append((sql, params))
        return execute(sql, params, many, context)

    forget()  # The answer that the process has just kept: the next one reads the record.
    with connection.execute_wrapper(note):
        _get(address)
    return found


def bare(request: HttpRequest) -> HttpResponse:
    """Answer with the bytes of the endpoint, or with an empty 304 where a client has any answer."""
    if "If-None-Match" in request.headers:
        return HttpResponse(status=304)
    body, kind = _body(_asked(request))
    return HttpResponse(body, content_type=kind)


def raw(request: HttpRequest) -> HttpResponse:
    """Answer with the rows that the endpoint reads, by psycopg2 and orjson."""
    if not hasattr(_local, "connection"):
        _local.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        _local.connection.autocommit = True
    cursor = _local.connection.cursor()
    results: list[dict[str, Any]] = []
    for sql, params in _statements(_asked(request)):
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        results += [dict(zip(names, row, strict=False)) for row in cursor.fetchall()]
    return HttpResponse(orjson.dumps({"results": results}, default=str), content_type="application/json")


def _asked(request: HttpRequest) -> str:
    """Return the endpoint that a baseline stands for."""
    query = request.GET.dict()
    return f"{query.pop('of')}?{urlencode(query)}"


urlpatterns = [path("bare/", bare), path("raw/", raw), *site]
