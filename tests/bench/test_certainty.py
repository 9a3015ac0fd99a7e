"""The measures of what certainty and second tries are worth."""

from __future__ import annotations

import pytest

from bench.certainty import auroc, spearman
from bench.second_tries import Count


def test_auroc_is_the_share_of_pairs_in_their_right_order() -> None:
    bad = [True, True, False, False]
    assert auroc([1, 2, 3, 4], bad) == 1.0
    assert auroc([4, 3, 2, 1], bad) == 0.0
    assert auroc([1, 3, 2, 4], bad) == 0.75
    assert auroc([1, 1, 1, 1], bad) == 0.5


def test_spearman_is_of_ranks() -> None:
    assert spearman([1, 2, 3], [1, 10, 1000]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)


def test_what_hardly_differs_is_neither_better_nor_worse() -> None:
    count = Count()
    for before, after in ((40.0, 50.0), (40.0, 39.0), (40.0, 40.2)):
        count.add(before, after)
    assert (count.better, count.worse, count.same) == (1, 1, 1)
