"""Extractive summaries: the article's own best sentences, translated where another language is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.core.enums import Method, Tier, WarningCode
from service.core.findings import moved
from service.core.generation.outputs import Output
from service.core.ports import SentenceRanker
from service.core.router import Route, Router
from service.core.summaries.article import Article, Draft, assemble, verbatim
from service.core.translation.translator import Translator, models_of
from service.core.types import ModelInfo, RequestContext, SummarySentence


@dataclass(frozen=True, slots=True)
class _Selection:
    """The sentences of an article that make its summary: `method` NONE means all of them."""

    article: Article
    method: Method
    indices: Sequence[int]
    warnings: tuple[WarningCode, ...]
    route: Route | None

    @property
    def sentences(self) -> list[str]:
        return [self.article.sentences[index] for index in self.indices]


class Extractive:
    """Picks sentences by centrality. Needs no weights when source and target language are the same."""

    def __init__(self, *, ranker: SentenceRanker, translator: Translator, router: Router) -> None:
        self._ranker = ranker
        self._translator = translator
        self._router = router

    @property
    def info(self) -> ModelInfo:
        """The ranker, as answers name it."""
        return ModelInfo(self._ranker.info_id, self._ranker.revision, "numpy", "float64", Tier.BUILTIN)

    def summarize(self, articles: Sequence[Article], count: int, context: RequestContext) -> list[Draft]:
        """See `SummaryMethod`. Extraction comes first, so only what was picked is translated."""
        return self._render([self._select(article, count) for article in articles], context)

    def unabridged(self, articles: Sequence[Article], context: RequestContext) -> list[Draft]:
        """Articles that are too short to summarize: as they are, or translated."""
        return self._render([self._all_of(article) for article in articles], context)

    def _select(self, article: Article, count: int) -> _Selection:
        picked: Sequence[int] = ()
        if len(article.spans) > count:
            picked = self._ranker.pick(article.sentences, article.language, count)
        if not picked:  # short, or nothing but dashes
            return self._all_of(article)
        known = self._ranker.knows(article.language)
        warnings = () if known else (WarningCode.NEUTRAL_RANKING,)
        return _Selection(article, Method.EXTRACTIVE, picked, warnings, self._route(article))

    def _all_of(self, article: Article) -> _Selection:
        indices = range(len(article.spans))
        return _Selection(article, Method.NONE, indices, (WarningCode.TOO_SHORT,), self._route(article))

    def _route(self, article: Article) -> Route | None:
        return self._router.find(article.language, article.target) if article.language != article.target else None

    def _render(self, selections: Sequence[_Selection], context: RequestContext) -> list[Draft]:
        wanted: dict[Route, list[str]] = {}
        for selection in selections:
            if selection.route is not None:
                wanted.setdefault(selection.route, []).extend(selection.sentences)
        outputs = {route: self._translator.sentences(sentences, route, context) for route, sentences in wanted.items()}
        return [
            self._draft(selection, outputs[selection.route] if selection.route is not None else {})
            for selection in selections
        ]

    def _draft(self, selection: _Selection, outputs: Mapping[str, Output]) -> Draft:
        article, route, warnings = selection.article, selection.route, selection.warnings
        if selection.method is Method.NONE and route is None:
            return Draft(verbatim(article, self.info.id), len(article.spans), 0, (self.info,))
        found = [outputs.get(sentence) for sentence in selection.sentences]
        texts = [
            output.text if output is not None else " ".join(sentence.split())
            for sentence, output in zip(selection.sentences, found, strict=True)
        ]
        if route is not None and route.pivot:
            warnings = (*warnings, WarningCode.PIVOT)
        if any(output is not None and output.suspicious for output in found):
            warnings = (*warnings, WarningCode.SEGMENTS_FLAGGED)
        parts = [
            _sentence(text, article, index, output)
            for text, index, output in zip(texts, selection.indices, found, strict=True)
        ]
        gaps = article.gaps if selection.method is Method.NONE else None  # all of the article, with its paragraphs
        summary = assemble(article, selection.method, self.info.id, parts, article.coverage(), warnings, gaps)
        cached = sum(output.cached for output in found if output is not None)
        if route is None:
            return Draft(summary, len(article.spans), cached, (self.info,))
        summary = replace(summary, translation_model=route.writer.id)
        return Draft(summary, len(article.spans), cached, (self.info, *models_of([route])))


def _sentence(text: str, article: Article, index: int, output: Output | None) -> SummarySentence:
    """A sentence of the article, translated where there is an output, that isn't at its place yet."""
    evidence = article.evidence([index])
    if output is None:
        return SummarySentence(text, 0, len(text), evidence)
    findings = moved(output.findings, article.spans[index].start, 0)
    return SummarySentence(text, 0, len(text), evidence, output.flags, findings, output.certainty)
