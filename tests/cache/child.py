"""A process of its own that uses a cache, for tests that kill it, limit it or take its rights. Not a test itself."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service.cache.backoff import Backoff
from service.cache.sqlite import SqliteCache


def value_of(key: str) -> bytes:
    """The one right value of a key, so that any reader can tell a wrong one."""
    return hashlib.sha256(key.encode()).digest() * (1 + len(key) % 40)


def quick() -> Backoff:
    """A wait short enough for tests."""
    return Backoff(first=0.05, most=0.1)


def write_forever(path: Path) -> None:
    """Write, read, evict and purge until killed; the parent is told when the first batch is on the disk."""
    cache = SqliteCache(path, 200_000, touch_seconds=0.0)
    turn = 0
    while True:
        keys = [f"{os.getpid()}-{turn}-{number}" for number in range(40)]
        cache.set_many({key: value_of(key) for key in keys})
        cache.get_many(keys[:5])
        if turn % 50 == 49:
            cache.purge(older_than_seconds=0.05)
        if turn == 0:
            cache.flush()
            print("writing", flush=True)  # noqa: T201
        turn += 1


def write_beyond_file_size_limit(path: Path) -> None:
    """A full disk: files can't grow. Later there is room again. Prints what was seen, one word a line."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    cache = SqliteCache(path, 1 << 30, backoff=quick)
    early = {f"early{number}": value_of(f"early{number}") for number in range(50)}
    cache.set_many(early)
    assert cache.flush()
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
    for turn in range(60):
        cache.set_many({f"{turn}-{number}": bytes(2000) for number in range(100)})
        cache.flush(0.05)
    failures = cache.stats()[0].failures
    print("failed" if failures else "no failure")  # noqa: T201
    print("readable" if cache.get_many(list(early)) == early else "unreadable")  # noqa: T201
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print("recovered" if _recovers(cache) else "still broken")  # noqa: T201
    cache.close()


def use_as_nobody(path: Path) -> None:
    """Use a cache in a folder that only others may write to. Prints what was seen."""
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    cache = SqliteCache(path, 1 << 20, backoff=quick)
    for number in range(20):
        cache.set_many({str(number): b"x"})
        cache.get_many([str(number), "other"])
        time.sleep(0.02)
    print("failed" if cache.stats()[0].failures else "no failure")  # noqa: T201
    print("waiting", flush=True)  # noqa: T201
    sys.stdin.readline()
    print("recovered" if _recovers(cache) else "still broken")  # noqa: T201
    cache.close()


def read_as_nobody(path: Path) -> None:
    """Read a cache that nobody may write to, from many threads. Prints what was seen."""
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    cache = SqliteCache(path, 1 << 20)
    keys = [f"key{number}" for number in range(500)]
    with ThreadPoolExecutor(8) as pool:
        founds = list(pool.map(cache.get_many, [keys] * 16))
    right = {key: value_of(key) for key in keys}
    print("hits" if all(found == right for found in founds) else "misses")  # noqa: T201
    print("failed" if cache.stats()[0].failures else "no failure")  # noqa: T201
    print("waiting", flush=True)  # noqa: T201
    sys.stdin.readline()
    print(cache.get_many(["later"]).get("later", b"nothing").decode())  # noqa: T201
    cache.close()


def fill_and_die(path: Path) -> None:
    """Leave a write-ahead log behind that nobody has emptied, and tell that it is there."""
    cache = SqliteCache(path, 1 << 20)
    cache.set_many({f"key{number}": value_of(f"key{number}") for number in range(500)})
    cache.flush()
    print("filled", flush=True)  # noqa: T201
    os.kill(os.getpid(), signal.SIGKILL)


def _recovers(cache: SqliteCache) -> bool:
    """Whether a write reaches the disk within some seconds."""
    for turn in range(200):
        cache.set_many({f"late{turn}": b"y"})
        cache.flush(0.05)
        if cache.flush(0.05) and cache.stats()[0].entries and cache.get_many([f"late{turn}"]):
            return True
    return False


if __name__ == "__main__":
    {
        "write": write_forever,
        "full": write_beyond_file_size_limit,
        "nobody": use_as_nobody,
        "read": read_as_nobody,
        "die": fill_and_die,
    }[sys.argv[1]](Path(sys.argv[2]))
