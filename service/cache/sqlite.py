"""A cache in one SQLite file that outlives the process and several may share. The disk may fail; this doesn't."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from service.cache.backoff import Backoff
from service.cache.counters import Counters
from service.cache.database import Database, Handle, is_contention, is_damage
from service.cache.schema import charge
from service.cache.statements import READ_KEYS, Rows, Write, encode, read, totals
from service.cache.writer import Writer
from service.core.types import CacheStats

logger = logging.getLogger(__name__)

READERS = 16
"""Connections for reading. Threads beyond wait for one, which takes less than opening and closing their own."""

READ_BUSY_SECONDS = 0.25
"""How long a request waits for another process's lock. In WAL mode writers don't block readers, so locks are rare: the
repair after a crash, a backup tool that wants the file for itself."""

CLOSE_SECONDS = 5.0

T = TypeVar("T")


class SqliteCache:
    """At most `limit_bytes` of entries in the file `path`; the least recently used go first.

    Make it after a fork, not before: it starts a thread. Writes are queued (at most `queue_bytes` in memory) and
    reach the disk a moment later; reads see them at once. The time of last use is kept to `touch_seconds`, so that a
    popular entry doesn't cost a write per read. `clock` gives seconds since the epoch and must be shared by all
    processes that share the file.

    The bound is on `charge`, an estimate of the pages an entry takes; the file may hold besides one batch of writes,
    a few pages of SQLite's own, and a write-ahead log of some MiB.

    Failures: a read that can't be made is a miss, a write that can't be made is lost, each is counted, and after a
    failure the disk is left alone for 1 to 60 seconds (reads and writes apart: a full disk, or one that is mounted
    read-only, can still be read). A lock that somebody else holds is waited for, and no reason to leave the disk alone
    for reading. A file that is damaged, or of another schema version, is renamed to `….corrupt-TIME` and a new one
    begun. Processes of different versions therefore need different paths.
    """

    def __init__(
        self,
        path: Path,
        limit_bytes: int,
        *,
        queue_bytes: int = 16 << 20,
        touch_seconds: float = 60.0,
        clock: Callable[[], float] = time.time,
        backoff: Callable[[], Backoff] = Backoff,
    ) -> None:
        if limit_bytes < 0:
            raise ValueError("limit_bytes must not be negative")
        self._limit = limit_bytes
        self._touch_seconds = touch_seconds
        self._clock = clock
        self._counters = Counters()
        self._totals = (0, 0)
        self._closed = False
        self._reads = backoff()
        self._turns = threading.Semaphore(READERS)
        self._pool_lock = threading.Lock()
        self._pool: list[Handle] = []
        self._database = Database(path)
        self._writer = Writer(
            self._database, limit_bytes, queue_bytes=queue_bytes, counters=self._counters, backoff=backoff()
        )

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The entries that are on the disk or on their way to it."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, bytes] = {}
        readable = True
        # Some keys at a time, so that a long request keeps neither the queue nor a connection from the others.
        for start in range(0, len(wanted), READ_KEYS):
            some = wanted[start : start + READ_KEYS]
            pending = self._writer.pending(some)
            found.update((key, value) for key, value in pending.items() if value is not None)
            rest = [key for key in some if key not in pending] if pending else some
            if rest and readable:
                values = self._read(rest)
                readable = values is not None
                found.update(values or {})
        self._counters.add(hits=len(found), misses=len(wanted) - len(found))
        return found

    def set_many(self, items: Mapping[str, bytes]) -> None:
        """Queue all items. One that is larger than the whole limit isn't kept, nor is what it would replace."""
        now = self._clock()
        writes = {}
        for key, value in items.items():
            name = encode(key)
            size = charge(name, value)
            writes[key] = Write(name, value if size <= self._limit else None, size, now)
        self._writer.put(writes)

    def stats(self) -> list[CacheStats]:
        """One tier, "sqlite"; `entries` and `bytes` are those on the disk, shared with other processes."""
        self._totals = self._with_reader(totals, (0, 0)) or self._totals
        entries, size = self._totals
        return [self._counters.stats("sqlite", entries=entries, size=size, limit_bytes=self._limit)]

    def purge(self, *, older_than_seconds: float | None = None) -> int:
        """Remove entries stored more than `older_than_seconds` ago, or all, and damaged files of that age.

        Waits for it. Removed text is overwritten in the file; what the disk itself keeps is beyond this.
        """
        return self._writer.purge(None if older_than_seconds is None else self._clock() - older_than_seconds)

    def flush(self, timeout: float = CLOSE_SECONDS) -> bool:
        """Wait until what was stored is on the disk; False if it isn't after `timeout` seconds."""
        return self._writer.flush(timeout)

    def close(self) -> None:
        """Write what is pending (for some seconds at most) and close the file. Later reads miss, writes are lost."""
        self._closed = True
        with self._pool_lock:
            handles, self._pool = self._pool, []
        for handle in handles:
            handle.close()
        # Last, because the last connection to close empties the write-ahead log, if it may write.
        self._writer.close(CLOSE_SECONDS)

    def _read(self, keys: list[str]) -> dict[str, bytes] | None:
        now = self._clock()
        used_before = now - self._touch_seconds
        rows = self._with_reader(lambda connection: read(connection, keys, used_before=used_before), Rows())
        if rows is None:
            return None
        if rows.stale:
            self._writer.touch(rows.stale, now)
        if rows.suspects:
            self._counters.add(failures=len(rows.suspects))
            self._writer.suspect(rows.suspects)
        return rows.values

    def _with_reader(self, action: Callable[[sqlite3.Connection], T], nothing: T) -> T | None:
        """What `action` finds on a connection of the pool, or `nothing` where there is no file.

        None when reading failed, or when the disk is being left alone.
        """
        if self._closed:
            return None
        with self._turns:
            if not self._reads.claim():
                self._counters.add(failures=1)
                return None
            handle = None
            try:
                handle = self._take()
                result = nothing if handle is None else action(handle.connection)
            except (sqlite3.Error, OSError) as fault:
                self._read_failed(fault, handle)
                return None
            self._reads.succeeded()
            if handle is not None:
                self._give(handle)
            return result

    def _read_failed(self, fault: sqlite3.Error | OSError, handle: Handle | None) -> None:
        self._counters.add(failures=1)
        if handle is not None:
            handle.close()
            if is_damage(fault):
                with contextlib.suppress(OSError):
                    self._database.set_aside(handle.identity)
                    return  # a new file can be used at once
        # Whoever holds a lock will let go of it; that others had to wait says nothing about the disk.
        if not is_contention(fault) and self._reads.failed():
            logger.warning("cache file cannot be read", extra={"error_type": type(fault).__name__})

    def _take(self) -> Handle | None:
        """A pooled connection to the file that has the path now, or a new one; None where there is no file."""
        while True:
            with self._pool_lock:
                handle = self._pool.pop() if self._pool else None
            if handle is None:
                return self._database.open_reader(busy_seconds=READ_BUSY_SECONDS)
            if self._database.is_current(handle):
                return handle
            handle.close()

    def _give(self, handle: Handle) -> None:
        with self._pool_lock:
            if not self._closed:
                self._pool.append(handle)
                return
        handle.close()
