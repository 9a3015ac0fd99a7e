"""Extractive summaries: the article's own best sentences, translated where another language is asked for."""

from __future__ import annotations

from service.core.enums import SUSPICIOUS
from service.core.ports import SentenceRanker
from service.core.summaries.assembly import EXTRACTIVE, NONE, TOO_SHORT, Article, assemble, verbatim
from service.core.translation.translator import SEGMENTS_FLAGGED, Translator
from service.core.types import ModelInfo, RequestContext, Summary


class Extractive:
    """Picks sentences by centrality. Needs no weights when source and target language are the same."""

    def __init__(self, *, ranker: SentenceRanker, translator: Translator) -> None:
        self._ranker = ranker
        self._translator = translator

    @property
    def model(self) -> ModelInfo:
        """The ranker, as answers name it."""
        return ModelInfo(self._ranker.info_id, self._ranker.revision, "numpy", "float64", "builtin")

    def __call__(self, article: Article, target: str, count: int, context: RequestContext) -> tuple[Summary, int, int]:
        """See `service.core.summaries.summarizer`. Extraction comes first, so only what was picked is translated."""
        if len(article.spans) <= count:
            return self.too_short(article, target, context)
        picked = self._ranker.pick(article.sentences, article.language, count)
        if not picked:  # nothing but dashes
            return self.too_short(article, target, context)
        return self._render(article, target, EXTRACTIVE, picked, (), context)

    def too_short(self, article: Article, target: str, context: RequestContext) -> tuple[Summary, int, int]:
        """The whole article: as it is, or translated."""
        if article.language == target:
            return verbatim(article, target), len(article.spans), 0
        return self._render(article, target, NONE, list(range(len(article.spans))), (TOO_SHORT,), context)

    def _render(
        self,
        article: Article,
        target: str,
        method: str,
        picked: list[int],
        warnings: tuple[str, ...],
        context: RequestContext,
    ) -> tuple[Summary, int, int]:
        sentences = article.sentences
        texts = {index: " ".join(sentences[index].split()) for index in picked}
        cached = 0
        if article.language != target:
            outcomes = self._translator.sentences([sentences[index] for index in picked], context)
            found = {index: outcomes[sentences[index]] for index in picked if sentences[index] in outcomes}
            texts |= {index: outcome.text for index, outcome in found.items()}
            cached = sum(outcome.cached for outcome in found.values())
            if any(SUSPICIOUS.intersection(outcome.flags) for outcome in found.values()):
                warnings = (*warnings, SEGMENTS_FLAGGED)
        parts = [(texts[index], article.evidence([index])) for index in picked]
        gaps = article.gaps if method == NONE else None  # all of the article, so with its paragraphs
        summary = assemble(article, target, method, parts, article.coverage(), warnings, gaps)
        return summary, len(article.spans), cached
