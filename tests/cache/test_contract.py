"""What every cache promises, run on every implementation."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.core.types import CacheStats
from tests.cache.conftest import Candidate

PLENTY = 1 << 20

few_keys = st.sampled_from(["a", "b", "c", "a|b", "ä", ""])
values = st.binary(max_size=64)
relaxed = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_an_unknown_key_is_left_out(candidate: Candidate) -> None:
    assert candidate.build(PLENTY).get_many(["nobody"]) == {}


def test_stored_entries_come_back(candidate: Candidate) -> None:
    cache = candidate.build(PLENTY)
    cache.set_many({"a": b"1", "b": b""})
    assert cache.get_many(["a", "b", "c"]) == {"a": b"1", "b": b""}
    candidate.settle()
    assert cache.get_many(["a", "b", "c"]) == {"a": b"1", "b": b""}


def test_more_keys_than_one_query_takes(candidate: Candidate) -> None:
    cache = candidate.build(1 << 24)
    items = {f"key{number}": str(number).encode() for number in range(3000)}
    cache.set_many(items)
    candidate.settle()
    assert cache.get_many(list(items)) == items


def test_nothing_asked_nothing_stored(candidate: Candidate) -> None:
    cache = candidate.build(PLENTY)
    cache.set_many({})
    assert cache.get_many([]) == {}


@relaxed
@given(writes=st.lists(st.tuples(few_keys, values, st.booleans()), max_size=12))
def test_the_last_write_wins(candidate: Candidate, writes: list[tuple[str, bytes, bool]]) -> None:
    cache = candidate.build(PLENTY)
    expected: dict[str, bytes] = {}
    for key, value, settle in writes:
        cache.set_many({key: value})
        expected[key] = value
        if settle:
            candidate.settle()
        assert cache.get_many([key]) == {key: value}
    candidate.settle()
    assert cache.get_many(["a", "b", "c", "a|b", "ä", ""]) == expected


@relaxed
@given(items=st.dictionaries(st.text(st.characters(), max_size=8), values, max_size=30))
def test_keys_are_injective(candidate: Candidate, items: dict[str, bytes]) -> None:
    """Any two different strings are different keys: control characters, case, normal forms, lone surrogates."""
    cache = candidate.build(PLENTY)
    cache.set_many(items)
    candidate.settle()
    assert cache.get_many(list(items)) == items


@relaxed
@given(
    limit=st.integers(0, 4000),
    batches=st.lists(st.dictionaries(st.text("abcdef", max_size=3), st.binary(max_size=900), max_size=5), max_size=10),
)
def test_the_bound_is_never_exceeded(candidate: Candidate, limit: int, batches: list[dict[str, bytes]]) -> None:
    cache = candidate.build(limit)
    for batch in batches:
        cache.set_many(batch)
        candidate.settle()
        for tier in cache.stats():
            assert 0 <= tier.bytes <= tier.limit_bytes == limit
            assert (tier.bytes == 0) == (tier.entries == 0)


@pytest.mark.parametrize("candidate", ["memory", "sqlite"], indirect=True)  # each tier has its own order of use
def test_the_least_recently_used_entry_goes_first(candidate: Candidate) -> None:
    weight = candidate.weight("a", bytes(100))
    cache = candidate.build(weight * 3 + weight // 2)
    for key in ("a", "b", "c"):
        cache.set_many({key: bytes(100)})
        candidate.settle()
    assert cache.get_many(["a"])
    cache.set_many({"d": bytes(100)})
    candidate.settle()
    assert set(cache.get_many(["a", "b", "c", "d"])) == {"a", "c", "d"}
    assert sum(tier.evictions for tier in cache.stats()) >= 1


def test_an_entry_larger_than_the_bound_is_not_kept_nor_what_it_replaces(candidate: Candidate) -> None:
    cache = candidate.build(2000)
    cache.set_many({"a": b"old", "b": b"other"})
    candidate.settle()
    cache.set_many({"a": bytes(5000)})
    assert cache.get_many(["a", "b"]) == {"b": b"other"}
    candidate.settle()
    assert cache.get_many(["a", "b"]) == {"b": b"other"}


def test_a_bound_of_zero_keeps_nothing(candidate: Candidate) -> None:
    cache = candidate.build(0)
    cache.set_many({"a": b"1"})
    candidate.settle()
    assert cache.get_many(["a"]) == {}


def test_hits_and_misses_count_keys(candidate: Candidate) -> None:
    cache = candidate.build(PLENTY)
    cache.set_many({"a": b"1", "b": b"2"})
    cache.get_many(["a", "b", "c", "d", "e"])
    upper = cache.stats()[0]
    assert (upper.hits, upper.misses) == (2, 3)


def test_entries_count_what_is_held(candidate: Candidate) -> None:
    cache = candidate.build(PLENTY)
    cache.set_many({"a": b"1", "b": b"2"})
    cache.set_many({"b": b"3"})
    candidate.settle()
    expected = {"memory": ["memory"], "sqlite": ["sqlite"], "tiered": ["memory", "sqlite"]}[candidate.name]
    stats: list[CacheStats] = cache.stats()
    assert [tier.tier for tier in stats] == expected
    assert all(tier.entries == 2 and tier.bytes > 0 and tier.failures == 0 for tier in stats)


def test_purge_removes_everything_and_says_how_much(candidate: Candidate) -> None:
    cache = candidate.build(PLENTY)
    cache.set_many({"a": b"1", "b": b"2"})
    assert cache.purge() == 2
    assert cache.get_many(["a", "b"]) == {}
    assert all(tier.entries == tier.bytes == 0 for tier in cache.stats())
    assert cache.purge() == 0


def test_purge_by_age_keeps_what_is_younger(candidate: Candidate) -> None:
    """Age counts from the last time an entry was stored, and reading doesn't make it younger."""
    cache = candidate.build(PLENTY)
    cache.set_many({"old": b"1", "renewed": b"1"})
    candidate.clock.now += 100
    cache.set_many({"young": b"2", "renewed": b"2"})
    cache.get_many(["old"])
    assert cache.purge(older_than_seconds=50) == 1
    assert cache.get_many(["old", "renewed", "young"]) == {"renewed": b"2", "young": b"2"}


def test_a_closed_cache_raises_nothing(candidate: Candidate) -> None:
    cache = candidate.build(PLENTY)
    cache.set_many({"a": b"1"})
    cache.close()
    cache.close()
    cache.set_many({"b": b"2"})
    cache.get_many(["a", "b"])
    cache.stats()
    assert cache.purge() >= 0


def test_many_threads_read_only_what_was_written(candidate: Candidate) -> None:
    """16 threads write and read a shared set of keys while entries are evicted; no value is torn or misplaced."""
    cache = candidate.build(40_000)
    wrong: list[str] = []

    def work(seed: int) -> None:
        for turn in range(60):
            keys = [f"k{(seed * 7 + turn * step) % 50}" for step in range(1, 6)]
            cache.set_many({key: key.encode() * 60 for key in keys})
            found = cache.get_many(keys)
            wrong.extend(key for key, value in found.items() if value != key.encode() * 60)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    candidate.settle()
    assert wrong == []
    assert all(tier.bytes <= tier.limit_bytes and tier.failures == 0 for tier in cache.stats())
    assert cache.stats()[0].hits > 0
