"""Ranking takes time in proportion to the text, whatever the text is."""

from __future__ import annotations

import pytest

from service.ranking import textrank
from service.ranking.textrank import TextRankRanker
from tests.growth import BOUND, growth

RANKER = TextRankRanker()
ONE_SENTENCE = [
    "1. ",
    "„",
    "„«",
    '"',
    "x",
    "9",
    "nicht ",
    "half a ",
    "日本",
    "म\u093f",
    "wies ",
    "Jetzt hier ",
    "Von A ",
]
MANY_SENTENCES = [
    "A.",
    "{}.",
    "„{}",
    '"',
    "Von A{}",
    "Er {}.",
    "Der Minister sagte am 4. November zu {} Leuten etwas.",
    "東京{}。",
]


@pytest.mark.parametrize("unit", ONE_SENTENCE)
@pytest.mark.parametrize("language", ["de", "und"])
def test_one_endless_sentence(unit: str, language: str) -> None:
    make = lambda size: ["Der Rat tagt.", unit * (size // len(unit))]  # noqa: E731
    assert growth(lambda sentences: RANKER.pick(sentences, language, 3), make, 20_000) < BOUND


@pytest.mark.parametrize("unit", MANY_SENTENCES)
@pytest.mark.parametrize("language", ["de", "und"])
def test_endless_sentences(unit: str, language: str) -> None:
    make = lambda count: [unit.format(index) for index in range(count)]  # noqa: E731
    assert growth(lambda sentences: RANKER.pick(sentences, language, 3), make, 300) < BOUND


@pytest.mark.parametrize("unit", ["A.", "Er {}.", "Von A{}"])
def test_more_sentences_than_the_graph_holds(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textrank, "GRAPH_LIMIT", 100)
    make = lambda count: [unit.format(index) for index in range(count)]  # noqa: E731
    assert growth(lambda sentences: RANKER.pick(sentences, "de", 3), make, 2_000) < BOUND


def test_support() -> None:
    make = lambda count: [f"Der Minister sagte am Montag zu {index} Leuten etwas." for index in range(count)]  # noqa: E731
    claim = "Der Minister sprach zu 17 Leuten und 23 anderen."
    assert growth(lambda sentences: RANKER.support(claim, sentences, "de"), make, 300) < BOUND
