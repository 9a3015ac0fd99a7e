"""The whole domain as one object: what an entrance (HTTP, command line) may ask for. Implemented by the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from service.core.types import ModelDescription, Readiness, RequestContext, SummaryResult, TranslationResult


class Runtime(Protocol):
    """The use cases and the facts about what serves them. Thread-safe; every method may be called at any time."""

    @property
    def profile(self) -> str:
        """Name of the model profile that serves: "newsroom", "starter", "demo"."""
        ...

    def translate(
        self, texts: Sequence[str], source_lang: str, target_lang: str, context: RequestContext
    ) -> TranslationResult:
        """One translation per text, in order. `source_lang` is a BCP 47 code or "auto".

        Raises UnsupportedLanguage, Unavailable (NotReady, QueueFull, DeadlineUnreachable), DeadlineExceeded,
        Cancelled, InferenceFailed.
        """
        ...

    def summarize(
        self,
        texts: Sequence[str],
        source_lang: str,
        target_lang: str | None,
        method: str,
        max_sentences: int,
        context: RequestContext,
    ) -> SummaryResult:
        """One summary of at most `max_sentences` sentences per text, in order.

        `source_lang` is a BCP 47 code or "auto"; `target_lang` None means each text's own language; `method` is
        "auto", "extractive" or "abstractive". Raises what `translate` raises, and UnsupportedMethod.
        """
        ...

    def models(self) -> list[ModelDescription]:
        """The models of the profile, ready or not."""
        ...

    def language_pairs(self) -> list[tuple[str, str, str]]:
        """What can be asked for, as (source language, target language, task)."""
        ...

    def readiness(self) -> Readiness:
        """Whether requests can be served now: models warm, threads alive."""
        ...

    def metrics(self) -> tuple[bytes, str]:
        """The metrics page and its content type."""
        ...
