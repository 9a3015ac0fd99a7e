"""What the use cases need from the rooms around them, as Protocols. Implementations live in the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from typing import Protocol

from service.core.types import (
    BatcherStats,
    CacheStats,
    Decoded,
    DecodingOptions,
    Hypothesis,
    Identification,
    Job,
    Priority,
    Span,
)

Check = Callable[[str, str, bool], tuple[str, ...]]
"""(source, target, finished) -> flags."""


class Tokenizer(Protocol):
    """Turns text into a model's subword tokens and back. Thread-safe; adds and expects no special tokens."""

    def encode(self, text: str) -> list[str]:
        """Source tokens of `text`."""
        ...

    def decode(self, tokens: Sequence[str]) -> str:
        """Text of target `tokens`."""
        ...

    def is_unknown(self, token: str) -> bool:
        """Whether the model has no embedding for `token`, so that it would be read as `<unk>`."""
        ...


class Engine(Protocol):
    """Runs an encoder-decoder model. `generate` may be called from `replicas` threads at once."""

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

    def close(self) -> None:
        """Free the model. Later calls to `generate` fail."""
        ...


class Ticket(Protocol):
    """A job that was accepted by a batcher."""

    @property
    def future(self) -> Future[Decoded]:
        """Ends with a `Decoded`, or InferenceFailed, DeadlineExceeded or Cancelled."""
        ...

    def cancel(self) -> None:
        """Drop the job if it hasn't started. Started work finishes."""
        ...

    def extend(self, deadline: float, priority: Priority) -> None:
        """Somebody else waits too: keep the later deadline and the more urgent priority."""
        ...


class Batcher(Protocol):
    """A bounded queue in front of an engine that forms batches. Thread-safe."""

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Ticket | None = None
    ) -> list[Ticket]:
        """Queue all `jobs` or none; one ticket each, in order. `deadline` is on `time.monotonic()`.

        `after` is the ticket of work whose second try this is: it belongs to the same request, and isn't refused.
        Raises QueueFull, DeadlineUnreachable or NotReady, all with `retry_after`.
        """
        ...

    def stats(self) -> BatcherStats:
        """The queue and its threads at this moment."""
        ...

    def close(self, *, drain_seconds: float) -> None:
        """Take no more jobs, finish what is queued for up to `drain_seconds`, then cancel the rest."""
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

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        """Spans like those of `sentences`, each of which `fits`, cut at the best boundaries there are.

        `fits` is monotonic: a part of a fitting text fits. A single character is returned even if it doesn't.
        """
        ...


class LanguageIdentifier(Protocol):
    """Tells the language of texts, offline."""

    def identify(self, texts: Sequence[str], served: Collection[str], default: str) -> list[Identification]:
        """The language of each text of one request, in order.

        `served` are the languages that can be dealt with: the source languages and the target. `default` is the one
        that a text is taken to be in unless it clearly isn't. The texts inform one another; their order doesn't
        matter. A text that is clearly in a language that isn't served is reported as that language.
        """
        ...

    def identify_segments(self, segments: Sequence[str], language: str, served: Collection[str]) -> list[str]:
        """The language of each segment of a text that is in `language`: that, unless the segment is clearly in
        another, served or not.
        """
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
    """Told what happens, for metrics. Gets sizes, names and seconds, never text."""

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        ...

    def batch(
        self, task: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None:
        """An engine finished a batch."""
        ...

    def queue_wait(self, task: str, seconds: float) -> None:
        """A job left the queue for an engine."""
        ...

    def dropped(self, task: str, reason: str) -> None:
        """A job left the queue unserved: "expired", "cancelled"."""
        ...

    def rejected(self, task: str, reason: str) -> None:
        """A request was refused at the door: "queue_full", "deadline_unreachable", "not_ready"."""
        ...

    def flagged(self, task: str, flag: str) -> None:
        """An output check raised a flag."""
        ...

    def retried(self, task: str) -> None:
        """A suspicious output was decoded again."""
        ...
