"""An engine that does arithmetic, an observer that counts, and helpers to make jobs out of numbers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

from service.core.types import DecodingOptions, Hypothesis, Job

OPTIONS = DecodingOptions()
WAIT = 30.0  # seconds a test waits for what must happen; only a failing test waits that long


class FakeEngine:
    """Doubles every token, which must be a number. `gate` holds every batch back; `behave` may raise or replace."""

    name = "fake"
    compute_type = "int"

    def __init__(
        self,
        replicas: int = 1,
        behave: Callable[[list[tuple[str, ...]]], None] | None = None,
        *,
        held: bool = False,
        drop_outputs_over: int | None = None,
    ) -> None:
        self.replicas = replicas
        self.batches: list[list[tuple[str, ...]]] = []
        self.options: list[DecodingOptions] = []
        self.gate = threading.Event()
        self.begun = threading.Semaphore(0)
        self.closed = False
        self._behave = behave
        self._drop_outputs_over = drop_outputs_over
        self._lock = threading.Lock()
        if not held:
            self.gate.set()

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        """Twice each number, in order."""
        batch = [tuple(source) for source in sources]
        with self._lock:
            self.batches.append(batch)
            self.options.append(options)
        self.begun.release()
        assert self.gate.wait(WAIT)
        if self._behave is not None:
            self._behave(batch)
        outputs = [doubled(source) for source in batch]
        if self._drop_outputs_over is not None and len(outputs) > self._drop_outputs_over:
            outputs.pop()
        return outputs

    def close(self) -> None:
        """Remember it."""
        self.closed = True


def doubled(source: Sequence[str]) -> Hypothesis:
    """What `FakeEngine` answers."""
    return Hypothesis(tuple(str(2 * int(token)) for token in source), finished=True)


class CountingObserver:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        self._count("request")

    def batch(
        self, task: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None:
        self._count("failed_batches" if failed else "batches")
        if not failed:
            self._count("segments", segments)
            self._count("tokens", tokens)
            self._count("padded_tokens", padded_tokens)

    def queue_wait(self, task: str, seconds: float) -> None:
        assert seconds >= 0
        self._count("started")

    def dropped(self, task: str, reason: str) -> None:
        self._count(reason)

    def rejected(self, task: str, reason: str) -> None:
        self._count(reason)

    def flagged(self, task: str, flag: str) -> None:
        self._count("flagged")

    def retried(self, task: str) -> None:
        self._count("retried")

    def _count(self, event: str, by: int = 1) -> None:
        with self._lock:
            self.counts[event] += by


class FakeClock:
    """A clock that stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def job(number: int, length: int = 1, options: DecodingOptions = OPTIONS) -> Job:
    """A job whose source is `number`, `length` times over."""
    return Job((str(number),) * length, options)
