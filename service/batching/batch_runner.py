"""Runs one batch in an engine and ends its jobs, one by one if the batch fails. Knows no queue."""

from __future__ import annotations

from collections.abc import Callable

from service.batching.outcomes import inference_failed, settle, tell
from service.batching.queued_job import QueuedJob
from service.core.ports import Engine, Observer
from service.core.types import Decoded, Hypothesis


class BatchRunner:
    """Called by several dispatcher threads at once. Raises nothing that the engine raises, except BaseExceptions."""

    def __init__(self, engine: Engine, *, task: str, observer: Observer, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._task = task
        self._observer = observer
        self._clock = clock

    def run(self, batch: list[QueuedJob]) -> float | None:
        """End every job of `batch` (equal options, not empty). Returns the engine's seconds, None unless all went well.

        A batch that fails is tried again one job at a time, so that an input the engine can't take fails alone. What
        has begun is finished, whoever has stopped waiting meanwhile.
        """
        started = self._clock()
        live = []
        for queued in batch:
            if queued.future.set_running_or_notify_cancel():
                live.append(queued)
                tell(self._observer.queue_wait, self._task, started - queued.submitted_at)
            else:
                tell(self._observer.dropped, self._task, "cancelled")
        if not live:
            return None
        seconds, failure = self._attempt(live, started)
        if failure is None:
            return seconds if len(live) == len(batch) else None
        if len(live) == 1:
            settle(live[0].future, inference_failed(failure))
            return None
        for queued in live:
            _, failure = self._attempt([queued], started)
            if failure is not None:
                settle(queued.future, inference_failed(failure))
        return None

    def _attempt(self, batch: list[QueuedJob], started: float) -> tuple[float, Exception | None]:
        """Call the engine. If that goes well, end the jobs; if not, leave them and return why."""
        begun = self._clock()
        failure: Exception | None = None
        hypotheses: list[Hypothesis] = []
        try:
            hypotheses = self._engine.generate([each.job.tokens for each in batch], batch[0].job.options)
            if len(hypotheses) != len(batch):
                failure = RuntimeError(f"the engine returned {len(hypotheses)} outputs for {len(batch)} inputs")
        except Exception as error:
            failure = error
        seconds = self._clock() - begun
        lengths = [queued.length for queued in batch]
        tell(
            self._observer.batch,
            self._task,
            segments=len(batch),
            tokens=sum(lengths),
            padded_tokens=max(lengths) * len(batch),
            engine_seconds=seconds,
            failed=failure is not None,
        )
        if failure is None:
            for queued, hypothesis in zip(batch, hypotheses, strict=True):
                settle(queued.future, Decoded(hypothesis, started - queued.submitted_at, seconds))
        return seconds, failure
