"""Tiers as one cache: what goes where."""

from __future__ import annotations

from collections.abc import Sequence

from service.cache.memory import MemoryCache
from service.cache.null import NullCache
from service.cache.tiered import TieredCache


class PurgedWhileReading(MemoryCache):
    """Purges the whole tower at the moment when it has found something but not yet handed it over."""

    tower: TieredCache | None = None

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        found = super().get_many(keys)
        if self.tower is not None:
            tower, self.tower = self.tower, None
            tower.purge()
        return found


def test_a_find_in_a_lower_tier_is_promoted_to_all_above() -> None:
    first, second, third = MemoryCache(10_000), MemoryCache(10_000), MemoryCache(10_000)
    third.set_many({"a": b"1"})
    assert TieredCache([first, second, third]).get_many(["a", "b"]) == {"a": b"1"}
    assert first.get_many(["a"]) == second.get_many(["a"]) == {"a": b"1"}


def test_lower_tiers_are_asked_only_for_what_is_missing() -> None:
    first, second = MemoryCache(10_000), MemoryCache(10_000)
    cache = TieredCache([first, second])
    cache.set_many({"a": b"1"})
    second.set_many({"b": b"2"})
    assert cache.get_many(["a", "b", "c"]) == {"a": b"1", "b": b"2"}
    assert (second.stats()[0].hits, second.stats()[0].misses) == (1, 1)


def test_writes_reach_every_tier() -> None:
    first, second = MemoryCache(10_000), MemoryCache(10_000)
    TieredCache([first, second]).set_many({"a": b"1"})
    assert first.get_many(["a"]) == second.get_many(["a"]) == {"a": b"1"}


def test_purge_by_age_leaves_no_promoted_copy_of_an_old_entry() -> None:
    """A promoted copy is young in the upper tier although its text is old."""
    now = [0.0]
    upper, lower = MemoryCache(10_000, clock=lambda: now[0]), MemoryCache(10_000, clock=lambda: now[0])
    cache = TieredCache([upper, lower])
    lower.set_many({"old": b"1"})
    now[0] = 100.0
    cache.set_many({"young": b"2"})
    assert cache.get_many(["old"]) == {"old": b"1"}
    assert cache.purge(older_than_seconds=50) == 1
    assert cache.get_many(["old", "young"]) == {"young": b"2"}


def test_what_is_purged_during_a_read_does_not_come_back_by_promotion() -> None:
    upper, lower = MemoryCache(10_000), PurgedWhileReading(10_000)
    cache = TieredCache([upper, lower])
    lower.set_many({"a": b"1"})
    lower.tower = cache
    cache.get_many(["a"])
    assert upper.get_many(["a"]) == {}
    assert cache.get_many(["a"]) == {}


def test_no_tiers_is_an_empty_cache() -> None:
    cache = TieredCache([])
    cache.set_many({"a": b"1"})
    assert cache.get_many(["a"]) == {}
    assert cache.stats() == []
    assert cache.purge() == 0
    cache.close()


def test_the_null_cache_keeps_nothing() -> None:
    cache = NullCache()
    cache.set_many({"a": b"1"})
    assert cache.get_many(["a"]) == {}
    assert cache.stats() == []
    assert cache.purge(older_than_seconds=1.0) == 0
    cache.close()
