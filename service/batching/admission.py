"""Who may enter a model's queue: bounds, and a prediction of the wait from measured throughput. Arithmetic only."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.errors import DeadlineUnreachable, QueueFull

_SHORTEST_RETRY = 0.1  # seconds; below this a client would only knock again at once


class Throughput:
    """Source tokens per second of all replicas together: an exponentially weighted average.

    Feed it only batches that ran while other work waited: a batch on an idle machine is small, runs beside nothing,
    and says little about how fast a backlog goes down.
    """

    def __init__(self, initial: float, *, weight: float = 0.2) -> None:
        if initial <= 0:
            raise ValueError("initial throughput must be positive")
        self._value = initial
        self._weight = weight

    @property
    def tokens_per_second(self) -> float:
        """The present estimate; always positive."""
        return self._value

    def observe(self, tokens: int, seconds: float, replicas: int) -> None:
        """One of `replicas` busy replicas took `seconds` for a batch of `tokens`."""
        if seconds > 0 and tokens > 0 and replicas > 0:
            self._value += self._weight * (tokens * replicas / seconds - self._value)


@dataclass(frozen=True, slots=True)
class Load:
    """What a request would meet: jobs and tokens waiting in its queue, and seconds, with other models' work among them.

    `drain_seconds` until what waits in this queue would be gone, `seconds_until_done` until the request would be done.
    """

    jobs: int
    tokens: int
    drain_seconds: float
    seconds_until_done: float


@dataclass(frozen=True, slots=True)
class Admission:
    """The bounds of a queue. A request that is larger than the bounds is taken by an empty queue only."""

    max_jobs: int
    max_tokens: int

    def __post_init__(self) -> None:
        if self.max_jobs < 1 or self.max_tokens < 1:
            raise ValueError("a queue must have room for a job and a token")

    def check(self, *, jobs: int, tokens: int, load: Load, seconds_left: float) -> None:
        """Let a request of `jobs` jobs and `tokens` tokens pass, or raise QueueFull or DeadlineUnreachable.

        Both carry the predicted time until the request would pass. An empty queue takes everything: there is no better
        moment, and a wrong prediction corrects itself only by work.
        """
        if load.jobs == 0:
            return
        excess = max(
            (load.jobs + jobs - self.max_jobs) * (load.tokens / load.jobs),
            float(load.tokens + tokens - self.max_tokens),
        )
        if excess > 0:
            seconds = min(1.0, excess / load.tokens) * load.drain_seconds
            raise QueueFull(f"the queue has no room for {jobs} more jobs", max(_SHORTEST_RETRY, seconds))
        predicted = load.seconds_until_done
        if predicted > seconds_left:
            raise DeadlineUnreachable(
                f"the predicted wait is {predicted:.1f} s, the deadline {max(0.0, seconds_left):.1f} s from now",
                max(_SHORTEST_RETRY, min(predicted - seconds_left, load.drain_seconds)),
            )
