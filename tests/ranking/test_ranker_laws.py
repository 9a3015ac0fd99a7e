"""Laws that hold for any strings, and for long articles."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.ranking import textrank
from service.ranking.textrank import TextRankRanker
from tests.ranking.articles import ALL, FERRY_EN, HARBOUR_FIRE_DE

RANKER = TextRankRanker()
MARKS = st.sampled_from(
    ["„", "“", '"', "»", "«", "...", "1.2", "%", "Foto:", "Er", "nicht", "?", "\n", "ß", "\ud83d\ude00"]
)
LOOSE = st.lists(MARKS | st.text(max_size=12), max_size=8).map(" ".join)
SENTENCE = st.text(max_size=60) | LOOSE | st.sampled_from(HARBOUR_FIRE_DE + FERRY_EN)
SENTENCES = st.lists(SENTENCE, max_size=12)
LANGUAGE = st.sampled_from(["de", "en", "und"])


@settings(deadline=None, max_examples=150)
@given(SENTENCES, LANGUAGE)
def test_scores_are_finite_and_between_zero_and_one(sentences: list[str], language: str) -> None:
    scores = RANKER.rank(sentences, language)
    assert len(scores) == len(sentences)
    assert all(math.isfinite(score) and 0.0 <= score <= 1.0 for score in scores)


@settings(deadline=None, max_examples=150)
@given(SENTENCES, LANGUAGE, st.integers(-2, 15))
@example(["0", "0"], "de", 0)
def test_picks_ascend_are_unique_and_respect_the_count(sentences: list[str], language: str, count: int) -> None:
    picked = RANKER.pick(sentences, language, count)
    assert picked == sorted(set(picked))
    assert len(picked) <= max(count, 1)
    assert all(0 <= index < len(sentences) for index in picked)
    some_word = any(character.isalnum() for sentence in sentences for character in sentence)
    assert bool(picked) == some_word
    texts = [sentences[index].casefold().split() for index in picked]
    assert all(texts.count(text) == 1 for text in texts)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(HARBOUR_FIRE_DE), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_repeats_cannot_change_what_is_said(sentences: list[str], random) -> None:  # type: ignore[no-untyped-def]
    """Any repeats of one text, wherever they stand, leave one copy of it among unlimited picks."""
    doubled = sentences + sentences
    random.shuffle(doubled)
    picked = [doubled[index] for index in RANKER.pick(doubled, "de", 50)]
    assert len(picked) == len(set(picked))
    assert set(picked) <= set(sentences)


@settings(deadline=None, max_examples=100)
@given(SENTENCE, SENTENCES, LANGUAGE)
def test_support_is_at_most_three_known_sentences(claim: str, sentences: list[str], language: str) -> None:
    found = RANKER.support(claim, sentences, language)
    assert len(found) == len(set(found)) <= 3
    assert all(0 <= index < len(sentences) for index in found)


@pytest.mark.parametrize(("article", "language"), ALL)
def test_results_are_the_same_from_many_threads(article: list[str], language: str) -> None:
    expected = RANKER.rank(article, language)
    with ThreadPoolExecutor(8) as pool:
        assert all(
            scores == expected for scores in pool.map(lambda _: TextRankRanker().rank(article, language), range(32))
        )


def test_beyond_the_limit_of_the_graph_all_sentences_still_get_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textrank, "GRAPH_LIMIT", 8)
    article = [f"{sentence[:-1]} in Abschnitt {part}." for part in range(4) for sentence in HARBOUR_FIRE_DE]
    scores = RANKER.rank(article, "de")
    assert len(scores) == len(article)
    assert min(scores) > 0
    assert RANKER.pick(article, "de", 3)[0] == 0


@pytest.mark.parametrize(
    "junk", ["„" * 50_000, '"' * 50_000, "x" * 200_000, "9" * 50_000, "nicht " * 20_000, "half a " * 9_000]
)
def test_text_that_is_no_prose_is_survived(junk: str) -> None:
    """Such text makes careless patterns take quadratic time; the suite's time-out would tell."""
    assert RANKER.pick([junk, *HARBOUR_FIRE_DE], "de", 3)


def test_an_article_of_two_thousand_sentences() -> None:
    article = [f"{sentence[:-1]} und {number} weitere." for number in range(167) for sentence in HARBOUR_FIRE_DE]
    assert len(article) > 2_000
    picked = RANKER.pick(article, "de", 5)
    assert picked[0] == 0
    assert len(picked) == 5
