"""Laws of segmentation on any string, and its behaviour on very large and very odd ones."""

import re
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.core.types import Span
from service.segmentation.segmenter import SentenceSegmenter

LANGUAGES = ["de", "en", "fr", "und", ""]
EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")

# Pieces of news copy and of trouble, so that random joins meet the rules more often than random characters do.
PIECES = [
    *[
        "Er kam.",
        "am 4. November",
        "z. B.",
        "Dr. ",
        "„Ja!“",
        '"',
        "“",
        "…",
        "...",
        "?!",
        "(!)",
        "[auf]",
        "U.S.",
        "p.m.",
        "I.",
    ],
    *[
        "- ",
        "• ",
        "1. ",
        "a) ",
        ":",
        ";",
        "–",
        " ",
        "  ",
        "\n",
        "\n\n",
        " \n \n ",
        "\r\n",
        "\t",
        "\u00a0",
        "\u2028",
        "\u2029",
    ],
    *[
        "\x85",
        "\x00",
        "\x1c",
        "\x1f",
        "\ufeff",
        "\u200b",
        "\u202eשלום.",
        "مرحبا؟",
        "。",
        "東京",
        "👩‍👩‍👧",
        "e\u0301",
        "🇩🇪",
        "ǅ",
        "İ",
        "ß.",
        "Ⅷ.",
        "٣.",
    ],
]
any_text = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.text(alphabet='aA1.!?…"“„) \n\r-,', max_size=40),
)


def check(text: str, spans: list[Span]) -> None:
    position = 0
    for span in spans:
        assert position <= span.start < span.end
        assert not text[position : span.start].strip()
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        assert not EMPTY_LINE.search(sentence)
        position = span.end
    assert not text[position:].strip()


@settings(deadline=None, max_examples=600)
@given(text=any_text, language=st.sampled_from(LANGUAGES))
@example(text="", language="de")
@example(text=" \n ", language="de")
@example(text="Ende.\r\nAnfang", language="de")
@example(text="A.\n\x0b\nB", language="en")
def test_nothing_but_white_space_is_lost(text: str, language: str) -> None:
    check(text, SentenceSegmenter().sentences(text, language))


@settings(deadline=None, max_examples=200)
@given(parts=st.lists(any_text, min_size=2, max_size=4))
def test_paragraphs_are_segmented_independently(parts: list[str]) -> None:
    """A cached sentence stays valid when another paragraph of the article changes."""
    segmenter = SentenceSegmenter()
    whole = "\n\n".join(parts)
    expected = [part[s.start : s.end] for part in parts for s in segmenter.sentences(part, "de")]
    assert [whole[s.start : s.end] for s in segmenter.sentences(whole, "de")] == expected


MEGABYTE = 1_000_000
LARGE = {
    "dots": ".",
    "dots apart": ". ",
    "quotes": '"',
    "quoted stops": '." ',
    "spaces": " ",
    "line breaks": "\n",
    "blank lines": " \n",
    "one letter": "a",
    "one capital a line": "A\n",
    "numbers": "1. ",
    "titles": "Dr. ",
    "names after quotes": '!" Ann Bea Cid said ',
    "brackets": "([{",
    "prose": "Der Minister sagte am 4. November: „Das ist gut.“ Danach ging er. ",
    "lines of prose": "Der Minister sagte am 4. November in Kiel, dass die Brücke nun\nrepariert wird. Das dauert. ",
}


@pytest.mark.parametrize("name", LARGE)
def test_a_megabyte_of_anything_is_segmented(name: str) -> None:
    """Anything worse than linear time would run into the time limit of the tests."""
    text = LARGE[name] * (MEGABYTE // len(LARGE[name]))
    check(text, SentenceSegmenter().sentences(text, "de"))


def test_long_blanks_before_a_line_break_are_segmented() -> None:
    text = " " * MEGABYTE + "a" + " " * MEGABYTE + "\n" + " " * MEGABYTE + "b"
    assert len(SentenceSegmenter().sentences(text, "de")) == 1


@pytest.mark.parametrize("language", ["de", "en", "und"])
def test_every_code_point_survives(language: str) -> None:
    points = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]
    text = "Ende." + " ".join(points[:0x3000]) + ". " + "".join(points[0x3000:])
    check(text, SentenceSegmenter().sentences(text, language))
