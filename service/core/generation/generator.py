"""Generates one output per distinct input: cache, single flight, batcher, output checks, second try.

Identical inputs in flight share one job. Work that was started finishes and reaches the cache even when nobody waits
for it any more, because the results are handled where the batcher ends the jobs, not where a request waits.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import RLock

from service.core.errors import Cancelled, DeadlineExceeded, DepescheError, InferenceFailed
from service.core.generation.certainty import Reference, sureness
from service.core.generation.keys import Input, KeyFactory
from service.core.generation.outputs import (
    Output,
    better,
    decode_value,
    deserves_second_try,
    encode_value,
    second_try,
)
from service.core.generation.pending import PendingInput, Piece, Waiting, add_timings
from service.core.generation.splitting import Splitter
from service.core.observing import tell
from service.core.ports import Batcher, Cache, Check, Observer, TextChecks, Tokenizer
from service.core.types import DecodingOptions, Hypothesis, Job, RequestContext

_POLL_SECONDS = 0.5
"""How often a waiting request looks whether its caller has hung up."""

_CHARACTERS_PER_TOKEN = 7
"""A guess on the low side, for the look at the queue before anything is tokenized: German news has about five."""

_ATTEMPTS = 3
"""How often a request takes up an input again whose shared job ended with another request's deadline or hang-up."""


class CachedGenerator:
    """Turns inputs into outputs with one model. Thread-safe; every method may be called by many requests at once.

    `model` is the id that the observer hears. `options` are the model's own, for inputs without others.
    `target_tokens` maps a target language to the token that asks for it, for models with several targets; it goes
    before the source's tokens. `references` say how sure the model usually is, by source and target language; without
    one an output has no certainty. Suspicious outputs never reach `cache`; they go to `suspects`, which should forget
    them soon: an engine that is asked the same again gives the same again, so a story that is saved every minute
    needn't pay for it every minute.
    """

    def __init__(
        self,
        *,
        model: str,
        options: DecodingOptions,
        tokenizer: Tokenizer,
        splitter: Splitter,
        batcher: Batcher,
        cache: Cache,
        suspects: Cache,
        keys: KeyFactory,
        checks: TextChecks,
        observer: Observer,
        target_tokens: Mapping[str, str] | None = None,
        references: Mapping[tuple[str, str], Reference] | None = None,
    ) -> None:
        self.options = options
        self._model = model
        self._tokenizer = tokenizer
        self._splitter = splitter
        self._batcher = batcher
        self._cache = cache
        self._suspects = suspects
        self._keys = keys
        self._checks = checks
        self._observer = observer
        self._target_tokens = dict(target_tokens or {})
        self._references = dict(references or {})
        # Re-entrant: a submit may end expired jobs first, whose `on_done` then runs in this thread, under this lock.
        self._lock = RLock()
        self._pending: dict[str, PendingInput] = {}

    def generate(self, inputs: Sequence[Input], context: RequestContext) -> dict[Input, Output]:
        """One output for each distinct input.

        Raises QueueFull, DeadlineUnreachable, TooMuchWork (nothing begun), DeadlineExceeded, Cancelled,
        InferenceFailed.
        """
        keys = {self._keys.key(item): item for item in inputs}
        outputs = self._read(list(keys), context)
        for attempt in range(_ATTEMPTS):
            missing = {key: item for key, item in keys.items() if key not in outputs}
            if not missing:
                break
            # A request that was refused has begun nothing, so when it comes back its first input is the same.
            claim = next(iter(keys))
            outputs |= self._run(missing, context, claim, last=attempt == _ATTEMPTS - 1)
        return {item: self._rated(item, outputs[key]) for key, item in keys.items()}

    def _rated(self, item: Input, output: Output) -> Output:
        reference = self._references.get((item.source_lang, item.target_lang))
        if reference is None or output.score is None:
            return output
        return replace(output, certainty=reference.certainty(output.score))

    def _read(self, keys: list[str], context: RequestContext) -> dict[str, Output]:
        if not context.read_cache:
            return {}
        began = time.perf_counter()
        found = self._cache.get_many(keys)
        if rest := [key for key in keys if key not in found]:
            found |= self._suspects.get_many(rest)
        outputs = {key: output for key, value in found.items() if (output := decode_value(value)) is not None}
        context.timings.cache += time.perf_counter() - began
        return outputs

    def _run(
        self, missing: Mapping[str, Input], context: RequestContext, claim: str, *, last: bool
    ) -> dict[str, Output]:
        request = Waiting()
        joined = self._join(missing, context, request, claim)
        try:
            wait(request, context)
            outputs = {key: _output_of(pending, context, last=last) for key, pending in joined.items()}
        finally:
            self._leave(joined.values())
            add_timings(context, joined.values())
        return {key: output for key, output in outputs.items() if output is not None}

    def _join(
        self, missing: Mapping[str, Input], context: RequestContext, request: Waiting, claim: str
    ) -> dict[str, PendingInput]:
        """What is pending for each key: what is on its way already, or something new. All that is new is queued, or
        nothing is.
        """
        with self._lock:
            # What ends while this request prepares the rest is kept: its output needn't be made again.
            known = {key: pending for key in missing if (pending := self._pending.get(key)) is not None}
        if len(known) < len(missing):
            characters = sum(len(item.text) for key, item in missing.items() if key not in known)
            self._batcher.require_room(
                len(missing) - len(known),
                characters // _CHARACTERS_PER_TOKEN,
                deadline=context.deadline,
                priority=context.priority,
                claim=claim,
            )
        # Tokenizing takes long compared with the lock, so it is done before, for what seems to be new.
        prepared = {}
        for key, item in missing.items():
            if key not in known:
                if time.monotonic() >= context.deadline:
                    raise DeadlineExceeded(context.allowed_seconds)
                prepared[key] = self._prepare(key, item)
        joined: dict[str, PendingInput] = {}
        with self._lock:
            fresh = []
            for key in missing:
                pending = self._pending.get(key) or known.get(key)
                if pending is None:
                    pending = prepared[key]
                    fresh.append(pending)
                joined[key] = pending
            if fresh:
                # A job may end before this returns; its `on_done` then waits for the lock.
                jobs = [job for pending in fresh for job in pending.jobs]
                self._batcher.submit(jobs, deadline=context.deadline, priority=context.priority, claim=claim)
            for pending in fresh:
                self._pending[pending.key] = pending
            for pending in joined.values():
                pending.join(context, request)
            request.ended()
        new = {pending.key for pending in fresh}
        for key, pending in joined.items():
            if key not in new:
                self._batcher.extend(pending.jobs, context.deadline, context.priority)
        return joined

    def _prepare(self, key: str, item: Input) -> PendingInput:
        pending = PendingInput(key, item)
        options = item.options
        if item.beginning:
            options = _forced(options, item.beginning)
        asks_for = self._target_tokens.get(item.target_lang)
        for text, tokens in self._splitter.split(item.text, item.source_lang):
            unknown = not self._tokenizer.knows(tokens)
            asked = tuple(tokens) if asks_for is None else (asks_for, *tokens)
            piece = Piece(text, Job(asked, options, _nobody), unknown)
            piece.job.on_done = partial(self._job_done, pending, piece)
            pending.pieces.append(piece)
        return pending

    def _job_done(self, pending: PendingInput, piece: Piece, job: Job) -> None:
        """Handles an ended job, in the thread that ended it."""
        try:
            if job.hypothesis is not None:
                self._judge(pending, piece, job, job.hypothesis)
            elif piece.first is not None:  # the second try failed: what the first gave stands, with its flags
                piece.final = piece.first
            else:
                raise job.error or InferenceFailed("the engine gave no output")
            if pending.complete():
                self._succeed(pending)
        except DepescheError as error:
            self._fail(pending, error)
        except BaseException as error:  # a bug in a check or a cache must not leave callers waiting
            failure = InferenceFailed("the output could not be processed")
            failure.__cause__ = error
            self._fail(pending, failure)

    def _judge(self, pending: PendingInput, piece: Piece, job: Job, hypothesis: Hypothesis) -> None:
        if piece.first is None:
            piece.queue_seconds, piece.engine_seconds = job.queue_seconds, job.engine_seconds
        else:
            piece.engine_seconds += job.queue_seconds + job.engine_seconds
        check = self._check_of(pending.input)
        output = self._output(pending, piece, hypothesis, check)
        for flag in output.flags:
            tell(self._observer.flagged, self._model, flag)
        best = output if piece.first is None else better(piece.first, output)
        if output.suspicious:
            for other in hypothesis.alternatives:
                best = better(best, self._output(pending, piece, other, check))
        # claimed: another piece has failed
        if piece.first is None and deserves_second_try(output, best) and not pending.claimed:
            piece.first = best
            self._try_again(pending, piece, output)
        else:
            piece.final = best

    def _check_of(self, item: Input) -> Check:
        if item.source_lang == item.target_lang:
            return self._checks.for_summary()
        return self._checks.for_translation(item.source_lang, item.target_lang)

    def _output(self, pending: PendingInput, piece: Piece, hypothesis: Hypothesis, check: Check) -> Output:
        target = self._tokenizer.decode((*pending.input.beginning, *hypothesis.tokens))
        return Output(target, check(piece.text, target, hypothesis.finished), score=sureness(hypothesis))

    def _try_again(self, pending: PendingInput, piece: Piece, first: Output) -> None:
        tell(self._observer.retried, self._model)
        before = piece.job
        job = Job(before.tokens, second_try(before.options, first), partial(self._job_done, pending, piece))
        deadline, priority = pending.second_try_terms()
        piece.job = job
        try:
            self._batcher.submit([job], deadline=deadline, priority=priority, after=before)
        except DepescheError:  # closing down: what there is, with its flags
            piece.job, piece.final = before, piece.first

    def _succeed(self, pending: PendingInput) -> None:
        if not self._claim(pending):
            return
        try:
            output = pending.joined_output()
            if pending.store:
                # Before it ends, so that whoever looks for it next finds one or the other. (A request that looked in
                # the cache before and joins after makes the output again; that is rare and harmless.)
                cache = self._suspects if output.suspicious else self._cache
                cache.set_many({pending.key: encode_value(output)})
        except BaseException as error:
            failure = InferenceFailed("the output could not be processed")
            failure.__cause__ = error
            self._end(pending, None, failure)
        else:
            self._end(pending, output)

    def _fail(self, pending: PendingInput, error: DepescheError) -> None:
        if self._claim(pending):
            self._end(pending, None, error)
            self._batcher.cancel(pending.jobs)

    def _end(self, pending: PendingInput, output: Output | None, error: DepescheError | None = None) -> None:
        with self._lock:
            self._forget(pending)
            pending.end(output, error)

    def _claim(self, pending: PendingInput) -> bool:
        """Whether this thread is the one to end it: two pieces may be done, or fail, at the same moment."""
        with self._lock:
            mine, pending.claimed = not pending.claimed, True
            return mine

    def _forget(self, pending: PendingInput) -> None:
        """Called with the lock held."""
        if self._pending.get(pending.key) is pending:
            del self._pending[pending.key]

    def _leave(self, joined: Iterable[PendingInput]) -> None:
        """Stop waiting; what nobody waits for is cancelled unless it has started."""
        with self._lock:
            lonely = []
            for pending in joined:
                pending.waiters -= 1
                if pending.waiters == 0 and not pending.claimed and not pending.started():
                    # Forgotten before it is cancelled, so that nobody can join what is about to be dropped.
                    self._forget(pending)
                    lonely.append(pending)
        for pending in lonely:
            self._batcher.cancel(pending.jobs)


def wait(request: Waiting, context: RequestContext) -> None:
    """Wait until the request has all it can get. Raises DeadlineExceeded, or Cancelled when the caller has hung up."""
    if request.over(0.0):
        return
    with context.aside():
        while not request.over(max(0.0, min(_POLL_SECONDS, context.deadline - time.monotonic()))):
            if time.monotonic() >= context.deadline:
                raise DeadlineExceeded(context.allowed_seconds)
            if context.abandoned():
                raise Cancelled("the caller has hung up")


def _output_of(pending: PendingInput, context: RequestContext, *, last: bool) -> Output | None:
    """The output of an input, or None when the shared job ended for a reason that isn't this request's."""
    if pending.error is None:
        return pending.output
    if isinstance(pending.error, (DeadlineExceeded, Cancelled)):
        if time.monotonic() >= context.deadline:
            raise DeadlineExceeded(context.allowed_seconds)
        if not last:
            return None
    raise pending.error


def _forced(options: DecodingOptions, beginning: tuple[str, ...]) -> DecodingOptions:
    return replace(options, target_prefix=(*options.target_prefix, *beginning))


def _nobody(_: Job) -> None:
    """Stands in for `Job.on_done` until the piece exists that it belongs to."""
