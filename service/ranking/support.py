"""Finds the article sentences that a summary sentence rests on: weighted overlap of words, names and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from service.ranking.features import Features, number_terms
from service.ranking.vectors import TfIdf

MAX_SENTENCES = 3
# A claim's terms weigh their idf times these; its n-grams together weigh at most NGRAM_MASS of its terms.
NUMBER_BOOST = 2.5
NAME_BOOST = 1.6
NGRAM_MASS = 0.35
NGRAMS_PER_TERM = 4  # where a claim has fewer, its few n-grams don't get the weight of many
# The best sentence must cover this share of the claim's mass, and a further one add that share.
MIN_COVER = 0.33
MIN_GAIN = 0.15
# A sentence must share this many terms (or all there are): one name alone says nothing about what is claimed. A long
# word, in German mostly a compound, counts as two.
MIN_TERMS = 2
LONG_TERM = len("w:") + 12
# Of two sentences that cover the same, the tighter one: this much of the cosine is added to the cover.
COSINE_SHARE = 0.15


def find_support(claim: Features, sentences: Sequence[Features]) -> list[int]:
    """At most three indices, best first: greedy cover of the claim's mass, numbers first where any are uncovered.

    `[]` when no sentence covers a third of the claim. Numbers of the claim that stand in some sentence are covered by
    the answer as far as three sentences can.
    """
    weights = _claim_weights(claim, TfIdf(sentences))
    total = sum(weights.values())
    if total <= 0 or not sentences:
        return []
    matrix = TfIdf([*sentences, claim])
    closeness = COSINE_SHARE * matrix.similarity(len(sentences))[:-1]
    remaining = dict(weights)
    numbers = [number_terms(number) for number in claim.numbers]
    picked: list[int] = []
    while len(picked) < MAX_SENTENCES:
        gain = matrix.overlap(Counter(remaining), remaining)[:-1] / total
        fresh = np.array([sum(_has(feature, number) for number in numbers) for feature in sentences])
        shared = np.array([sum(_breadth(term) for term in remaining if term in feature.terms) for feature in sentences])
        gain[(shared < min(MIN_TERMS, sum(map(_breadth, claim.terms)))) & (fresh == 0)] = 0.0
        gain[picked] = 0.0
        fresh[picked] = 0
        worth = gain + closeness * (gain > 0) + fresh * (1.0 if picked else 0.0)
        best = int(np.argmax(worth))
        if gain[best] < (MIN_GAIN if picked else MIN_COVER) and not (picked and fresh[best]):
            break
        picked.append(best)
        found = sentences[best]
        remaining = {term: w for term, w in remaining.items() if term not in found.terms and term not in found.ngrams}
        numbers = [number for number in numbers if not _has(found, number)]
        if not remaining:
            break
    return picked


def _has(feature: Features, number: Sequence[str]) -> bool:
    return any(term in feature.terms for term in number)


def _breadth(term: str) -> int:
    return 2 if len(term) >= LONG_TERM else 1


def _claim_weights(claim: Features, article: TfIdf) -> dict[str, float]:
    weights: dict[str, float] = {}
    for term in claim.terms:
        boost = NUMBER_BOOST if term.startswith("n:") else NAME_BOOST if term in claim.names else 1.0
        weights[term] = boost * article.weight(term)
    mass = sum(weights.values())
    share = NGRAM_MASS * mass / max(len(claim.ngrams), NGRAMS_PER_TERM * len(claim.terms), 1)
    return weights | dict.fromkeys(claim.ngrams, share)
