"""The SQLite file behind a cache: makes it, opens it, sets a damaged one aside. Keeps no connection itself.

Rules that SQLite asks for ("How To Corrupt An SQLite Database File") shape this file: the database is never opened
by anything but SQLite while in use (closing it would drop SQLite's POSIX locks), and it is replaced by renaming it
together with its -wal and -shm files, under a lock file that all processes honour.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from service.cache.schema import DamagedDatabase, create_tables, is_empty, prepare, verify

logger = logging.getLogger(__name__)

LOCK_SECONDS = 2.0
KEPT_ASIDE = 2

_CORRUPT_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_NO_LOG_CODES = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})


@dataclass(frozen=True, slots=True)
class Handle:
    """An open connection, and the device and inode of the file that it was opened on.

    `unchanged` is set where SQLite was told that nobody changes the file, so that it neither locks it nor looks for
    a write-ahead log: the size and time of change for which that held (`Database.is_current`).
    """

    connection: sqlite3.Connection
    identity: tuple[int, int]
    unchanged: tuple[int, int] | None = None

    def close(self) -> None:
        """Close the connection; what SQLite says about a broken file at this point no longer matters."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()


class Database:
    """Where the file is, and how to get at it. Thread-safe: it has no state beside the path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def identity(self) -> tuple[int, int] | None:
        """Device and inode of the file that has the path now, None if there is none."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def is_current(self, handle: Handle) -> bool:
        """Whether `handle` shows what is at the path now, and not a file that was removed or set aside since."""
        if self.identity() != handle.identity:
            return False
        return handle.unchanged is None or handle.unchanged == self._unchanging()

    def open_writer(self, *, busy_seconds: float) -> Handle:
        """Connect, creating folder, file (mode 0600) and tables where they are missing.

        `busy_seconds` is how long to wait for locks, now and later.

        A damaged file is set aside and a new one begun. Raises OSError or sqlite3.Error.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(DamagedDatabase), self._lock(busy_seconds, shared=True):
            handle = self._connect("rw", busy_seconds)
            if handle is not None:
                return handle
        with self._lock(busy_seconds):
            try:  # again, for another process may have made the file since
                handle = self._connect("rw", busy_seconds)
            except DamagedDatabase:
                self._move_aside()
                handle = None
            return handle or self._create(busy_seconds)

    def open_reader(self, *, busy_seconds: float) -> Handle | None:
        """Connect for reading only, also on a disk that can't be written to; None where there is nothing to read.

        A damaged file is set aside. Raises OSError or sqlite3.Error.
        """
        try:
            self.path.stat()
        except FileNotFoundError:
            return None
        with self._lock(busy_seconds, shared=True):
            identity = self.identity()
            try:
                return self._connect("ro", busy_seconds)
            except DamagedDatabase:
                pass
        if identity is not None:
            self.set_aside(identity)
        return None

    def set_aside(self, identity: tuple[int, int]) -> None:
        """Rename the damaged file, unless another thread or process already has put a new one in its place."""
        with self._lock(LOCK_SECONDS):
            if self.identity() == identity:
                self._move_aside()

    def remove_set_aside(self, *, before: float | None = None) -> None:
        """Delete files that were set aside, or those from before a time (seconds since the epoch): they hold text."""
        for path in self._set_aside():
            with contextlib.suppress(OSError):
                if before is None or path.stat().st_mtime < before:
                    path.unlink()

    def _connect(self, mode: str, busy_seconds: float) -> Handle | None:
        """A connection ("rw" or "ro") to the tables that are there; None where there is no file, or an empty one.

        Raises DamagedDatabase, OSError or sqlite3.Error.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(status.st_mode):
            raise IsADirectoryError
        if status.st_mode & 0o077:
            self._narrow(mode)
        identity = status.st_dev, status.st_ino
        try:
            connection = self._verified(mode, busy_seconds)
            unchanged = None
        except sqlite3.OperationalError as fault:
            # Where it may not make the files of a write-ahead log, SQLite opens a database in that mode only if told
            # that nobody changes it (https://sqlite.org/wal.html, section "Read-Only Databases").
            unchanged = self._unchanging()
            if mode != "ro" or fault.sqlite_errorcode & 0xFF not in _NO_LOG_CODES or unchanged is None:
                raise
            connection = self._verified("ro&immutable=1", busy_seconds)
        return None if connection is None else Handle(connection, identity, unchanged)

    def _verified(self, mode: str, busy_seconds: float) -> sqlite3.Connection | None:
        connection = self._plain_connection(mode, busy_seconds)
        try:
            if is_empty(connection):
                connection.close()
                return None
            verify(connection)
            prepare(connection)
        except BaseException as fault:
            with contextlib.suppress(sqlite3.Error):
                connection.close()
            if is_damage(fault):
                raise DamagedDatabase from fault
            raise
        return connection

    def _plain_connection(self, mode: str, busy_seconds: float) -> sqlite3.Connection:
        # A URI keeps SQLite from making a file of its own, with wider permissions, in place of one just removed.
        uri = f"file://{quote(os.fsencode(self.path.absolute()))}?mode={mode}"
        return sqlite3.connect(
            uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=32
        )

    def _create(self, busy_seconds: float) -> Handle:
        # The file is made before SQLite does it, so that it never has wider permissions; -wal and -shm inherit them.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with contextlib.closing(self._plain_connection("rw", busy_seconds)) as connection:
            create_tables(connection)
        handle = self._connect("rw", busy_seconds)
        if handle is None:
            raise FileNotFoundError(self.path)
        return handle

    def _unchanging(self) -> tuple[int, int] | None:
        """Size and time of change of a file that nobody seems to write to, else None.

        A log that isn't empty holds what the file lacks; and where this process may make one, so may others.
        """
        log = self.path.with_name(self.path.name + "-wal")
        try:
            status = self.path.stat()
            if os.access(self.path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
                return None
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns

    def _narrow(self, mode: str) -> None:
        """Take away permissions that others have."""
        try:
            self.path.chmod(0o600)
        except OSError:
            if mode != "ro":  # what is only read gets no worse by it
                raise

    def _set_aside(self) -> list[Path]:
        return sorted(self.path.parent.glob(f"{self.path.name}.corrupt-*"))

    def _move_aside(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        target = self.path.with_name(f"{self.path.name}.corrupt-{stamp}")
        self.path.rename(target)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self.path.with_name(self.path.name + suffix).rename(target.with_name(target.name + suffix))
        logger.warning("cache file was damaged and has been set aside", extra={"path": str(target)})
        kept = [path for path in self._set_aside() if not path.name.endswith(("-wal", "-shm"))][-KEPT_ASIDE:]
        for path in self._set_aside():
            if not path.name.startswith(tuple(keep.name for keep in kept)):
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _lock(self, seconds: float, *, shared: bool = False) -> Iterator[None]:
        """Hold the lock file: with others to open what is there, alone to create or replace it.

        A file that was just replaced mustn't be opened with the write-ahead log of its successor. The lock file stays
        in place: removing it while others wait for it lets two in.
        """
        descriptor = self._open_lock_file(needed=not shared)
        if descriptor is None:
            yield
            return
        try:
            give_up_at = time.monotonic() + seconds
            while True:
                try:
                    fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= give_up_at:
                        raise
                    time.sleep(0.005)
            yield
        finally:
            os.close(descriptor)

    def _open_lock_file(self, *, needed: bool) -> int | None:
        """Its descriptor; None on a disk that can't be written to and has none, unless it is `needed`."""
        path = self.path.with_name(self.path.name + ".lock")
        try:
            return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError:
            if needed:
                raise
        try:
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None


def is_damage(fault: BaseException) -> bool:
    """Whether `fault` says that the file is malformed (and not that a disk is full, or a lock taken)."""
    if isinstance(fault, DamagedDatabase):
        return True
    return isinstance(fault, sqlite3.Error) and getattr(fault, "sqlite_errorcode", 0) & 0xFF in _CORRUPT_CODES


def is_contention(fault: BaseException) -> bool:
    """Whether `fault` says that somebody else has the file or the lock file for longer than one may wait."""
    if isinstance(fault, BlockingIOError):
        return True
    return isinstance(fault, sqlite3.Error) and getattr(fault, "sqlite_errorcode", 0) & 0xFF in _BUSY_CODES
