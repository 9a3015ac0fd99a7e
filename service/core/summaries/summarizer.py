"""The summarize use case: chooses a method, and lets it read an article in its own language or in translation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from service.core.errors import UnsupportedLanguage, UnsupportedMethod
from service.core.ports import Segmenter
from service.core.summaries.assembly import ABSTRACTIVE, EXTRACTIVE, Article, verbatim
from service.core.translation.languages import UNDETERMINED, LanguageChooser, primary
from service.core.translation.translator import Translator
from service.core.types import ModelInfo, RequestContext, Summary, SummaryResult, Usage

BUILTIN_LANGUAGES = ("de", "en")


class Method(Protocol):
    """A way to summarize one article."""

    @property
    def model(self) -> ModelInfo:
        """What answers name as the model."""
        ...

    def __call__(self, article: Article, target: str, count: int, context: RequestContext) -> tuple[Summary, int, int]:
        """The summary in `target` with at most `count` sentences, the segments it cost, and how many were cached."""
        ...


class Summarizer:
    """Summarizes texts. `abstractive` is None where no such model is served."""

    def __init__(
        self,
        *,
        segmenter: Segmenter,
        chooser: LanguageChooser,
        extractive: Method,
        abstractive: Method | None,
        translator: Translator,
    ) -> None:
        self._segmenter = segmenter
        self._chooser = chooser
        self._extractive = extractive
        self._abstractive = abstractive
        self._translator = translator
        directions = [(language, language) for language in BUILTIN_LANGUAGES]
        self.pairs = tuple(directions + [pair for pair in translator.pairs if pair[0] in BUILTIN_LANGUAGES])

    def __call__(
        self,
        texts: Sequence[str],
        source_lang: str,
        target_lang: str | None,
        method: str,
        max_sentences: int,
        context: RequestContext,
    ) -> SummaryResult:
        """Summarize every text, or raise and summarize none.

        Raises UnsupportedLanguage, UnsupportedMethod, and what translating raises.
        """
        plans = []
        for index, text in enumerate(texts):
            source, warnings = self._chooser.choose(text, source_lang)
            target = primary(target_lang) if target_lang is not None else source
            if source != UNDETERMINED and (source, target) not in self.pairs:
                raise UnsupportedLanguage(source, target, index, self.pairs)
            plans.append((text, source, target, warnings, self._choose(method, target)))
        summaries: list[Summary] = []
        segments = cached = 0
        for text, source, target, warnings, chosen in plans:
            summary, cost, hits = self._one(text, source, target, warnings, chosen, max_sentences, context)
            summaries.append(summary)
            segments += cost
            cached += hits
        written = self._abstractive if any(summary.method == ABSTRACTIVE for summary in summaries) else None
        model = written or self._extractive  # what really wrote: texts that are too short need no model
        translated = any(plan[1] not in (plan[2], UNDETERMINED) for plan in plans)
        return SummaryResult(
            tuple(summaries),
            model.model,
            Usage(sum(map(len, texts)), segments, cached),
            self._translator.model if translated else None,
        )

    def _choose(self, method: str, target: str) -> Method:
        """The method to use. "auto" prefers abstractive, but not a demo model, which is worthless on real text."""
        if method == EXTRACTIVE:
            return self._extractive
        if method == ABSTRACTIVE:
            if self._abstractive is None:
                raise UnsupportedMethod(method, "no abstractive model is installed; use extractive")
            if target not in ("en", UNDETERMINED):
                raise UnsupportedMethod(method, "abstractive summaries are written in English; ask for target_lang en")
            return self._abstractive
        if self._abstractive is None or target != "en" or self._abstractive.model.tier == "demo":
            return self._extractive
        return self._abstractive

    def _one(
        self,
        text: str,
        source: str,
        target: str,
        warnings: tuple[str, ...],
        method: Method,
        count: int,
        context: RequestContext,
    ) -> tuple[Summary, int, int]:
        began = time.perf_counter()
        spans = self._segmenter.sentences(text, source)
        context.timings.segment += time.perf_counter() - began
        article = Article(text, source, tuple(spans), warnings)
        if not spans or source == UNDETERMINED:
            return verbatim(article, target), len(spans), 0
        return method(article, target, count, context)
