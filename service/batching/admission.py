"""Who may enter a model's queue: bounds, and a prediction of the wait from measured throughput. Arithmetic only.

What is let in is meant to be answered in time. So a newcomer is let in only where everything that waits, taken in the
order of deadlines, is still done by its deadline with the newcomer among it (the processor demand criterion of
earliest-deadline-first scheduling: Liu and Layland, 1973; Baruah, Rosier and Howell, 1990). The queue needn't work in
that order while there is slack; where there is none it does (`fair_queue`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from service.core.errors import DeadlineUnreachable, QueueFull, TooMuchWork

_SHORTEST_RETRY = 0.1  # seconds; below this a client would only knock again at once
_CAUTION, _CAUTION_AGAIN, _CAUTION_MOST = 1.15, 1.25, 0.15
"""What predictions of work are multiplied by, since speed drifts, and how much more for each second try, up to so much:
those come when a request is nearly done, and nobody announced them."""
_BATCHES, _BATCHES_AGAIN, _BATCHES_AGAIN_MOST, _BATCHES_MOST = 4.0, 16.0, 2.0, 0.6
"""How many batches a request may take longer than its share of the work: those that run when it comes, those that its
longest and its shortest sentence wait for, since batches are made by length, and those of its second tries. Of short
deadlines they would leave nothing. Chosen, as what stands above, by simulation (`tests/batching/overload.py`): where 12
sentences in 100 are searched again by a fast engine, 80 % of what was let in is in time without the parts for second
tries, and 98 % with them."""
_ALONE, _ALONE_LEAST = 1.25, 1.0
"""By how much a request must miss its deadline on an idle machine to be refused for good, and that it must take some
time at all (seconds): the smallest, at least, go on telling how fast the machine is."""
_MEMORY_SECONDS = 10.0
_FIRST_SECONDS = 2.0


class Throughput:
    """Source tokens per second of all replicas together, over about the last 10 seconds of work.

    Tokens count that were asked for, seconds all: what second tries take, and what is done with outputs before the
    replica is free again, makes what was asked for slower. (Of a fast model that is a good part of the time.)
    The ratio of sums, not the mean of ratios, in which a small batch would count as much as a large one. Feed it only
    batches that ran while other work waited: a batch on an idle machine is small, runs beside nothing, and says little
    about how fast a backlog goes down.
    """

    def __init__(self, initial: float) -> None:
        if initial <= 0:
            raise ValueError("initial throughput must be positive")
        self._seconds = _FIRST_SECONDS
        self._tokens = initial * _FIRST_SECONDS
        self._batch_seconds = 0.0
        self._again = 0.0

    @property
    def tokens_per_second(self) -> float:
        """The present estimate; always positive."""
        return self._tokens / self._seconds

    @property
    def batch_seconds(self) -> float:
        """What a batch has taken lately; 0 before the first."""
        return self._batch_seconds

    @property
    def again(self) -> float:
        """Tokens of second tries for each token that was asked for."""
        return self._again / self._tokens

    def observe(self, tokens: int, seconds: float, replicas: int, again: int = 0) -> None:
        """One of `replicas` busy replicas took `seconds` for a batch of `tokens`, and of `again` in second tries."""
        if seconds > 0 and tokens + again > 0 and replicas > 0:
            keep = max(0.5, 1 - seconds / replicas / _MEMORY_SECONDS)
            self._seconds = keep * self._seconds + seconds / replicas
            self._tokens = keep * self._tokens + tokens
            self._again = keep * self._again + again
            self._batch_seconds += 0.2 * (seconds - self._batch_seconds)


@dataclass(frozen=True, slots=True)
class Load:
    """What a request would meet.

    `jobs` and `tokens` wait in its queue, and would be gone after `drain_seconds`. `own_seconds` is what it would take
    alone. `demands` are (seconds until a deadline, seconds of work due by then) for each deadline that the request
    would bear upon, its own first, its own work included. `batch_seconds` is what a batch takes, which can't be
    interrupted; `again` how much is searched again lately, for each token that was asked for.
    """

    jobs: int
    tokens: int
    drain_seconds: float
    own_seconds: float
    demands: Sequence[tuple[float, float]]
    batch_seconds: float = 0.0
    again: float = 0.0


@dataclass(frozen=True, slots=True)
class Admission:
    """The bounds of a queue. A request that is larger than the bounds is taken by an empty queue only."""

    max_jobs: int
    max_tokens: int

    def __post_init__(self) -> None:
        if self.max_jobs < 1 or self.max_tokens < 1:
            raise ValueError("a queue must have room for a job and a token")

    def check(self, *, jobs: int, tokens: int, load: Load, promised_seconds: float = 0.0) -> None:
        """Let a request of `jobs` jobs and `tokens` tokens pass, or raise QueueFull, DeadlineUnreachable, TooMuchWork.

        The first two carry the predicted time until the request would pass. `promised_seconds` is work of requests
        that were sent away earlier and told to come back about now: they go first, unless the queue runs dry meanwhile.
        """
        seconds_left, predicted = load.demands[0]
        if load.own_seconds > max(_ALONE * seconds_left, _ALONE_LEAST):  # what has no chance is told so at once
            raise TooMuchWork(load.own_seconds, max(0.0, seconds_left))
        if load.jobs == 0:
            return  # there is no better moment, and a wrong prediction corrects itself only by work
        excess = max(
            (load.jobs + jobs - self.max_jobs) * (load.tokens / load.jobs),
            float(load.tokens + tokens - self.max_tokens),
        )
        if excess > 0:
            seconds = min(1.0, excess / load.tokens) * load.drain_seconds
            raise QueueFull(
                f"the queue has no room for {jobs} more jobs", max(_SHORTEST_RETRY, seconds + promised_seconds)
            )
        dry = load.drain_seconds < _DRY * seconds_left
        own = self._late(seconds_left, predicted + (0.0 if dry else promised_seconds), load)
        if own > 0:
            raise _unreachable(predicted + promised_seconds, seconds_left, own)
        for left, seconds in load.demands[1:]:
            if self._late(left, seconds, load) > 0:
                # It would push another past its deadline. A later request, due after that one, won't.
                raise _unreachable(predicted, seconds_left, left - seconds_left)

    @staticmethod
    def _late(left: float, seconds: float, load: Load) -> float:
        caution = _CAUTION + min(_CAUTION_MOST, _CAUTION_AGAIN * load.again)
        batches = _BATCHES + min(_BATCHES_AGAIN_MOST, _BATCHES_AGAIN * load.again)
        return caution * seconds + min(batches * load.batch_seconds, _BATCHES_MOST * left) - left


_DRY = 0.3
"""The queue is about to run dry where what waits takes less than this share of a newcomer's time."""


def _unreachable(predicted: float, seconds_left: float, retry_after: float) -> DeadlineUnreachable:
    return DeadlineUnreachable(
        f"the predicted wait is {predicted:.1f} s, the deadline {max(0.0, seconds_left):.1f} s from now",
        max(_SHORTEST_RETRY, retry_after),
    )


@dataclass(slots=True)
class _Promise:
    tokens: int
    expires: float


class Promises:
    """Requests that were refused and told when to come back: their place before those who come for the first time.

    A request is known again by its `claim`, which must be the same when it comes back. Where few come back, promises
    count for little: a promise that nobody keeps must not keep others out.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._promises: dict[str, _Promise] = {}  # in the order in which they were sent away first
        self._tokens = 0
        self._next_expiry = math.inf
        self._kept = 0.5  # the share of promises that were claimed, lately

    def tokens_before(self, claim: str, now: float) -> float:
        """Tokens of those who were sent away before this request was, and are expected back."""
        self._expire(now)
        own = self._promises.get(claim)
        if own is None:
            return self._kept * self._tokens
        before = takewhile(lambda promise: promise is not own, self._promises.values())
        return self._kept * sum(promise.tokens for promise in before)

    def make(self, claim: str, tokens: int, now: float, wait: float) -> None:
        """Remember a request that was told to come back in `wait` seconds. It keeps the place that it has."""
        known = self._promises.get(claim)
        expires = now + 1.25 * wait + _LATE_SECONDS
        if known is not None:
            known.expires = expires
        elif len(self._promises) < self._most:
            self._promises[claim] = _Promise(tokens, expires)
            self._tokens += tokens
        self._next_expiry = min(self._next_expiry, expires)

    def keep(self, claim: str) -> None:
        """The request was let in."""
        if (promise := self._promises.pop(claim, None)) is not None:
            self._tokens -= promise.tokens
            self._kept += _LEARNING * (1 - self._kept)

    def _expire(self, now: float) -> None:
        if now < self._next_expiry:
            return
        for claim in [claim for claim, promise in self._promises.items() if promise.expires <= now]:
            self._tokens -= self._promises.pop(claim).tokens
            self._kept -= _LEARNING * self._kept
        self._next_expiry = min((promise.expires for promise in self._promises.values()), default=math.inf)


_LATE_SECONDS = 2.0  # Retry-After is in whole seconds
_LEARNING = 0.05
