"""An input on its way through the model, shared by every request that waits for it (single-flight)."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.core.ports import Ticket
from service.core.types import Decoded, Job, Priority

if TYPE_CHECKING:
    from service.core.generation import Outcome

_SECOND_TRY_SECONDS = 60.0
"""How long a second try may queue. It was admitted once, and what it finds reaches the cache."""


@dataclass(slots=True, eq=False)
class Part:
    """A piece of an input that fits the model. `first` is a suspicious first output, `outcome` the final one."""

    source: str
    job: Job
    unknown: bool
    ticket: Ticket | None = None
    first: tuple[str, tuple[str, ...]] | None = None
    outcome: tuple[str, tuple[str, ...]] | None = None
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0

    @property
    def job_future(self) -> Future[Decoded] | None:
        """The future of the job that is queued or running now."""
        return self.ticket.future if self.ticket is not None else None


@dataclass(slots=True, eq=False)
class Flight:
    """One distinct input. `waiters` and `store` are guarded by the generator's lock."""

    key: str
    parts: list[Part]
    future: Future[Outcome] = field(default_factory=Future)
    waiters: int = 0
    store: bool = False

    def started(self) -> bool:
        """Whether an engine works, or has worked, on any part."""
        return any(
            part.outcome is not None
            or part.first is not None
            or (part.job_future is not None and (part.job_future.running() or part.job_future.done()))
            for part in self.parts
        )

    @staticmethod
    def second_try_terms() -> tuple[float, Priority]:
        """Deadline and priority of a second try."""
        return time.monotonic() + _SECOND_TRY_SECONDS, Priority.INTERACTIVE
