"""The SQLite cache beyond the contract: what is on the disk, and who may read it."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.cache.sqlite import SqliteCache
from tests.cache.conftest import Clock
from tests.cache.test_sqlite_faults import eventually

PLENTY = 1 << 20


@contextmanager
def opened(path: Path, limit: int = PLENTY, **options: object) -> Iterator[SqliteCache]:
    cache = SqliteCache(path, limit, **options)  # type: ignore[arg-type]
    try:
        yield cache
    finally:
        cache.close()


def test_entries_outlive_the_process(tmp_path: Path) -> None:
    with opened(tmp_path / "cache.sqlite") as cache:
        cache.set_many({"a": b"1"})
    with opened(tmp_path / "cache.sqlite") as cache:
        assert cache.get_many(["a"]) == {"a": b"1"}
        assert cache.stats()[0].entries == 1


def test_two_caches_share_one_file(tmp_path: Path) -> None:
    with opened(tmp_path / "cache.sqlite") as one, opened(tmp_path / "cache.sqlite") as other:
        one.set_many({"a": b"1"})
        other.set_many({"b": b"2"})
        assert one.flush()
        assert other.flush()
        assert one.get_many(["a", "b"]) == other.get_many(["a", "b"]) == {"a": b"1", "b": b"2"}
        assert one.purge() == 2
        assert other.get_many(["a", "b"]) == {}


def test_a_single_write_reaches_the_disk_without_being_asked(tmp_path: Path) -> None:
    """Writes wait a moment for company, not for ever."""
    with opened(tmp_path / "cache.sqlite") as one, opened(tmp_path / "cache.sqlite") as other:
        one.set_many({"a": b"1"})
        assert eventually(lambda: other.get_many(["a"]) == {"a": b"1"})


def test_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    """The cache holds copy that may be under embargo. The process's umask must not matter."""
    before = os.umask(0)
    try:
        with opened(tmp_path / "new" / "cache.sqlite") as cache:
            cache.set_many({"a": b"1"})
            cache.flush()
            files = list((tmp_path / "new").iterdir())
            assert {file.name for file in files} >= {"cache.sqlite", "cache.sqlite-wal", "cache.sqlite-shm"}
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_wide_permissions_of_an_old_file_are_narrowed(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    opened(path).__enter__().close()
    path.touch()
    path.chmod(0o644)
    with opened(path) as cache:
        cache.get_many(["a"])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_purged_text_is_gone_from_the_files(tmp_path: Path) -> None:
    """Not only unlinked: neither the database nor its log holds the bytes any more."""
    secret = b"Die Sperrfrist endet um sechs Uhr."
    with opened(tmp_path / "cache.sqlite") as cache:
        cache.set_many({f"key{number}": secret * (number % 50 + 1) for number in range(200)})
        assert cache.flush()
        assert any(secret in file.read_bytes() for file in tmp_path.iterdir())
        assert cache.purge() == 200
        assert [file.name for file in tmp_path.iterdir() if secret in file.read_bytes()] == []


def test_a_wrong_checksum_is_a_miss_and_the_entry_goes(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    with opened(path) as cache:
        cache.set_many({"a": b"right", "b": b"right"})
        cache.flush()
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE entries SET value = ? WHERE key = ?", (b"wrong", b"a"))
        connection.close()
        assert cache.get_many(["a", "b"]) == {"b": b"right"}
        assert cache.stats()[0].failures == 1
        cache.set_many({"c": b"1"})
        cache.flush()
        assert cache.stats()[0].entries == 2


def test_reads_renew_an_entry_once_per_interval_only(tmp_path: Path) -> None:
    """A popular entry doesn't cost a write per read."""
    clock = Clock()
    path = tmp_path / "cache.sqlite"

    def last_use() -> float:
        cache.set_many({"other": b""})
        assert cache.flush()
        connection = sqlite3.connect(path)
        used_at: float = connection.execute("SELECT used_at FROM entries WHERE key = ?", (b"a",)).fetchone()[0]
        connection.close()
        return used_at

    with opened(path, clock=clock, touch_seconds=60.0) as cache:
        cache.set_many({"a": b"1"})
        stored = last_use()
        clock.now += 30
        cache.get_many(["a"])
        assert last_use() == stored
        clock.now += 40
        cache.get_many(["a"])
        assert last_use() > stored + 60


def test_the_file_stays_near_the_bound_under_churn(tmp_path: Path) -> None:
    """The charge per entry is an estimate of pages; entries of mixed sizes come and go ten times over."""
    limit = 3 << 20
    chance = random.Random(7)
    path = tmp_path / "cache.sqlite"
    with opened(path, limit) as cache:
        for batch in range(60):
            cache.set_many(
                {chance.randbytes(32).hex(): chance.randbytes(int(chance.lognormvariate(5.5, 1))) for _ in range(500)}
            )
            if batch % 4 == 0:
                assert cache.flush(30.0)
        assert cache.flush(30.0)
        tier = cache.stats()[0]
        assert tier.failures == 0
        assert tier.evictions > 2 * tier.entries
        assert limit * 0.9 < tier.bytes <= limit
    assert limit * 0.5 < path.stat().st_size < limit * 1.1 + 100_000


def test_a_lower_limit_shrinks_what_is_there(tmp_path: Path) -> None:
    with opened(tmp_path / "cache.sqlite", 8 << 20) as cache:
        cache.set_many({f"{number}": bytes(300) for number in range(10_000)})
        assert cache.flush(30.0)
    with opened(tmp_path / "cache.sqlite", 100_000) as cache:
        cache.set_many({"new": b"1"})
        assert cache.flush(30.0)
        tier = cache.stats()[0]
        assert tier.bytes <= 100_000
        assert tier.entries + tier.evictions == 10_001
        assert cache.get_many(["new"]) == {"new": b"1"}


def test_a_full_queue_drops_writes_and_counts_them(tmp_path: Path) -> None:
    with opened(tmp_path / "cache.sqlite", queue_bytes=2000) as cache:
        cache.set_many({f"{number}": bytes(500) for number in range(10)})
        assert cache.flush()
        tier = cache.stats()[0]
        assert tier.failures > 0
        assert tier.entries + tier.failures == 10


def test_a_negative_bound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="negative"):
        SqliteCache(tmp_path / "cache.sqlite", -1)
