"""Languages without a lexicon, or with less of one: ranked all the same, and it is said which are known."""

from __future__ import annotations

import pytest

from service.core.ports import SentenceRanker
from service.ranking.features import extract, stop_words
from service.ranking.textrank import TextRankRanker
from tests.ranking.articles import ALL, COUNCIL_DE, HARBOUR_FIRE_DE

JAPANESE = [
    "政府は月曜日、新しい橋の建設計画を中止すると発表した。",
    "橋の建設計画には約四百億円がかかる見込みだった。",
    "市長は政府の発表に強く反対している。",
    "公園では子どもたちが遊んでいた。",
    "なぜ中止になったのか？",
]
HINDI = [
    "सरकार ने सोमवार को पुल की नई योजना रद्द कर दी।",
    "पुल की योजना पर चार सौ करोड़ रुपये खर्च होने थे।",
    "बच्चे पार्क में खेल रहे थे।",
]
SWEDISH = [
    "Regeringen stoppade på måndagen bygget av den nya bron över sundet.",
    "Bygget av bron över sundet skulle ha kostat 400 miljoner kronor.",
    "Det regnade.",
    "Bron och bygget har länge varit en stridsfråga i regeringen.",
]


def ranker() -> SentenceRanker:
    return TextRankRanker()


@pytest.mark.parametrize("language", ["de", "de-AT", "EN", "fr", "es", "it", "nl", "pl", "uk", "ru", "pt_BR"])
def test_languages_with_a_lexicon_are_known(language: str) -> None:
    assert ranker().knows(language)


@pytest.mark.parametrize("language", ["", "und", "ja", "sv", "xx", "d"])
def test_languages_without_are_not(language: str) -> None:
    assert not ranker().knows(language)


@pytest.mark.parametrize(("article", "language"), [(JAPANESE, "ja"), (HINDI, "hi"), (SWEDISH, "sv")])
def test_the_lead_is_picked_and_what_is_beside_the_point_is_not(article: list[str], language: str) -> None:
    picked = ranker().pick(article, language, 2)
    assert picked[0] == 0
    assert article[picked[1]] not in ("公園では子どもたちが遊んでいた。", "なぜ中止になったのか？", "Det regnade.")


@pytest.mark.parametrize(("article", "language"), ALL)
def test_without_the_lexicon_the_lead_is_still_picked(article: list[str], language: str) -> None:
    lead = 2 if article is COUNCIL_DE else 0
    assert lead in ranker().pick(article, "und", 3)


def test_the_commonest_short_words_are_taken_for_stop_words() -> None:
    guessed = stop_words(HARBOUR_FIRE_DE, "und")
    assert {"der", "in", "die"} <= guessed
    assert "brand" not in guessed
    assert stop_words(HARBOUR_FIRE_DE, "de") is stop_words([], "de")
    assert stop_words([], "und") == frozenset()


def test_a_script_without_spaces_is_read_in_pairs() -> None:
    features = extract("東京は雨。", "ja")
    assert list(features.terms) == ["w:東京", "w:京は", "w:は雨"]
    assert features.words == 2


def test_latin_letters_in_a_script_without_spaces_are_words() -> None:
    assert list(extract("AI技術", "ja").terms) == ["w:ai", "w:技術"]


def test_vowel_signs_belong_to_their_word() -> None:
    assert list(extract("हिन्दी में", "und").terms) == ["w:हिन्दी", "w:में"]


def test_cues_of_one_language_are_not_cues_of_another() -> None:
    """In Danish "I" is a preposition, in Polish "by" a conjunction."""
    lead = "Broen over sundet er lukket efter stormen."
    scores = ranker().rank([lead, "I Odense er broen over sundet også lukket efter stormen."], "da")
    assert scores == ranker().rank([lead, "Å Odense er broen over sundet også lukket efter stormen."], "da")
    assert ranker().pick([lead, "By Lublin Gdynia"], "pl", 2) == [0, 1]
