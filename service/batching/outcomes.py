"""Ending jobs and telling observers so that nothing they raise harms the thread that does it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, InvalidStateError
from typing import ParamSpec

from service.batching.queued_job import QueuedJob
from service.core.errors import InferenceFailed
from service.core.types import Decoded

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")


def settle(future: Future[Decoded], outcome: Decoded | Exception) -> None:
    """End `future`. Its owner may have cancelled it directly, and its callbacks may raise anything."""
    try:
        if isinstance(outcome, Decoded):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)
    except InvalidStateError:
        pass
    except BaseException as error:  # concurrent.futures stops at Exception; a callback may raise SystemExit
        _log.warning("a future's callback raised %s", type(error).__name__)


def tell(event: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
    """Call an observer's method; a failure is logged, since metrics must not cost an answer."""
    try:
        event(*args, **kwargs)
    except Exception as error:
        _log.warning("the observer failed: %s", type(error).__name__)


def inference_failed(cause: BaseException) -> InferenceFailed:
    """The error for a job whose run ended with `cause`, whose own message stays out: it may quote the text."""
    error = InferenceFailed(f"the engine failed: {type(cause).__name__}")
    error.__cause__ = cause
    return error


def fail(jobs: Iterable[QueuedJob], cause: BaseException) -> None:
    """End jobs whose run ended with `cause`."""
    for queued in jobs:
        settle(queued.future, inference_failed(cause))
