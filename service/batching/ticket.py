"""The handle that a batcher gives out for an accepted job. Holds no logic: the batcher, which has the lock, decides."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from service.batching.queued_job import QueuedJob
from service.core.types import Decoded, Priority


class QueueKeeper(Protocol):
    """Whoever may change a waiting job."""

    def cancel_job(self, queued: QueuedJob) -> None:
        """Drop the job if it still waits."""
        ...

    def extend_job(self, queued: QueuedJob, deadline: float, priority: Priority) -> None:
        """Give the job, if it still waits, the later deadline and the more urgent priority."""
        ...


class QueueTicket:
    """Implements the `Ticket` port."""

    __slots__ = ("_keeper", "_queued")

    def __init__(self, queued: QueuedJob, keeper: QueueKeeper) -> None:
        self._queued = queued
        self._keeper = keeper

    @property
    def request(self) -> int:
        """What the job's request is called in the queue."""
        return self._queued.request

    @property
    def future(self) -> Future[Decoded]:
        """Ends with a `Decoded`, or InferenceFailed, DeadlineExceeded or Cancelled."""
        return self._queued.future

    def cancel(self) -> None:
        """Drop the job if it hasn't started. Started work finishes."""
        self._keeper.cancel_job(self._queued)

    def extend(self, deadline: float, priority: Priority) -> None:
        """Keep the later deadline and the more urgent priority."""
        self._keeper.extend_job(self._queued, deadline, priority)
