"""Reads and validates the JSON body of a request; every way in which that can fail is a ProblemError."""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeVar

import orjson
from flask import Request, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service.api.exchange import current
from service.api.faults import MOST_FAULTS, faults, without_most_strangers
from service.api.options import ApiOptions
from service.api.problems import (
    BAD_REQUEST,
    BODY_TOO_LARGE,
    INVALID_REQUEST,
    MALFORMED_JSON,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from service.api.schemas.common import SizedRequest
from service.core.errors import TextTooLarge

Body = TypeVar("Body", bound=SizedRequest)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def receive(options: ApiOptions) -> bytes:
    """The bytes of the current request's body, read to its end: that takes as long as the caller takes to send it.

    Raises ProblemError for a wrong media type, a body over `options.max_body_bytes`, and one that breaks off.
    """
    _require_json(request)
    return _read(request, options.max_body_bytes)


def read_body(schema: type[Body], raw: bytes, options: ApiOptions, max_texts: int) -> Body:
    """`raw`, which `receive` has returned, as `schema`.

    Raises ProblemError for malformed JSON and every fault that the schema finds; TextTooLarge when the texts together
    exceed `options.max_characters`.
    """
    body = validate(schema, parse(raw), max_texts)
    current().body = body
    size = sum(map(len, body.texts))
    if size > options.max_characters:
        raise TextTooLarge(size, options.max_characters)
    return body


def parse(raw: bytes) -> Any:
    """The JSON value in `raw`. Raises ProblemError (malformed-json) with the position of the fault."""
    raw = raw.removeprefix(_BYTE_ORDER_MARK)
    if not raw.strip():
        raise ProblemError(MALFORMED_JSON, "the body is empty; send a JSON object")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _parse_slowly(raw)


def _parse_slowly(raw: bytes) -> Any:
    """What orjson refuses, read by the standard library: it tells the position, and accepts unpaired surrogates.

    Those are legal JSON; the schema refuses them, so that the answer can point at the text that has one.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        _refuse("the body is not UTF-8: invalid byte", raw[: error.start].decode(), error.start, "byte")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        _refuse(
            f"the body is not valid JSON: {error.msg.removesuffix(' at')}", text[: error.pos], error.pos, "character"
        )
    except RecursionError:
        raise ProblemError(MALFORMED_JSON, "the body is nested too deeply") from None
    except ValueError:  # an integer of more than 4,300 digits
        raise ProblemError(MALFORMED_JSON, "the body has a number with too many digits") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ProblemError(MALFORMED_JSON, f"the body is not valid JSON: {name} is no JSON number")


def _refuse(what: str, before: str, offset: int, unit: str) -> NoReturn:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    raise ProblemError(
        MALFORMED_JSON,
        f"{what} at line {line}, column {column} ({unit} {offset})",
        members={"position": {"line": line, "column": column, "offset": offset}},
    ) from None


def validate(schema: type[Body], value: Any, max_texts: int) -> Body:
    """`value` as `schema`. Raises ProblemError (invalid-request) with every fault at once."""
    known = list(schema.model_fields)
    value, left_out = without_most_strangers(value, known)
    try:
        return schema.model_validate(value, context={"max_texts": max_texts})
    except ValidationError as error:
        found = faults(error, known)
        total = len(found) + left_out
        members: dict[str, Any] = {"errors": found[:MOST_FAULTS]}
        if total > MOST_FAULTS:
            members["errors_omitted"] = total - MOST_FAULTS
        count = "1 fault" if total == 1 else f"{total} faults"
        raise ProblemError(INVALID_REQUEST, f"the request has {count}; see errors", members=members) from None


def _require_json(incoming: Request) -> None:
    media_type = incoming.mimetype
    is_json = media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
    charset = incoming.mimetype_params.get("charset", "utf-8").lower()
    if not is_json or charset not in ("utf-8", "utf8"):
        raise ProblemError(
            UNSUPPORTED_MEDIA_TYPE,
            "send the body as Content-Type: application/json, in UTF-8",
            headers={"Accept-Post": "application/json"},
        )
    coding = incoming.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise ProblemError(
            UNSUPPORTED_MEDIA_TYPE,
            "send the body without a content coding",
            headers={"Accept-Encoding": "identity"},
        )


def _read(incoming: Request, limit: int) -> bytes:
    # One byte more than allowed: werkzeug cuts a body without a length at its limit instead of refusing it.
    incoming.max_content_length = limit + 1
    too_large = ProblemError(BODY_TOO_LARGE, f"the body has more than {limit} bytes", members={"limit": limit})
    try:
        raw = incoming.get_data(cache=False)
    except RequestEntityTooLarge:
        raise too_large from None
    except HTTPException:
        raise
    except Exception:  # whatever the server's own parser raises, such as gunicorn's InvalidChunkSize
        raise ProblemError(BAD_REQUEST, "the body could not be read to its end") from None
    current().received = len(raw)
    if len(raw) > limit:
        raise too_large
    if incoming.content_length is not None and len(raw) < incoming.content_length:
        raise ProblemError(BAD_REQUEST, "the body broke off before its Content-Length")
    return raw
