"""The sparse arithmetic against the same formulas written out densely."""

from __future__ import annotations

import numpy as np
import pytest

from service.ranking.features import extract
from service.ranking.vectors import BACKGROUND, TfIdf, centrality
from tests.ranking.articles import ALL


def dense(matrix: TfIdf) -> np.ndarray:
    return np.array([matrix.similarity(row) for row in range(matrix.size)])


@pytest.mark.parametrize(("article", "language"), ALL)
def test_similarities_are_cosines(article: list[str], language: str) -> None:
    similarity = dense(TfIdf([extract(sentence, language) for sentence in article]))
    assert np.allclose(similarity, similarity.T)
    assert np.allclose(np.diag(similarity), 1.0)
    assert similarity.min() >= 0.0
    assert similarity.max() <= 1.0 + 1e-9


@pytest.mark.parametrize(("article", "language"), ALL)
def test_centrality_is_the_stationary_distribution_of_the_walk(article: list[str], language: str) -> None:
    matrix = TfIdf([extract(sentence, language) for sentence in article])
    edges = (dense(matrix) + BACKGROUND) * (1.0 - np.eye(matrix.size))
    walk = 0.15 / matrix.size + 0.85 * edges / edges.sum(axis=1, keepdims=True)
    values, vectors = np.linalg.eig(walk.T)
    stationary = np.abs(vectors[:, np.argmax(values.real)].real)
    assert np.allclose(centrality(matrix), stationary / stationary.sum(), atol=1e-5)


def test_compounds_and_inflections_meet() -> None:
    """Without character n-grams these two share no feature: Snowball's stems are "nordkoreas" and "nordkorean"."""
    matrix = TfIdf(
        [extract(text, "de") for text in ("Nordkoreas Truppen", "nordkoreanische Soldaten", "Wetterbericht")]
    )
    assert matrix.similarity(0)[1] > 0.05
    assert matrix.similarity(0)[2] == 0.0


def test_numbers_meet_in_any_notation() -> None:
    matrix = TfIdf([extract("1,2 Millionen", "de"), extract("1.200.000", "de"), extract("1.300.000", "de")])
    assert matrix.similarity(0)[1] == pytest.approx(1.0)
    assert matrix.similarity(0)[2] == 0.0
