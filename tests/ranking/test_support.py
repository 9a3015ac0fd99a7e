"""Evidence: which sentences a summary sentence rests on."""

from __future__ import annotations

import pytest

from service.ranking.textrank import TextRankRanker
from tests.ranking.articles import ALL, FERRY_EN, HARBOUR_FIRE_DE, TELESCOPE_EN

RANKER = TextRankRanker()


@pytest.mark.parametrize(
    ("claim", "article", "language", "best"),
    [
        ("Die Feuerwehr war mit etwa 120 Kräften gegen die Flammen im Einsatz.", HARBOUR_FIRE_DE, "de", 2),
        ("Ein 34-Jähriger bestreitet, den Brand gelegt zu haben.", HARBOUR_FIRE_DE, "de", 5),
        ("Es entstand ein Schaden von 3.500.000 Euro.", HARBOUR_FIRE_DE, "de", 7),
        ("Passengers will get a refund or can take the southern route.", FERRY_EN, "en", 9),
        ("Some 2100 union members will be asked to vote on a strike.", FERRY_EN, "en", 6),
        ("The survey cost $8.4m and covered a quarter of the sky.", TELESCOPE_EN, "en", 7),
        ("Pelham researchers doubt the comet was here before.", TELESCOPE_EN, "en", 5),
    ],
)
def test_the_right_sentence_comes_first(claim: str, article: list[str], language: str, best: int) -> None:
    assert RANKER.support(claim, article, language)[0] == best


@pytest.mark.parametrize(("article", "language"), ALL)
def test_every_sentence_of_the_article_rests_on_itself(article: list[str], language: str) -> None:
    for index, sentence in enumerate(article):
        if len(sentence.split()) >= 6:
            assert RANKER.support(sentence, article, language)[0] == index


def test_a_claim_joined_from_two_sentences_rests_on_both() -> None:
    claim = "Nordline closes the route from Harwick to Esterby, cutting 430 jobs; the last sailing is on 30 September."
    assert set(RANKER.support(claim, FERRY_EN, "en")[:2]) == {0, 2}


def test_all_numbers_of_a_claim_are_covered_where_the_article_has_them() -> None:
    claim = "At Nordline 430 jobs will go, freight is down 18% and 12,000,000 pounds went to shareholders."
    found = RANKER.support(claim, FERRY_EN, "en")
    assert {0, 1, 4} == set(found)


def test_a_claim_about_something_else_rests_on_nothing() -> None:
    assert RANKER.support("Der Zoo hat ein junges Nashorn bekommen.", HARBOUR_FIRE_DE, "de") == []
    assert RANKER.support("Parliament passed a new budget for schools.", FERRY_EN, "en") == []
    assert RANKER.support("", FERRY_EN, "en") == []
    assert RANKER.support("It is what it is.", FERRY_EN, "en") == []
