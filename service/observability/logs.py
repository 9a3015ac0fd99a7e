"""Logging for the process: structlog and the standard library's loggers end in one handler and one renderer.

What may appear in an event is decided in `service.observability.guard`.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import orjson
import structlog
from structlog.typing import Processor, WrappedLogger

from service.observability.guard import SafeArguments, describe_exception, drop_text

Format = Literal["json", "console"]

FOREIGN = ("gunicorn.error", "gunicorn.access", "huggingface_hub", "transformers", "werkzeug", "py.warnings")
"""Loggers whose owners would give them handlers of their own."""

QUIET = ("httpx", "httpcore", "urllib3", "filelock", "asyncio")
"""Loggers that speak of every step at the levels below warning."""


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


def configure_logging(level: str, format: Format) -> None:  # noqa: A002 - what the setting is called
    """Send all logs of this process to stderr: one JSON object a line, or coloured lines for people.

    `level` is debug, info, warning or error, in any case. Also catches what threads and the interpreter would
    print about uncaught exceptions, for their messages may hold text. May be called again.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            describe_exception,
            drop_text,
            _render_json if format == "json" else _render_console,
        ],
    )
    handler = GuardedHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(SafeArguments())
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
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


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


def _render_json(_logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(dict(event), default=lambda value: f"<{type(value).__name__}>").decode()


def _render_console(logger: WrappedLogger, method: str, event: MutableMapping[str, Any]) -> str:
    exceptions = event.pop("exception", [])
    lines = [str(_CONSOLE(logger, method, event))]
    for described in exceptions:
        lines.append("  " + ": ".join(filter(None, (described["type"], described.get("message")))))
        lines.extend(f"    {frame}" for frame in described["traceback"])
    return "\n".join(lines)


_CONSOLE = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
