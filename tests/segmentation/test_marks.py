"""What of a segment is for the model to read: list marks aren't, nor credits; ordinals are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.segmentation.segmenter import SentenceSegmenter

MARKS = ["- ", "– ", "• ", "● ", "■ ", "▶ ", "→ ", "✓ ", "☐ ", "▶️ ", "👉 ", "* ", "> ", "> > ", "## ", "» ", "| ", "★ "]
NUMBERS = [
    "1. ",
    "12. ",
    "1) ",
    "1.) ",
    "(1) ",
    "[1] ",
    "1.2. ",
    "a) ",
    "b)\t",
    "(c) ",
    "iv) ",
    "[ ] ",
    "[x] ",
    "- 1. ",
    "•\t",
]


def content(segment: str, language: str = "de") -> str:
    span = SentenceSegmenter().content(segment, language)
    return segment[span.start : span.end]


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, "de")]


@pytest.mark.parametrize("mark", MARKS + NUMBERS)
def test_a_mark_is_not_content(mark: str) -> None:
    assert content(f"{mark}Renten sichern") == "Renten sichern"


@pytest.mark.parametrize("mark", MARKS + NUMBERS)
def test_whatever_is_a_mark_begins_a_segment(mark: str) -> None:
    lines = [f"{mark}Renten sichern", f"{mark}Steuern senken", f"{mark}Mehr zum Thema"]
    assert split("\n".join(lines)) == lines


def test_a_bullet_begins_a_segment_in_lower_case_too() -> None:
    assert split("Themen\n● mehr Geld\n● weniger Lärm") == ["Themen", "● mehr Geld", "● weniger Lärm"]


@pytest.mark.parametrize(
    "segment",
    [
        "3. Juni: Lesung",
        "1. FC Köln verliert",
        "2. Bundesliga startet",
        "90. Minute: Tor",
        "A. Merkel kommt",
        "-5 Grad",
        "Plan a) ist besser",
        "#Köln feiert",
        "„Das geht“, sagt er",
        "(Der Autor ist Arzt.)",
        "»Das geht«, sagt er",
        "3,5 Prozent mehr",
        "1,5 Mio. Euro",
    ],
)
def test_what_only_looks_like_a_mark_is_content(segment: str) -> None:
    assert content(segment) == segment


def test_numbers_are_marks_where_ordinals_have_no_full_stop() -> None:
    assert content("3. June is hot", "en") == "June is hot"


def test_pluses_around_a_ticker_are_marks() -> None:
    assert content("+++ Brücke gesperrt +++") == "Brücke gesperrt"
    assert content("Kiel gewinnt +++") == "Kiel gewinnt +++"


@pytest.mark.parametrize("credit", ["(dpa)", "(dpa/lno)", "(AFP, Reuters)", "(dpa-infocom)"])
def test_a_credit_has_no_content(credit: str) -> None:
    assert content(credit) == ""


@pytest.mark.parametrize("mark", ["3.", "a)", "•", "- "])
def test_a_mark_alone_has_no_content(mark: str) -> None:
    assert content(mark.strip()) in ("", mark.strip())
    assert not any(letter.isalpha() for letter in content("a)"))


def test_marks_of_direction_hide_no_mark() -> None:
    assert content("\u200e• Renten sichern") == "Renten sichern"


@given(
    segment=st.text(alphabet="aA1. •->)(+\t\n\u200b", max_size=90).map(str.strip),
    language=st.sampled_from(["de", "en"]),
)
def test_content_lies_inside_and_is_bare(segment: str, language: str) -> None:
    span = SentenceSegmenter().content(segment, language)
    assert 0 <= span.start <= span.end <= len(segment)
    part = segment[span.start : span.end]
    assert part == part.strip()
