"""What is inside the cache's file: its tables, and what an entry takes there. Knows connections, not files or locks."""

from __future__ import annotations

import hashlib
import sqlite3

SCHEMA_VERSION = 1
APPLICATION_ID = 0x44455045  # "DEPE", so that `file` and SQLite itself can tell what this is
PAGE_SIZE = 8192

_SCHEMA = """
CREATE TABLE entries (
    key BLOB PRIMARY KEY,
    value BLOB NOT NULL,
    checksum BLOB NOT NULL,
    charge INTEGER NOT NULL,
    stored_at REAL NOT NULL,
    used_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX entries_by_use ON entries (used_at, charge);
CREATE TABLE totals (entries INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT INTO totals VALUES (0, 0);
CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
    UPDATE totals SET entries = entries + 1, bytes = bytes + NEW.charge;
END;
CREATE TRIGGER entry_replaced AFTER UPDATE OF charge ON entries BEGIN
    UPDATE totals SET bytes = bytes + NEW.charge - OLD.charge;
END;
CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
    UPDATE totals SET entries = entries - 1, bytes = bytes - OLD.charge;
END;
"""


class DamagedDatabase(Exception):
    """The file isn't a cache of this version, or SQLite calls it malformed."""


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether the file has no tables yet, a cache's or others."""
    return not connection.execute("SELECT EXISTS (SELECT 1 FROM sqlite_schema)").fetchone()[0]


def verify(connection: sqlite3.Connection) -> None:
    """Raises DamagedDatabase for a file of somebody else, or of another version."""
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if (application_id, version) != (APPLICATION_ID, SCHEMA_VERSION):
        raise DamagedDatabase
    try:
        totals = connection.execute("SELECT entries, bytes FROM totals").fetchall()
        connection.execute("SELECT key, value, checksum, charge, stored_at, used_at FROM entries LIMIT 0")
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # no such table or column
            raise DamagedDatabase from fault
        raise
    if len(totals) != 1:
        raise DamagedDatabase


def prepare(connection: sqlite3.Connection) -> None:
    """Settings that a connection has, and a file hasn't."""
    # NORMAL survives the death of the process at any point; a power cut may cost the last transactions, no more.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -1024")
    connection.execute(f"PRAGMA journal_size_limit = {8 << 20}")
    # Removed text is overwritten, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")


def create_tables(connection: sqlite3.Connection) -> None:
    """Lay an empty file out."""
    # These two count only before the first page is written, and later would take a write lock for nothing.
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {marks} COMMIT;")


def checksum(key: bytes, value: bytes) -> bytes:
    """Eight bytes of BLAKE2b over key and value."""
    return hashlib.blake2b(key + value, digest_size=8).digest()


def charge(key: bytes, value: bytes) -> int:
    """Bytes of the file that an entry is reckoned to take.

    The row holds key, value and about 48 bytes more; the index by use holds the key again. B-tree pages that are
    filled in random order are 69 % full (ln 2; A. C. Yao, "On random 2-3 trees", 1978), hence the factor 1.5. A row
    beyond SQLite's largest local payload spills into whole overflow pages (SQLite file format, section 1.6).
    """
    usable = PAGE_SIZE
    most_local = (usable - 12) * 64 // 255 - 23
    least_local = (usable - 12) * 32 // 255 - 23
    payload = len(key) + len(value) + 48
    pages = 0
    if payload > most_local:
        pages = -(-(payload - least_local) // (usable - 4))
        payload = least_local
    return (payload + len(key) + 24) * 3 // 2 + pages * usable
