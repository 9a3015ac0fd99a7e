"""`POST /v1/summarize`."""

from __future__ import annotations

from flask import Blueprint, Response

from service.api.body import read_body, receive
from service.api.gate import Gate
from service.api.options import ApiOptions
from service.api.replies import json_reply
from service.api.schemas.summarize import SummarizeRequest, SummarizeResponse
from service.api.v1.context import request_context
from service.core.enums import Method
from service.core.runtime import Runtime
from service.core.types import Priority


def summarize_routes(runtime: Runtime, options: ApiOptions, gate: Gate) -> Blueprint:
    """The routes of this file, for the `/v1` blueprint."""
    routes = Blueprint("summarize", __name__)

    @routes.post("/summarize")
    def summarize() -> Response:
        raw = receive(options)  # before a place is taken: a slow caller must not hold one
        with gate.entered(len(raw)) as aside:
            body = read_body(SummarizeRequest, raw, options, options.max_texts_summarize)
            context = request_context(Priority.INTERACTIVE, options, aside)
            method = None if body.method == "auto" else Method(body.method)
            result = runtime.summarize(
                body.texts, body.source_lang, body.target_lang, method, body.max_sentences, context
            )
            return json_reply(SummarizeResponse.of(result))

    return routes
