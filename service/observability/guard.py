"""Keeps the text of users out of logs, whatever is handed to a logger. Knows log events, not where they go.

It can't tell a short text from a short name. What it can do: drop the keys that hold text, cut strings to a length,
print no object by its `repr`, and say of a foreign exception where it happened, never what it says.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from numbers import Number
from os import PathLike
from pathlib import Path
from typing import Any

from service.core.errors import DepescheError

MOST_CHARACTERS = 200
MOST_ITEMS = 20
MOST_DEPTH = 4
MOST_FRAMES = 30
MOST_CAUSES = 4

TEXT_KEYS = frozenset(
    {
        "answer", "article", "body", "content", "data", "document", "form", "headline", "hypothesis", "input", "json",
        "output", "paragraph", "payload", "query_string", "reference", "request_body", "response_body", "segment",
        "segments", "sentence", "sentences", "source", "sources", "summaries", "summary", "target", "targets", "text",
        "texts", "title", "tokens", "translation", "translations",
    }
)  # fmt: skip
"""Keys that hold text where they hold anything but a number: `segments=12` may pass."""

OWN_LOGGERS = ("service", "depesche")
"""Loggers of this code: their messages are constants and sizes, so quotes in them are left alone."""

_NOT_EXTRA = frozenset(vars(logging.makeLogRecord({}))) | {
    "asctime", "message", "taskName", "timestamp", "level", "logger", "event", "exception", "stack",
}  # fmt: skip
"""What the standard library keeps in a record beside the fields of `extra`, and the names that are written here."""

_JSON_INTEGERS = 1 << 63  # beyond, orjson refuses the whole line

_QUOTED = re.compile(r"(['\"])(?:\\.|(?!\1).)*(?:\1|$)", re.DOTALL)
_QUERY = re.compile(r"\?\S+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def safe_event(record: logging.LogRecord) -> dict[str, Any]:
    """What may be shown of a record, made of numbers, short strings, and containers of those.

    `timestamp` (ISO 8601, UTC), `level`, `logger`, `event`, the fields of `extra`, and `exception` (see `describe`).
    The record stays as it is. Raises what formatting its message raises.
    """
    event: dict[str, Any] = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _message(record),
    }
    for key, value in vars(record).items():
        if key not in _NOT_EXTRA and not _is_text(key, value):
            event[_one_line(key)] = _safe(value)
    if record.exc_info and record.exc_info[1] is not None:
        event["exception"] = describe(record.exc_info[1])
    return event


def describe(error: BaseException) -> list[dict[str, Any]]:
    """An exception and its causes, innermost last: type, message of our own errors, and `file:line function` lines.

    The message of a foreign exception may hold what a user sent, so it isn't shown.
    """
    described: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(described) < MOST_CAUSES:
        entry: dict[str, Any] = {"type": type_name(current)}
        if isinstance(current, DepescheError):
            entry["message"] = _shorten(_one_line(str(current)))
        frames = traceback.extract_tb(current.__traceback__)[-MOST_FRAMES:]
        entry["traceback"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        described.append(entry)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return described


def type_name(value: object) -> str:
    """The name of the type, with its module unless built in."""
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _message(record: logging.LogRecord) -> str:
    """What a logger says, without query strings; of a foreign one without quoted parts, which may be input."""
    message = record.msg if isinstance(record.msg, str) else str(_argument(record.msg))
    if isinstance(record.args, Mapping):
        message %= {key: _argument(value) for key, value in record.args.items()}
    elif record.args:
        message %= tuple(_argument(value) for value in record.args)
    message = _QUERY.sub("?…", message)
    if record.name.partition(".")[0] not in OWN_LOGGERS:
        message = _QUOTED.sub("'…'", message)
    return _shorten(_one_line(message))


def _argument(value: object) -> object:
    if isinstance(value, str):
        return _shorten(value)
    if isinstance(value, DepescheError):
        return _shorten(str(value))
    if value is None or isinstance(value, Number | PathLike):  # "%d" would fail on anything but a number
        return value
    return _safe(value)


def _is_text(key: str, value: object) -> bool:
    return key.lower() in TEXT_KEYS and value is not None and not isinstance(value, bool | int | float)


def _safe(value: object, depth: int = 0) -> object:
    """`value` if it says nothing, or what can be said about it."""
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < _JSON_INTEGERS):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, str):
        return _one_line(value) if len(value) <= MOST_CHARACTERS else f"<{len(value)} characters>"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, Path | date):
        return str(value)
    if depth < MOST_DEPTH and isinstance(value, Mapping):
        items = list(value.items())[:MOST_ITEMS]
        return {str(_safe(key)): _safe(item, depth + 1) for key, item in items if not _is_text(str(key), item)}
    if depth < MOST_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [_safe(item, depth + 1) for item in list(value)[:MOST_ITEMS]]
    return f"<{type_name(value)}>"


def _shorten(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}… <{len(text)} characters>"


def _one_line(text: str) -> str:
    """Control characters escaped: a line break in a value would forge a second log line."""
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return text.encode("utf-8", "backslashreplace").decode()  # lone surrogates can't be printed
