"""Keeps a broken disk from costing every request its time: after a failure, nobody tries again for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Backoff:
    """Closed while healthy; after a failure it blocks for `first` seconds, doubling up to `most`. Thread-safe."""

    def __init__(self, *, first: float = 1.0, most: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._first = first
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._delay = 0.0
        self._retry_at: float | None = None
        self._trying = False

    def claim(self) -> bool:
        """Whether the caller may try. When a wait is over, one caller gets True; the others wait for its result."""
        with self._lock:
            if self._retry_at is None:
                return True
            now = self._clock()
            if now < self._retry_at:
                return False
            self._retry_at = now + self._delay
            self._trying = True
            return True

    def remaining(self) -> float:
        """Seconds until the next try is due; 0 when healthy or due."""
        with self._lock:
            return 0.0 if self._retry_at is None else max(0.0, self._retry_at - self._clock())

    def failed(self) -> bool:
        """Start the wait, or lengthen it after a try. Returns whether health ended just now, for one log line."""
        with self._lock:
            began = self._retry_at is None
            # Many threads may meet one fault at once; only a claimed try makes the wait longer.
            if began or self._trying:
                self._delay = min(self._most, self._delay * 2) if self._trying else self._first
                self._retry_at = self._clock() + self._delay
                self._trying = False
            return began

    def succeeded(self) -> None:
        """End the wait."""
        # Unlocked look first: this runs on every healthy read.
        if self._retry_at is not None:
            with self._lock:
                self._retry_at = None
                self._trying = False
