"""The whole domain as one object: what an entrance (HTTP, command line) may ask for. `service.core.lifecycle` is it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from service.core.enums import Method
from service.core.types import (
    CheckResult,
    LanguagePair,
    ModelDescription,
    Readiness,
    RequestContext,
    SummaryResult,
    TranslationResult,
)


class Runtime(Protocol):
    """The use cases and the facts about what serves them. Thread-safe; every method may be called at any time."""

    @property
    def profile(self) -> str:
        """Name of the model profile that serves: "newsroom", "europe", "starter", "demo"."""
        ...

    def translate(
        self, texts: Sequence[str], source_lang: str, target_lang: str, context: RequestContext
    ) -> TranslationResult:
        """One translation per text, in order. Languages are primary BCP 47 codes; the source may be "auto".

        Raises UnsupportedLanguage, Unavailable (NotReady, QueueFull, DeadlineUnreachable), DeadlineExceeded,
        Cancelled, InferenceFailed, ModelError.
        """
        ...

    def check(
        self, pairs: Sequence[tuple[str, str]], source_lang: str, target_lang: str, context: RequestContext
    ) -> CheckResult:
        """What there is to say about each (source, target), in order. Languages are primary BCP 47 codes, any two.

        Raises what `translate` raises, but for UnsupportedLanguage.
        """
        ...

    def summarize(
        self,
        texts: Sequence[str],
        source_lang: str,
        target_lang: str | None,
        method: Method | None,
        max_sentences: int,
        context: RequestContext,
    ) -> SummaryResult:
        """One summary of at most `max_sentences` sentences per text, in order.

        `target_lang` None means each text's own language; `method` None the best there is. Raises what `translate`
        raises, and UnsupportedMethod.
        """
        ...

    def models(self) -> list[ModelDescription]:
        """The models of the profile, loaded or not."""
        ...

    def language_pairs(self) -> list[LanguagePair]:
        """What can be asked for."""
        ...

    def readiness(self) -> Readiness:
        """Whether requests can be served now: models warm where they load at the start, threads alive."""
        ...

    def metrics(self) -> tuple[bytes, str]:
        """The metrics page and its content type."""
        ...
