"""The memory cache beyond the contract."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from service.cache.memory import MemoryCache, entry_bytes


def test_a_negative_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        MemoryCache(-1)


@pytest.mark.parametrize("value_size", [10, 300])
@pytest.mark.parametrize("pad", ["", "ü", "字"])
def test_the_charge_covers_what_python_really_takes(value_size: int, pad: str) -> None:
    """The bound is on memory, so the charge per entry mustn't be below what tracemalloc sees."""
    count = 5000
    cache = MemoryCache(1 << 30)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(count):
        cache.set_many({f"{number:064x}{pad}": bytes([number % 251]) * value_size})
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    charged = cache.stats()[0].bytes
    assert charged == count * entry_bytes("0" * 64 + pad, bytes(value_size))
    assert 0.5 * charged < taken <= charged


def test_purges_of_more_entries_than_one_turn_takes() -> None:
    now = 1000.0
    cache = MemoryCache(1 << 24, clock=lambda: now)
    cache.set_many({f"old{number}": b"1" for number in range(3000)})
    now += 100
    cache.set_many({f"new{number}": b"2" for number in range(3000)})
    assert cache.purge(older_than_seconds=50) == 3000
    assert cache.get_many(["old0", "old2999", "new0"]) == {"new0": b"2"}
    assert cache.purge() == 3000
    assert cache.stats()[0].entries == cache.stats()[0].bytes == 0


def test_entries_are_not_found_beyond_their_age() -> None:
    now = 1000.0
    cache = MemoryCache(1 << 20, max_age_seconds=60, clock=lambda: now)
    cache.set_many({"old": b"1"})
    now += 50
    cache.set_many({"new": b"2"})
    assert cache.get_many(["old", "new"]) == {"old": b"1", "new": b"2"}
    now += 11
    assert cache.get_many(["old", "new"]) == {"new": b"2"}
    assert cache.stats()[0].entries == 1
