"""Cells of tables are segments, and the white space between them stays; prose with odd spaces is still prose."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.types import Span
from service.segmentation.segmenter import SentenceSegmenter


def split(text: str, language: str = "de") -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "Köln\t3",
        "Partei\tStimmen\tAnteil",
        "Partei\tStimmen\tAnteil\nCDU\t12.345\t34,5 %\nDie Linke\t\t3,4 %\niPad\tja\tnein",
        "Stadt\t\tEinwohner\r\nKöln\t\t1,1 Mio.\r\nbonn\t\tweniger als zuvor",
        "Partei      Stimmen   Anteil\nCDU         12.345    34,5 %\nDie Linke   1.234     3,4 %",
        "Partei     Stimmen  Anteil\nCDU         12.345  34,5 %\nDie Linke    1.234   3,4 %",
        "Köln        3\nBerlin     12",
        "Köln   3",
        "Seite 3          Berlin, 4. Mai",
        "Köln\u00a0\u00a0\u00a03",
    ],
)
def test_cells(text: str) -> None:
    assert split(text) == [cell for cell in re.split(r"[\t\r\n]+|[ \u00a0]{2,}", text) if cell]


def test_sentences_in_cells_are_sentences() -> None:
    assert split("Köln\tEs regnet. Die Stadt bleibt leer.\t3") == ["Köln", "Es regnet.", "Die Stadt bleibt leer.", "3"]


def test_prose_around_a_table_stays_prose() -> None:
    text = (
        "Die Stadt Kiel lässt die Hafenbrücke reparieren, wie das Bauamt am\n"
        "Montag mitteilte. So viel kostet es:\n"
        "2024   3 Mio.   Planung\n"
        "2025   5 Mio.   Bau\n"
        "Das ist mehr, als im Haushalt vorgesehen war, wie die Stadt\n"
        "einräumt."
    )
    assert [" ".join(part.split()) for part in split(text)] == [
        "Die Stadt Kiel lässt die Hafenbrücke reparieren, wie das Bauamt am Montag mitteilte.",
        "So viel kostet es:",
        *["2024", "3 Mio.", "Planung", "2025", "5 Mio.", "Bau"],
        "Das ist mehr, als im Haushalt vorgesehen war, wie die Stadt einräumt.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Der  Minister kommt nach Köln.",
        "Der   neue   Minister  sagte am Montag in   Köln, dass er bleibt.",
        "Der  neue Minister  sagte am  Montag in\nKöln,  dass er  trotz allem   bleibt und\nnicht   geht.",
        "•\tHaushalt und Verkehr",
        "1.  Haushalt und Verkehr",
        "a)\tHaushalt und Verkehr",
    ],
)
def test_no_cells(text: str) -> None:
    assert split(text) == [text]


def test_two_spaces_after_a_sentence_are_no_column() -> None:
    text = "He came.  She went to see Dr.  Weber.  Nobody knows why she did that."
    assert split(text, "en") == ["He came.", "She went to see Dr.  Weber.", "Nobody knows why she did that."]


cells = st.text(alphabet="abcÄÖÜ 019.,%€-", max_size=12).map(lambda cell: " ".join(cell.split()))


@settings(deadline=None, max_examples=200)
@given(rows=st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
def test_no_segment_reaches_over_a_tab_or_the_end_of_a_row(rows: list[list[str]]) -> None:
    text = "\n".join("\t".join(["x", *row, "x"]) for row in rows)
    spans = SentenceSegmenter().sentences(text, "de")
    assert not any("\t" in text[span.start : span.end] or "\n" in text[span.start : span.end] for span in spans)
    assert _outside(text, spans).strip("\t\n ") == ""


def _outside(text: str, spans: list[Span]) -> str:
    starts = [0, *(span.end for span in spans)]
    ends = [*(span.start for span in spans), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))
