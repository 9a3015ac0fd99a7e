"""Metrics of what is: queues, threads, models in memory, caches, looked at when Prometheus asks. Keeps no state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.core.types import CacheStats, PoolStats, QueueStats

_Figures = TypeVar("_Figures")


class StateCollector(Collector):
    """Asks at scrape time: `queues` and `memory` (bytes of loaded models) by model id, `pool`, and `caches` by tier.

    `pool` may say None while there is none yet. A source that raises costs its own figures only, and shows in
    `depesche_state_collection_failures`.
    """

    def __init__(
        self,
        *,
        queues: Callable[[], Mapping[str, QueueStats]],
        pool: Callable[[], PoolStats | None],
        memory: Callable[[], Mapping[str, int]],
        caches: Callable[[], Sequence[CacheStats]],
    ) -> None:
        self._queues = queues
        self._pool = pool
        self._memory = memory
        self._caches = caches

    def describe(self) -> list[Metric]:
        """Names without figures: registering must not ask queues that don't exist yet."""
        return [*_queues({}), *_pool(None), _memory({}), *_tiers([]), _failures(0)]

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        failures = 0

        def ask(source: Callable[[], _Figures], otherwise: _Figures) -> _Figures:
            nonlocal failures
            try:
                return source()
            except Exception:  # the other metrics are needed most when something is broken
                failures += 1
                return otherwise

        yield from _queues(ask(self._queues, {}))
        yield from _pool(ask(self._pool, None))
        yield _memory(ask(self._memory, {}))
        yield from _tiers(ask(self._caches, []))
        yield _failures(failures)


def _queues(queues: Mapping[str, QueueStats]) -> list[Metric]:
    depth = GaugeMetricFamily("depesche_queue_jobs", "Jobs waiting.", labels=["model", "priority"])
    tokens = GaugeMetricFamily("depesche_queue_tokens", "Source tokens waiting.", labels=["model"])
    speed = GaugeMetricFamily("depesche_tokens_per_second", "Measured speed, for predicting waits.", labels=["model"])
    for model, stats in queues.items():
        depth.add_metric([model, "interactive"], stats.queued_interactive)
        depth.add_metric([model, "bulk"], stats.queued_bulk)
        tokens.add_metric([model], stats.queued_tokens)
        speed.add_metric([model], stats.tokens_per_second)
    return [depth, tokens, speed]


def _pool(stats: PoolStats | None) -> list[Metric]:
    threads = GaugeMetricFamily("depesche_dispatcher_threads", "Dispatcher threads of all models.", labels=["state"])
    wait = GaugeMetricFamily("depesche_predicted_wait_seconds", "For a new interactive job of a sentence.")
    if stats is not None:
        threads.add_metric(["alive"], stats.threads_alive)
        threads.add_metric(["expected"], stats.threads_expected)
        wait.add_metric([], stats.predicted_wait_seconds)
    return [threads, wait]


def _memory(models: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily("depesche_model_memory_bytes", "Memory of the loaded models.", labels=["model"])
    for model, size in models.items():
        family.add_metric([model], size)
    return family


def _tiers(tiers: Sequence[CacheStats]) -> list[Metric]:
    def counter(name: str, text: str, figure: Callable[[CacheStats], float]) -> Metric:
        family = CounterMetricFamily(f"depesche_cache_{name}", text, labels=["tier"])
        for tier in tiers:
            family.add_metric([tier.tier], figure(tier))
        return family

    def gauge(name: str, text: str, figure: Callable[[CacheStats], float]) -> Metric:
        family = GaugeMetricFamily(f"depesche_cache_{name}", text, labels=["tier"])
        for tier in tiers:
            family.add_metric([tier.tier], figure(tier))
        return family

    return [
        counter("hits", "Keys found.", lambda tier: tier.hits),
        counter("misses", "Keys not found.", lambda tier: tier.misses),
        counter("evictions", "Entries removed to keep the bound.", lambda tier: tier.evictions),
        counter("failures", "Writes lost and operations failed.", lambda tier: tier.failures),
        gauge("entries", "Entries held.", lambda tier: tier.entries),
        gauge("bytes", "Bytes held.", lambda tier: tier.bytes),
        gauge("limit_bytes", "The bound on bytes.", lambda tier: tier.limit_bytes),
    ]


def _failures(count: int) -> Metric:
    family = GaugeMetricFamily("depesche_state_collection_failures", "Sources of figures that raised just now.")
    family.add_metric([], count)
    return family
