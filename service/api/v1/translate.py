"""`POST /v1/translate`."""

from __future__ import annotations

from flask import Blueprint, Response

from service.api.body import read_body, receive
from service.api.gate import Gate
from service.api.options import ApiOptions
from service.api.replies import json_reply
from service.api.schemas.translate import TranslateRequest, TranslateResponse
from service.api.v1.context import request_context
from service.core.enums import Quality
from service.core.runtime import Runtime
from service.core.types import Priority


def translate_routes(runtime: Runtime, options: ApiOptions, gate: Gate) -> Blueprint:
    """The routes of this file, for the `/v1` blueprint."""
    routes = Blueprint("translate", __name__)

    @routes.post("/translate")
    def translate() -> Response:
        raw = receive(options)  # before a place is taken: a slow caller must not hold one
        with gate.entered(len(raw)) as aside:
            body = read_body(TranslateRequest, raw, options, options.max_texts_translate)
            quality = Quality(body.quality)
            context = request_context(Priority[body.priority.upper()], options, aside, quality)
            result = runtime.translate(body.texts, body.source_lang, body.target_lang, context)
            answer = TranslateResponse.of(
                result, with_segments=body.include_segments, for_review=body.review, quality=quality
            )
            return json_reply(answer)

    return routes
