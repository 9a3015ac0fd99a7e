"""Characters that nobody sees change no segment; they stay in the text, each inside a segment."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.text import INVISIBLE
from service.segmentation.segmenter import SentenceSegmenter
from tests.segmentation.test_sentences import any_text, check

MARKS = [
    "\x00",
    "\x7f",
    "\x9f",
    "\u00ad",
    "\u200b",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2060",
    "\u2069",
    "\ufeff",
    "\ufffc",
]
TEXT = "Er kam am 4. November.|Sie sagte: „Gut.“|Dr. Weber schwieg.\n\n- Kiel\n- Köln\n\nPartei\tAnteil\nCDU\t3 %"


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, "de")]


@pytest.mark.parametrize("mark", MARKS)
def test_wherever_they_stand_the_segments_are_the_same(mark: str) -> None:
    text = TEXT.replace("|", " ")
    expected = split(text)
    for place in range(len(text) + 1):
        found = [INVISIBLE.sub("", segment) for segment in split(text[:place] + mark + text[place:])]
        assert [segment for segment in found if segment] == expected


@settings(deadline=None, max_examples=300)
@given(text=any_text, places=st.lists(st.tuples(st.integers(0, 80), st.sampled_from(MARKS)), max_size=6))
def test_the_segments_of_what_is_seen_are_those_of_the_text(text: str, places: list[tuple[int, str]]) -> None:
    for place, mark in places:
        text = text[:place] + mark + text[place:]
    spans = SentenceSegmenter().sentences(text, "de")
    check(text, spans)
    found = [INVISIBLE.sub("", text[span.start : span.end]) for span in spans]
    assert [segment for segment in found if segment.strip()] == split(INVISIBLE.sub("", text))
