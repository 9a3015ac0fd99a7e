"""Fixtures for cache tests: every implementation of the port, behind one factory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.cache.memory import MemoryCache, entry_bytes
from service.cache.schema import charge
from service.cache.sqlite import SqliteCache
from service.cache.statements import encode
from service.cache.tiered import TieredCache
from service.core.ports import Cache


class Clock:
    """Seconds that pass only when told to; each look moves it a little, so that no two writes tie."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@dataclass
class Candidate:
    """One implementation: `build` makes a cache with a bound, `settle` waits until its writes have arrived."""

    name: str
    clock: Clock
    build: Callable[[int], Cache]
    settle: Callable[[], None]
    weight: Callable[[str, bytes], int]


KINDS = ("memory", "sqlite", "tiered")


@pytest.fixture(params=KINDS)
def candidate(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Candidate]:
    """Every implementation that keeps something."""
    with_clock = Clock()
    made: list[Cache] = []
    disks: list[SqliteCache] = []
    count = 0

    def disk(limit: int) -> SqliteCache:
        nonlocal count
        count += 1
        cache = SqliteCache(tmp_path / f"cache{count}.sqlite", limit, clock=with_clock, touch_seconds=0.0)
        disks.append(cache)
        return cache

    def build(limit: int) -> Cache:
        cache: Cache
        if request.param == "memory":
            cache = MemoryCache(limit, clock=with_clock)
        elif request.param == "sqlite":
            cache = disk(limit)
        else:
            cache = TieredCache([MemoryCache(limit, clock=with_clock), disk(limit)])
        made.append(cache)
        return cache

    def settle() -> None:
        for cache in disks:
            assert cache.flush(30.0)

    def weight(key: str, value: bytes) -> int:
        in_memory, on_disk = entry_bytes(key, value), charge(encode(key), value)
        return {"memory": in_memory, "sqlite": on_disk, "tiered": max(in_memory, on_disk)}[request.param]

    yield Candidate(request.param, with_clock, build, settle, weight)
    for cache in made:
        cache.close()
