"""Metrics as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from service.core.enums import Flag
from service.core.ports import Observer
from service.core.types import CacheStats, PoolStats, QueueStats
from service.observability.metrics import ROUTES, PrometheusObserver, StateCollector, render
from service.observability.null import NullObserver

SECRET = "Die Ministerin tritt zurück"
MODELS = ("opus-mt-de-en", "distilbart-cnn-12-6")


def page(registry: CollectorRegistry) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    body, content_type = render(registry)
    assert content_type.startswith("text/plain; version=")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return page(registry).get((name, frozenset(labels.items())))


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def test_requests_are_counted_and_timed(registry: CollectorRegistry) -> None:
    observer = PrometheusObserver(registry, models=MODELS)
    observer.request("/v1/translate", "POST", 200, 0.3)
    observer.request("/v1/translate", "POST", 200, 0.1)
    labels = {"route": "/v1/translate", "method": "POST", "status": "200"}
    assert value(registry, "depesche_requests_total", **labels) == 2
    assert value(registry, "depesche_request_duration_seconds_count", route="/v1/translate") == 2
    assert value(registry, "depesche_request_duration_seconds_sum", route="/v1/translate") == pytest.approx(0.4)


def test_a_batch_shows_its_sizes_padding_and_time(registry: CollectorRegistry) -> None:
    PrometheusObserver(registry, models=MODELS).batch(
        "opus-mt-de-en", segments=4, tokens=75, padded_tokens=100, engine_seconds=0.5, failed=True
    )
    for name, expected in {
        "batch_segments_sum": 4,
        "batch_tokens_sum": 75,
        "batch_padded_tokens_total": 100,
        "batch_padding_ratio_sum": 0.25,
        "engine_seconds_sum": 0.5,
        "batches_failed_total": 1,
    }.items():
        assert value(registry, f"depesche_{name}", model="opus-mt-de-en") == expected


def test_an_empty_batch_does_not_divide_by_zero(registry: CollectorRegistry) -> None:
    observer = PrometheusObserver(registry, models=MODELS)
    observer.batch("opus-mt-de-en", segments=0, tokens=0, padded_tokens=0, engine_seconds=0.0, failed=False)
    assert value(registry, "depesche_batch_segments_count", model="opus-mt-de-en") == 1


def test_what_happens_to_jobs_is_counted(registry: CollectorRegistry) -> None:
    observer = PrometheusObserver(registry, models=MODELS)
    observer.queue_wait("opus-mt-de-en", 0.2)
    observer.dropped("opus-mt-de-en", "expired")
    observer.rejected("any", "not_ready")
    observer.retried("distilbart-cnn-12-6")
    for flag in Flag:
        observer.flagged("opus-mt-de-en", flag)
    assert value(registry, "depesche_queue_wait_seconds_sum", model="opus-mt-de-en") == 0.2
    assert value(registry, "depesche_dropped_total", model="opus-mt-de-en", reason="expired") == 1
    assert value(registry, "depesche_rejected_total", model="any", reason="not_ready") == 1
    assert value(registry, "depesche_retries_total", model="distilbart-cnn-12-6") == 1
    assert all(value(registry, "depesche_flags_total", model="opus-mt-de-en", flag=flag) == 1 for flag in Flag)


def test_labels_come_from_closed_sets(registry: CollectorRegistry) -> None:
    """Text can't become a label, and a scanner that tries a thousand paths makes one series."""
    observer = PrometheusObserver(registry, models=MODELS)
    for number in range(50):
        observer.request(f"/{SECRET}/{number}", SECRET, 1000 + number, 0.1)
        observer.batch(SECRET, segments=1, tokens=1, padded_tokens=1, engine_seconds=0.1, failed=True)
        observer.queue_wait(SECRET, 0.1)
        observer.dropped(SECRET, SECRET)
        observer.rejected(SECRET, SECRET)
        observer.flagged(SECRET, SECRET)
        observer.retried(SECRET)
    assert SECRET not in render(registry)[0].decode()
    assert value(registry, "depesche_requests_total", route="other", method="other", status="other") == 50
    assert value(registry, "depesche_flags_total", model="other", flag="other") == 50


def collector(
    *,
    queues: Callable[[], Mapping[str, QueueStats]] = dict,
    pool: Callable[[], PoolStats | None] = lambda: None,
    memory: Callable[[], Mapping[str, int]] = dict,
    caches: Callable[[], Sequence[CacheStats]] = list,
) -> StateCollector:
    return StateCollector(queues=queues, pool=pool, memory=memory, caches=caches)


def test_the_state_is_looked_at_when_asked(registry: CollectorRegistry) -> None:
    queue = QueueStats(3, 40, 900, 512.5, 17.0)
    tier = CacheStats("memory", 5, 6, 7, 8, 9, 10, 11)
    registry.register(
        collector(
            queues=lambda: {"opus-mt-de-en": queue},
            pool=lambda: PoolStats(1, 2, 0.75),
            memory=lambda: {"opus-mt-de-en": 77_000_000},
            caches=lambda: [tier],
        )
    )
    shown = page(registry)
    for name, labels, figure in [
        ("depesche_queue_jobs", {"model": "opus-mt-de-en", "priority": "interactive"}, 3),
        ("depesche_queue_jobs", {"model": "opus-mt-de-en", "priority": "bulk"}, 40),
        ("depesche_queue_tokens", {"model": "opus-mt-de-en"}, 900),
        ("depesche_dispatcher_threads", {"state": "alive"}, 1),
        ("depesche_dispatcher_threads", {"state": "expected"}, 2),
        ("depesche_predicted_wait_seconds", {}, 0.75),
        ("depesche_model_memory_bytes", {"model": "opus-mt-de-en"}, 77_000_000),
        ("depesche_tokens_per_second", {"model": "opus-mt-de-en"}, 512.5),
        ("depesche_cache_hits_total", {"tier": "memory"}, 5),
        ("depesche_cache_misses_total", {"tier": "memory"}, 6),
        ("depesche_cache_evictions_total", {"tier": "memory"}, 7),
        ("depesche_cache_failures_total", {"tier": "memory"}, 8),
        ("depesche_cache_entries", {"tier": "memory"}, 9),
        ("depesche_cache_bytes", {"tier": "memory"}, 10),
        ("depesche_cache_limit_bytes", {"tier": "memory"}, 11),
        ("depesche_state_collection_failures", {}, 0),
    ]:
        assert shown[name, frozenset(labels.items())] == figure


def test_a_broken_source_costs_its_own_figures_only(registry: CollectorRegistry) -> None:
    def broken() -> Sequence[CacheStats]:
        raise RuntimeError(SECRET)

    registry.register(collector(queues=lambda: {"opus-mt-de-en": QueueStats(1, 0, 0, 0.0, 0.0)}, caches=broken))
    assert value(registry, "depesche_queue_jobs", model="opus-mt-de-en", priority="interactive") == 1
    assert value(registry, "depesche_state_collection_failures") == 1


def test_each_broken_source_is_counted(registry: CollectorRegistry) -> None:
    def broken() -> NoReturn:
        raise RuntimeError(SECRET)

    registry.register(collector(queues=broken, pool=broken, memory=broken, caches=broken))
    assert value(registry, "depesche_state_collection_failures") == 4
    assert SECRET not in render(registry)[0].decode()


def test_while_models_load_there_are_no_figures_of_threads(registry: CollectorRegistry) -> None:
    registry.register(collector())
    assert value(registry, "depesche_dispatcher_threads", state="alive") is None
    assert value(registry, "depesche_predicted_wait_seconds") is None
    assert value(registry, "depesche_state_collection_failures") == 0


def test_registering_asks_nobody(registry: CollectorRegistry) -> None:
    """Queues exist only once the models are loaded."""

    def too_early() -> NoReturn:
        raise AssertionError

    registry.register(collector(queues=too_early, pool=too_early, memory=too_early))


def test_every_rule_of_the_api_is_a_known_route() -> None:
    """A route that is added to the API must be added to the set of labels."""
    from service.api.app import create_app
    from service.api.options import ApiOptions

    app: Flask = create_app(None, ApiOptions(), NullObserver())  # type: ignore[arg-type]
    assert {rule.rule for rule in app.url_map.iter_rules()} == ROUTES


def test_both_observers_are_observers(registry: CollectorRegistry) -> None:
    for observer in (PrometheusObserver(registry, models=MODELS), NullObserver()):
        checked: Observer = observer
        checked.request("/livez", "GET", 200, 0.1)
        checked.batch("opus-mt-de-en", segments=1, tokens=1, padded_tokens=1, engine_seconds=0.1, failed=False)
        checked.queue_wait("opus-mt-de-en", 0.1)
        checked.dropped("opus-mt-de-en", "expired")
        checked.rejected("opus-mt-de-en", "queue_full")
        checked.flagged("opus-mt-de-en", "truncated")
        checked.retried("opus-mt-de-en")
