"""An engine that does arithmetic, an observer that counts, and jobs made of numbers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

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

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[float]:
        """Certain of what `generate` gives, and the less so the more tokens are others or missing."""
        assert self.gate.wait(WAIT)
        pairs = zip(sources, targets, strict=True)
        if self._behave is not None:
            self._behave([tuple(source) for source in sources])
        return [_score(doubled(source).tokens, target) for source, target in pairs]

    def close(self) -> None:
        """Remember it."""
        self.closed = True


def doubled(source: Sequence[str]) -> Hypothesis:
    """What `FakeEngine` answers."""
    return Hypothesis(tuple(str(2 * int(token)) for token in source), finished=True)


def _score(expected: Sequence[str], target: Sequence[str]) -> float:
    right = sum(token == other for token, other in zip(expected, target, strict=False))
    return right / (max(len(expected), len(target)) + 1) - 1


class CountingObserver:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        self._count("request")

    def batch(
        self, model: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None:
        self._count("failed_batches" if failed else "batches")
        if not failed:
            self._count("segments", segments)
            self._count("tokens", tokens)
            self._count("padded_tokens", padded_tokens)

    def queue_wait(self, model: str, seconds: float) -> None:
        assert seconds >= 0
        self._count("started")

    def dropped(self, model: str, reason: str) -> None:
        self._count(reason)

    def rejected(self, model: str, reason: str) -> None:
        self._count(reason)

    def flagged(self, model: str, flag: str) -> None:
        self._count("flagged")

    def retried(self, model: str) -> None:
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


class NumberJob(Job):
    """A job whose source is `number`, `length` times over, and that can be waited for."""

    def __init__(
        self, number: int, length: int = 1, options: DecodingOptions = OPTIONS, target: tuple[str, ...] | None = None
    ) -> None:
        super().__init__((str(number),) * length, options, lambda _: self._told(), target=target)
        self.future: Future[Hypothesis] = Future()
        self.calls = 0

    def _told(self) -> None:
        self.calls += 1
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            assert self.hypothesis is not None
            self.future.set_result(self.hypothesis)

    def result(self) -> Hypothesis:
        """What came out. Raises the job's error; waits long, but not for ever."""
        return self.future.result(WAIT)

    @property
    def over(self) -> bool:
        """Whether it was told that the job has ended."""
        return self.future.done()


def job(number: int, length: int = 1, options: DecodingOptions = OPTIONS) -> NumberJob:
    """See `NumberJob`."""
    return NumberJob(number, length, options)


def wait_for(jobs: Iterable[NumberJob]) -> None:
    """Until all have ended, well or not."""
    for each in jobs:
        each.future.exception(WAIT)
