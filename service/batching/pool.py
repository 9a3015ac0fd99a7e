"""One pool for the whole process: a bounded queue for each model, and threads that run batches of all of them.

A batch is formed when a thread is free, never by a timer: under load a backlog makes batches by itself, and without
load waiting would buy nothing. Which batch is next is `scheduler`'s and `fair_queue`'s choice, who may enter is
`admission`'s.

A batch can't be interrupted, so whoever comes while bulk work fills every replica would wait for the end of a large
batch. Express threads, which run beside the others on the same cores, take interactive jobs, and only while bulk runs.

One thread is woken for what waits; if it leaves work it wakes the next. So a submit costs one wake-up however many
threads there are, and the end of a batch none: its thread looks for more by itself.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from service.batching.admission import Admission, Load, Promises, Throughput
from service.batching.fair_queue import FairQueue
from service.batching.running import end, inference_failed, run
from service.batching.scheduler import Batch, ModelState, Scheduler
from service.core.errors import (
    Cancelled,
    DeadlineExceeded,
    DeadlineUnreachable,
    DepescheError,
    NotReady,
    QueueFull,
    TooMuchWork,
    Unavailable,
)
from service.core.observing import tell
from service.core.ports import Engine, Observer
from service.core.types import Job, JobState, PoolStats, Priority, QueueStats

_log = logging.getLogger(__name__)
_RETRY_WHEN_CLOSED = 5.0  # seconds; about what a restart takes
_IDLE_SECONDS = 0.5  # without work, after which `on_idle` is called
_SHORT_JOB = 30  # tokens; a sentence of news has some 27


class Pool:
    """The threads that all models share. Thread-safe; starts them at once, so make it after a fork, not before.

    `replicas` batches run side by side, and `express` more. `on_idle` is called once when work has ceased for a moment.
    Callbacks of jobs run in a dispatcher thread or in the thread that cancels, without any lock held; they should be
    short.
    """

    def __init__(
        self,
        *,
        replicas: int,
        express: int = 1,
        observer: Observer,
        on_idle: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if replicas < 1 or express < 0:
            raise ValueError("a pool needs a replica")
        self._replicas = replicas
        self._observer = observer
        self._on_idle = on_idle
        self._clock = clock
        self._lock = threading.Lock()  # guards all that follows, and the jobs that wait
        self._work = threading.Condition(self._lock)  # dispatchers wait here
        self._express_work = threading.Condition(self._lock)  # express threads wait here
        self._less_work = threading.Condition(self._lock)  # whoever closes waits here
        self._scheduler = Scheduler()
        self._numbers = itertools.count(1)  # for jobs and requests
        self._running: dict[int, Batch] = {}  # by thread
        self._begun = 0  # batches so far
        self._worked = False  # since `on_idle` was called
        self._closed = False  # takes no more jobs
        self._stopped = False  # threads end
        self._idle_dispatchers = 0
        self._dispatchers_alive = replicas
        self._threads_alive = self._threads_expected = replicas + express
        names = [f"dispatcher-{number}" for number in range(replicas)] + [f"express-{n}" for n in range(express)]
        self._threads = [
            threading.Thread(target=self._dispatch, args=(number >= replicas,), name=name, daemon=True)
            for number, name in enumerate(names)
        ]
        for thread in self._threads:
            thread.start()

    def open_queue(
        self,
        model: str,
        engine: Engine,
        *,
        max_queue_jobs: int,
        max_queue_tokens: int,
        batch_size: int,
        batch_tokens: int,
        initial_tokens_per_second: float,
    ) -> ModelQueue:
        """A queue for one more model, at any time; its `close` takes the model out again.

        `model` is the id that the observer is told. `max_queue_jobs` and `max_queue_tokens` bound what waits;
        `batch_size` (jobs) and `batch_tokens` (jobs times the longest source) bound a batch.
        `initial_tokens_per_second`, in source tokens for all replicas together, is the first guess for predictions;
        measurements replace it. The engine is called from `engine.replicas` threads, or as many as the pool has, and
        from the express threads. Raises NotReady when the pool is closed.
        """
        replicas = min(self._replicas, engine.replicas)
        queue = FairQueue(batch_size=batch_size, batch_tokens=batch_tokens, replicas=replicas)
        state = ModelState(model, engine, queue, Throughput(initial_tokens_per_second), replicas)
        opened = ModelQueue(self, state, Admission(max_queue_jobs, max_queue_tokens))
        with self._lock:
            self._refuse_if_down()
            self._scheduler.models.append(state)
        return opened

    def stats(self) -> PoolStats:
        """The threads at this moment, and the wait for the model where it is longest; 0 when nothing waits."""
        with self._lock:
            scheduler = self._scheduler
            waits = [
                scheduler.seconds_until_done(model, _SHORT_JOB, Priority.INTERACTIVE) for model in scheduler.models
            ]
            wait = max(waits, default=0.0) if any(map(scheduler.waits, Priority)) else 0.0
            return PoolStats(self._threads_alive, self._threads_expected, wait)

    def close(self, *, drain_seconds: float) -> None:
        """Close all queues as their own `close` does, together, and end the threads. May be called more than once."""
        with self._lock:
            self._closed = True
            self._less_work.wait_for(
                lambda: not any(self._is_busy(model) for model in self._scheduler.models), drain_seconds
            )
            models = list(self._scheduler.models)
        for model in models:
            self._cancel_rest(model)
        with self._lock:
            self._less_work.wait_for(lambda: not any(self._runs(model) for model in models))
            self._stopped = True
            self._work.notify_all()
            self._express_work.notify_all()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    # For `ModelQueue`, too. Called with the lock held, unless they say otherwise.

    def _refuse_if_down(self) -> None:
        if self._closed:
            raise NotReady("the pool is closed", _RETRY_WHEN_CLOSED)
        if self._dispatchers_alive == 0:
            raise NotReady("no dispatcher thread is alive", _RETRY_WHEN_CLOSED)

    def _wake(self) -> None:
        """Wake a thread for what waits, if any sleeps that may take it. A thread that is woken looks for itself."""
        if self._idle_dispatchers and self._scheduler.has_work(express=False):
            self._work.notify()
        elif self._scheduler.has_work(express=True):
            self._express_work.notify()

    def _runs(self, model: ModelState) -> bool:
        """Whether a batch of `model` runs. The caller's own doesn't count, or closing in a callback would never end."""
        me = threading.get_ident()
        return any(batch.model is model for thread, batch in self._running.items() if thread != me)

    def _is_busy(self, model: ModelState) -> bool:
        return len(model.queue) > 0 or self._runs(model)

    def _cancel_rest(self, model: ModelState) -> None:
        """Takes the lock itself."""
        with self._lock:
            left = model.queue.clear()
            self._less_work.notify_all()
        self._end_cancelled(model, left)

    # The threads.

    def _dispatch(self, express: bool) -> None:
        try:
            while self._round(express):
                pass
        except BaseException as error:  # even SystemExit: nobody may be left waiting, and readiness must tell
            _log.critical("a dispatcher thread died: %s", type(error).__name__)
            self._lost(express, error)

    def _round(self, express: bool) -> bool:
        """Wait for work and do it; False when the thread is to end.

        A function of its own, so that a thread that waits holds no job that has ended.
        """
        with self._lock:
            idle = self._wait_for_work(express)
            if self._stopped:
                self._leave(express)
                return False
            expired = self._pop_expired()
            batch = None
            if not expired:  # they end first, in this thread; another may take the work
                batch = self._start(express)
            self._wake()
        for model, jobs in expired:
            self._end_expired(model, jobs)
        if idle:
            tell(self._on_idle)
        if batch is not None:
            self._run(batch)
        return True

    def _wait_for_work(self, express: bool) -> bool:
        """Return True when nothing has happened for a moment, for the first time since work was done."""
        condition = self._express_work if express else self._work
        while not self._stopped and not self._scheduler.has_work(express=express):
            # Whoever ended the last batch waits with a limit, the others without.
            patience = _IDLE_SECONDS if self._worked and not self._running else None
            begun = self._begun
            self._idle_dispatchers += not express
            try:
                woken = condition.wait(patience)
            finally:
                self._idle_dispatchers -= not express
            if not woken and self._worked and self._begun == begun and not self._scheduler.has_work(express=False):
                self._worked = False
                return True
        return False

    def _pop_expired(self) -> list[tuple[ModelState, list[Job]]]:
        now = self._clock()
        popped = ((model, model.queue.pop_expired(now)) for model in self._scheduler.models)
        expired = [(model, jobs) for model, jobs in popped if jobs]
        if expired:
            self._less_work.notify_all()
        return expired

    def _start(self, express: bool) -> Batch | None:
        batch = self._scheduler.pick(express=express, now=self._clock())
        if batch is not None:
            self._begun += 1
            self._worked = True
            self._running[threading.get_ident()] = batch
        return batch

    def _run(self, batch: Batch) -> None:
        model = batch.model
        begun = self._clock()
        seconds, well = run(batch.jobs, model.engine, model.name, self._observer, self._clock)
        with self._lock:
            self._finish(batch, seconds)
            if well and len(model.queue):
                again = sum(job.length for job in batch.jobs if job.second_try)
                tokens = sum(job.length for job in batch.jobs) - again
                replicas = min(model.replicas, self._dispatchers_alive)
                model.throughput.observe(tokens, self._clock() - begun, replicas, again)

    def _finish(self, batch: Batch, seconds: float) -> None:
        del self._running[threading.get_ident()]
        self._scheduler.ended(batch, seconds)
        self._less_work.notify_all()

    def _leave(self, express: bool) -> None:
        self._threads_alive -= 1
        self._dispatchers_alive -= not express

    def _lost(self, express: bool, error: BaseException) -> None:
        """End a dead thread's batch, and, if it was the last that takes any job, everything that waits."""
        jobs: list[Job] = []
        with self._lock:
            self._leave(express)
            batch = self._running.get(threading.get_ident())
            if batch is not None:
                self._finish(batch, 0.0)
                jobs += [job for job in batch.jobs if job.state is JobState.RUNNING]
            if self._dispatchers_alive == 0:
                for model in self._scheduler.models:
                    jobs += model.queue.clear()
            for condition in (self._work, self._express_work, self._less_work):
                condition.notify_all()  # whatever the thread was woken for is another's now
        for job in jobs:
            end(job, inference_failed(error))

    # Telling those who wait, never with the lock held.

    def _end_expired(self, model: ModelState, jobs: list[Job]) -> None:
        for job in jobs:
            end(job, DeadlineExceeded(max(0.0, job.deadline - job.submitted_at)))
            tell(self._observer.dropped, model.name, "expired")

    def _end_cancelled(self, model: ModelState, jobs: list[Job]) -> None:
        for job in jobs:
            end(job, Cancelled("dropped before it started"))
            tell(self._observer.dropped, model.name, "cancelled")


class ModelQueue:
    """One model's queue before the pool; implements the `Batcher` port. Made by `Pool.open_queue`."""

    def __init__(self, pool: Pool, state: ModelState, admission: Admission) -> None:
        self._pool = pool
        self._state = state
        self._admission = admission
        self._promises = {each: Promises() for each in Priority}
        self._closed = False

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Job | None = None, claim: str = ""
    ) -> None:
        """Queue all `jobs` or none, each for the first and only time (else ValueError).

        Raises QueueFull, DeadlineUnreachable or TooMuchWork when admission refuses, NotReady when closed or without
        live threads.
        """
        with self._entering() as now:
            if len({job for job in jobs if job.state is JobState.NEW}) < len(jobs):
                raise ValueError("a job can be submitted only once")
            if jobs and after is None:
                self._admit(len(jobs), sum(job.length for job in jobs), deadline, priority, claim, now)
                self._promises[priority].keep(claim)
            self._enqueue(jobs, deadline, priority, now, after)
            self._pool._wake()

    def require_room(self, jobs: int, tokens: int, *, deadline: float, priority: Priority, claim: str = "") -> None:
        """Raise what `submit` would for so many jobs of so many tokens in all."""
        with self._entering() as now:
            self._admit(jobs, max(jobs, tokens), deadline, priority, claim, now)

    @contextmanager
    def _entering(self) -> Iterator[float]:
        """Hold the lock, with the expired jobs out of the way; gives the time. A refusal is told to the observer."""
        pool = self._pool
        expired: list[Job] = []
        try:
            with pool._lock:
                now = pool._clock()
                if expired := self._state.queue.pop_expired(now):
                    pool._less_work.notify_all()
                self._refuse_if_closed()
                yield now
        except (Unavailable, TooMuchWork) as refusal:
            tell(pool._observer.rejected, self._state.name, _reason(refusal))
            raise
        finally:
            pool._end_expired(self._state, expired)

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise NotReady("the queue is closed", _RETRY_WHEN_CLOSED)
        self._pool._refuse_if_down()

    def _admit(self, jobs: int, tokens: int, deadline: float, priority: Priority, claim: str, now: float) -> None:
        state, scheduler, promises = self._state, self._pool._scheduler, self._promises[priority]
        load = Load(
            len(state.queue),
            state.queue.all_tokens,
            scheduler.seconds_until_drained(state),
            tokens / state.throughput.tokens_per_second,
            scheduler.demands(state, tokens, deadline, priority, now),
            state.throughput.batch_seconds,
            state.throughput.again,
        )
        promised = promises.tokens_before(claim, now) / state.throughput.tokens_per_second
        try:
            self._admission.check(jobs=jobs, tokens=tokens, load=load, promised_seconds=promised)
        except (QueueFull, DeadlineUnreachable) as refusal:
            if claim and load.jobs:
                promises.make(claim, tokens, now, refusal.retry_after)
            raise

    def _enqueue(self, jobs: Sequence[Job], deadline: float, priority: Priority, now: float, after: Job | None) -> None:
        request = after.request if after is not None else next(self._pool._numbers)
        for job in jobs:
            job.priority = priority
            job.deadline = deadline
            job.due = deadline if after is None else min(deadline, after.due)
            job.allowed = deadline - now if after is None else after.allowed
            job.submitted_at = now
            job.request = request
            job.sequence = next(self._pool._numbers)
            job.second_try = after is not None
            self._state.queue.add(job)

    def cancel(self, jobs: Iterable[Job]) -> None:
        """Drop those that still wait; started work finishes. Their callbacks run in this thread."""
        dropped = []
        listed = list(jobs)
        with self._pool._lock:
            for job in listed:
                if job.state is JobState.WAITING:
                    self._state.queue.remove(job)
                    dropped.append(job)
            self._pool._less_work.notify_all()
        self._pool._end_cancelled(self._state, dropped)

    def extend(self, jobs: Iterable[Job], deadline: float, priority: Priority) -> None:
        """Give those that still wait the later deadline and the more urgent priority."""
        listed = list(jobs)
        with self._pool._lock:
            for job in listed:
                if job.state is JobState.WAITING:
                    self._state.queue.extend(job, deadline, priority)
            self._pool._wake()  # what has become urgent may be the express threads' now

    def stats(self) -> QueueStats:
        """The queue at this moment."""
        with self._pool._lock:
            queue = self._state.queue
            return QueueStats(
                queued_interactive=queue.count(Priority.INTERACTIVE),
                queued_bulk=queue.count(Priority.BULK),
                queued_tokens=queue.all_tokens,
                tokens_per_second=self._state.throughput.tokens_per_second,
                engine_seconds=self._state.engine_seconds,
            )

    def close(self, *, drain_seconds: float) -> None:
        """Take no more jobs, finish what is queued for up to `drain_seconds`, then cancel the rest.

        Returns when none of this model's batches runs, so that its engine can be closed next: a batch that has begun is
        waited for, however long it takes. The pool goes on for other models. May be called more than once.
        """
        pool, state = self._pool, self._state
        with pool._lock:
            self._closed = True
            pool._less_work.wait_for(lambda: not pool._is_busy(state), drain_seconds)
        pool._cancel_rest(state)
        with pool._lock:
            pool._less_work.wait_for(lambda: not pool._runs(state))
            if state in pool._scheduler.models:
                pool._scheduler.models.remove(state)


def _reason(refusal: DepescheError) -> str:
    names: dict[type, str] = {
        QueueFull: "queue_full",
        DeadlineUnreachable: "deadline_unreachable",
        TooMuchWork: "too_much_work",
    }
    return names.get(type(refusal), "not_ready")
