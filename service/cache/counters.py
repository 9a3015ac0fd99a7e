"""Counts what happens in one cache tier. Thread-safe; holds no entries itself."""

from __future__ import annotations

import threading

from service.core.types import CacheStats


class Counters:
    """Hits and misses count keys, evictions entries; failures count lost writes and operations that went wrong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hits = 0
        self._misses = 0
        self._evictions = 0
        self._failures = 0

    def add(self, *, hits: int = 0, misses: int = 0, evictions: int = 0, failures: int = 0) -> None:
        """Add to the counts."""
        with self._lock:
            self._hits += hits
            self._misses += misses
            self._evictions += evictions
            self._failures += failures

    def stats(self, tier: str, *, entries: int, size: int, limit_bytes: int) -> CacheStats:
        """The counts together with what the tier holds now; `size` is in bytes."""
        with self._lock:
            return CacheStats(
                tier=tier,
                hits=self._hits,
                misses=self._misses,
                evictions=self._evictions,
                failures=self._failures,
                entries=entries,
                bytes=size,
                limit_bytes=limit_bytes,
            )
