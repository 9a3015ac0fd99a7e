"""An observer that may fail: what it raises is logged and goes no further, since metrics must not cost an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from service.core.ports import Observer

_log = logging.getLogger(__name__)


class GuardedObserver:
    """Implements `service.core.ports.Observer` on another one."""

    def __init__(self, inner: Observer) -> None:
        self._inner = inner

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        _tell(lambda: self._inner.request(route, method, status, seconds))

    def batch(
        self, model: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None:
        """An engine finished a batch."""
        _tell(
            lambda: self._inner.batch(
                model,
                segments=segments,
                tokens=tokens,
                padded_tokens=padded_tokens,
                engine_seconds=engine_seconds,
                failed=failed,
            )
        )

    def queue_wait(self, model: str, seconds: float) -> None:
        """A job left the queue for an engine."""
        _tell(lambda: self._inner.queue_wait(model, seconds))

    def dropped(self, model: str, reason: str) -> None:
        """A job left the queue unserved."""
        _tell(lambda: self._inner.dropped(model, reason))

    def rejected(self, model: str, reason: str) -> None:
        """Work was refused at the door."""
        _tell(lambda: self._inner.rejected(model, reason))

    def flagged(self, model: str, flag: str) -> None:
        """An output check raised a flag."""
        _tell(lambda: self._inner.flagged(model, flag))

    def retried(self, model: str) -> None:
        """A suspicious output was decoded again."""
        _tell(lambda: self._inner.retried(model))


def _tell(event: Callable[[], None]) -> None:
    try:
        event()
    except Exception as error:
        _log.warning("the observer failed: %s", type(error).__name__)
