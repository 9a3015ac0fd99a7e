"""What the use cases need from the rooms around them, as Protocols. Implementations live in the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from service.core.types import (
    CacheStats,
    DecodingOptions,
    Finding,
    Hypothesis,
    Identification,
    Job,
    Priority,
    QueueStats,
    Span,
)

Check = Callable[[str, str, bool], tuple[Finding, ...]]
"""(source, target, finished) -> findings, with places in the two texts."""


class Tokenizer(Protocol):
    """Turns text into a model's subword tokens and back. Thread-safe; adds and expects no special tokens."""

    def encode(self, text: str) -> list[str]:
        """Source tokens of `text`."""
        ...

    def decode(self, tokens: Sequence[str]) -> str:
        """Text of target `tokens`."""
        ...

    def encode_target(self, text: str) -> list[str]:
        """Target tokens of `text`, as the model would have written them."""
        ...

    def knows(self, tokens: Sequence[str]) -> bool:
        """Whether the model has an embedding for each of `tokens`; it would read one without as `<unk>`."""
        ...


class Engine(Protocol):
    """Runs an encoder-decoder model. `generate` and `score` may be called from `replicas` threads at once."""

    @property
    def name(self) -> str:
        """Stable name, part of cache keys: "ctranslate2", "transformers"."""
        ...

    @property
    def compute_type(self) -> str:
        """The number format that is really used, part of cache keys: "int8", "float32"."""
        ...

    @property
    def replicas(self) -> int:
        """How many batches can run side by side."""
        ...

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        """One hypothesis per source, in order. Raises whatever the library raises."""
        ...

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[float]:
        """How likely the model finds each target for its source, without a search.

        The mean log-probability of a token, the end token included and a forced `target_prefix` left out, as in
        `Hypothesis.score`. Of `options` nothing else counts. Raises whatever the library raises.
        """
        ...

    def close(self) -> None:
        """Free the model. Later calls to `generate` fail."""
        ...


class Batcher(Protocol):
    """One model's bounded queue before the pool of threads that all models share. Thread-safe."""

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Job | None = None, claim: str = ""
    ) -> None:
        """Queue all `jobs` or none. `deadline` is on `time.monotonic()`.

        `after` is the job whose second try this is: it belongs to the same request, and isn't refused. By its `claim` a
        request is known again that was refused and has come back: it has a place before those who come first.
        Raises QueueFull, DeadlineUnreachable or NotReady, all with `retry_after`, and TooMuchWork.
        """
        ...

    def require_room(self, jobs: int, tokens: int, *, deadline: float, priority: Priority, claim: str = "") -> None:
        """Raise what `submit` would for so many jobs of so many source tokens in all, before anything is prepared."""
        ...

    def cancel(self, jobs: Iterable[Job]) -> None:
        """Drop those that haven't started. Started work finishes."""
        ...

    def extend(self, jobs: Iterable[Job], deadline: float, priority: Priority) -> None:
        """Somebody else waits too: keep the later deadline and the more urgent priority."""
        ...

    def stats(self) -> QueueStats:
        """The queue at this moment."""
        ...

    def close(self, *, drain_seconds: float) -> None:
        """Take no more jobs, finish what is queued for up to `drain_seconds`, then cancel the rest.

        Returns when no batch of this model runs. The pool goes on for the other models.
        """
        ...


class Cache(Protocol):
    """A bounded map from key to bytes. No method raises: a failure is a miss, and is counted."""

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The entries that are there; missing keys are left out."""
        ...

    def set_many(self, items: Mapping[str, bytes]) -> None:
        """Store all items, evicting old ones when the bound in bytes is reached."""
        ...

    def stats(self) -> list[CacheStats]:
        """Statistics, one entry per tier."""
        ...

    def purge(self, *, older_than_seconds: float | None = None) -> int:
        """Remove entries stored more than `older_than_seconds` ago, or all. Returns how many went."""
        ...

    def close(self) -> None:
        """Write what is pending and free resources."""
        ...


class Segmenter(Protocol):
    """Splits text into sentences without losing a character."""

    def sentences(self, text: str, language: str) -> list[Span]:
        """Ascending, non-overlapping, non-empty spans; what lies outside of them is white space only.

        No span starts or ends with white space, and none crosses a paragraph break (an empty line).
        """
        ...

    def content(self, segment: str, language: str) -> Span:
        """Which part of a segment is to be translated: what is left without a list mark, or nothing of a credit.

        The rest, with the white space at it, is to come through as it is.
        """
        ...

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        """Spans like those of `sentences`, each of which `fits`, cut at the best boundaries there are.

        `fits` is monotonic: a part of a fitting text fits. A single character is returned even if it doesn't.
        """
        ...


class LanguageIdentifier(Protocol):
    """Tells the languages of texts and of their segments, offline. Thread-safe."""

    def identify(self, texts: Sequence[str], served: Collection[str], default: str) -> list[Identification]:
        """The language of each text of one request, which inform one another.

        `served` are the languages that can be dealt with, `default` is the prior. A text that is clearly in another
        language is said to be in that; a short one leans on the default.
        """
        ...

    def identify_segments(self, segments: Sequence[str], language: str, served: Collection[str]) -> list[str]:
        """The language of each segment of a text in `language`: that, unless it is clearly another, served or not."""
        ...


class TextChecks(Protocol):
    """The checks on outputs, made for a pair of languages."""

    @property
    def revision(self) -> int:
        """Raised whenever a check may judge the same output otherwise; part of cache keys."""
        ...

    def for_translation(self, source_lang: str, target_lang: str) -> Check:
        """The checks of a translation between two languages."""
        ...

    def for_summary(self) -> Check:
        """The checks of a generated summary."""
        ...


class SentenceRanker(Protocol):
    """Says which sentences of an article carry it (extractive summarization)."""

    @property
    def info_id(self) -> str:
        """Stable name of the method, as shown in answers."""
        ...

    @property
    def revision(self) -> str:
        """Changes whenever the ranking changes."""
        ...

    def knows(self, language: str) -> bool:
        """Whether there is a lexicon of this language; else the ranking rests on language-neutral features."""
        ...

    def rank(self, sentences: Sequence[str], language: str) -> list[float]:
        """One score per sentence, higher is more central; position in the article is taken into account."""
        ...

    def pick(self, sentences: Sequence[str], language: str, count: int) -> list[int]:
        """At most `count` indices in article order: the best sentences, without near-duplicates.

        Fewer where the rest is page furniture or repetition; at least one where any sentence has a letter or digit.
        """
        ...

    def support(self, claim: str, sentences: Sequence[str], language: str) -> list[int]:
        """Indices of the sentences that `claim` most likely rests on, best first; empty when nothing matches."""
        ...


class Observer(Protocol):
    """Told what happens, for metrics. Gets sizes, names and seconds, never text. `model` is a model's id, or "any"."""

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        ...

    def batch(
        self, model: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None:
        """An engine finished a batch."""
        ...

    def queue_wait(self, model: str, seconds: float) -> None:
        """A job left the queue for an engine."""
        ...

    def dropped(self, model: str, reason: str) -> None:
        """A job left the queue unserved: "expired", "cancelled"."""
        ...

    def rejected(self, model: str, reason: str) -> None:
        """Work was refused: "queue_full", "deadline_unreachable", "too_much_work", "not_ready", "concurrency"."""
        ...

    def flagged(self, model: str, flag: str) -> None:
        """An output check raised a flag."""
        ...

    def retried(self, model: str) -> None:
        """A suspicious output was decoded again."""
        ...
