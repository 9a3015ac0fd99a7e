"""Generates one output per distinct input: cache, single-flight, batcher, output checks, second try.

Identical inputs in flight share one job. Work that was started finishes and reaches the cache even when nobody waits
for it any more, because the results are handled where the batcher completes them, not where a request waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import RLock

from service.core.enums import SUSPICIOUS
from service.core.errors import Cancelled, DeadlineExceeded, DepescheError, InferenceFailed
from service.core.generation.flights import Flight, Part, add_timings
from service.core.generation.keys import KeyFactory
from service.core.generation.outcomes import (
    Attempt,
    Outcome,
    better,
    decode_value,
    deserves_second_try,
    encode_value,
    second_try,
)
from service.core.ports import Batcher, Cache, Check, Observer, Tokenizer
from service.core.types import Decoded, Hypothesis, Job, RequestContext

_POLL_SECONDS = 0.5
"""How often a waiting request looks whether its caller has hung up."""

_ATTEMPTS = 3
"""How often a request takes up an input again whose shared job ended with another request's deadline or hang-up."""


class _Caller:
    """Whoever waits for a request: looks now and then whether they have hung up, however many inputs it has."""

    def __init__(self, context: RequestContext) -> None:
        self.context = context
        self._look_at = time.monotonic() + _POLL_SECONDS

    def patience(self) -> float:
        """Seconds until it is time to look up from waiting; 0 when the deadline has passed."""
        return max(0.0, min(self.context.deadline, self._look_at) - time.monotonic())

    def check(self) -> None:
        """Raise Cancelled when it was time to look and the caller is gone."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _POLL_SECONDS
            if self.context.abandoned():
                raise Cancelled("the caller has hung up")


class CachedGenerator:
    """Turns inputs into outputs with one model. Thread-safe; every method may be called by many requests at once.

    `pieces(text)` gives the parts of an input that each fit the model (one part, nearly always). `check` judges each
    part. Suspicious outcomes never reach `cache`; they go to `doubtful`, which should forget them soon: an engine that
    is asked the same again gives the same again, so a story that is saved every minute needn't pay for it every minute.
    Inputs must be normalized (`service.core.generation.keys.normalize`) and non-empty.
    """

    def __init__(
        self,
        *,
        task: str,
        tokenizer: Tokenizer,
        batcher: Batcher,
        cache: Cache,
        doubtful: Cache,
        keys: KeyFactory,
        check: Check,
        pieces: Callable[[str], list[str]],
        observer: Observer,
    ) -> None:
        self._task = task
        self._tokenizer = tokenizer
        self._batcher = batcher
        self._cache = cache
        self._doubtful = doubtful
        self._keys = keys
        self._key_prefix = keys.prefix()
        self._check = check
        self._pieces = pieces
        self._observer = observer
        # Re-entrant: a submit may end expired jobs first, whose callbacks then run in this thread, under this lock.
        self._lock = RLock()
        self._flights: dict[str, Flight] = {}

    def generate(self, inputs: Sequence[str], context: RequestContext) -> dict[str, Outcome]:
        """One outcome for each distinct input.

        Raises QueueFull, DeadlineUnreachable (nothing begun), DeadlineExceeded, Cancelled, InferenceFailed.
        """
        keys = {text: self._keys.key(text, self._key_prefix) for text in inputs}
        outcomes = self._read(keys, context)
        for attempt in range(_ATTEMPTS):
            missing = {text: key for text, key in keys.items() if text not in outcomes}
            if not missing:
                break
            outcomes |= self._run(missing, context, last=attempt == _ATTEMPTS - 1)
        return outcomes

    def _read(self, keys: Mapping[str, str], context: RequestContext) -> dict[str, Outcome]:
        if not context.read_cache:
            return {}
        began = time.perf_counter()
        found = self._cache.get_many(list(keys.values()))
        if rest := [key for key in keys.values() if key not in found]:
            found |= self._doubtful.get_many(rest)
        outcomes = {}
        for text, key in keys.items():
            if (value := found.get(key)) is not None and (outcome := decode_value(value)) is not None:
                outcomes[text] = outcome
        context.timings.cache += time.perf_counter() - began
        return outcomes

    def _run(self, missing: Mapping[str, str], context: RequestContext, *, last: bool) -> dict[str, Outcome]:
        flights = self._board(missing, context)
        caller = _Caller(context)
        outcomes = {}
        try:
            for text, flight in flights.items():
                outcome = self._wait(flight, caller, last=last)
                if outcome is not None:
                    outcomes[text] = outcome
        finally:
            self._leave(flights.values())
            add_timings(context, flights.values())
        return outcomes

    def _board(self, missing: Mapping[str, str], context: RequestContext) -> dict[str, Flight]:
        """A flight for each input: one that is in the air, or a new one. New ones are queued all or none."""
        with self._lock:
            # A flight that lands while this request prepares the rest is kept: its output needn't be made again.
            known = {key: flight for key in missing.values() if (flight := self._flights.get(key)) is not None}
        # Tokenizing takes long compared with the lock, so it is done before, for what seems to be new.
        prepared = {key: self._prepare(text, key) for text, key in missing.items() if key not in known}
        flights: dict[str, Flight] = {}
        with self._lock:
            fresh = []
            for text, key in missing.items():
                flight = self._flights.get(key) or known.get(key)
                if flight is None:
                    flight = prepared[key]
                    fresh.append(flight)
                flights[text] = flight
            jobs = [part.job for flight in fresh for part in flight.parts]
            if jobs:
                tickets = iter(self._batcher.submit(jobs, deadline=context.deadline, priority=context.priority))
                for part in (part for flight in fresh for part in flight.parts):
                    part.ticket = next(tickets)
            for flight in fresh:
                self._flights[flight.key] = flight
            for flight in flights.values():
                flight.board(context)
        new = {id(flight) for flight in fresh}
        for flight in flights.values():
            for part in flight.parts:
                if id(flight) in new:
                    self._follow(flight, part)
                elif part.ticket is not None:
                    part.ticket.extend(context.deadline, context.priority)
        return flights

    def _prepare(self, text: str, key: str) -> Flight:
        parts = []
        for piece in self._pieces(text):
            tokens = tuple(self._tokenizer.encode(piece))
            unknown = any(self._tokenizer.is_unknown(token) for token in tokens)
            parts.append(Part(piece, Job(tokens, self._keys.options), unknown=unknown))
        return Flight(key, parts)

    def _follow(self, flight: Flight, part: Part) -> None:
        assert part.ticket is not None
        part.ticket.future.add_done_callback(lambda future: self._landed(flight, part, future))

    def _landed(self, flight: Flight, part: Part, future: Future[Decoded]) -> None:
        """Handles a finished job, in the thread that finished it."""
        try:
            error = future.exception()
            if error is None:
                self._judge(flight, part, future.result())
            elif part.first is not None:  # the second try failed: what the first gave stands, with its flags
                part.final = part.first
            else:
                raise error
            if flight.complete():
                self._succeed(flight)
        except DepescheError as error:
            self._fail(flight, error)
        except BaseException as error:  # a bug in a check or a cache must not leave callers waiting
            failure = InferenceFailed("the output could not be processed")
            failure.__cause__ = error
            self._fail(flight, failure)

    def _judge(self, flight: Flight, part: Part, decoded: Decoded) -> None:
        if part.first is None:
            part.queue_seconds, part.engine_seconds = decoded.queue_seconds, decoded.engine_seconds
        else:
            part.engine_seconds += decoded.queue_seconds + decoded.engine_seconds
        attempt = self._attempt(part, decoded.hypothesis)
        for flag in attempt.flags:
            self._observer.flagged(self._task, flag)
        others = decoded.hypothesis.alternatives
        for other in others:
            if not attempt.suspicious:
                break
            attempt = better(attempt, self._attempt(part, other))
        if part.first is not None:
            part.final = better(part.first, attempt)
        elif deserves_second_try(attempt, bool(others)) and not flight.claimed:  # claimed: another part has failed
            part.first = attempt
            self._try_again(flight, part, attempt)
        else:
            part.final = attempt

    def _attempt(self, part: Part, hypothesis: Hypothesis) -> Attempt:
        target = self._tokenizer.decode(hypothesis.tokens)
        return Attempt(target, self._check(part.source, target, hypothesis.finished))

    def _try_again(self, flight: Flight, part: Part, first: Attempt) -> None:
        self._observer.retried(self._task)
        job, before = Job(part.job.tokens, second_try(self._keys.options, first.flags)), part.ticket
        deadline, priority = flight.second_try_terms()
        try:
            [part.ticket] = self._batcher.submit([job], deadline=deadline, priority=priority, after=before)
        except DepescheError:  # closing down: what there is, with its flags
            part.final = first
            return
        self._follow(flight, part)

    def _succeed(self, flight: Flight) -> None:
        if not self._claim(flight):
            return
        try:
            outcome = flight.outcome()
            if flight.store:
                # Before the flight ends, so that whoever looks for it next finds one or the other. (A request that
                # looked in the cache before and boards after makes the output again; that is rare and harmless.)
                cache = self._cache if SUSPICIOUS.isdisjoint(outcome.flags) else self._doubtful
                cache.set_many({flight.key: encode_value(outcome)})
        except BaseException as error:
            self._land(flight)
            failure = InferenceFailed("the output could not be processed")
            failure.__cause__ = error
            flight.future.set_exception(failure)
        else:
            self._land(flight)
            flight.future.set_result(outcome)

    def _fail(self, flight: Flight, error: DepescheError) -> None:
        if self._claim(flight):
            self._land(flight)
            flight.future.set_exception(error)
            flight.cancel()

    def _claim(self, flight: Flight) -> bool:
        """Whether this thread is the one to end the flight: two parts may be done, or fail, at the same moment."""
        with self._lock:
            mine, flight.claimed = not flight.claimed, True
            return mine

    def _land(self, flight: Flight) -> None:
        with self._lock:
            if self._flights.get(flight.key) is flight:
                del self._flights[flight.key]

    def _wait(self, flight: Flight, caller: _Caller, *, last: bool) -> Outcome | None:
        """The outcome, or None when the shared job ended for a reason that isn't this request's."""
        context = caller.context
        while True:
            caller.check()
            try:
                return flight.future.result(timeout=caller.patience())
            except FutureTimeoutError:
                if time.monotonic() >= context.deadline:
                    raise DeadlineExceeded(context.allowed_seconds) from None
            except (DeadlineExceeded, Cancelled):
                if time.monotonic() >= context.deadline:
                    raise DeadlineExceeded(context.allowed_seconds) from None
                if last:
                    raise
                return None

    def _leave(self, flights: Iterable[Flight]) -> None:
        """Stop waiting; a flight that nobody waits for is cancelled unless it has started."""
        with self._lock:
            lonely = []
            for flight in flights:
                flight.waiters -= 1
                if flight.waiters == 0 and not flight.claimed and not flight.started():
                    # Out of the air before it is cancelled, so that nobody can join what is about to be dropped.
                    self._land(flight)
                    lonely.append(flight)
        for flight in lonely:
            flight.cancel()
