"""Logging for the process: the standard library's loggers, all through one handler, as JSON or as lines for people.

What may appear in a line is decided in `service.observability.guard`.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from typing import Any, Literal, TextIO

import orjson

from service.observability.guard import safe_event

Format = Literal["json", "console"]

FOREIGN = ("gunicorn.error", "gunicorn.access", "huggingface_hub", "transformers", "werkzeug", "py.warnings")
"""Loggers whose owners would give them handlers of their own."""

QUIET = ("httpx", "httpcore", "urllib3", "filelock", "asyncio")
"""Loggers that speak of every step at the levels below warning."""

_COLOURS = {
    "debug": "\x1b[2m",
    "info": "\x1b[32m",
    "warning": "\x1b[33m",
    "error": "\x1b[31m",
    "critical": "\x1b[1;31m",
}
_PLAIN = "\x1b[0m"


class RoutedLogger(logging.Logger):
    """A logger that keeps to the root's handlers, whatever its library does to it later."""

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802 - the standard library's name
        """Ignored: the library would print past the guard."""

    @property
    def propagate(self) -> bool:
        """Always True."""
        return True

    @propagate.setter
    def propagate(self, value: bool) -> None:
        """Ignored."""


class GuardedHandler(logging.StreamHandler[TextIO]):
    """A handler that doesn't print a record's arguments when the record can't be formatted."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Say where the bad call is, and no more."""
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"a log record of {record.pathname}:{record.lineno} could not be rendered\n")


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """`timestamp`, `level`, `logger`, `event`, the fields of `extra`, and `exception` where there is one."""
        return _json(safe_event(record))


class ConsoleFormatter(logging.Formatter):
    """A line for people, with a few indented ones below it where an exception is told."""

    def __init__(self, *, coloured: bool) -> None:
        super().__init__()
        self._coloured = coloured

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, event, key=value, logger."""
        event = safe_event(record)
        time, level, logger, message = (str(event.pop(name)) for name in ("timestamp", "level", "logger", "event"))
        exceptions = event.pop("exception", [])
        colour, plain = (_COLOURS.get(level, ""), _PLAIN) if self._coloured else ("", "")
        fields = [f"{key}={_shown(value)}" for key, value in event.items()]
        lines = ["  ".join([f"{time} {colour}{level:<8}{plain} {message}", *fields, f"[{logger}]"])]
        for described in exceptions:
            lines.append("  " + ": ".join(filter(None, (described["type"], described.get("message")))))
            lines.extend(f"    {frame}" for frame in described["traceback"])
        return "\n".join(lines)


def configure_logging(level: str, format: Format) -> None:  # noqa: A002 - what the setting is called
    """Send all logs of this process to stderr: one JSON object a line, or lines for people, coloured on a terminal.

    `level` is debug, info, warning or error, in any case. Also catches what threads and the interpreter would
    print about uncaught exceptions, for their messages may hold text. May be called again.
    """
    handler = GuardedHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else ConsoleFormatter(coloured=sys.stderr.isatty()))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in FOREIGN:
        _route(logging.getLogger(name))
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_thread_death


def _route(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    # The class is changed in place because libraries hold on to the logger object.
    logger.__class__ = RoutedLogger
    logger.__dict__.pop("propagate", None)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("depesche").critical("uncaught exception", exc_info=(kind, error, trace))


def _log_thread_death(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is None or arguments.exc_type is SystemExit:
        return
    name = arguments.thread.name if arguments.thread else "unknown"
    logging.getLogger("depesche").critical("a thread died", exc_info=arguments.exc_value, extra={"thread_name": name})


def _shown(value: object) -> str:
    """A string as it is unless that would blur where it ends."""
    if isinstance(value, str) and value and not set(value) & set(' "='):
        return value
    return _json(value)


def _json(value: object) -> str:
    return orjson.dumps(value, default=lambda other: f"<{type(other).__name__}>").decode()
