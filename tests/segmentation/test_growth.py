"""Segmentation takes time in proportion to the text, whatever the text is."""

import pytest

from service.segmentation.segmenter import SentenceSegmenter
from tests.growth import BOUND, growth
from tests.segmentation.test_sentences import LARGE

HOSTILE = LARGE | {
    "closed dates": "27.12.",
    "stops before spaces": "a." + " " * 50,
    "guillemets": "« ! » ",
    "single quotes": ". 's ",
    "elisions": "l'",
    "one long token": "a.",
    "indented lines": "a\n" + " " * 40,
    "carriage returns": "\r",
    "initials": "А. ",
    "list items": "- a\n",
    "wide stops": "。」",
    "tabs": "a\tb\t",
    "rows": "a\tb\n",
    "columns": "ab    12\n",
    "gaps": "a  ",
    "invisible": "a\u200b",
    "invisible alone": "\u200b ",
    "credits": "(dpa) A ",
    "credits unclosed": "(dpa/",
    "keywords": "a/\n",
    "narrow lines": "aber die Stadt Kiel und das Land zahlen\n",
    "small letters": "er geht. ",
    "bylines": "von A\n",
    "bullets": "● ",
}


def repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["de", "fr"])
def test_sentences(name: str, language: str) -> None:
    segmenter = SentenceSegmenter()
    work = lambda text: segmenter.sentences(text, language)  # noqa: E731 - shorter than a function in a function
    assert growth(work, lambda size: repeated(HOSTILE[name], size), 10_000) < BOUND


@pytest.mark.parametrize("unit", ["a", "1", "wort ", "wort, ", "\u0301", "., ", "' ", " ", "a" + " " * 60, ".\t"])
def test_clauses(unit: str) -> None:
    segmenter = SentenceSegmenter()
    work = lambda text: segmenter.clauses(text, "de", lambda part: len(part) <= 300)  # noqa: E731
    assert growth(work, lambda size: repeated(unit, size), 20_000) < BOUND
