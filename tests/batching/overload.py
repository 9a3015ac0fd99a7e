"""A queue under more work than it can do, on a clock of its own: real admission, promises and order, invented time."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from service.batching.pool import ModelQueue, Pool
from service.batching.scheduler import Batch
from service.core.errors import Unavailable
from service.core.types import Job, JobState, Priority
from service.observability.null import NullObserver

from .fakes import OPTIONS, FakeEngine

_KNOCKS = 60
_SECOND = replace(OPTIONS, no_repeat_ngram_size=3)


@dataclass(frozen=True, slots=True)
class Kind:
    """What some clients send: requests of `jobs` sentences, with a deadline, and how many clients do so at once."""

    clients: int
    jobs: int
    seconds: float
    priority: Priority = Priority.INTERACTIVE
    returns: bool = True  # goes by Retry-After; else sends another request then, as if it had never come


@dataclass(slots=True)
class Tally:
    """What became of the requests of one kind, that ended after the warm-up."""

    in_time: int = 0
    late: int = 0
    attempts: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Request:
    kind: Kind
    number: int
    lengths: list[int]
    began: float
    attempts: int = 0
    deadline: float = math.inf
    left: int = 0
    failed: bool = False


class Overload:
    """Runs the clients against one queue. `speed` in padded tokens a second and replica; `drift` its ups and downs.

    `again` is the share of sentences that are searched a second time, `after` the seconds that a replica spends on each
    output before it is free.
    """

    def __init__(
        self,
        kinds: list[Kind],
        *,
        replicas: int = 2,
        speed: float = 400.0,
        drift: float = 0.0,
        seed: int = 1,
        again: float = 0.0,
        after: float = 0.0,
    ) -> None:
        self.now = 0.0
        self._dice = random.Random(seed)
        self._speed, self._drift, self._replicas = speed, drift, replicas
        self._again, self._after = again, after
        self._numbers = itertools.count(1)
        self._events: list[tuple[float, int, object]] = []
        self._running = 0
        self._pool = Pool(replicas=replicas, express=0, observer=NullObserver(), clock=lambda: self.now)
        self._pool.close(drain_seconds=0)  # its threads would run on real time; only what they do is wanted
        self._pool._closed = self._pool._stopped = False
        self._pool._dispatchers_alive = replicas
        self._queue: ModelQueue = self._pool.open_queue(
            "m",
            FakeEngine(replicas),
            max_queue_jobs=100_000,
            max_queue_tokens=10_000_000,
            batch_size=32,
            batch_tokens=1024,
            initial_tokens_per_second=speed * replicas,
        )
        self.tallies = {kind: Tally() for kind in kinds}
        self.tokens_in_time = 0
        self.busy = 0.0
        self.warm_up = math.inf
        for kind in kinds:
            for _ in range(kind.clients):
                self._at(self._dice.uniform(0, 2), self._new(kind))

    def run(self, seconds: float, warm_up: float) -> None:
        """Let so many seconds go by; what ends in the first ones isn't counted."""
        self.warm_up = warm_up
        while self._events and self._events[0][0] <= seconds:
            self.now, _, event = heapq.heappop(self._events)
            if isinstance(event, Request):
                self._knock(event)
            else:
                self._end(*event)  # type: ignore[misc]
            self._expire()
            self._start()

    def _at(self, when: float, event: object) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), event))

    def _new(self, kind: Kind) -> Request:
        lengths = [max(3, round(self._dice.lognormvariate(3.2, 0.5))) for _ in range(kind.jobs)]
        return Request(kind, next(self._numbers), lengths, self.now)

    def _knock(self, request: Request) -> None:
        if request.attempts == 0:
            request.began = self.now
        request.attempts += 1
        request.deadline = self.now + request.kind.seconds
        request.left = len(request.lengths)
        jobs = [
            Job(tuple("x" * length), OPTIONS, lambda job, request=request: self._job_ended(request, job))  # type: ignore[misc]
            for length in request.lengths
        ]
        try:
            self._queue.submit(
                jobs, deadline=request.deadline, priority=request.kind.priority, claim=f"{request.number}"
            )
        except Unavailable as refusal:
            wait = max(1, math.ceil(refusal.retry_after))  # whole seconds, as in the header
            if not request.kind.returns or request.attempts >= _KNOCKS:
                request = self._new(request.kind)
            self._at(self.now + wait + self._dice.uniform(0, 0.2), request)

    def _job_ended(self, request: Request, job: Job) -> None:
        if job.error is None and not job.second_try and self._again and self._dice.random() < self._again:
            other = Job(job.tokens, _SECOND, lambda job: self._job_ended(request, job))
            terms = {"deadline": request.deadline, "priority": request.kind.priority}
            self._queue.submit([other], after=job, **terms)  # type: ignore[arg-type]
            return
        request.failed = request.failed or job.error is not None
        request.left -= 1
        if request.left:
            return
        if self.now > self.warm_up:
            tally = self.tallies[request.kind]
            if not request.failed and self.now <= request.deadline:
                tally.in_time += 1
                self.tokens_in_time += sum(request.lengths)
            else:
                tally.late += 1
            tally.attempts.append(request.attempts)
            tally.waits.append(self.now - request.began)
        self._at(self.now + 0.01, self._new(request.kind))

    def _expire(self) -> None:
        with self._pool._lock:
            expired = self._pool._pop_expired()
        for model, jobs in expired:
            self._pool._end_expired(model, jobs)

    def _start(self) -> None:
        while self._running < self._replicas:
            batch = self._pool._scheduler.pick(express=False, now=self.now)
            if batch is None:
                return
            self._running += 1
            padded = max(job.length for job in batch.jobs) * len(batch.jobs)
            pace = self._speed * (1 + self._drift * math.sin(self.now / 15)) * self._dice.uniform(0.9, 1.1)
            seconds = 0.02 + padded / pace + self._after * len(batch.jobs)
            if self.now > self.warm_up:
                self.busy += seconds
            self._at(self.now + seconds, (batch, seconds))

    def _end(self, batch: Batch, seconds: float) -> None:
        self._running -= 1
        self._pool._scheduler.ended(batch, seconds)
        if len(batch.model.queue):
            tokens = sum(job.length for job in batch.jobs if not job.second_try)
            again = sum(job.length for job in batch.jobs) - tokens
            batch.model.throughput.observe(tokens, seconds, self._replicas, again)
        for job in batch.jobs:
            job.state = JobState.ENDED
            job.on_done(job)

    def share_in_time(self) -> float:
        """Of all requests that were let in."""
        in_time = sum(tally.in_time for tally in self.tallies.values())
        return in_time / max(1, in_time + sum(tally.late for tally in self.tallies.values()))

    def attempts(self) -> Iterator[int]:
        """How often each request knocked until it was let in, the fewest first."""
        return iter(sorted(itertools.chain.from_iterable(tally.attempts for tally in self.tallies.values())))
