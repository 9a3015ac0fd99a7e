"""What may happen to a file on a disk, and that it costs speed, not answers."""

from __future__ import annotations

import fcntl
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.cache.backoff import Backoff
from service.cache.sqlite import SqliteCache
from tests.cache.child import quick, value_of

PLENTY = 1 << 20
ROOT = Path(__file__).parents[2]


def start(command: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cache.child", command, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def works(path: Path) -> bool:
    """Whether a new cache on `path` stores and returns."""
    cache = SqliteCache(path, PLENTY)
    cache.set_many({"probe": b"1"})
    flushed = cache.flush()
    failures = cache.stats()[0].failures
    cache.close()
    again = SqliteCache(path, PLENTY)
    found = again.get_many(["probe"])
    again.close()
    return flushed and failures == 0 and found == {"probe": b"1"}


def set_aside(path: Path) -> list[Path]:
    return [file for file in path.parent.glob("*.corrupt-*") if not file.name.endswith(("-wal", "-shm"))]


def eventually(condition: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + 30
    while time.monotonic() < give_up_at:
        if condition():
            return True
        time.sleep(0.02)
    return False


def filled(path: Path, count: int = 500) -> None:
    cache = SqliteCache(path, 4 * PLENTY)
    cache.set_many({f"key{number}": value_of(f"key{number}") for number in range(count)})
    assert cache.flush()
    cache.close()


def replace_by_foreign(path: Path) -> None:
    path.unlink()
    execute(path, "CREATE TABLE somebody_elses (x)")


def execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.slow
def test_kill_9_at_any_moment_leaves_a_sound_file(tmp_path: Path) -> None:
    """Two processes write, evict and purge one file and are killed ten times at random moments."""
    path = tmp_path / "cache.sqlite"
    chance = random.Random(3)
    for _ in range(5):
        children = [start("write", path) for _ in range(2)]
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "writing\n"
        for child in children:
            time.sleep(chance.uniform(0, 0.15))
            child.kill()
            child.communicate()
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT key, value FROM entries").fetchall()
        totals = connection.execute("SELECT entries, bytes FROM totals").fetchone()
        assert totals == connection.execute("SELECT count(*), total(charge) FROM entries").fetchone()
        connection.close()
        assert rows
        assert totals[1] <= 200_000
        assert [key for key, value in rows if value != value_of(key.decode())] == []
    assert set_aside(path) == []
    assert works(path)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"This is not a database. " * 1000), id="garbage"),
        pytest.param(lambda path: os.truncate(path, path.stat().st_size // 2), id="truncated"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:50]), id="header cut"),
        pytest.param(lambda path: execute(path, "PRAGMA user_version = 99"), id="schema version"),
        pytest.param(lambda path: execute(path, "DROP TABLE totals"), id="missing table"),
        pytest.param(lambda path: execute(path, "DELETE FROM totals"), id="missing row"),
        pytest.param(replace_by_foreign, id="foreign"),
    ],
)
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = tmp_path / "cache.sqlite"
    filled(path)
    damage(path)
    assert works(path)
    assert len(set_aside(path)) == 1


def test_an_empty_file_is_used(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    path.touch()
    assert works(path)
    assert set_aside(path) == []


def test_damage_in_mid_run_is_survived(tmp_path: Path) -> None:
    """Pages are overwritten under open connections, by threads that go on using two caches on the file."""
    path = tmp_path / "cache.sqlite"
    filled(path, 3000)
    caches = [SqliteCache(path, 4 * PLENTY, backoff=quick) for _ in range(2)]
    for cache in caches:
        assert cache.get_many(["key1"])
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(random.Random(1).randbytes(path.stat().st_size - 8192))
    wrong: list[str] = []

    def use(cache: SqliteCache, seed: int) -> None:
        for turn in range(100):
            keys = [f"key{(seed * 997 + turn * 31 + step) % 3000}" for step in range(20)]
            wrong.extend(key for key, value in cache.get_many(keys).items() if value != value_of(key))
            cache.set_many({key: value_of(key) for key in keys[:3]})

    threads = [threading.Thread(target=use, args=(caches[seed % 2], seed)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(set_aside(path)) == 1

    def both_work() -> bool:
        for number, cache in enumerate(caches):
            cache.set_many({f"after{number}": b"1"})
        return all(cache.flush() and len(cache.get_many(["after0", "after1"])) == 2 for cache in caches)

    assert eventually(both_work)
    for cache in caches:
        cache.close()
    assert len(set_aside(path)) == 1
    assert works(path)


def test_a_file_that_was_removed_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = SqliteCache(path, PLENTY)
    cache.set_many({"a": b"1"})
    assert cache.flush()
    for file in tmp_path.iterdir():
        file.unlink()
    assert cache.get_many(["a"]) == {}
    cache.set_many({"b": b"2"})
    assert cache.flush()
    cache.close()
    again = SqliteCache(path, PLENTY)
    assert again.get_many(["a", "b"]) == {"b": b"2"}
    again.close()


def test_damaged_files_do_not_pile_up_and_purge_removes_them(tmp_path: Path) -> None:
    """They hold text as the cache does."""
    path = tmp_path / "cache.sqlite"
    for _ in range(5):
        path.write_bytes(b"nonsense" * 1000)
        assert works(path)
    assert len(set_aside(path)) == 2
    cache = SqliteCache(path, PLENTY)
    cache.purge(older_than_seconds=3600)
    assert len(set_aside(path)) == 2
    cache.purge()
    cache.close()
    assert set_aside(path) == []


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    assert works(tmp_path / "deep" / "down" / "cache.sqlite")


@pytest.mark.parametrize("place", ["file/cache.sqlite", "folder"])
def test_an_impossible_path_costs_misses_and_no_errors(tmp_path: Path, place: str) -> None:
    """A file where a folder should be, a folder where the file should be."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    cache = SqliteCache(tmp_path / place, PLENTY, backoff=quick)
    for _ in range(5):
        cache.set_many({"a": b"1"})
        cache.get_many(["b"])
    assert cache.stats()[0].failures > 0
    assert cache.stats()[0].misses == 5
    assert cache.purge() == 0
    cache.close()


def test_a_full_disk_leaves_reads_working_and_recovers(tmp_path: Path) -> None:
    child = start("full", tmp_path / "cache.sqlite")
    output, _ = child.communicate(timeout=60)
    assert output.split() == ["failed", "readable", "recovered"]
    assert child.returncode == 0
    assert works(tmp_path / "cache.sqlite")
    assert set_aside(tmp_path / "cache.sqlite") == []


def test_a_read_only_folder_costs_misses_and_recovers() -> None:
    """The child is a user without rights there, for root may write anywhere."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        child = start("nobody", folder / "cache.sqlite")
        assert child.stdout is not None
        assert child.stdout.readline() == "failed\n"
        assert child.stdout.readline() == "waiting\n"
        folder.chmod(0o777)
        output, _ = child.communicate("go on\n", timeout=60)
        assert output.split() == ["recovered"]
        assert child.returncode == 0


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_a_read_only_folder_gives_hits(end: str) -> None:
    """Whether the last process that wrote left a write-ahead log behind or not. What others write later is seen."""
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "cache.sqlite"
        if end == "closed":
            filled(path)
        else:
            start("die", path).communicate(timeout=60)
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        child = start("read", path)
        assert child.stdout is not None
        assert [child.stdout.readline() for _ in range(3)] == ["hits\n", "no failure\n", "waiting\n"]
        folder.chmod(0o777)
        for file in folder.iterdir():
            file.chmod(0o666)
        cache = SqliteCache(path, PLENTY)
        cache.set_many({"later": b"seen"})
        assert cache.flush()
        cache.close()
        path.chmod(0o666)
        output, _ = child.communicate("go on\n", timeout=60)
        assert output.split() == ["seen"]
        assert child.returncode == 0


def test_many_first_readers_find_everything(tmp_path: Path) -> None:
    """More threads than connections meet a file that no one has opened yet."""
    path = tmp_path / "cache.sqlite"
    filled(path)
    cache = SqliteCache(path, 4 * PLENTY)
    threads = 64
    together = threading.Barrier(threads)
    wrong: list[str] = []

    def use(seed: int) -> None:
        together.wait()
        for turn in range(20):
            keys = [f"key{(seed * 37 + turn * 11 + step) % 500}" for step in range(10)]
            found = cache.get_many(keys)
            wrong.extend(key for key in keys if found.get(key) != value_of(key))

    pool = [threading.Thread(target=use, args=(seed,)) for seed in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    tier = cache.stats()[0]
    cache.close()
    assert wrong == []
    assert (tier.failures, tier.misses) == (0, 0)


def resting_for_ever() -> Backoff:
    return Backoff(first=1e9, most=1e9)


def test_a_locked_file_is_read_again_as_soon_as_it_is_free(tmp_path: Path) -> None:
    """A lock is no damage: the read that met it is a miss, and the next one tries again."""
    path = tmp_path / "cache.sqlite"
    filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM entries WHERE key = ?", (b"key0",))
    cache = SqliteCache(path, 4 * PLENTY, backoff=resting_for_ever)
    assert cache.get_many(["key1"]) == {}
    assert cache.stats()[0].failures > 0
    other.execute("ROLLBACK")
    other.close()
    assert cache.get_many(["key1"]) == {"key1": value_of("key1")}
    cache.close()


def test_a_file_that_is_being_replaced_is_read_again_as_soon_as_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    filled(path)
    with (tmp_path / "cache.sqlite.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cache = SqliteCache(path, 4 * PLENTY, backoff=resting_for_ever)
        assert cache.get_many(["key1"]) == {}
        assert cache.stats()[0].failures > 0
    assert cache.get_many(["key1"]) == {"key1": value_of("key1")}
    cache.close()


def test_storing_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    """The thread that stores holds the lock itself that the disk waits for: were it to wait, nothing would follow."""
    path = tmp_path / "cache.sqlite"
    filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    cache = SqliteCache(path, 4 * PLENTY, backoff=quick)
    other.execute("BEGIN IMMEDIATE")
    items = {f"new{number}": value_of(f"new{number}") for number in range(2000)}
    for key, value in items.items():
        cache.set_many({key: value})
    assert not cache.flush(0)
    assert cache.get_many(list(items)) == items
    other.execute("COMMIT")
    other.close()
    assert cache.flush(30.0)
    assert cache.stats()[0].entries == 2500
    cache.close()


def test_a_lock_of_another_process_delays_writes_and_loses_none(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    cache = SqliteCache(path, 4 * PLENTY, backoff=quick)
    cache.set_many({"a": b"1"})
    assert not cache.flush(0.1)
    assert len(cache.get_many(["a", "key1"])) == 2
    other.execute("COMMIT")
    other.close()
    assert cache.flush(30.0)
    cache.close()
    again = SqliteCache(path, 4 * PLENTY)
    assert again.get_many(["a"]) == {"a": b"1"}
    again.close()


def test_an_exclusive_lock_costs_misses_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM entries WHERE key = ?", (b"key0",))
    cache = SqliteCache(path, 4 * PLENTY, backoff=quick)
    assert cache.get_many(["key1"]) == {}
    assert cache.stats()[0].failures > 0
    other.execute("ROLLBACK")
    other.close()
    assert eventually(lambda: len(cache.get_many(["key1"])) == 1)
    cache.close()
    assert set_aside(path) == []
