"""Generates one output per distinct input: cache, single-flight, batcher, output checks, second try.

Identical inputs in flight share one job. Work that was started finishes and reaches the cache even when nobody waits
for it any more, because the results are handled where the batcher completes them, not where a request waits.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, replace
from threading import RLock

from service.core.checks import REPETITION, RETRIED, SPLIT, SUSPICIOUS, TRUNCATED, UNKNOWN_CHARACTERS, Check
from service.core.errors import Cancelled, DeadlineExceeded, DepescheError, InferenceFailed
from service.core.flights import Flight, Part
from service.core.keys import KeyFactory
from service.core.ports import Batcher, Cache, Observer, Tokenizer
from service.core.types import Decoded, DecodingOptions, Job, RequestContext

_POLL_SECONDS = 0.5
"""How often a waiting request looks whether its caller has hung up."""

_ATTEMPTS = 3
"""How often a request takes up an input again whose shared job ended with another request's deadline or hang-up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: the output, its flags, and whether it came from the cache."""

    text: str
    flags: tuple[str, ...]
    cached: bool = False


def second_try(options: DecodingOptions, flags: Sequence[str]) -> DecodingOptions:
    """Other decoding options for an output that failed its checks: a wider beam, and no loops if it looped."""
    wider = replace(options, beam_size=options.beam_size + 2)
    if REPETITION in flags or TRUNCATED in flags:
        return replace(wider, no_repeat_ngram_size=4, repetition_penalty=1.2)
    return wider


class CachedGenerator:
    """Turns inputs into outputs with one model. Thread-safe; every method may be called by many requests at once.

    `pieces(text)` gives the parts of an input that each fit the model (one part, nearly always). `check` judges each
    part. Inputs must be normalized (`service.core.keys.normalize`) and non-empty.
    """

    def __init__(
        self,
        *,
        task: str,
        tokenizer: Tokenizer,
        batcher: Batcher,
        cache: Cache,
        keys: KeyFactory,
        check: Check,
        pieces: Callable[[str], list[str]],
        observer: Observer,
    ) -> None:
        self._task = task
        self._tokenizer = tokenizer
        self._batcher = batcher
        self._cache = cache
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
        outcomes = {}
        for text, key in keys.items():
            if (value := found.get(key)) is not None and (outcome := decode_value(value)) is not None:
                outcomes[text] = outcome
        context.timings.cache += time.perf_counter() - began
        return outcomes

    def _run(self, missing: Mapping[str, str], context: RequestContext, *, last: bool) -> dict[str, Outcome]:
        flights = self._board(missing, context)
        outcomes = {}
        try:
            for text, flight in flights.items():
                outcome = self._wait(flight, context, last=last)
                if outcome is not None:
                    outcomes[text] = outcome
        finally:
            self._leave(flights.values())
            _add_timings(context, flights.values())
        return outcomes

    def _board(self, missing: Mapping[str, str], context: RequestContext) -> dict[str, Flight]:
        """A flight for each input: one that is in the air, or a new one. New ones are queued all or none."""
        with self._lock:
            known = self._flights.keys() & set(missing.values())
        # Tokenizing takes long compared with the lock, so it is done before, for what seems to be new.
        prepared = {key: self._prepare(text, key) for text, key in missing.items() if key not in known}
        flights: dict[str, Flight] = {}
        with self._lock:
            fresh = []
            for text, key in missing.items():
                flight = self._flights.get(key)
                if flight is None:
                    flight = prepared.get(key) or self._prepare(text, key)
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
                flight.waiters += 1
                flight.store = flight.store or context.write_cache
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
                part.outcome = part.first
            else:
                raise error
        except DepescheError as error:
            self._finish(flight, error)
        except BaseException as error:  # a bug in a check must not leave callers waiting
            self._finish(flight, InferenceFailed("the output could not be processed"), cause=error)
        else:
            if all(part.outcome is not None for part in flight.parts):
                self._finish(flight, None)

    def _judge(self, flight: Flight, part: Part, decoded: Decoded) -> None:
        if part.first is None:
            part.queue_seconds, part.engine_seconds = decoded.queue_seconds, decoded.engine_seconds
        else:
            part.engine_seconds += decoded.queue_seconds + decoded.engine_seconds
        target = self._tokenizer.decode(decoded.hypothesis.tokens)
        flags = self._check(part.source, target, decoded.hypothesis.finished)
        suspicious = SUSPICIOUS.intersection(flags)
        for flag in flags:
            self._observer.flagged(self._task, flag)
        if part.first is None and suspicious:
            part.first = (target, flags)
            self._observer.retried(self._task)
            job = Job(part.job.tokens, second_try(self._keys.options, flags))
            deadline, priority = flight.second_try_terms()
            try:
                [part.ticket] = self._batcher.submit([job], deadline=deadline, priority=priority, admitted=True)
            except DepescheError:  # closing down: what there is, with its flags
                part.outcome = part.first
                return
            self._follow(flight, part)
        elif part.first is not None:
            part.outcome = part.first if suspicious else (target, (*flags, RETRIED))
        else:
            part.outcome = (target, flags)

    def _finish(self, flight: Flight, error: DepescheError | None, cause: BaseException | None = None) -> None:
        with self._lock:
            if flight.future.done():
                return
            store = flight.store
        if error is not None:
            self._land(flight)
            error.__cause__ = error.__cause__ or cause
            flight.future.set_exception(error)
            for part in flight.parts:
                if part.ticket is not None:
                    part.ticket.cancel()
            return
        outcome = _join(flight)
        if store and not SUSPICIOUS.intersection(outcome.flags):
            # Before the flight ends: whoever comes in between must find one or the other.
            self._cache.set_many({flight.key: encode_value(outcome)})
        self._land(flight)
        flight.future.set_result(outcome)

    def _land(self, flight: Flight) -> None:
        with self._lock:
            if self._flights.get(flight.key) is flight:
                del self._flights[flight.key]

    def _wait(self, flight: Flight, context: RequestContext, *, last: bool) -> Outcome | None:
        """The outcome, or None when the shared job ended for a reason that isn't this request's."""
        while True:
            remaining = context.deadline - time.monotonic()
            try:
                return flight.future.result(timeout=max(0.0, min(remaining, _POLL_SECONDS)))
            except FutureTimeoutError:
                if remaining <= 0:
                    raise DeadlineExceeded(context.allowed_seconds) from None
                if context.abandoned():
                    raise Cancelled("the caller has hung up") from None
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
                if flight.waiters == 0 and not flight.future.done():
                    lonely.append(flight)
                    if self._flights.get(flight.key) is flight and not flight.started():
                        del self._flights[flight.key]
        for flight in lonely:
            for part in flight.parts:
                if part.ticket is not None:
                    part.ticket.cancel()


def _join(flight: Flight) -> Outcome:
    outcomes = [part.outcome for part in flight.parts if part.outcome is not None]
    flags = dict.fromkeys(flag for _, part_flags in outcomes for flag in part_flags)
    if len(flight.parts) > 1:
        flags[SPLIT] = None
    if any(part.unknown for part in flight.parts):
        flags[UNKNOWN_CHARACTERS] = None
    return Outcome(" ".join(text.strip() for text, _ in outcomes if text.strip()), tuple(flags))


def _add_timings(context: RequestContext, flights: Iterable[Flight]) -> None:
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


def encode_value(outcome: Outcome) -> bytes:
    """A cache value: JSON with the text and its flags."""
    return json.dumps({"t": outcome.text, "f": outcome.flags}, ensure_ascii=False, separators=(",", ":")).encode()


def decode_value(value: bytes) -> Outcome | None:
    """The outcome in a cache value, or None when it isn't one."""
    try:
        document = json.loads(value)
        text, flags = document["t"], document["f"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(text, str) or not isinstance(flags, list):
        return None
    return Outcome(text, tuple(map(str, flags)), cached=True)
