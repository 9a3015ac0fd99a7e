"""The cache's SQL: read some keys, write a batch, evict, purge. Knows connections, not files, threads or queues."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from service.cache.schema import checksum

READ_KEYS = 256
DELETE_ROWS = 4096
VACUUM_PAGES = 2048

_UPSERT = """
INSERT INTO entries (key, value, checksum, charge, stored_at, used_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, checksum = excluded.checksum, charge = excluded.charge,
    stored_at = excluded.stored_at, used_at = excluded.used_at
"""
_TOUCH = "UPDATE entries SET used_at = ? WHERE key = ? AND used_at < ?"
_FORGET = "DELETE FROM entries WHERE key = ? AND stored_at = ?"
_REMOVE = "DELETE FROM entries WHERE key = ?"


@dataclass(slots=True)
class Write:
    """An entry on its way to the disk: key and charge as they are stored there. `value` None removes the key."""

    name: bytes
    value: bytes | None
    charge: int
    stored_at: float


@dataclass(slots=True)
class Batch:
    """What one transaction does. `touched` maps keys to their last use, `suspects` to the time they were stored."""

    writes: dict[str, Write] = field(default_factory=dict)
    touched: dict[str, float] = field(default_factory=dict)
    suspects: dict[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.writes or self.touched or self.suspects)


@dataclass(slots=True)
class Rows:
    """What a read found: sound values, keys not used lately, and keys (with time stored) whose checksum is wrong."""

    values: dict[str, bytes] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    suspects: dict[str, float] = field(default_factory=dict)


def encode(key: str) -> bytes:
    """The key as it is stored. Lone surrogates are kept apart too, so that no two keys meet."""
    return key.encode("utf-8", "surrogatepass")


def read(connection: sqlite3.Connection, keys: Sequence[str], *, used_before: float) -> Rows:
    """Look up `keys`, at most `READ_KEYS`, and verify checksums. `stale` holds those last used before `used_before`."""
    rows = Rows()
    names = {encode(key): key for key in keys}
    wanted = list(names)
    # Rounding up to powers of two keeps SQLite's cache of prepared statements small and hit.
    wanted += wanted[-1:] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted))
    marks = ",".join("?" * len(wanted))
    query = f"SELECT key, value, checksum, stored_at, used_at FROM entries WHERE key IN ({marks})"  # noqa: S608
    for key, value, check, stored_at, used_at in connection.execute(query, wanted):
        if not isinstance(value, bytes) or checksum(key, value) != check:
            rows.suspects[names[key]] = stored_at
            continue
        rows.values[names[key]] = value
        if used_at < used_before:
            rows.stale.append(names[key])
    return rows


def totals(connection: sqlite3.Connection) -> tuple[int, int]:
    """How many entries there are, and the bytes they are charged."""
    entries, size = connection.execute("SELECT entries, bytes FROM totals").fetchone()
    return entries, size


def write(connection: sqlite3.Connection, batch: Batch, limit_bytes: int) -> int:
    """Do all of `batch` in one transaction that ends within the bound. Returns how many entries were evicted."""
    # What can be made before is made before: while the transaction is open, other processes wait.
    stored: list[tuple[object, ...]] = [
        (item.name, item.value, checksum(item.name, item.value), item.charge, item.stored_at, item.stored_at)
        for item in batch.writes.values()
        if item.value is not None
    ]
    removed: list[tuple[object, ...]] = [(item.name,) for item in batch.writes.values() if item.value is None]
    touched: list[tuple[object, ...]] = [(used_at, encode(key), used_at) for key, used_at in batch.touched.items()]
    suspects: list[tuple[object, ...]] = [(encode(key), stored_at) for key, stored_at in batch.suspects.items()]
    evicted = 0
    while True:
        with _transaction(connection):
            # Only after a restart with a lower limit is there much to do here; small transactions let others in.
            count = _evict(connection, limit_bytes, DELETE_ROWS)
            if not count:
                for statement, rows in ((_TOUCH, touched), (_FORGET, suspects), (_REMOVE, removed), (_UPSERT, stored)):
                    if rows:
                        connection.executemany(statement, rows)
                return evicted + _evict(connection, limit_bytes, None)
        evicted += count


def purge(connection: sqlite3.Connection, before: float | None) -> int:
    """Remove what was stored before a time, or everything, and give the space back to the file system."""
    removed = 0
    last = b""
    border = float("inf") if before is None else before
    query = "SELECT key FROM entries WHERE key >= ? AND stored_at < ? ORDER BY key LIMIT ?"
    while True:
        with _transaction(connection):
            doomed = connection.execute(query, (last, border, DELETE_ROWS)).fetchall()
            connection.executemany(_REMOVE, doomed)
        removed += len(doomed)
        if len(doomed) < DELETE_ROWS:
            break
        last = doomed[-1][0]
    while connection.execute("PRAGMA freelist_count").fetchone()[0]:
        connection.execute(f"PRAGMA incremental_vacuum({VACUUM_PAGES})").fetchall()
    # The write-ahead log holds removed text until it is emptied.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return removed


def _evict(connection: sqlite3.Connection, limit_bytes: int, most_rows: int | None) -> int:
    """Remove the least recently used entries, 2 % more than needed so that the next batches needn't."""
    excess = totals(connection)[1] - limit_bytes
    if excess <= 0:
        return 0
    excess += limit_bytes // 50
    doomed = []
    query = "SELECT key, charge FROM entries ORDER BY used_at LIMIT ?"
    for key, size in connection.execute(query, (-1 if most_rows is None else most_rows,)):
        doomed.append((key,))
        excess -= size
        if excess <= 0:
            break
    connection.executemany(_REMOVE, doomed)
    return len(doomed)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite may have rolled back already (disk full); then this fails, and that is fine.
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
