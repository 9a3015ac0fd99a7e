"""Extractive ranking of news sentences without model weights: graph centrality, the lead's weight, editors' cues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.language.lexicons import lexicon
from service.ranking.boilerplate import is_boilerplate
from service.ranking.cues import judge
from service.ranking.features import MAX_CHARACTERS, Features, count_words, extract, stop_words
from service.ranking.support import find_support
from service.ranking.vectors import Floats, TfIdf, centrality

Flags = NDArray[np.bool_]

# A sentence's merit is a weighted sum, in the manner of Edmundson (1969): how central it is (share of the most central
# sentence's weight), how early it comes (1/sqrt(k) for the k-th sentence of the report proper; news puts what matters
# first, the "inverted pyramid", and the first three sentences are a baseline that is hard to beat: Nenkova 2005, See et
# al. 2017), and how much it shares with the opening (cosine with the first sentence, or a headline).
CENTRALITY = 0.45
LEAD = 0.35
OPENING = 0.20

# Picking is greedy by maximal marginal relevance (Carbonell & Goldstein 1998): merit minus REDUNDANCY times the highest
# cosine with what is picked; a first amount and a first denial or refusal to comment are worth a bonus each.
REDUNDANCY = 0.5
ASPECT_BONUS = 0.2
# From here on two sentences say the same: never both.
DUPLICATE_COSINE = 0.72
DUPLICATE_CONTAINMENT = 0.85

BOILERPLATE_SCORE = 0.01
# The graph holds at most this many sentences, which bounds memory: of a longer text the first quarter of the limit, and
# of the rest those with the most distinct long words. The others are scored by position alone, as if never central
# and hardly worth reading, so that a megabyte of lines like "A." costs little.
GRAPH_LIMIT = 5_000
_LONG_WORD = re.compile(r"\w{6,}")
_ALPHANUMERIC = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Analysis:
    """An article, ready to pick from: one figure per sentence in every array. `merit` leaves leaning out of account."""

    matrix: TfIdf
    merit: Floats
    quality: Floats
    leaning: Floats
    figures: Flags
    response: Flags
    boilerplate: Flags
    repeats: dict[int, int]


class TextRankRanker:
    """Implements the port `SentenceRanker`, with the words of each language's lexicon, or without where there is none.

    Deterministic, thread-safe, and linear in the length of the text. Scores lie in 0..1 and compare within one article.
    """

    @property
    def info_id(self) -> str:
        """Stable name of the method."""
        return "extractive-textrank"

    @property
    def revision(self) -> str:
        """To be raised with every change that can alter a score or a pick."""
        return "2"

    def knows(self, language: str) -> bool:
        """Whether the stop words of `language`, a BCP 47 code, are known, with whatever else its lexicon has."""
        return lexicon(language).ranks

    def rank(self, sentences: Sequence[str], language: str) -> list[float]:
        """One finite score in 0..1 per sentence; sentences that lean on the one before it are marked down."""
        if not sentences:
            return []
        analysis = _analyse(sentences, language)
        return [float(score) for score in analysis.merit * analysis.leaning]

    def pick(self, sentences: Sequence[str], language: str, count: int) -> list[int]:
        """At most `count` (but at least one, if any sentence has a word) indices, ascending, without near-duplicates.

        Boilerplate is picked only where there is nothing else. A sentence that opens with a pronoun or a connective is
        marked down unless the sentence before it has been picked.
        """
        if not sentences:
            return []
        analysis = _analyse(sentences, language)
        fresh = np.array([index not in analysis.repeats for index in range(len(sentences))])
        available = fresh & ~analysis.boilerplate
        if not available.any():
            available = fresh & np.array([any(map(str.isalnum, sentence)) for sentence in sentences])
        picked: list[int] = []
        worst_overlap = np.zeros(len(sentences))
        while len(picked) < max(count, 1) and available.any():
            value = _marginal(analysis, picked) - REDUNDANCY * worst_overlap
            best = int(np.argmax(np.where(available, value, -np.inf)))
            picked.append(best)
            cosine = analysis.matrix.similarity(best)
            worst_overlap = np.maximum(worst_overlap, cosine)
            same = (cosine >= DUPLICATE_COSINE) | (analysis.matrix.containment(best) >= DUPLICATE_CONTAINMENT)
            available &= ~same
            available[best] = False
        return sorted(picked)

    def support(self, claim: str, sentences: Sequence[str], language: str) -> list[int]:
        """At most three indices of the sentences that `claim` most likely rests on, best first; `[]` if none does."""
        stops = stop_words(sentences, language)
        article = [extract(sentence, language, stops) for sentence in sentences]
        return find_support(extract(claim, language, stops), article)


def _marginal(analysis: _Analysis, picked: Sequence[int]) -> Floats:
    """Merit of every sentence given those picked: leaning openings excused after them, new aspects rewarded."""
    if not picked:
        return analysis.merit * analysis.leaning
    bonus = np.zeros(len(analysis.merit))
    for aspect in (analysis.figures, analysis.response):
        if not aspect[picked].any():
            bonus += ASPECT_BONUS * aspect
    leaning = analysis.leaning.copy()
    leaning[[index + 1 for index in picked if index + 1 < len(leaning)]] = 1.0
    return (analysis.merit + bonus * analysis.quality) * leaning


def _analyse(sentences: Sequence[str], language: str) -> _Analysis:
    words_of = lexicon(language)
    repeats = _exact_repeats(sentences)
    boilerplate = np.array([is_boilerplate(sentence, words_of) for sentence in sentences])
    in_graph = _graph_members(sentences, repeats, boilerplate)
    stops = stop_words(sentences, language)
    features = [
        extract(sentence, language, stops) if member else Features(words=count_words(sentence))
        for sentence, member in zip(sentences, in_graph, strict=True)
    ]
    wanted = in_graph if len(sentences) > GRAPH_LIMIT else [True] * len(sentences)
    judgements = judge(sentences, features, words_of, wanted)
    boilerplate |= np.array([feature.words == 0 for feature in features])
    matrix = TfIdf(features)

    central = np.where(in_graph, centrality(matrix), 0.0)
    for repeat, first in repeats.items():
        central[repeat] = central[first]
    central /= max(float(central.max()), 1e-12)

    quality = np.array([judged.quality for judged in judgements])
    reported = np.flatnonzero(~boilerplate)
    likeness = matrix.similarity(int(reported[0])) if len(reported) else np.zeros(len(sentences))
    # A headline or a fragment before the lead doesn't take its place.
    counts = np.maximum.accumulate(quality[reported] >= 0.5)
    order = np.maximum(np.cumsum(counts), 1)
    base = CENTRALITY * central[reported] + LEAD / np.sqrt(order) + OPENING * likeness[reported]
    has_word = [any(map(str.isalnum, sentence)) for sentence in sentences]
    merit = np.where(has_word, BOILERPLATE_SCORE, 0.0)
    merit[reported] = quality[reported] * base
    return _Analysis(
        matrix=matrix,
        merit=np.clip(merit, 0.0, 1.0),
        quality=quality,
        leaning=np.array([judged.leaning for judged in judgements]),
        figures=np.array([judged.figures for judged in judgements]),
        response=np.array([judged.response for judged in judgements]),
        boilerplate=boilerplate,
        repeats=repeats,
    )


def _exact_repeats(sentences: Sequence[str]) -> dict[int, int]:
    """Each sentence that repeats an earlier one (but for case, blanks and punctuation), with that earlier one."""
    first: dict[str, int] = {}
    repeats = {}
    for index, sentence in enumerate(sentences):
        key = " ".join(_ALPHANUMERIC.findall(sentence.casefold()))
        if first.setdefault(key, index) != index:
            repeats[index] = first[key]
    return repeats


def _graph_members(sentences: Sequence[str], repeats: dict[int, int], boilerplate: Flags) -> list[bool]:
    """Which sentences the graph holds: all but boilerplate and repeats, up to `GRAPH_LIMIT`."""
    indices = [index for index in range(len(sentences)) if index not in repeats and not boilerplate[index]]
    if len(indices) > GRAPH_LIMIT:
        head, tail = indices[: GRAPH_LIMIT // 4], indices[GRAPH_LIMIT // 4 :]
        richness = {index: len(set(_LONG_WORD.findall(sentences[index][:MAX_CHARACTERS]))) for index in tail}
        tail.sort(key=lambda index: (-richness[index], index))
        indices = head + tail[: GRAPH_LIMIT - len(head)]
    members = set(indices)
    return [index in members for index in range(len(sentences))]
