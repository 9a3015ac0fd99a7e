"""Makes JSON responses from response bodies."""

from __future__ import annotations

import orjson
from flask import Response

from service.api.schemas.common import ResponseBody


def json_reply(body: ResponseBody, status: int = 200, content_type: str = "application/json") -> Response:
    """`body` as JSON in UTF-8, without the members that are None."""
    return Response(orjson.dumps(body.model_dump(exclude_none=True)), status, content_type=content_type)
