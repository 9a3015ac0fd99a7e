"""Metrics of what happens, for Prometheus. Label values come from closed sets, so that no text and no flood of series
can get in: whatever isn't in its set is counted as "other".
"""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from service.core.enums import Flag
from service.observability.state import StateCollector

__all__ = ["PrometheusObserver", "StateCollector", "render"]

OTHER = "other"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ROUTES = frozenset(
    {
        "/",
        "/v1/translate",
        "/v1/summarize",
        "/v1/check",
        "/v1/models",
        "/v1/languages",
        "/livez",
        "/readyz",
        "/metrics",
        "/openapi.yaml",
        "/docs",
        "/docs/assets/<name>",
        "/problems/<slug>",
    }
)
ANY_MODEL = "any"
DROP_REASONS = frozenset({"expired", "cancelled"})
REJECT_REASONS = frozenset({"queue_full", "deadline_unreachable", "too_much_work", "not_ready", "concurrency"})

# From a cached sentence to a bulk article at the end of its deadline.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
SEGMENTS = (1, 2, 4, 8, 16, 32, 64, 128)
TOKENS = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
RATIOS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75)


class PrometheusObserver:
    """Implements `service.core.ports.Observer` on `registry`. One per registry; thread-safe.

    `models` are the ids of all models that may ever serve, loaded or not.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        models: Iterable[str] = (),
        routes: Iterable[str] = ROUTES,
        flags: Iterable[str] = Flag,
    ) -> None:
        self._models = frozenset(models) | {ANY_MODEL}
        self._routes = frozenset(routes)
        self._flags = frozenset(flags)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"depesche_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str, buckets: Iterable[float], *labels: str) -> Histogram:
            return Histogram(f"depesche_{name}", text, labels, buckets=tuple(buckets), registry=registry)

        self._requests = counter("requests_total", "HTTP requests answered.", "route", "method", "status")
        self._durations = histogram("request_duration_seconds", "From request to answer.", SECONDS, "route")
        self._batch_segments = histogram("batch_segments", "Segments in one engine batch.", SEGMENTS, "model")
        self._batch_tokens = histogram("batch_tokens", "Source tokens in one batch, no padding.", TOKENS, "model")
        self._padding = histogram("batch_padding_ratio", "Share of a batch that was padding, 0 to 1.", RATIOS, "model")
        self._padded = counter("batch_padded_tokens_total", "Source tokens computed, padding included.", "model")
        self._failed = counter("batches_failed_total", "Engine batches that raised.", "model")
        self._engine = histogram("engine_seconds", "Time of one batch in the engine.", SECONDS, "model")
        self._waits = histogram("queue_wait_seconds", "From submission to the engine, per job.", SECONDS, "model")
        self._dropped = counter("dropped_total", "Jobs that left the queue unserved.", "model", "reason")
        self._rejected = counter("rejected_total", "Work refused at the door.", "model", "reason")
        self._flagged = counter("flags_total", "Flags raised by output checks.", "model", "flag")
        self._retried = counter("retries_total", "Suspicious outputs that were decoded again.", "model")

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        route = _known(route, self._routes)
        code = str(status) if 100 <= status <= 599 else OTHER
        self._requests.labels(route, _known(method, METHODS), code).inc()
        self._durations.labels(route).observe(seconds)

    def batch(
        self, model: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None:
        """An engine finished a batch. `padded_tokens` is what it computed: longest source times segments."""
        model = _known(model, self._models)
        self._batch_segments.labels(model).observe(segments)
        self._batch_tokens.labels(model).observe(tokens)
        self._padded.labels(model).inc(max(0, padded_tokens))
        if padded_tokens > 0:
            self._padding.labels(model).observe(1 - tokens / padded_tokens)
        self._engine.labels(model).observe(engine_seconds)
        if failed:
            self._failed.labels(model).inc()

    def queue_wait(self, model: str, seconds: float) -> None:
        """A job left the queue for an engine."""
        self._waits.labels(_known(model, self._models)).observe(seconds)

    def dropped(self, model: str, reason: str) -> None:
        """A job left the queue unserved."""
        self._dropped.labels(_known(model, self._models), _known(reason, DROP_REASONS)).inc()

    def rejected(self, model: str, reason: str) -> None:
        """Work was refused at the door."""
        self._rejected.labels(_known(model, self._models), _known(reason, REJECT_REASONS)).inc()

    def flagged(self, model: str, flag: str) -> None:
        """An output check raised a flag."""
        self._flagged.labels(_known(model, self._models), _known(flag, self._flags)).inc()

    def retried(self, model: str) -> None:
        """A suspicious output was decoded again."""
        self._retried.labels(_known(model, self._models)).inc()


def render(registry: CollectorRegistry) -> tuple[bytes, str]:
    """The metrics page in Prometheus' text format, and its content type."""
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _known(value: str, allowed: frozenset[str]) -> str:
    return value if value in allowed else OTHER
