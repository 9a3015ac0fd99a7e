"""The one thread of a process that writes to the cache's file: it batches what callers leave in a bounded queue.

It doesn't read for callers, but tells them what is still on its way to the disk.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from itertools import islice

from service.cache.backoff import Backoff
from service.cache.counters import Counters
from service.cache.database import Database, Handle, is_contention, is_damage
from service.cache.statements import Batch, Write, purge, write

logger = logging.getLogger(__name__)

BATCH_ENTRIES = 512
BUSY_SECONDS = 5.0
IDLE_SECONDS = 5.0
PENDING_OVERHEAD = 400
MOST_TOUCHED = 50_000

GATHER_SECONDS = 0.05
"""How long a batch waits for company. A transaction costs as much as some five entries in it, and a thread that is
woken for each entry costs the interpreter lock a switch."""

_BUSY = 1 << 62
"""More writes than there can be: the thread isn't to be woken."""


class Writer:
    """Runs from construction to `close`. A batch that fails is lost and counted, and the disk is left alone a while.

    Only a batch that met another process's lock is tried again. While the disk rests, the queue (at most
    `queue_bytes`) goes on filling and answering; what doesn't fit is dropped.
    """

    def __init__(
        self, database: Database, limit_bytes: int, *, queue_bytes: int, counters: Counters, backoff: Backoff
    ) -> None:
        self._database = database
        self._limit = limit_bytes
        self._queue_bytes = queue_bytes
        self._counters = counters
        self._backoff = backoff
        self._state = threading.Lock()
        self._work = threading.Condition(self._state)
        self._done = threading.Condition(self._state)
        self._wake_at = _BUSY
        self._flushing = 0
        self._waiting = Batch()
        self._waiting_bytes = 0
        self._writing: dict[str, Write] = {}
        self._orders: list[tuple[Callable[[], int], Future[int]]] = []
        self._closing_at: float | None = None
        self._handle: Handle | None = None
        self._thread = threading.Thread(target=self._run, name="cache-writer", daemon=True)
        self._thread.start()

    def pending(self, keys: Sequence[str]) -> dict[str, bytes | None]:
        """Those of `keys` that are on their way to the disk; None for one that is being removed."""
        with self._state:
            if not self._waiting.writes and not self._writing:
                return {}
            found = {}
            for key in keys:
                item = self._waiting.writes.get(key) or self._writing.get(key)
                if item is not None:
                    found[key] = item.value
            return found

    def put(self, items: Mapping[str, Write]) -> None:
        """Queue writes, without waiting for the disk. What doesn't fit is dropped and counted as a failure."""
        dropped = 0
        pairs = iter(items.items())
        while some := list(islice(pairs, BATCH_ENTRIES)):
            with self._state:
                for key, item in some:
                    before = self._waiting.writes.get(key)
                    grown = self._waiting_bytes + _size(item) - (_size(before) if before else 0)
                    if grown > self._queue_bytes or self._closing_at is not None:
                        dropped += 1
                        continue
                    self._waiting.writes[key] = item
                    self._waiting_bytes = grown
                self._wake()
        if dropped:
            self._counters.add(failures=dropped)

    def touch(self, keys: Sequence[str], used_at: float) -> None:
        """Note that entries were read. Written with the next batch, or when the queue has been idle a while."""
        with self._state:
            if len(self._waiting.touched) < MOST_TOUCHED:
                self._waiting.touched.update(dict.fromkeys(keys, used_at))

    def suspect(self, keys: Mapping[str, float]) -> None:
        """Remove entries whose checksum was wrong, unless they have been stored anew since (key to time stored)."""
        with self._state:
            self._waiting.suspects.update(keys)
            self._wake()

    def purge(self, before: float | None) -> int:
        """Remove entries stored before a time, or all, once what is pending has been written. Waits for it."""
        order: Future[int] = Future()
        with self._state:
            self._orders.append((lambda: self._purge(before), order))
            self._work.notify()
        while self._thread.is_alive():
            with contextlib.suppress(TimeoutError):
                return order.result(timeout=1.0)
        return 0

    def flush(self, timeout: float) -> bool:
        """Wait until nothing is pending; False when that took longer than `timeout` seconds."""
        with self._state:
            self._flushing += 1
            self._work.notify()
            try:
                return self._done.wait_for(lambda: not self._waiting.writes and not self._writing, timeout)
            finally:
                self._flushing -= 1

    def close(self, timeout: float) -> None:
        """Take no more writes, write what is pending for up to `timeout` seconds, end the thread."""
        with self._state:
            if self._closing_at is None:
                self._closing_at = time.monotonic() + timeout
            self._work.notify()
        # The last batch may still wait for another process's lock.
        self._thread.join(timeout + BUSY_SECONDS)

    def _run(self) -> None:
        while not self._is_finished():
            try:
                self._step()
            except Exception:  # a dead writer would turn every later write into a silent loss
                logger.exception("cache writer met an unexpected error")
                self._counters.add(failures=1)
                self._backoff.failed()
        with self._state:
            lost, self._waiting = len(self._waiting.writes), Batch()
            orders, self._orders = self._orders, []
        self._counters.add(failures=lost)
        for _, order in orders:
            order.set_result(0)
        self._drop_handle()

    def _is_finished(self) -> bool:
        with self._state:
            if self._closing_at is None or self._orders:
                return False
            overdue = time.monotonic() >= self._closing_at or self._backoff.remaining() > 0
            return overdue or not self._waiting

    def _step(self) -> None:
        """Wait for work, and do one order or one batch."""
        with self._state:
            if resting := self._backoff.remaining():
                self._work.wait_for(self._is_urgent, timeout=resting)
            elif self._wait_for(1, IDLE_SECONDS):
                self._wait_for(BATCH_ENTRIES, GATHER_SECONDS)
            order = self._orders.pop(0) if self._orders else None
        if order is not None:
            action, result = order
            removed = 0
            try:
                removed = action()
            finally:  # whoever gave the order is waiting, whatever happens
                result.set_result(removed)
        elif self._waiting and self._backoff.claim():
            self._write_batch()

    def _wait_for(self, entries: int, seconds: float) -> bool:
        """Under the lock: wait until there is so much to write, or somebody waits for it; False when time is up."""
        self._wake_at = entries
        try:
            return self._work.wait_for(
                lambda: self._is_urgent() or self._amount() >= (1 if self._flushing else entries), timeout=seconds
            )
        finally:
            self._wake_at = _BUSY

    def _wake(self) -> None:
        """Under the lock: wake the thread if that is what it waits for."""
        if self._amount() >= self._wake_at:
            self._wake_at = _BUSY
            self._work.notify()

    def _amount(self) -> int:
        return len(self._waiting.writes) + len(self._waiting.suspects)

    def _is_urgent(self) -> bool:
        return bool(self._orders) or self._closing_at is not None

    def _write_batch(self) -> None:
        batch = self._take()
        evicted = 0
        try:
            evicted = write(self._open(), batch, self._limit)
            self._backoff.succeeded()
        except (sqlite3.Error, OSError) as fault:
            self._failed(fault, batch)
        finally:
            self._counters.add(evictions=evicted)
            with self._state:
                self._writing = {}
                self._done.notify_all()

    def _take(self) -> Batch:
        with self._state:
            writes = self._waiting.writes
            if len(writes) <= BATCH_ENTRIES:
                self._waiting.writes, self._waiting_bytes = {}, 0
            else:
                writes = dict(islice(writes.items(), BATCH_ENTRIES))
                for key, item in writes.items():
                    del self._waiting.writes[key]
                    self._waiting_bytes -= _size(item)
            batch = Batch(writes, self._waiting.touched, self._waiting.suspects)
            self._waiting.touched, self._waiting.suspects = {}, {}
            self._writing = writes
            return batch

    def _failed(self, fault: sqlite3.Error | OSError, batch: Batch) -> None:
        handle = self._handle
        self._drop_handle()
        if is_damage(fault) and handle is not None:
            with contextlib.suppress(OSError):
                self._database.set_aside(handle.identity)
        if is_contention(fault):
            self._put_back(batch)
            self._counters.add(failures=1)
        else:
            self._counters.add(failures=max(1, len(batch.writes)))
        if self._backoff.failed():
            logger.warning("cache file cannot be written", extra={"error_type": type(fault).__name__})

    def _put_back(self, batch: Batch) -> None:
        with self._state:
            for key, item in batch.writes.items():
                if key not in self._waiting.writes:
                    self._waiting.writes[key] = item
                    self._waiting_bytes += _size(item)
            self._waiting.suspects = {**batch.suspects, **self._waiting.suspects}

    def _purge(self, before: float | None) -> int:
        """Runs on the thread. Tries even while the disk rests: somebody asked for it, and waits."""
        while self._waiting.writes:
            left = len(self._waiting.writes)
            self._write_batch()
            if len(self._waiting.writes) >= left:
                break
        removed = 0
        try:
            removed = purge(self._open(), before)
            self._database.remove_set_aside(before=before)
        except (sqlite3.Error, OSError) as fault:
            self._failed(fault, Batch())
        if before is None:
            with self._state:
                self._waiting, self._waiting_bytes = Batch(), 0
                self._done.notify_all()
        return removed

    def _open(self) -> sqlite3.Connection:
        """The connection, made anew when the path holds another file than before (removed, or set aside)."""
        if self._handle is not None and not self._database.is_current(self._handle):
            self._drop_handle()
        if self._handle is None:
            self._handle = self._database.open_writer(busy_seconds=BUSY_SECONDS)
        return self._handle.connection

    def _drop_handle(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def _size(item: Write) -> int:
    return len(item.name) + len(item.value or b"") + PENDING_OVERHEAD
