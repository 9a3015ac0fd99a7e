"""`POST /v1/check`."""

from __future__ import annotations

from flask import Blueprint, Response

from service.api.body import read_body, receive
from service.api.gate import Gate
from service.api.options import ApiOptions
from service.api.replies import json_reply
from service.api.schemas.check import MAX_ITEMS, CheckRequest, CheckResponse
from service.api.v1.context import request_context
from service.core.runtime import Runtime
from service.core.types import Priority


def check_routes(runtime: Runtime, options: ApiOptions, gate: Gate) -> Blueprint:
    """The routes of this file, for the `/v1` blueprint."""
    routes = Blueprint("check", __name__)

    @routes.post("/check")
    def check() -> Response:
        raw = receive(options)  # before a place is taken: a slow caller must not hold one
        with gate.entered(len(raw)) as aside:
            body = read_body(CheckRequest, raw, options, MAX_ITEMS)
            context = request_context(Priority[body.priority.upper()], options, aside)
            pairs = [(item.source, item.target) for item in body.items]
            return json_reply(CheckResponse.of(runtime.check(pairs, body.source_lang, body.target_lang, context)))

    return routes
