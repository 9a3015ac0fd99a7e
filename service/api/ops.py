"""Endpoints for those who run the service: `/livez`, `/readyz`, `/metrics`. Never gated, open without a key."""

from __future__ import annotations

from flask import Blueprint, Response

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
        return json_reply(StatusResponse(status="alive"))

    @routes.get("/readyz")
    def readyz() -> Response:
        readiness = runtime.readiness()
        if readiness.ready:
            return json_reply(StatusResponse(status="ready"))
        detail = "; ".join(readiness.reasons) or NOT_READY.title
        members = {"reasons": list(readiness.reasons)}
        raise ProblemError(NOT_READY, detail, members=members, retry_after=_RETRY_SECONDS)

    @routes.get("/metrics")
    def metrics() -> Response:
        page, content_type = runtime.metrics()
        return Response(page, content_type=content_type)

    return routes
