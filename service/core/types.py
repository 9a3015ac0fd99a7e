"""Value objects that cross the borders between rooms. All are immutable except `Timings`, which one request fills."""

from __future__ import annotations

import enum
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class Priority(enum.IntEnum):
    """Interactive work goes before bulk work; bulk keeps a guaranteed share."""

    INTERACTIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of Unicode code points in some text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Detection:
    """The language of a text: BCP 47 code, or "und" when it can't be told; `confidence` in 0..1."""

    language: str
    confidence: float


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How an engine searches for its output. Lengths count target tokens without the end token.

    A hypothesis may have at most `cap(n)` tokens for a source of n tokens: `max_length`, or less when
    `max_length_factor` is given, which keeps a looping output from costing twenty times a normal one.
    `target_prefix` is forced at the start of the output and isn't part of the hypothesis (BART's forced BOS).
    """

    beam_size: int = 4
    length_penalty: float = 1.0
    max_length: int = 512
    max_length_factor: float | None = None
    max_length_margin: int = 30
    min_length: int = 0
    no_repeat_ngram_size: int = 0
    repetition_penalty: float = 1.0
    target_prefix: tuple[str, ...] = ()

    def cap(self, source_length: int) -> int:
        """The most target tokens for a source of `source_length` tokens."""
        if self.max_length_factor is None:
            return self.max_length
        return min(self.max_length, math.ceil(self.max_length_factor * source_length) + self.max_length_margin)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One output of an engine: target tokens without special tokens. `finished` is False when no end token came.

    `alternatives` are what the same search found besides, best first; they don't count when hypotheses are compared.
    """

    tokens: tuple[str, ...]
    finished: bool
    alternatives: tuple[Hypothesis, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Job:
    """One source sequence (tokens without the end token; the engine appends it) and how to decode it."""

    tokens: tuple[str, ...]
    options: DecodingOptions


@dataclass(frozen=True, slots=True)
class Decoded:
    """A finished job: what came out, how long it queued and how long its batch took in the engine (seconds)."""

    hypothesis: Hypothesis
    queue_seconds: float
    engine_seconds: float


@dataclass(frozen=True, slots=True)
class BatcherStats:
    """A batcher at one moment: jobs waiting by priority, tokens waiting, dispatcher threads alive and expected."""

    queued_interactive: int
    queued_bulk: int
    queued_tokens: int
    threads_alive: int
    threads_expected: int
    tokens_per_second: float


@dataclass(frozen=True, slots=True)
class CacheStats:
    """One cache tier since the process began: counts, and what it holds now. `limit_bytes` bounds `bytes`."""

    tier: str
    hits: int
    misses: int
    evictions: int
    failures: int
    entries: int
    bytes: int
    limit_bytes: int


@dataclass(slots=True)
class Timings:
    """Seconds that one request spent per stage; becomes the Server-Timing header. Filled by one thread."""

    segment: float = 0.0
    cache: float = 0.0
    queue: float = 0.0
    engine: float = 0.0


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a use case must know about the request around it.

    `deadline` is on the clock of `time.monotonic()`; `allowed_seconds` is what it was made from, for messages.
    `read_cache`/`write_cache` follow Cache-Control no-cache/no-store. `abandoned()` is polled while waiting and
    tells that the caller has hung up.
    """

    deadline: float
    allowed_seconds: float
    priority: Priority = Priority.INTERACTIVE
    read_cache: bool = True
    write_cache: bool = True
    abandoned: Callable[[], bool] = _never
    timings: Timings = field(default_factory=Timings)

    @classmethod
    def within(cls, seconds: float, **options: object) -> RequestContext:
        """A context whose deadline is `seconds` from now."""
        return cls(deadline=time.monotonic() + seconds, allowed_seconds=seconds, **options)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answered. `tier` is production, evaluation, starter, demo or builtin; `revision` pins the weights."""

    id: str
    revision: str
    engine: str
    compute_type: str
    tier: str


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A served model for `GET /v1/models`. `details` holds engine facts such as replicas and calibration."""

    info: ModelInfo
    task: str
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    licence: str
    attribution: str
    ready: bool
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served, and if not, why (short, safe to publish).

    `alive` is False where that won't change by itself: only a new process helps.
    """

    ready: bool
    reasons: tuple[str, ...] = ()
    alive: bool = True


@dataclass(frozen=True, slots=True)
class TranslatedSegment:
    """One segment of the source and what became of it. Offsets are code points: `text[start:end]` holds exactly."""

    source: str
    target: str
    source_start: int
    source_end: int
    target_start: int
    target_end: int
    cached: bool
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated text."""

    text: str
    source_lang: str
    target_lang: str
    warnings: tuple[str, ...]
    segments: tuple[TranslatedSegment, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request cost: code points received, segments, and how many of those came from the cache."""

    characters: int
    segments: int
    segments_cached: int


@dataclass(frozen=True, slots=True)
class TranslationResult:
    """The answer of the translate use case, one translation per text, in order."""

    translations: tuple[Translation, ...]
    model: ModelInfo
    usage: Usage


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of the source text that a summary sentence rests on; `source[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of a summary: `summary[start:end] == text`."""

    text: str
    start: int
    end: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the source the summarizer read, in code points."""

    characters: int
    characters_used: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """One summarized text. `method` is extractive, abstractive or none (too short, returned as it is)."""

    text: str
    source_lang: str
    target_lang: str
    method: str
    warnings: tuple[str, ...]
    sentences: tuple[SummarySentence, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """The answer of the summarize use case. `translation_model` is set when a translation was part of it."""

    summaries: tuple[Summary, ...]
    model: ModelInfo
    usage: Usage
    translation_model: ModelInfo | None = None
