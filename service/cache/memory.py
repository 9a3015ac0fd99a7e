"""A cache in the memory of this process: least recently used entries go first, the bound is in bytes."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from service.cache.counters import Counters
from service.core.types import CacheStats

ENTRY_OVERHEAD = 272
"""Bytes charged per entry besides key and value: the headers of str and bytes, the tuple, its time, the dict's node.

`tests/cache/test_memory.py` measures the true figure with tracemalloc (226 to 262 on CPython 3.11) and fails if this
is too low.
"""

TURN_KEYS = 1024
"""Keys per hold of the lock, some 0.5 ms: an article of thousands of cached sentences mustn't hold up the others."""


class MemoryCache:
    """An LRU map that never holds more than `limit_bytes`. Thread-safe; every step is O(1) per key.

    An entry larger than the whole limit isn't kept; one that was stored more than `max_age_seconds` ago isn't found.
    `clock` gives seconds since the epoch.
    """

    def __init__(
        self, limit_bytes: int, *, max_age_seconds: float = math.inf, clock: Callable[[], float] = time.time
    ) -> None:
        if limit_bytes < 0:
            raise ValueError("limit_bytes must not be negative")
        self._limit = limit_bytes
        self._max_age = max_age_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0
        self._counters = Counters()

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The entries that are there; each becomes the most recently used."""
        found: dict[str, bytes] = {}
        wanted = list(dict.fromkeys(keys))
        border = self._clock() - self._max_age
        for start in range(0, len(wanted), TURN_KEYS):
            if start:
                _let_others_in()
            with self._lock:
                for key in wanted[start : start + TURN_KEYS]:
                    entry = self._entries.get(key)
                    if entry is None:
                        continue
                    if entry[1] < border:
                        self._remove(key)
                    else:
                        self._entries.move_to_end(key)
                        found[key] = entry[0]
        self._counters.add(hits=len(found), misses=len(wanted) - len(found))
        return found

    def set_many(self, items: Mapping[str, bytes]) -> None:
        """Store all items, then evict the least recently used ones until the bound holds."""
        now = self._clock()
        evicted = 0
        rest = iter(items.items())
        while some := list(islice(rest, TURN_KEYS)):
            with self._lock:
                evicted += sum(self._store(key, value, now) for key, value in some)
            if len(some) == TURN_KEYS:
                _let_others_in()
        if evicted:
            self._counters.add(evictions=evicted)

    def stats(self) -> list[CacheStats]:
        """One tier, "memory"."""
        with self._lock:
            entries, size = len(self._entries), self._bytes
        return [self._counters.stats("memory", entries=entries, size=size, limit_bytes=self._limit)]

    def purge(self, *, older_than_seconds: float | None = None) -> int:
        """Remove entries stored more than `older_than_seconds` ago, or all. Looks at every entry."""
        if older_than_seconds is None:
            with self._lock:
                emptied, self._entries, self._bytes = self._entries, OrderedDict(), 0
            removed = len(emptied)
            while emptied:  # one by one, because freeing them all at once would keep the interpreter lock that long
                emptied.popitem()
            return removed
        border = self._clock() - older_than_seconds
        removed = 0
        with self._lock:
            keys = list(dict.keys(self._entries))  # without the order of use, which takes far longer to follow
        for start in range(0, len(keys), TURN_KEYS):
            with self._lock:
                for key in keys[start : start + TURN_KEYS]:
                    entry = self._entries.get(key)
                    if entry is not None and entry[1] < border:
                        self._remove(key)
                        removed += 1
            _let_others_in()
        return removed

    def close(self) -> None:
        """Free the memory. The cache stays usable, and empty."""
        self.purge()

    def _store(self, key: str, value: bytes, now: float) -> int:
        """Returns how many entries had to go for it."""
        self._remove(key)
        size = entry_bytes(key, value)
        if size > self._limit:
            return 0
        evicted = 0
        # Room is made first, so that the bound holds at every moment.
        while self._bytes + size > self._limit:
            self._remove(next(iter(self._entries)))
            evicted += 1
        self._entries[key] = (value, now)
        self._bytes += size
        return evicted

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= entry_bytes(key, entry[0])


def _let_others_in() -> None:
    """Give up the interpreter lock: whoever only lets go of a lock mostly has it back before a waiting thread wakes."""
    time.sleep(0)


def entry_bytes(key: str, value: bytes) -> int:
    """What one entry is charged: the key's characters, the value's bytes and `ENTRY_OVERHEAD`."""
    # Non-ASCII strings take up to 4 bytes a character in CPython (PEP 393).
    return len(key) * (1 if key.isascii() else 4) + len(value) + ENTRY_OVERHEAD
