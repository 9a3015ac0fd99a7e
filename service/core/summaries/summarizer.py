"""The summarize use case: chooses a method, and lets it read an article in its own language or in translation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from service.core.enums import Method, Task, Tier, WarningCode
from service.core.errors import UnsupportedLanguage, UnsupportedMethod
from service.core.ports import Segmenter
from service.core.router import Router
from service.core.summaries.abstractive import LANGUAGE as ABSTRACTIVE_LANGUAGE
from service.core.summaries.abstractive import Abstractive
from service.core.summaries.article import Article, Draft, SummaryMethod, verbatim
from service.core.summaries.extractive import Extractive
from service.core.translation.languages import AUTO, UNDETERMINED, LanguageChooser
from service.core.types import LanguagePair, RequestContext, SummaryResult, Usage


@dataclass(frozen=True, slots=True)
class _Plan:
    """One text, its language, that of its summary, and how that is to be made."""

    text: str
    language: str
    target: str
    warnings: tuple[WarningCode, ...]
    method: SummaryMethod


class Summarizer:
    """Summarizes texts in every language that is served. `abstractive` is None where no such model is."""

    def __init__(
        self,
        *,
        segmenter: Segmenter,
        chooser: LanguageChooser,
        router: Router,
        extractive: Extractive,
        abstractive: Abstractive | None,
    ) -> None:
        self._segmenter = segmenter
        self._chooser = chooser
        self._router = router
        self._extractive = extractive
        self._abstractive = abstractive

    @property
    def pairs(self) -> list[LanguagePair]:
        """What can be asked for: every language in itself, and wherever a translation leads."""
        ranker = self._extractive.info.id
        own = [LanguagePair(language, language, Task.SUMMARIZATION, (ranker,)) for language in self._router.languages]
        return own + [
            LanguagePair(pair.source_lang, pair.target_lang, Task.SUMMARIZATION, (ranker, *pair.models), pair.pivot)
            for pair in self._router.pairs
        ]

    def summarize(
        self,
        texts: Sequence[str],
        source_lang: str,
        target_lang: str | None,
        method: Method | None,
        max_sentences: int,
        context: RequestContext,
    ) -> SummaryResult:
        """Summarize every text, or raise and summarize none. Languages are primary codes; the source may be "auto".

        `method` None takes the best. Raises UnsupportedLanguage, UnsupportedMethod, and what translating raises.
        """
        plans = self._plan(texts, source_lang, target_lang, method)
        began = time.perf_counter()
        articles = [
            Article.of(
                plan.text,
                plan.language,
                plan.target,
                self._segmenter.sentences(plan.text, plan.language),
                plan.warnings,
            )
            for plan in plans
        ]
        context.timings.segment += time.perf_counter() - began
        drafts: list[Draft | None] = [None] * len(plans)
        todo: dict[SummaryMethod, list[int]] = {}
        for index, (plan, article) in enumerate(zip(plans, articles, strict=True)):
            if not article.spans or article.language == UNDETERMINED:
                info = self._extractive.info
                drafts[index] = Draft(verbatim(article, info.id), len(article.spans), 0, (info,))
            else:
                todo.setdefault(plan.method, []).append(index)
        for each, indices in todo.items():
            made = each.summarize([articles[index] for index in indices], max_sentences, context)
            for index, draft in zip(indices, made, strict=True):
                drafts[index] = draft
        done = [draft for draft in drafts if draft is not None]
        models = {model.id: model for draft in done for model in draft.models}
        usage = Usage(sum(map(len, texts)), sum(d.segments for d in done), sum(d.cached for d in done))
        return SummaryResult(tuple(draft.summary for draft in done), tuple(models.values()), usage)

    def _plan(
        self, texts: Sequence[str], source_lang: str, target_lang: str | None, method: Method | None
    ) -> list[_Plan]:
        languages = self._router.languages
        if target_lang is not None and target_lang not in languages:
            raise self._unsupported(source_lang, target_lang)
        if source_lang != AUTO and not self._serves(source_lang, target_lang or source_lang):
            raise self._unsupported(source_lang, target_lang or source_lang)
        plans = []
        chosen = self._chooser.choose(texts, source_lang, languages, target_lang)
        for text, (language, warnings) in zip(texts, chosen, strict=True):
            target = target_lang or language
            if language != UNDETERMINED and not self._serves(language, target):
                # It is summarized in its own language: a neighbour that nobody can read fails no request.
                unread = (*warnings, WarningCode.UNSUPPORTED_LANGUAGE)
                plans.append(_Plan(text, language, language, unread, self._extractive))
            else:
                plans.append(_Plan(text, language, target, warnings, self._choose(method, target)))
        return plans

    def _serves(self, source: str, target: str) -> bool:
        if source == target:
            return source in self._router.languages
        return self._router.find(source, target) is not None

    def _unsupported(self, source: str, target: str) -> UnsupportedLanguage:
        supported = tuple((pair.source_lang, pair.target_lang) for pair in self.pairs)
        return UnsupportedLanguage(source, target, supported)

    def _choose(self, method: Method | None, target: str) -> SummaryMethod:
        """The method to use: abstractive where it can be had, but no demo model, which is worthless on real text."""
        if method is Method.EXTRACTIVE:
            return self._extractive
        if method is Method.ABSTRACTIVE:
            if self._abstractive is None:
                raise UnsupportedMethod(method.value, "no abstractive model is installed; use extractive")
            if target not in (ABSTRACTIVE_LANGUAGE, UNDETERMINED):
                raise UnsupportedMethod(
                    method.value, "abstractive summaries are written in English; ask for target_lang en"
                )
            return self._abstractive
        if self._abstractive is None or target != ABSTRACTIVE_LANGUAGE or self._abstractive.info.tier is Tier.DEMO:
            return self._extractive
        return self._abstractive
