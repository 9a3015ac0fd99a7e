"""Bounds how many requests are worked on at once, so that memory and threads stay bounded however many callers come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from service.api.problems import TOO_MANY_REQUESTS, ProblemError
from service.core.observing import tell
from service.core.ports import Observer


class Gate:
    """Lets at most `limit` requests in at once and turns the rest away at once. Thread-safe."""

    def __init__(self, limit: int, observer: Observer) -> None:
        self._slots = BoundedSemaphore(limit)
        self._observer = observer

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Hold a slot for the body of the `with`. Raises ProblemError (429) when none is free."""
        if not self._slots.acquire(blocking=False):
            tell(self._observer.rejected, "any", "concurrency")
            raise ProblemError(
                TOO_MANY_REQUESTS, "as many requests as this service takes at once are being worked on", retry_after=1
            )
        try:
            yield
        finally:
            self._slots.release()
