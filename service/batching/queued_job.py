"""A job that waits in a batcher's queue or runs in its engine. Data only: the batcher's lock guards every change."""

from __future__ import annotations

import enum
from concurrent.futures import Future
from dataclasses import dataclass, field

from service.core.types import Decoded, Job, Priority


class JobState(enum.Enum):
    """Where a job is. Only WAITING jobs can be dropped, moved or extended."""

    WAITING = enum.auto()
    RUNNING = enum.auto()
    ENDED = enum.auto()


@dataclass(eq=False, slots=True)
class QueuedJob:
    """One accepted job. `request` is shared by the jobs of one `submit` and their second tries; `sequence` is unique.

    `deadline` and `submitted_at` are on the batcher's clock, in seconds.
    """

    job: Job
    request: int
    sequence: int
    priority: Priority
    deadline: float
    submitted_at: float
    second_try: bool = False
    state: JobState = JobState.WAITING
    future: Future[Decoded] = field(default_factory=Future)

    @property
    def length(self) -> int:
        """What the job counts for in budgets: its source tokens, at least one (the end token is work, too)."""
        return max(1, len(self.job.tokens))
