"""The batcher: a bounded queue before an engine, and one dispatcher thread per replica that forms batches from it.

A batch is formed when a replica is free, never by a timer: under load a backlog makes batches by itself, and without
load waiting would buy nothing. Which jobs go together is `fair_queue`'s choice, who may enter is `admission`'s.

A batch can't be interrupted, so whoever comes while bulk work fills every replica would wait for the end of a large
batch. Express threads, which run beside the others on the same cores, take interactive jobs, and only while bulk runs.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from service.batching.admission import Admission, Load, Throughput
from service.batching.batch_runner import BatchRunner
from service.batching.fair_queue import FairQueue
from service.batching.outcomes import fail, settle, tell
from service.batching.queued_job import JobState, QueuedJob
from service.batching.ticket import QueueTicket
from service.batching.waiting_room import WaitingRoom
from service.core.errors import Cancelled, DeadlineExceeded, DepescheError, NotReady
from service.core.ports import Engine, Observer, Ticket
from service.core.types import BatcherStats, Job, Priority

_log = logging.getLogger(__name__)
_RETRY_WHEN_CLOSED = 5.0  # seconds; about what a restart takes
_IDLE_SECONDS = 0.5  # without work, after which `on_idle` is called


class DeadlineBatcher:
    """Implements the `Batcher` port. Thread-safe; starts its threads at once, so make it after a fork, not before.

    `task` labels what the observer is told. `max_queue_jobs` and `max_queue_tokens` bound what waits; `batch_size`
    (jobs) and `batch_tokens` (jobs times the longest source) bound a batch. `initial_tokens_per_second`, in source
    tokens for all replicas together, is the first guess for predictions; measurements replace it. The engine is called
    from `engine.replicas` threads and `express` more. `on_idle` is called once when work has ceased for a moment.
    Callbacks of futures run in a dispatcher thread or in the thread that cancels, without any lock held; they should be
    short.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        task: str,
        observer: Observer,
        max_queue_jobs: int,
        max_queue_tokens: int,
        batch_tokens: int,
        batch_size: int,
        initial_tokens_per_second: float,
        express: int = 0,
        on_idle: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._task = task
        self._observer = observer
        self._clock = clock
        self._on_idle = on_idle
        self._admission = Admission(max_queue_jobs, max_queue_tokens)
        self._throughput = Throughput(initial_tokens_per_second)
        self._runner = BatchRunner(engine, task=task, observer=observer, clock=clock)
        self._room = WaitingRoom(FairQueue(batch_size=batch_size, batch_tokens=batch_tokens, replicas=engine.replicas))
        self._changed = threading.Condition()  # guards everything below and the room
        self._closed = False
        self._running = 0
        self._running_bulk = 0
        self._worked = False  # since `on_idle` was called
        self._requests = 0
        self._sequence = 0
        self._threads_alive = self._threads_expected = engine.replicas + express
        self._ordinary_alive = engine.replicas
        kinds = ["dispatcher"] * engine.replicas + ["express"] * express
        self._threads = [
            threading.Thread(
                target=self._dispatch, args=(kind == "express",), name=f"{task}-{kind}-{number}", daemon=True
            )
            for number, kind in enumerate(kinds)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Ticket | None = None
    ) -> list[Ticket]:
        """Queue all `jobs` or none; one ticket each, in order.

        Raises QueueFull or DeadlineUnreachable when admission refuses, NotReady when closed or without live threads.
        """
        expired: list[QueuedJob] = []
        try:
            with self._changed:
                now = self._clock()
                expired = self._room.drop_expired(now)
                self._refuse_if_down()
                if jobs and after is None:
                    self._admit(jobs, deadline - now, priority)
                queued = self._enqueue(jobs, deadline, priority, now, after)
                self._changed.notify_all()  # a single call might wake an express thread, which may not take the job
        except DepescheError as error:
            tell(self._observer.rejected, self._task, _reason(error))
            raise
        finally:
            self._end_expired(expired)
        return [QueueTicket(each, self) for each in queued]

    def _refuse_if_down(self) -> None:
        if self._closed:
            raise NotReady("the queue is closed", _RETRY_WHEN_CLOSED)
        if self._ordinary_alive == 0:
            raise NotReady("no dispatcher thread is alive", _RETRY_WHEN_CLOSED)

    def _admit(self, jobs: Sequence[Job], seconds_left: float, priority: Priority) -> None:
        tokens = sum(max(1, len(job.tokens)) for job in jobs)
        queue = self._room.queue
        load = Load(len(queue), queue.tokens, queue.tokens_until_done(tokens, priority))
        self._admission.check(
            jobs=len(jobs),
            tokens=tokens,
            load=load,
            tokens_per_second=self._throughput.tokens_per_second,
            seconds_left=seconds_left,
        )

    def _enqueue(
        self, jobs: Sequence[Job], deadline: float, priority: Priority, now: float, after: Ticket | None
    ) -> list[QueuedJob]:
        self._requests += 1
        request = after.request if isinstance(after, QueueTicket) else self._requests
        queued = []
        for job in jobs:
            self._sequence += 1
            queued.append(
                QueuedJob(job, request, self._sequence, priority, deadline, now, second_try=after is not None)
            )
            self._room.add(queued[-1])
        return queued

    def cancel_job(self, queued: QueuedJob) -> None:
        """Drop the job if it still waits (`Ticket.cancel`)."""
        with self._changed:
            dropped = self._room.drop(queued)
            self._changed.notify_all()  # close() may be waiting for an empty queue
        if dropped:
            self._end_cancelled([queued])

    def extend_job(self, queued: QueuedJob, deadline: float, priority: Priority) -> None:
        """Give the job, if it still waits, the later deadline and the more urgent priority (`Ticket.extend`)."""
        with self._changed:
            self._room.extend(queued, deadline, priority)

    def stats(self) -> BatcherStats:
        """The queue and its threads at this moment."""
        with self._changed:
            queue = self._room.queue
            return BatcherStats(
                queued_interactive=queue.count(Priority.INTERACTIVE),
                queued_bulk=queue.count(Priority.BULK),
                queued_tokens=queue.tokens,
                threads_alive=self._threads_alive,
                threads_expected=self._threads_expected,
                tokens_per_second=self._throughput.tokens_per_second,
            )

    def close(self, *, drain_seconds: float) -> None:
        """Take no more jobs, finish what is queued for up to `drain_seconds`, then cancel the rest.

        Returns when no batch runs any more, so that the engine can be closed next: a batch that has begun is waited
        for, however long it takes. May be called more than once.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not len(self._room.queue) and not self._running, drain_seconds)
            left = self._room.drop_all()
            self._changed.notify_all()
        self._end_cancelled(left)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    # The dispatcher threads.

    def _dispatch(self, express: bool) -> None:
        batch: list[QueuedJob] = []
        try:
            while batch := self._next_batch(express):
                try:
                    seconds = self._runner.run(batch)
                except Exception as error:  # not the engine's: those end their jobs and go no further
                    _log.error("dispatcher of task %s: %s", self._task, type(error).__name__)
                    seconds = None
                    fail(batch, error)
                self._after(batch, seconds)
        except BaseException as error:  # even SystemExit: nobody may be left waiting, and readiness must tell
            _log.critical("dispatcher thread of task %s died: %s", self._task, type(error).__name__)
            self._bury(batch, error, express)
        else:
            self._leave(express)

    def _has_work(self, express: bool) -> bool:
        """Whether a thread should stop waiting. Express threads leave at once when the batcher is closed."""
        if self._closed:
            return True
        if express:
            return self._running_bulk > 0 and self._room.queue.count(Priority.INTERACTIVE) > 0
        return len(self._room.queue) > 0

    def _next_batch(self, express: bool) -> list[QueuedJob]:
        """Wait for work and take a batch of it; empty only when the batcher is closed and nothing is left."""
        while True:
            with self._changed:
                patience = _IDLE_SECONDS if self._worked and not self._running else None
                found = self._changed.wait_for(lambda: self._has_work(express), patience)
                idle = not found and self._worked and not self._running
                expired = self._room.drop_expired(self._clock())
                if idle:
                    self._worked = False
                elif expired:
                    self._changed.notify_all()
                elif self._has_work(express):
                    return self._start(express)
            self._end_expired(expired)
            if idle:
                self._on_idle()

    def _start(self, express: bool) -> list[QueuedJob]:
        if express and self._closed:
            return []
        batch = self._room.start_batch(Priority.INTERACTIVE if express else None)
        if batch:
            self._worked = True
            self._running += 1
            if batch[0].priority is Priority.BULK:
                self._running_bulk += 1
                self._changed.notify_all()  # what interactive jobs still wait are the express threads' now
        return batch

    def _after(self, batch: list[QueuedJob], seconds: float | None) -> None:
        with self._changed:
            self._ended(batch)
            if seconds is not None and len(self._room.queue):
                self._throughput.observe(sum(queued.length for queued in batch), seconds, self._ordinary_alive)
            self._changed.notify_all()

    def _ended(self, batch: list[QueuedJob]) -> None:
        if batch and batch[0].state is JobState.RUNNING:
            self._running -= 1
            self._running_bulk -= batch[0].priority is Priority.BULK
        for queued in batch:
            queued.state = JobState.ENDED

    def _leave(self, express: bool) -> None:
        with self._changed:
            self._threads_alive -= 1
            self._ordinary_alive -= not express

    def _bury(self, batch: list[QueuedJob], error: BaseException, express: bool) -> None:
        """End a dead thread's batch, and, if it was the last that takes any job, everything that waits."""
        self._leave(express)
        with self._changed:
            self._ended(batch)
            orphans = self._room.drop_all() if self._ordinary_alive == 0 else []
            self._changed.notify_all()
        fail([*batch, *orphans], error)

    # Telling those who wait, never with the lock held.

    def _end_expired(self, jobs: list[QueuedJob]) -> None:
        for queued in jobs:
            settle(queued.future, DeadlineExceeded(max(0.0, queued.deadline - queued.submitted_at)))
            tell(self._observer.dropped, self._task, "expired")

    def _end_cancelled(self, jobs: list[QueuedJob]) -> None:
        for queued in jobs:
            settle(queued.future, Cancelled("dropped before it started"))
            tell(self._observer.dropped, self._task, "cancelled")


def _reason(error: DepescheError) -> str:
    return {"QueueFull": "queue_full", "DeadlineUnreachable": "deadline_unreachable"}.get(
        type(error).__name__, "not_ready"
    )
