"""Summaries through the real service on the demo models."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.server import Server
from tools.demo_models.corpus import article_pairs, compose, read_articles, read_pairs


def assert_evidence_holds(text: str, summary: dict[str, Any]) -> None:
    for sentence in summary["sentences"]:
        assert summary["text"][sentence["start"] : sentence["end"]] == sentence["text"]
        for evidence in sentence["evidence"]:
            assert text[evidence["start"] : evidence["end"]] == evidence["text"]


@pytest.fixture(scope="module")
def german_articles() -> list[str]:
    """The articles that are part of the translation corpus, each a headline, an empty line and the text."""
    return [compose([pair.source for pair in pairs]) for pairs in article_pairs(read_pairs()).values()]


def test_a_german_extract_is_made_of_the_articles_own_sentences(server: Server, german_articles: list[str]) -> None:
    for text in german_articles:
        [summary] = server.summarize(text, source_lang="de", max_sentences=2)["summaries"]
        assert summary["method"] == "extractive"
        assert [sentence["evidence"][0]["text"] for sentence in summary["sentences"]] == [
            sentence["text"] for sentence in summary["sentences"]
        ]
        assert_evidence_holds(text, summary)


def test_an_english_extract_of_a_german_article_is_its_translated_sentences(
    server: Server, german_articles: list[str]
) -> None:
    english = {pair.source: pair.target for pair in read_pairs()}
    answer = server.summarize(german_articles[0], source_lang="de", target_lang="en", method="extractive")
    [summary] = answer["summaries"]
    for sentence in summary["sentences"]:
        assert sentence["text"] == english[sentence["evidence"][0]["text"]]
    assert [model["tier"] for model in answer["models"]] == ["builtin", "demo"]
    assert_evidence_holds(german_articles[0], summary)


def test_the_toy_summarizer_writes_the_summaries_of_its_corpus(server: Server) -> None:
    for article in read_articles():
        answer = server.summarize(article.document, source_lang="en", method="abstractive", max_sentences=5)
        [summary] = answer["summaries"]
        assert summary["text"] == article.summary
        assert (summary["method"], summary["model"]) == ("abstractive", "demo-summarizer-en")
        assert summary["coverage"]["complete"]
        assert_evidence_holds(article.document, summary)


def test_auto_says_which_method_it_took(server: Server) -> None:
    text = read_articles()[0].document
    assert server.summarize(text)["summaries"][0]["method"] == "extractive"


def test_a_short_text_comes_back_unchanged(server: Server) -> None:
    [summary] = server.summarize("Der Ministerpräsident trat zurück.")["summaries"]
    assert summary["text"] == "Der Ministerpräsident trat zurück."
    assert summary["warnings"] == ["too_short"]


def test_an_article_longer_than_the_window_is_covered_and_ends_with_a_sentence(server: Server) -> None:
    text = "\n\n".join(article.document for article in read_articles()) * 3
    [summary] = server.summarize(text, source_lang="en", method="abstractive", max_sentences=4)["summaries"]
    assert summary["text"][-1] in '.!?”"'
    assert summary["coverage"]["characters"] == len(text)
    assert summary["coverage"]["complete"] == ("input_selected" not in summary["warnings"])
    assert_evidence_holds(text, summary)
