"""Metrics of what is: queues, threads and caches, looked at when Prometheus asks. Keeps no state of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.core.types import BatcherStats, CacheStats


class StateCollector(Collector):
    """Asks `batchers` (by task) and `caches` (by tier) at scrape time.

    One that raises costs its own figures only, and shows in `depesche_state_collection_failures`.
    """

    def __init__(
        self,
        batchers: Callable[[], Mapping[str, BatcherStats]],
        caches: Callable[[], Sequence[CacheStats]],
    ) -> None:
        self._batchers = batchers
        self._caches = caches

    def describe(self) -> list[Metric]:
        """Names without figures: registering must not ask queues that don't exist yet."""
        return [*_queues({}), *_tiers([]), _failures(0)]

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        failures = 0
        queues: Mapping[str, BatcherStats] = {}
        tiers: Sequence[CacheStats] = []
        try:
            queues = self._batchers()
        except Exception:  # the other metrics are needed most when something is broken
            failures += 1
        try:
            tiers = self._caches()
        except Exception:
            failures += 1
        yield from _queues(queues)
        yield from _tiers(tiers)
        yield _failures(failures)


def _queues(queues: Mapping[str, BatcherStats]) -> list[Metric]:
    depth = GaugeMetricFamily("depesche_queue_jobs", "Jobs waiting.", labels=["task", "priority"])
    tokens = GaugeMetricFamily("depesche_queue_tokens", "Source tokens waiting.", labels=["task"])
    threads = GaugeMetricFamily("depesche_dispatcher_threads", "Dispatcher threads.", labels=["task", "state"])
    speed = GaugeMetricFamily("depesche_tokens_per_second", "Measured speed, for predicting waits.", labels=["task"])
    for task, stats in queues.items():
        depth.add_metric([task, "interactive"], stats.queued_interactive)
        depth.add_metric([task, "bulk"], stats.queued_bulk)
        tokens.add_metric([task], stats.queued_tokens)
        threads.add_metric([task, "alive"], stats.threads_alive)
        threads.add_metric([task, "expected"], stats.threads_expected)
        speed.add_metric([task], stats.tokens_per_second)
    return [depth, tokens, threads, speed]


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
