"""Lines that other people's tools joined or tore: bylines, names in small letters, keywords, narrow columns."""

import textwrap

import pytest

from bench import wrapping
from service.segmentation.segmenter import SentenceSegmenter

PROSE = (
    "Die Stadt Kiel lässt die Hafenbrücke reparieren, wie das Bauamt am Montag mitteilte. Die Arbeiten beginnen nach "
    "Angaben der Stadt am 4. November und sollen bis zum Frühjahr dauern. Autofahrer müssen mit Umwegen rechnen. Das "
    "sagte die Sprecherin der Stadt, Anna Klein, vor Journalisten im Rathaus."
)


def split(text: str, language: str = "de") -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, language)]


def joined(text: str) -> list[str]:
    return [" ".join(sentence.split()) for sentence in split(text)]


@pytest.mark.parametrize("columns", [28, 34, 40, 45, 50, 60, 72])
def test_wrapped_sentences_survive_at_any_width(columns: int) -> None:
    assert joined("\n".join(textwrap.wrap(PROSE, columns))) == split(PROSE)


@pytest.mark.parametrize(
    "headline", ["Kiel repariert Brücke", "Kiel lässt seine Hafenbrücke nun doch noch in diesem Jahr reparieren"]
)
def test_a_headline_above_narrow_columns_stands_alone(headline: str) -> None:
    text = "\n".join([headline, *textwrap.wrap(PROSE, 40)])
    assert joined(text) == [headline, *split(PROSE)]


@pytest.mark.parametrize(
    "text",
    [
        "Stadtrat stimmt für Neubau\nvon Anna Muster",
        "Stadtrat stimmt für Neubau\nvon Anna Muster und Jan de Wit, dpa",
        "Apple legt zu\niPhone-Verkäufe steigen\neBay verliert",
        "Handel wächst\ndm eröffnet Filialen",
        "Kultur/Sachsen/Museen/\nMuseum gibt Gemälde zurück",
        "Wetter/\nRegen im Norden",
    ],
)
def test_lines_that_are_segments(text: str) -> None:
    assert split(text) == text.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "Das Buch\nvon unserem Korrespondenten Max",
        "Die Stadt Frankfurt/\nMain zahlt",
        "Acht goldene Regeln für das Leben in\nStudentenwohnheimen",
        "Die Freunde der\nKunst",
    ],
)
def test_lines_that_run_on(text: str) -> None:
    assert split(text) == [text]


def test_the_bench_counts_what_survives() -> None:
    lines = [f"{sentence}." for sentence in PROSE.rstrip(".").split(". ") if len(sentence) > 60]
    assert 0 < wrapping.surviving(SentenceSegmenter(), lines, "de", 40, 2) <= 1
    assert wrapping.headlines(["Kiel repariert die Brücke.", "Kurz.", "Kiel repariert die Brücke"]) == [
        "Kiel repariert die Brücke"
    ]
