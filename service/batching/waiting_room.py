"""The shared state of a batcher's threads: the queue with its deadlines. Not thread-safe: callers hold the lock."""

from __future__ import annotations

import heapq

from service.batching.fair_queue import FairQueue
from service.batching.queued_job import JobState, QueuedJob
from service.core.types import Priority

_STALE_DEADLINES = 64  # entries of jobs that are gone, over as many as there are jobs, before they are swept out


class WaitingRoom:
    """A fair queue that also knows which of its jobs have expired. Times are on the batcher's clock, in seconds."""

    def __init__(self, queue: FairQueue) -> None:
        self.queue = queue
        self._deadlines: list[tuple[float, int, QueuedJob]] = []

    def add(self, queued: QueuedJob) -> None:
        """Let `queued` wait."""
        self.queue.add(queued)
        heapq.heappush(self._deadlines, (queued.deadline, queued.sequence, queued))

    def drop(self, queued: QueuedJob) -> bool:
        """Take `queued` out unserved; False if it waits no more."""
        if queued.state is not JobState.WAITING:
            return False
        self.queue.remove(queued)
        queued.state = JobState.ENDED
        return True

    def drop_all(self) -> list[QueuedJob]:
        """Take every job out unserved."""
        jobs = self.queue.clear()
        for queued in jobs:
            queued.state = JobState.ENDED
        self._deadlines.clear()
        return jobs

    def drop_expired(self, now: float) -> list[QueuedJob]:
        """Take out the jobs whose deadline has come. Jobs that left otherwise are skipped here."""
        expired = []
        while self._deadlines and self._deadlines[0][0] <= now:
            queued = heapq.heappop(self._deadlines)[2]
            if queued.deadline <= now and self.drop(queued):
                expired.append(queued)
        return expired

    def extend(self, queued: QueuedJob, deadline: float, priority: Priority) -> None:
        """Give `queued`, if it still waits, the later deadline and the more urgent priority."""
        if queued.state is not JobState.WAITING:
            return
        if deadline > queued.deadline:
            queued.deadline = deadline
            heapq.heappush(self._deadlines, (deadline, queued.sequence, queued))
        if priority < queued.priority:
            self.queue.remove(queued)
            queued.priority = priority
            self.queue.add(queued)

    def start_batch(self, only: Priority | None = None) -> list[QueuedJob]:
        """Take out the next batch (`FairQueue.pick`) and mark it as running; empty when nothing waits."""
        batch = self.queue.pick(only)
        for queued in batch:
            queued.state = JobState.RUNNING
        if len(self._deadlines) > 2 * len(self.queue) + _STALE_DEADLINES:
            self._deadlines = [entry for entry in self._deadlines if entry[2].state is JobState.WAITING]
            heapq.heapify(self._deadlines)
        return batch
