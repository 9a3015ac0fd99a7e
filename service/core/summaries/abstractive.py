"""Abstractive summaries: an encoder-decoder writes new sentences, and each is tied to the passages it rests on.

Over-long articles are read in chunks that end at sentences; beyond `max_chunks` windows the most central sentences
are selected first. Nothing is cut silently: `coverage` and the warning "input_selected" say what was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from service.core.enums import Method, WarningCode
from service.core.generation.keys import Input
from service.core.generation.outputs import Output
from service.core.models import LoadedModel, ServedModel
from service.core.ports import Segmenter, SentenceRanker
from service.core.router import Route, Router
from service.core.summaries.article import Article, Draft, assemble, ends_a_sentence
from service.core.summaries.extractive import Extractive
from service.core.text import normalize
from service.core.translation.translator import Translator, models_of
from service.core.types import ModelInfo, RequestContext, SummarySentence

LANGUAGE = "en"

_CHARACTERS_PER_TOKEN = 4.0
"""For text that isn't translated yet. English news has about 4.5 characters per BPE token; 4 errs on the safe side."""

_SPACE_BEFORE_MARK = re.compile(r"\s+([.,!?;:])")


@dataclass(frozen=True, slots=True)
class FactChecks:
    """What a summary claims that its source doesn't have: (claim, source) -> the offending numbers or quotes."""

    numbers: Callable[[str, str], list[str]]
    quotes: Callable[[str, str], list[str]]


@dataclass(slots=True)
class _Reading:
    """An article on its way: the indices of the sentences that are read, these in English, and their chunks."""

    article: Article
    used: list[int]
    route: Route | None
    english: list[str] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)
    warnings: list[WarningCode] = field(default_factory=list)
    cached: int = 0

    @property
    def sentences(self) -> list[str]:
        """The sentences that are read, as they stand."""
        return [self.article.sentences[index] for index in self.used]


class Abstractive:
    """Summarizes English articles, and others through their translation, with one encoder-decoder model.

    The model reads up to `window_tokens` at once; an article of fewer than `min_tokens` comes back as it is. Both
    count source tokens without the special ones.
    """

    def __init__(
        self,
        *,
        model: ServedModel,
        window_tokens: int,
        min_tokens: int,
        max_chunks: int,
        segmenter: Segmenter,
        ranker: SentenceRanker,
        translator: Translator,
        router: Router,
        extractive: Extractive,
        facts: FactChecks,
    ) -> None:
        self._model = model
        self._window = window_tokens
        self._min_tokens = min_tokens
        self._max_chunks = max_chunks
        self._segmenter = segmenter
        self._ranker = ranker
        self._translator = translator
        self._router = router
        self._extractive = extractive
        self._facts = facts

    @property
    def info(self) -> ModelInfo:
        """The model, as answers name it."""
        return self._model.info

    def summarize(self, articles: Sequence[Article], count: int, context: RequestContext) -> list[Draft]:
        """See `SummaryMethod`. All chunks of all articles go through the model together."""
        with self._model.use(context) as loaded:
            costs = [self._costs(article, loaded) for article in articles]
            short = {
                index
                for index, article in enumerate(articles)
                # Models invent from one-liners.
                if len(article.spans) <= count or sum(costs[index]) < self._min_tokens
            }
            readings = {
                index: self._read(article, costs[index]) for index, article in enumerate(articles) if index not in short
            }
            self._translate(list(readings.values()), context)
            for reading in readings.values():
                reading.chunks = self._chunks(reading.english, loaded)
            chunks = dict.fromkeys(chunk for reading in readings.values() for chunk in reading.chunks)
            inputs = [Input(chunk, LANGUAGE, LANGUAGE, loaded.generator.options) for chunk in chunks]
            outputs = {item.text: output for item, output in loaded.generator.generate(inputs, context).items()}
        drafts = {index: self._draft(reading, outputs, count) for index, reading in readings.items()}
        empty = [index for index, draft in drafts.items() if draft is None]
        unwritten = self._extractive.summarize([articles[index] for index in empty], count, context)
        unabridged = self._extractive.unabridged([articles[index] for index in sorted(short)], context)
        drafts |= dict(zip(empty, unwritten, strict=True)) | dict(zip(sorted(short), unabridged, strict=True))
        return [draft for index in range(len(articles)) if (draft := drafts[index]) is not None]

    def _costs(self, article: Article, loaded: LoadedModel) -> list[float]:
        """Tokens of each sentence in English: counted, or estimated where it has to be translated first."""
        if article.language == LANGUAGE:
            return [len(loaded.tokenizer.encode(sentence)) + 1.0 for sentence in article.sentences]
        return [len(sentence) / _CHARACTERS_PER_TOKEN + 1.0 for sentence in article.sentences]

    def _read(self, article: Article, costs: Sequence[float]) -> _Reading:
        """Choose the sentences to read, in order: all, or the most central ones that fill the windows."""
        route = None if article.language == LANGUAGE else self._router.require(article.language, LANGUAGE)
        everything = list(range(len(article.sentences)))
        budget = float(self._window * self._max_chunks)
        if sum(costs) <= budget:
            return _Reading(article, everything, route)
        scores = self._ranker.rank(article.sentences, article.language)
        chosen: list[int] = []
        ranking = sorted(everything, key=lambda index: (-scores[index], index))
        for index in ranking:
            if costs[index] <= budget:
                budget -= costs[index]
                chosen.append(index)
        used = sorted(chosen) or ranking[:1]  # a single sentence beyond all windows is cut by the generator
        warnings = [] if len(used) == len(everything) else [WarningCode.INPUT_SELECTED]
        return _Reading(article, used, route, warnings=warnings)

    def _translate(self, readings: Sequence[_Reading], context: RequestContext) -> None:
        """Fill in the English of every reading."""
        for route in dict.fromkeys(reading.route for reading in readings):
            mine = [reading for reading in readings if reading.route == route]
            if route is None:
                for reading in mine:
                    reading.english = [normalize(sentence) for sentence in reading.sentences]
                continue
            wanted = [sentence for reading in mine for sentence in reading.sentences]
            outputs = self._translator.sentences(wanted, route, context)
            for reading in mine:
                found = [(sentence, outputs.get(sentence)) for sentence in reading.sentences]
                reading.english = [output.text if output is not None else sentence for sentence, output in found]
                reading.cached = sum(output.cached for _, output in found if output is not None)
                if any(output is not None and output.suspicious for _, output in found):
                    reading.warnings.append(WarningCode.SEGMENTS_FLAGGED)
                if route.pivot:
                    reading.warnings.append(WarningCode.PIVOT)

    def _chunks(self, sentences: Sequence[str], loaded: LoadedModel) -> list[str]:
        """Texts of whole sentences that each fit the window, as even in length as that allows."""
        costs = [len(loaded.tokenizer.encode(sentence)) + 1 for sentence in sentences]
        total = sum(costs)
        pieces = -(-total // self._window)
        share = -(-total // max(1, pieces))
        chunks: list[list[str]] = [[]]
        filled = 0
        for sentence, cost in zip(sentences, costs, strict=True):
            if chunks[-1] and (filled + cost > self._window or filled >= share):
                chunks.append([])
                filled = 0
            chunks[-1].append(sentence)
            filled += cost
        return [" ".join(chunk) for chunk in chunks]

    def _draft(self, reading: _Reading, outputs: dict[str, Output], count: int) -> Draft | None:
        """The summary in what the model wrote; None when it wrote nothing that stands."""
        article, warnings = reading.article, reading.warnings
        claims: list[str] = []
        for chunk in reading.chunks:
            claims += self._sentences(outputs[chunk].text, chunk, warnings)
            if outputs[chunk].suspicious:
                warnings.append(WarningCode.SEGMENTS_FLAGGED)
        claims = list(dict.fromkeys(claims))
        if len(reading.chunks) > 1 and len(claims) > count:
            claims = [claims[index] for index in self._ranker.pick(claims, LANGUAGE, count)]
        claims = claims[:count]
        if not claims:
            return None
        source = " ".join((*reading.english, *reading.sentences))
        if any(self._facts.numbers(claim, source) for claim in claims):
            warnings.append(WarningCode.UNSUPPORTED_NUMBER)
        if any(self._facts.quotes(claim, source) for claim in claims):
            warnings.append(WarningCode.UNSUPPORTED_QUOTE)
        parts = [
            SummarySentence(
                claim,
                0,
                len(claim),
                article.evidence(
                    sorted(reading.used[hit] for hit in self._ranker.support(claim, reading.english, LANGUAGE))
                ),
            )
            for claim in claims
        ]
        coverage = article.coverage(reading.used)
        summary = assemble(article, Method.ABSTRACTIVE, self.info.id, parts, coverage, warnings)
        models: tuple[ModelInfo, ...] = (self.info,)
        if reading.route is not None:
            summary = replace(summary, translation_model=reading.route.writer.id)
            models = (self.info, *models_of([reading.route]))
        return Draft(summary, len(article.spans), reading.cached, models)

    def _sentences(self, text: str, chunk: str, warnings: list[WarningCode]) -> list[str]:
        """The complete sentences of a generated text; where there is none, the chunk's own best sentence."""
        clean = _SPACE_BEFORE_MARK.sub(r"\1", " ".join(text.split()))
        sentences = [clean[span.start : span.end] for span in self._segmenter.sentences(clean, LANGUAGE)]
        if sentences and not ends_a_sentence(sentences[-1]):
            sentences.pop()
            warnings.append(WarningCode.SENTENCE_DROPPED)
        if sentences:
            return sentences
        originals = [chunk[span.start : span.end] for span in self._segmenter.sentences(chunk, LANGUAGE)]
        return [originals[index] for index in self._ranker.pick(originals, LANGUAGE, 1)]
