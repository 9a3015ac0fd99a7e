"""Bounds how many requests are worked on at once, so that memory and threads stay bounded however many callers come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from flask import request

from service.api.disconnect import hang_up_check
from service.api.problems import TOO_MANY_REQUESTS, ProblemError
from service.api.turns import Aside, Turns
from service.core.observing import tell
from service.core.ports import Observer


class Gate:
    """Lets at most `limit` requests in at once and turns the rest away at once. Thread-safe."""

    def __init__(self, limit: int, turns: Turns, seconds: float, observer: Observer) -> None:
        """`seconds` is what a request may take."""
        self._slots = BoundedSemaphore(limit)
        self._turns = turns
        self._seconds = seconds
        self._observer = observer

    @contextmanager
    def entered(self, size: int) -> Iterator[Aside]:
        """Hold a slot for the body of the `with`, and a turn where a request of `size` bytes needs one.

        Gives what sets the turn aside. Raises ProblemError (429) when no slot is free or no turn to be had in time,
        Cancelled when the caller hangs up before.
        """
        if not self._slots.acquire(blocking=False):
            tell(self._observer.rejected, "any", "concurrency")
            raise ProblemError(
                TOO_MANY_REQUESTS, "as many requests as this service takes at once are being worked on", retry_after=1
            )
        try:
            with self._turns.turn(size, self._seconds, hang_up_check(request.environ)) as aside:
                yield aside
        finally:
            self._slots.release()
