"""The starter model through the real service: what a newcomer gets who has no hub, on real German."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from service.checks.numbers import numbers_changed
from tests.e2e.server import Server
from tests.e2e.test_translate import assert_offsets_hold
from tools.demo_models.corpus import article_pairs, compose, read_pairs

ARTICLES = [compose([pair.source for pair in pairs]) for pairs in article_pairs(read_pairs()).values()]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service as it starts on a fresh machine: nothing chosen, nothing installed."""
    home = tmp_path_factory.mktemp("starter")
    with Server(home, DEPESCHE_PROFILE="auto", DEPESCHE_MODEL_CACHE=str(home / "models")) as running:
        yield running


def test_without_a_newsroom_the_starter_serves_and_says_what_it_is(starter: Server) -> None:
    catalogue = requests.get(starter.url("/v1/models"), timeout=10).json()
    assert (catalogue["profile"], catalogue["models"][0]["tier"]) == ("starter", "starter")
    assert "not for publication" in starter.log.read_text()
    assert starter.translate("Der Ministerpräsident trat zurück.")["models"][0]["tier"] == "starter"


def test_articles_come_back_whole_with_what_is_suspicious_flagged(starter: Server) -> None:
    """Every sentence and paragraph is there, and no changed number goes unmarked."""
    segments = []
    for text in ARTICLES:
        [translation] = starter.translate(text, source_lang="de", include_segments=True)["translations"]
        assert_offsets_hold(text, translation)
        assert translation["text"].count("\n\n") == text.count("\n\n")
        segments += translation["segments"]
    for segment in segments:
        changed = numbers_changed(segment["source"], segment["target"], "de", "en")
        assert ("numbers_changed" in segment["flags"]) == changed
    suspicious = [segment for segment in segments if segment["findings"]]
    assert len(suspicious) <= 0.1 * len(segments)


def test_a_sentence_longer_than_it_was_trained_on_is_translated_in_parts(starter: Server) -> None:
    """And says so; where it loses its way in monotony, that is said, too."""
    places = ["Bremen", "Kassel", "Leipzig", "Passau", "Rostock", "Ulm"]
    clauses = [f"in {places[i % 6]} wurden nach Angaben der Polizei {100 + i} Menschen gezählt" for i in range(24)]
    text = "Bei der Demonstration am Samstag kamen viele Menschen zusammen, " + ", ".join(clauses) + "."
    [translation] = starter.translate(text, source_lang="de", include_segments=True)["translations"]
    assert_offsets_hold(text, translation)
    [segment] = translation["segments"]
    assert "split" in segment["flags"]
    numbers = set(re.findall(r"\d+", text))
    lost = numbers - set(re.findall(r"\d+", translation["text"]))
    assert len(lost) <= 0.5 * len(numbers)
    assert not lost or "numbers_changed" in segment["flags"]


def test_an_english_summary_of_a_german_article_is_extractive_and_translated(starter: Server) -> None:
    answer = starter.summarize(ARTICLES[0], source_lang="de", target_lang="en")
    [summary] = answer["summaries"]
    assert (summary["method"], summary["translation_model"]) == ("extractive", "starter-de-en")
    assert summary["text"] and not re.search(r"\b(?:und|der|die|nicht)\b", summary["text"])
