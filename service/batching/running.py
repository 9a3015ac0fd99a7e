"""Runs one batch in an engine and ends its jobs, one by one if the batch fails. Knows no queue and no lock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from service.core.errors import DepescheError, InferenceFailed
from service.core.observing import tell
from service.core.ports import Engine, Observer
from service.core.types import Hypothesis, Job, JobState

_log = logging.getLogger(__name__)


def run(
    jobs: Sequence[Job], engine: Engine, model: str, observer: Observer, clock: Callable[[], float]
) -> tuple[float, bool]:
    """End every one of `jobs` (equal options, all with a target or none, not empty).

    Returns the engine's seconds, and whether all went well.

    A batch that fails is tried again one job at a time, so that an input the engine can't take fails alone. Raises
    nothing that the engine raises, except BaseExceptions; then some jobs may not have ended.
    """
    started = clock()
    for job in jobs:
        job.queue_seconds = started - job.submitted_at
        tell(observer.queue_wait, model, job.queue_seconds)
    total, failure = _attempt(jobs, engine, model, observer, clock)
    if failure is None:
        return total, True
    if len(jobs) == 1:
        end(jobs[0], inference_failed(failure))
        return total, False
    for job in jobs:
        seconds, failure = _attempt([job], engine, model, observer, clock)
        total += seconds
        if failure is not None:
            end(job, inference_failed(failure))
    return total, False


def _attempt(
    jobs: Sequence[Job], engine: Engine, model: str, observer: Observer, clock: Callable[[], float]
) -> tuple[float, Exception | None]:
    """Call the engine. If that goes well, end the jobs; if not, leave them and return why."""
    failure: Exception | None = None
    hypotheses: list[Hypothesis] = []
    begun = clock()
    try:
        hypotheses = _work(jobs, engine)
        if len(hypotheses) != len(jobs):
            failure = RuntimeError(f"the engine returned {len(hypotheses)} outputs for {len(jobs)} inputs")
    except Exception as error:
        failure = error
    seconds = clock() - begun
    lengths = [job.length for job in jobs]
    tell(
        observer.batch,
        model,
        segments=len(jobs),
        tokens=sum(lengths),
        padded_tokens=max(lengths) * len(jobs),
        engine_seconds=seconds,
        failed=failure is not None,
    )
    for job in jobs:
        job.engine_seconds = seconds
    if failure is None:
        for job, hypothesis in zip(jobs, hypotheses, strict=True):
            job.hypothesis = hypothesis
            end(job)
    return seconds, failure


def _work(jobs: Sequence[Job], engine: Engine) -> list[Hypothesis]:
    """What the engine gives for `jobs`; either all of them have a target or none has."""
    sources, options = [job.tokens for job in jobs], jobs[0].options
    targets = [job.target for job in jobs if job.target is not None]
    if not targets:
        return engine.generate(sources, options)
    scores = engine.score(sources, targets, options)
    return [Hypothesis(target, finished=True, score=score) for target, score in zip(targets, scores, strict=True)]


def end(job: Job, error: DepescheError | None = None) -> None:
    """Tell whoever waits for `job` that it has its hypothesis, or `error`. What they raise harms nobody."""
    job.error = error
    job.state = JobState.ENDED
    try:
        job.on_done(job)
    except BaseException as raised:  # even SystemExit: it isn't this thread's
        _log.warning("the callback of a job raised %s", type(raised).__name__)


def inference_failed(cause: BaseException) -> InferenceFailed:
    """The error for a job whose run ended with `cause`, whose own message stays out: it may quote the text."""
    error = InferenceFailed(f"the engine failed: {type(cause).__name__}")
    error.__cause__ = cause
    return error
