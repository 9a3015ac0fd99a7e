"""Value objects that cross the borders between rooms. All are immutable except `Job` and `Timings`."""

from __future__ import annotations

import enum
import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from service.core.enums import Flag, Method, Quality, Severity, Task, Tier, WarningCode
from service.core.errors import DepescheError


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
class Finding:
    """What a check found: its flag, how much that matters, and where, in code points of the texts it was given.

    `source` and `target` are ascending spans; either is empty where there is no place to show (what was lost has none
    in the target).
    """

    flag: Flag
    severity: Severity
    source: tuple[Span, ...] = ()
    target: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Identification:
    """The language of a text: BCP 47 primary code, or "und" where there is nothing to tell it by (no letters).

    `certain` is False where the default or a neighbour decided rather than the text.
    """

    language: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How an engine searches for its output. Lengths count target tokens without the end token.

    A hypothesis may have at most `cap(n)` tokens for a source of n tokens: `max_length`, or less when
    `max_length_factor` is given, which keeps a looping output from costing twenty times a normal one.
    `target_prefix` is forced at the start of the output and isn't part of the hypothesis (BART's forced BOS).
    `shortlist` is the digest of the model's shortlist where only its pieces are scored; "" is the whole vocabulary.
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
    shortlist: str = ""

    def cap(self, source_length: int) -> int:
        """The most target tokens for a source of `source_length` tokens."""
        if self.max_length_factor is None:
            return self.max_length
        return min(self.max_length, math.ceil(self.max_length_factor * source_length) + self.max_length_margin)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One output of an engine: target tokens without special tokens. `finished` is False when no end token came.

    `alternatives` are what the same search found besides, best first; they don't count when hypotheses are compared.
    Nor does `score`, the mean log-probability of a token, the end token included (natural logarithm, 0 at best), which
    batches of other neighbours change in its last digits; None where the engine doesn't say.
    """

    tokens: tuple[str, ...]
    finished: bool
    alternatives: tuple[Hypothesis, ...] = field(default=(), compare=False)
    score: float | None = field(default=None, compare=False)


class JobState(enum.Enum):
    """Where a job is. Only WAITING jobs can be cancelled or extended."""

    NEW = enum.auto()
    WAITING = enum.auto()
    RUNNING = enum.auto()
    ENDED = enum.auto()


@dataclass(eq=False, slots=True)
class Job:
    """One source sequence on its way through an engine: what to decode, how, whom to tell, and what became of it.

    `tokens` are the source's, without the end token. With `target`, too, nothing is searched: its `hypothesis` is that
    target with the model's score. `on_done` is called once, in the thread that ends the job, without
    any lock held; then either `hypothesis` or `error` (InferenceFailed, DeadlineExceeded, Cancelled) is set. Times are
    in seconds. The fields from `priority` on are the batcher's; after its `deadline` a job is dropped, and by `due` its
    request hopes for it (a second try may take longer), which had `allowed` seconds for it when it came.
    """

    tokens: tuple[str, ...]
    options: DecodingOptions
    on_done: Callable[[Job], None]
    hypothesis: Hypothesis | None = None
    error: DepescheError | None = None
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0
    priority: Priority = Priority.INTERACTIVE
    deadline: float = math.inf
    due: float = math.inf
    allowed: float = math.inf
    submitted_at: float = 0.0
    request: int = 0
    sequence: int = 0
    second_try: bool = False
    state: JobState = JobState.NEW
    target: tuple[str, ...] | None = None
    length: int = field(init=False)
    """What the job counts for in budgets: its tokens, at least one (the end token is work, too)."""

    def __post_init__(self) -> None:
        self.length = max(1, len(self.tokens) + len(self.target or ()))


@dataclass(frozen=True, slots=True)
class QueueStats:
    """One model's queue: jobs and source tokens that wait, measured speed, and the engine's seconds so far."""

    queued_interactive: int
    queued_bulk: int
    queued_tokens: int
    tokens_per_second: float
    engine_seconds: float


@dataclass(frozen=True, slots=True)
class PoolStats:
    """The threads that all models share, and how long a short interactive job that comes now would wait (seconds)."""

    threads_alive: int
    threads_expected: int
    predicted_wait_seconds: float


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
    tells that the caller has hung up. `aside()` is entered while the request only waits: others may work meanwhile.
    """

    deadline: float
    allowed_seconds: float
    priority: Priority = Priority.INTERACTIVE
    quality: Quality = Quality.BEST
    read_cache: bool = True
    write_cache: bool = True
    abandoned: Callable[[], bool] = _never
    timings: Timings = field(default_factory=Timings)
    aside: Callable[[], AbstractContextManager[None]] = nullcontext

    @classmethod
    def within(cls, seconds: float, **options: object) -> RequestContext:
        """A context whose deadline is `seconds` from now."""
        return cls(deadline=time.monotonic() + seconds, allowed_seconds=seconds, **options)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answered. `revision` pins the weights."""

    id: str
    revision: str
    engine: str
    compute_type: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A served model for `GET /v1/models`. `details` holds engine facts such as replicas and calibration."""

    info: ModelInfo
    task: Task
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    licence: str
    attribution: str
    ready: bool
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """Something that can be asked for. `models` are the ids that take part, in order; `pivot`: by way of English."""

    source_lang: str
    target_lang: str
    task: Task
    models: tuple[str, ...]
    pivot: bool = False


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
    """One segment of the source and what became of it. Offsets are code points: `text[start:end]` holds exactly.

    `model` is the id of the model that wrote the target, None where the segment was left as it is. `flags` are those of
    `findings`, whose places are in the whole texts, and what is to be said of how the target was made. `certainty` is
    the share of a sample of news of which the model was less sure, 0 to 1; None where that isn't known.
    """

    source: str
    target: str
    source_start: int
    source_end: int
    target_start: int
    target_end: int
    source_lang: str
    cached: bool = False
    flags: tuple[Flag, ...] = ()
    findings: tuple[Finding, ...] = ()
    model: str | None = None
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated text. `model` wrote (most of) it, None where no model had to: by id.

    `certainty` is the mean of its segments', weighted with their lengths; None where one of them has none.
    """

    text: str
    source_lang: str
    target_lang: str
    warnings: tuple[WarningCode, ...]
    segments: tuple[TranslatedSegment, ...]
    model: str | None = None
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request cost: code points received, segments, and how many of those came from the cache."""

    characters: int
    segments: int
    segments_cached: int


@dataclass(frozen=True, slots=True)
class TranslationResult:
    """The answer of the translate use case, one translation per text, in order; `models` are those that took part."""

    translations: tuple[Translation, ...]
    models: tuple[ModelInfo, ...]
    usage: Usage


@dataclass(frozen=True, slots=True)
class CheckedPair:
    """What there is to say about a source and a translation of it; places are in these two texts.

    `certainty` is the share of a sample of news of which the model was less sure; None where no model could tell.
    """

    findings: tuple[Finding, ...]
    certainty: float | None = None

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of its findings, each once."""
        return tuple(dict.fromkeys(finding.flag for finding in self.findings))


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The answer of the check use case, one for each pair, in order; `models` are those that took part."""

    items: tuple[CheckedPair, ...]
    models: tuple[ModelInfo, ...]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of the source text that a summary sentence rests on; `source[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of a summary: `summary[start:end] == text`.

    `flags`, `findings` and `certainty` are those of its translation, if it is one, as a `TranslatedSegment` has them.
    """

    text: str
    start: int
    end: int
    evidence: tuple[Evidence, ...]
    flags: tuple[Flag, ...] = ()
    findings: tuple[Finding, ...] = ()
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the source the summarizer read, in code points."""

    characters: int
    characters_used: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """One summarized text. `model` chose or wrote its sentences, `translation_model` translated them: ids."""

    text: str
    source_lang: str
    target_lang: str
    method: Method
    model: str
    warnings: tuple[WarningCode, ...]
    sentences: tuple[SummarySentence, ...]
    coverage: Coverage
    translation_model: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """The answer of the summarize use case, one summary per text, in order; `models` are those that took part."""

    summaries: tuple[Summary, ...]
    models: tuple[ModelInfo, ...]
    usage: Usage
