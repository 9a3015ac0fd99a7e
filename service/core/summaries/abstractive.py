"""Abstractive summaries: an encoder-decoder writes new sentences, and each is tied to the passages it rests on.

Over-long articles are read in chunks that end at sentences; beyond `max_chunks` windows the most central sentences
are selected first. Nothing is cut silently: `coverage` and the warning "input_selected" say what was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.core.enums import SUSPICIOUS
from service.core.generation.generator import CachedGenerator
from service.core.ports import Segmenter, SentenceRanker
from service.core.summaries.assembly import (
    ABSTRACTIVE,
    INPUT_SELECTED,
    SENTENCE_DROPPED,
    UNSUPPORTED_NUMBER,
    UNSUPPORTED_QUOTE,
    Article,
    assemble,
    ends_a_sentence,
)
from service.core.summaries.extractive import Extractive
from service.core.translation.translator import SEGMENTS_FLAGGED, Translator
from service.core.types import ModelInfo, RequestContext, Summary

LANGUAGE = "en"

_CHARACTERS_PER_TOKEN = 4.0
"""For text that isn't translated yet. English news has about 4.5 characters per BPE token; 4 errs on the safe side."""

_SPACE_BEFORE_MARK = re.compile(r"\s+([.,!?;:])")


@dataclass(frozen=True, slots=True)
class FactChecks:
    """What a summary claims that its source doesn't have: (claim, source) -> the offending numbers or quotes."""

    numbers: Callable[[str, str], list[str]]
    quotes: Callable[[str, str], list[str]]


class Abstractive:
    """Summarizes English articles, and others through their translation, with one encoder-decoder model.

    The model reads up to `window_tokens` at once; an article of fewer than `min_tokens` comes back as it is. Both
    count source tokens without the special ones.
    """

    def __init__(
        self,
        *,
        model: ModelInfo,
        generator: CachedGenerator,
        count_tokens: Callable[[str], int],
        window_tokens: int,
        min_tokens: int,
        max_chunks: int,
        segmenter: Segmenter,
        ranker: SentenceRanker,
        translator: Translator,
        extractive: Extractive,
        facts: FactChecks,
    ) -> None:
        self.model = model
        self._generator = generator
        self._count_tokens = count_tokens
        self._window = window_tokens
        self._min_tokens = min_tokens
        self._max_chunks = max_chunks
        self._segmenter = segmenter
        self._ranker = ranker
        self._translator = translator
        self._extractive = extractive
        self._facts = facts

    def __call__(self, article: Article, target: str, count: int, context: RequestContext) -> tuple[Summary, int, int]:
        """See `service.core.summaries.summarizer.Method`."""
        costs = self._costs(article)
        if len(article.spans) <= count or sum(costs) < self._min_tokens:  # models invent from one-liners
            return self._extractive.too_short(article, target, context)
        used = self._select(article, costs)
        warnings: list[str] = [] if len(used) == len(article.spans) else [INPUT_SELECTED]
        english, cached = self._english(article, used, context, warnings)
        chunks = self._chunks(english)
        outcomes = self._generator.generate(list(dict.fromkeys(chunks)), context)
        claims: list[str] = []
        for chunk in chunks:
            claims += self._sentences(outcomes[chunk].text, chunk, warnings)
            if SUSPICIOUS.intersection(outcomes[chunk].flags):
                warnings.append(SEGMENTS_FLAGGED)
        claims = list(dict.fromkeys(claims))
        if len(chunks) > 1 and len(claims) > count:
            claims = [claims[index] for index in self._ranker.pick(claims, LANGUAGE, count)]
        claims = claims[:count]
        if not claims:
            return self._extractive(article, target, count, context)
        source = " ".join((*english, *(article.sentences[index] for index in used)))
        if any(self._facts.numbers(claim, source) for claim in claims):
            warnings.append(UNSUPPORTED_NUMBER)
        if any(self._facts.quotes(claim, source) for claim in claims):
            warnings.append(UNSUPPORTED_QUOTE)
        parts = [
            (claim, article.evidence(sorted(used[hit] for hit in self._ranker.support(claim, english, LANGUAGE))))
            for claim in claims
        ]
        summary = assemble(article, target, ABSTRACTIVE, parts, article.coverage(used), warnings)
        return summary, len(article.spans), cached

    def _costs(self, article: Article) -> list[float]:
        """Tokens of each sentence in English: counted, or estimated where it has to be translated first."""
        if article.language == LANGUAGE:
            return [self._count_tokens(sentence) + 1.0 for sentence in article.sentences]
        return [len(sentence) / _CHARACTERS_PER_TOKEN + 1.0 for sentence in article.sentences]

    def _select(self, article: Article, costs: Sequence[float]) -> list[int]:
        """Indices of the sentences to read, in order: all, or the most central ones that fill the windows."""
        sentences = article.sentences
        budget = float(self._window * self._max_chunks)
        if sum(costs) <= budget:
            return list(range(len(sentences)))
        scores = self._ranker.rank(sentences, article.language)
        chosen: list[int] = []
        ranking = sorted(range(len(sentences)), key=lambda index: (-scores[index], index))
        for index in ranking:
            if costs[index] <= budget:
                budget -= costs[index]
                chosen.append(index)
        return sorted(chosen) or ranking[:1]  # a single sentence beyond all windows is cut by the generator

    def _english(
        self, article: Article, used: Sequence[int], context: RequestContext, warnings: list[str]
    ) -> tuple[list[str], int]:
        """The sentences at `used` in English, and how many translations came from the cache."""
        sentences = article.sentences
        texts = [sentences[index] for index in used]
        if article.language == LANGUAGE:
            return [" ".join(text.split()) for text in texts], 0
        outcomes = self._translator.sentences(texts, context)
        if any(SUSPICIOUS.intersection(outcome.flags) for outcome in outcomes.values()):
            warnings.append(SEGMENTS_FLAGGED)
        english = [outcomes[text].text if text in outcomes else text for text in texts]
        return english, sum(outcomes[text].cached for text in texts if text in outcomes)

    def _chunks(self, sentences: Sequence[str]) -> list[str]:
        """Texts of whole sentences that each fit the window, as even in length as that allows."""
        costs = [self._count_tokens(sentence) + 1 for sentence in sentences]
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

    def _sentences(self, text: str, chunk: str, warnings: list[str]) -> list[str]:
        """The complete sentences of a generated text; where there is none, the chunk's own best sentence."""
        clean = _SPACE_BEFORE_MARK.sub(r"\1", " ".join(text.split()))
        sentences = [clean[span.start : span.end] for span in self._segmenter.sentences(clean, LANGUAGE)]
        if sentences and not ends_a_sentence(sentences[-1]):
            sentences.pop()
            warnings.append(SENTENCE_DROPPED)
        if sentences:
            return sentences
        originals = [chunk[span.start : span.end] for span in self._segmenter.sentences(chunk, LANGUAGE)]
        return [originals[index] for index in self._ranker.pick(originals, LANGUAGE, 1)]
