"""What one request carries through the entrance: id, clock, timings; and the headers, metrics and access log of every
response. Nothing here reads or logs a body.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, g, request

from service.api.schemas.common import SizedRequest
from service.core.observing import tell
from service.core.ports import Observer
from service.core.types import RequestContext, Timings

logger = logging.getLogger("depesche.api")

_PROBES = frozenset({"/livez", "/readyz", "/metrics"})

_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Exchange:
    """One request and what became known about it on the way.

    `started` is on `time.monotonic()`; `received` counts the bytes of the body that were read.
    """

    request_id: str
    started: float
    received: int = 0
    timings: Timings = field(default_factory=Timings)
    body: SizedRequest | None = None
    context: RequestContext | None = None

    @property
    def instance(self) -> str:
        """The request id as a URN, for the `instance` member of problems."""
        return f"urn:depesche:request:{quote(self.request_id, safe='')}"


def current() -> Exchange:
    """The exchange of the request that this thread serves."""
    exchange: Exchange = g.exchange
    return exchange


def stopping() -> bool:
    """Whether the server has been told to stop, by now. It puts the question into the WSGI environment."""
    told = request.environ.get("depesche.stopping")
    return bool(told is not None and told())


def request_id(sent: str | None) -> str:
    """The caller's id where it is 1 to 128 visible ASCII characters, else a new one."""
    if sent is not None and _REQUEST_ID.fullmatch(sent):
        return sent
    return uuid.uuid4().hex


def server_timing(timings: Timings, total_seconds: float) -> str:
    """The Server-Timing header: stages and total in milliseconds."""
    stages = {
        "segment": timings.segment,
        "cache": timings.cache,
        "queue": timings.queue,
        "engine": timings.engine,
        "total": total_seconds,
    }
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in stages.items())


def install(app: Flask, observer: Observer) -> None:
    """Give every request an exchange, and every response its headers, its metric and its line in the log."""

    @app.before_request
    def begin() -> None:
        g.exchange = Exchange(request_id(request.headers.get("X-Request-ID")), time.monotonic())

    @app.after_request
    def finish(response: Response) -> Response:
        exchange = current()
        seconds = time.monotonic() - exchange.started
        response.headers["X-Request-ID"] = exchange.request_id
        response.headers["Server-Timing"] = server_timing(exchange.timings, seconds)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        # Paths and methods that no rule knows are the caller's words: as metric labels they would be unbounded.
        route = request.url_rule.rule if request.url_rule else "other"
        method = request.method if request.method in _METHODS else "other"
        tell(observer.request, route, method, response.status_code, seconds)
        # Probes and scrapes come every few seconds, and say nothing while they succeed.
        level = logging.DEBUG if route in _PROBES and response.status_code < HTTPStatus.BAD_REQUEST else logging.INFO
        logger.log(
            level,
            "%s %s %d %.1f ms, %d bytes in, %d bytes out, request %s",
            method,
            route,
            response.status_code,
            seconds * 1000,
            exchange.received,
            response.calculate_content_length() or 0,
            exchange.request_id,
        )
        return response
