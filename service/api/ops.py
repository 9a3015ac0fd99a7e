"""Endpoints for those who run the service: `/livez`, `/readyz`, `/metrics`. Never gated, open without a key."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response

from service.api.exchange import stopping
from service.api.problems import NOT_READY, ProblemError
from service.api.replies import json_reply
from service.api.schemas.catalogue import StatusResponse
from service.core.runtime import Runtime

_RETRY_SECONDS = 5


def ops_routes(runtime: Runtime) -> Blueprint:
    """The routes of this file."""
    routes = Blueprint("ops", __name__)

    @routes.get("/livez")
    def livez() -> Response:
        readiness = runtime.readiness()
        if readiness.alive:
            return json_reply(StatusResponse(status="alive"))
        raise _not_ready(readiness.reasons)

    @routes.get("/readyz")
    def readyz() -> Response:
        if stopping():
            raise _not_ready(("shutting down",))
        readiness = runtime.readiness()
        if readiness.ready:
            return json_reply(StatusResponse(status="ready"))
        raise _not_ready(readiness.reasons)

    @routes.get("/metrics")
    def metrics() -> Response:
        page, content_type = runtime.metrics()
        return Response(page, content_type=content_type)

    return routes


def _not_ready(reasons: Sequence[str]) -> ProblemError:
    detail = "; ".join(reasons) or NOT_READY.title
    return ProblemError(NOT_READY, detail, members={"reasons": list(reasons)}, retry_after=_RETRY_SECONDS)
