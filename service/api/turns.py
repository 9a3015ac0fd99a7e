"""Turns for large requests: a few at a time cut texts, look them up and write answers; the rest wait in line.

All of that is work under the interpreter lock, so it takes no longer in turn than at once. At once it takes the memory
of all of them together, and keeps every small request, and the probes, waiting: 48 texts of 45,000 sentences took
1.7 GB, and `/livez` 13 s. While a request waits for a model it sets its turn aside.
"""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from service.api.problems import TOO_MANY_REQUESTS, ProblemError
from service.core.errors import Cancelled
from service.core.observing import tell
from service.core.ports import Observer

LARGE_BYTES = 16_384
"""A body of this size needs a turn: some 130 sentences, 20 ms of work where all of them are cached."""
_FIRST_BYTES_PER_SECOND = 200_000.0
_MEMORY_SECONDS = 10.0
_PATIENCE = 0.25
"""The share of its time that a request may spend in the line; it needs the rest for itself."""
_POLL_SECONDS = 0.5

Aside = Callable[[], AbstractContextManager[None]]
"""Sets a turn aside for the body of a `with`."""


class Turns:
    """At most `slots` large requests work at once, and as many wait as will have their turn soon. Thread-safe.

    Next is who would be through first had it begun when it came, so that one of 20 KB doesn't wait for ten of 1 MB, nor
    one of 1 MB for ever. Who comes back from a wait goes before those who haven't begun: it only has to write its
    answer, and holds memory. `on_rest` is called when the last turn ends.
    """

    def __init__(self, slots: int, observer: Observer, on_rest: Callable[[], None] = lambda: None) -> None:
        self._slots = slots
        self._observer = observer
        self._on_rest = on_rest
        self._lock = threading.Lock()  # guards all that follows
        self._free = slots
        self._line: list[tuple[float, int, threading.Event]] = []  # a heap
        self._line_bytes = 0  # of those in line that haven't begun
        self._numbers = itertools.count()
        self._seconds = 1.0  # bytes and seconds of turns lately, so that the ratio is the speed of one
        self._bytes = _FIRST_BYTES_PER_SECOND

    @contextmanager
    def turn(self, size: int, seconds: float, abandoned: Callable[[], bool]) -> Iterator[Aside]:
        """A turn for a request of `size` bytes that may take `seconds`; gives what sets it aside.

        Raises ProblemError (429) at once when none would come in time, Cancelled when the caller has hung up. Small
        requests pass.
        """
        if size < LARGE_BYTES:
            yield nullcontext
            return
        self._enter(size, seconds, abandoned)
        since, worked = time.monotonic(), 0.0
        held = True

        @contextmanager
        def aside() -> Iterator[None]:
            nonlocal since, worked, held
            worked += time.monotonic() - since
            held = False
            self._give()
            yield  # what is raised here ends the request, which then needs no turn any more
            self._wait(self._join(0.0))
            held = True
            since = time.monotonic()

        try:
            yield aside
        finally:
            if held:
                self._observe(size, worked + time.monotonic() - since)
                self._give()

    def _enter(self, size: int, seconds: float, abandoned: Callable[[], bool]) -> None:
        with self._lock:
            speed = self._bytes / self._seconds
            wait = 0.0 if self._free else self._line_bytes / speed / self._slots
            if wait <= _PATIENCE * seconds:
                mine = self._join_locked(time.monotonic() + size / speed)
                self._line_bytes += size
        if wait > _PATIENCE * seconds:
            tell(self._observer.rejected, "any", "concurrency")
            raise ProblemError(
                TOO_MANY_REQUESTS,
                f"large requests that came before this one take {wait:.0f} s",
                retry_after=math.ceil(wait),
            )
        try:
            self._wait(mine, abandoned)
        finally:
            with self._lock:
                self._line_bytes -= size

    def _join(self, rank: float) -> tuple[float, int, threading.Event]:
        with self._lock:
            return self._join_locked(rank)

    def _join_locked(self, rank: float) -> tuple[float, int, threading.Event]:
        mine = (rank, next(self._numbers), threading.Event())
        if self._free:
            self._free -= 1
            mine[2].set()
        else:
            heapq.heappush(self._line, mine)
        return mine

    def _wait(self, mine: tuple[float, int, threading.Event], abandoned: Callable[[], bool] = lambda: False) -> None:
        while not mine[2].wait(_POLL_SECONDS):
            if abandoned():
                with self._lock:
                    if mine[2].is_set():  # at the last moment
                        return
                    self._line.remove(mine)
                    heapq.heapify(self._line)
                raise Cancelled("the caller has hung up")

    def _give(self) -> None:
        with self._lock:
            if self._line:
                heapq.heappop(self._line)[2].set()  # the turn passes on
                return
            self._free += 1
            rest = self._free == self._slots
        if rest:
            tell(self._on_rest)

    def _observe(self, size: int, seconds: float) -> None:
        with self._lock:
            keep = max(0.5, 1 - seconds / _MEMORY_SECONDS)
            self._seconds = keep * self._seconds + seconds
            self._bytes = keep * self._bytes + size
