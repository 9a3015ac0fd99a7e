"""How sure a model is of translations that are given to it: all that it must do is read them, in batches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from threading import Lock

from service.core.errors import InferenceFailed
from service.core.generation.certainty import Reference, lower_bound
from service.core.generation.generator import wait
from service.core.generation.pending import Waiting
from service.core.generation.splitting import MOST_CHARACTERS_PER_TOKEN
from service.core.ports import Batcher, Tokenizer
from service.core.text import has_letters, normalize
from service.core.types import DecodingOptions, Job, QueueStats, RequestContext

Pair = tuple[str, str]

_CHARACTERS_PER_TOKEN = 7  # as in `generator`


class Scorer:
    """Scores pairs of texts with one model. Thread-safe.

    `batcher` is a queue for jobs with a target only. `max_tokens` bounds each side; what is longer is left out. For
    `target_tokens` and `references` see `CachedGenerator`; `options` give a forced prefix.
    """

    def __init__(
        self,
        *,
        options: DecodingOptions,
        tokenizer: Tokenizer,
        batcher: Batcher,
        max_tokens: int,
        references: Mapping[tuple[str, str], Reference],
        target_tokens: Mapping[str, str] | None = None,
    ) -> None:
        self._options = options
        self._tokenizer = tokenizer
        self._batcher = batcher
        self._max_tokens = max_tokens
        self._references = dict(references)
        self._target_tokens = dict(target_tokens or {})

    def certainties(
        self, pairs: Sequence[Pair], source_lang: str, target_lang: str, context: RequestContext
    ) -> dict[Pair, float]:
        """The certainty of each distinct (source, target) that has letters and isn't too long.

        Raises QueueFull, DeadlineUnreachable, TooMuchWork (nothing begun), DeadlineExceeded, Cancelled,
        InferenceFailed.
        """
        reference = self._references.get((source_lang, target_lang))
        wanted = [pair for pair in dict.fromkeys(pairs) if all(map(has_letters, pair))]
        if reference is None or not wanted:
            return {}
        claim = hashlib.sha256(json.dumps([source_lang, target_lang, *wanted[0]]).encode()).hexdigest()
        characters = sum(len(source) + len(target) for source, target in wanted)
        self._batcher.require_room(
            len(wanted),
            characters // _CHARACTERS_PER_TOKEN,
            deadline=context.deadline,
            priority=context.priority,
            claim=claim,
        )
        request, lock = Waiting(), Lock()

        def done(job: Job) -> None:
            with lock:
                request.ended(failed=job.error is not None)

        jobs = {pair: job for pair in wanted if (job := self._job(pair, target_lang)) is not None}
        for job in jobs.values():
            job.on_done = done
            request.add()
        try:
            self._batcher.submit(list(jobs.values()), deadline=context.deadline, priority=context.priority, claim=claim)
            with lock:
                request.ended()
            wait(request, context)
            return {pair: reference.certainty(_sureness(job)) for pair, job in jobs.items()}
        except BaseException:
            self._batcher.cancel(jobs.values())
            raise

    def stats(self) -> QueueStats:
        """The queue at this moment."""
        return self._batcher.stats()

    def _job(self, pair: Pair, target_lang: str) -> Job | None:
        source, target = map(normalize, pair)
        if max(len(source), len(target)) > MOST_CHARACTERS_PER_TOKEN * self._max_tokens:
            return None  # not even tokenized
        tokens, wanted = self._tokenizer.encode(source), self._tokenizer.encode_target(target)
        if max(len(tokens), len(wanted) + len(self._options.target_prefix)) > self._max_tokens:
            return None
        asks_for = self._target_tokens.get(target_lang)
        asked = tuple(tokens) if asks_for is None else (asks_for, *tokens)
        return Job(asked, self._options, _nobody, target=tuple(wanted))


def _sureness(job: Job) -> float:
    if job.hypothesis is None or job.hypothesis.score is None:
        raise job.error or InferenceFailed("the engine gave no score")
    return lower_bound(job.hypothesis.score, len(job.hypothesis.tokens))


def _nobody(_: Job) -> None:
    """Stands in for `Job.on_done` until there is a request to tell."""
