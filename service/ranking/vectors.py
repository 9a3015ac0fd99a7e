"""TF-IDF rows of an article in compressed sparse form, on numpy alone, and the products that ranking needs.

No sentence-by-sentence matrix is ever formed: similarities are products of the sparse matrix X with vectors, so memory
and time grow with the number of features, not with the square of the number of sentences.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.ranking.features import Features

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Share of the squared length of a row that words and numbers have; character n-grams have the rest.
TERM_SHARE = 0.75
# Similarity that any two sentences of one article have for sharing it. Without this floor, two sentences of a short
# article that share one chance word and little else hold each other up.
BACKGROUND = 0.03


def _sums(groups: Ints, values: Floats, size: int) -> Floats:
    """Sum of `values` per group number, for groups 0 to `size` - 1."""
    return np.bincount(groups, values, minlength=size).astype(np.float64, copy=False)


class TfIdf:
    """Rows of unit length (or zero, for a sentence without features), one per sentence, idf from these sentences.

    tf is sub-linear, 1 + ln(count); idf is smoothed, 1 + ln((1 + n) / (1 + df)) (Manning, Raghavan & Schütze 2008,
    ch. 6; the smoothing keeps the article's own topic words, which stand in most of its sentences, above zero).
    """

    def __init__(self, sentences: Sequence[Features]) -> None:
        self.size = len(sentences)
        self._index: dict[str, int] = {}
        rows, columns, counts = array("q"), array("q"), array("d")
        for row, sentence in enumerate(sentences):
            for group in (sentence.terms, sentence.ngrams):
                for feature, count in group.items():
                    rows.append(row)
                    columns.append(self._index.setdefault(feature, len(self._index)))
                    counts.append(count)
        self._rows: Ints = np.array(rows, dtype=np.int64)
        self._columns: Ints = np.array(columns, dtype=np.int64)
        self.occupied = np.bincount(self._rows, minlength=self.size) > 0
        features = len(self._index)
        frequency = np.bincount(self._columns, minlength=features)
        self.idf: Floats = 1.0 + np.log((1.0 + self.size) / (1.0 + frequency))
        self._is_term = np.array([not feature.startswith("g:") for feature in self._index], dtype=bool)
        weights = (1.0 + np.log(np.array(counts, dtype=np.float64))) * self.idf[self._columns]
        self._weights = self._normalised(weights)
        of_term = self._is_term[self._columns]
        self._term_rows, self._term_columns = self._rows[of_term], self._columns[of_term]
        self._term_mass = _sums(self._term_rows, self.idf[self._term_columns], self.size)

    def _normalised(self, weights: Floats) -> Floats:
        of_term = self._is_term[self._columns]
        scaled = weights.copy()
        for mask, share in ((of_term, TERM_SHARE), (~of_term, 1.0 - TERM_SHARE)):
            squares = _sums(self._rows[mask], weights[mask] ** 2, self.size)
            scaled[mask] *= np.sqrt(share / np.maximum(squares, 1e-12))[self._rows[mask]]
        squares = _sums(self._rows, scaled**2, self.size)
        result: Floats = scaled / np.sqrt(np.maximum(squares, 1e-12))[self._rows]
        return result

    def project(self, values: Floats) -> Floats:
        """Xᵀ·values: one figure per feature."""
        return _sums(self._columns, self._weights * values[self._rows], len(self._index))

    def gather(self, features: Floats) -> Floats:
        """X·features: one figure per sentence."""
        return _sums(self._rows, self._weights * features[self._columns], self.size)

    def similarity(self, row: int) -> Floats:
        """Cosine of sentence `row` with every sentence."""
        start, end = np.searchsorted(self._rows, [row, row + 1])
        features = np.zeros(len(self._index))
        features[self._columns[start:end]] = self._weights[start:end]
        return self.gather(features)

    def containment(self, row: int) -> Floats:
        """Overlap coefficient with sentence `row` by idf mass of terms: 1 when the smaller one adds no term."""
        present = np.zeros(len(self._index))
        present[self._term_columns[self._term_rows == row]] = 1.0
        shared = _sums(self._term_rows, (self.idf * present)[self._term_columns], self.size)
        smaller: Floats = np.minimum(self._term_mass, self._term_mass[row])
        overlap: Floats = np.divide(shared, smaller, out=np.zeros(self.size), where=smaller > 0)
        return overlap

    def weight(self, feature: str) -> float:
        """idf of `feature`; that of a feature which no sentence has is the highest possible."""
        column = self._index.get(feature)
        return 1.0 + math.log(1.0 + self.size) if column is None else float(self.idf[column])

    def overlap(self, features: Counter[str], weights: dict[str, float]) -> Floats:
        """Per sentence, the sum of `weights` over those of `features` that it has."""
        dense = np.zeros(len(self._index))
        for feature in features:
            column = self._index.get(feature)
            if column is not None:
                dense[column] = weights[feature]
        return _sums(self._rows, dense[self._columns], self.size)


def centrality(matrix: TfIdf, *, damping: float = 0.85, tolerance: float = 1e-6, steps: int = 100) -> Floats:
    """Stationary weight of each sentence, summing to 1: continuous LexRank (Erkan & Radev 2004, section 3.3).

    A random walk over the graph whose edges are cosine similarities plus `BACKGROUND`, without self-loops; with
    probability 1 − `damping` (0.85: PageRank, Brin & Page 1998; TextRank, Mihalcea & Tarau 2004) it starts anew.
    """
    size = matrix.size
    if size <= 1:
        return np.ones(size)
    self_loops = matrix.occupied.astype(np.float64)
    degree = matrix.gather(matrix.project(np.ones(size))) - self_loops + BACKGROUND * (size - 1)
    walk = np.full(size, 1.0 / size)
    for _ in range(steps):
        spread = walk / degree
        moved = matrix.gather(matrix.project(spread)) - self_loops * spread + BACKGROUND * (spread.sum() - spread)
        updated = (1.0 - damping) / size + damping * moved
        change = float(np.abs(updated - walk).sum())
        walk = updated
        if change < tolerance:
            break
    total: Floats = walk / walk.sum()
    return total
