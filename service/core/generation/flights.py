"""An input on its way through the model, shared by every request that waits for it (single-flight)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field

from service.core.enums import Flag
from service.core.generation.outcomes import Attempt, Outcome
from service.core.ports import Ticket
from service.core.types import Decoded, Job, Priority, RequestContext

_SECOND_TRY_SECONDS = 60.0
"""How long a second try may queue. It was admitted once, and what it finds reaches the cache."""


@dataclass(slots=True, eq=False)
class Part:
    """A piece of an input that fits the model. `first` is a suspicious first output, `final` the one that stands."""

    source: str
    job: Job
    unknown: bool
    ticket: Ticket | None = None
    first: Attempt | None = None
    final: Attempt | None = None
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0

    @property
    def job_future(self) -> Future[Decoded] | None:
        """The future of the job that is queued or running now."""
        return self.ticket.future if self.ticket is not None else None


@dataclass(slots=True, eq=False)
class Flight:
    """One distinct input. `waiters`, `store`, `priority` and `claimed` are guarded by the generator's lock.

    `store`: somebody who waits, or waited, lets the output be cached. `priority`: the most urgent of those who joined.
    `claimed`: a thread is ending the flight, and no other may.
    """

    key: str
    parts: list[Part]
    future: Future[Outcome] = field(default_factory=Future)
    waiters: int = 0
    store: bool = False
    priority: Priority = Priority.BULK
    claimed: bool = False

    def board(self, context: RequestContext) -> None:
        """Count one more request in."""
        self.waiters += 1
        self.store = self.store or context.write_cache
        self.priority = min(self.priority, context.priority)

    def started(self) -> bool:
        """Whether an engine works, or has worked, on any part."""
        return any(
            part.final is not None
            or part.first is not None
            or (part.job_future is not None and (part.job_future.running() or part.job_future.done()))
            for part in self.parts
        )

    def complete(self) -> bool:
        """Whether every part has its output."""
        return all(part.final is not None for part in self.parts)

    def second_try_terms(self) -> tuple[float, Priority]:
        """Deadline and priority of a second try: it stays bulk where only bulk requests wait."""
        return time.monotonic() + _SECOND_TRY_SECONDS, self.priority

    def cancel(self) -> None:
        """Drop the jobs that haven't started. Their callbacks run in this thread."""
        for part in self.parts:
            if part.ticket is not None:
                part.ticket.cancel()

    def outcome(self) -> Outcome:
        """The outputs of all parts, joined by single spaces, with the flags of all."""
        attempts = [part.final for part in self.parts if part.final is not None]
        flags = dict.fromkeys(flag for attempt in attempts for flag in attempt.flags)
        if len(self.parts) > 1:
            flags[Flag.SPLIT] = None
        if any(part.unknown for part in self.parts):
            flags[Flag.UNKNOWN_CHARACTERS] = None
        return Outcome(" ".join(text for attempt in attempts if (text := attempt.text.strip())), tuple(flags))


def add_timings(context: RequestContext, flights: Iterable[Flight]) -> None:
    """Queue: until the first job of the request began. Engine: from then until its last one ended."""
    spans = [
        (part.queue_seconds, part.queue_seconds + part.engine_seconds)
        for flight in flights
        for part in flight.parts
        if part.engine_seconds
    ]
    if spans:
        first = min(start for start, _ in spans)
        context.timings.queue += first
        context.timings.engine += max(end for _, end in spans) - first
