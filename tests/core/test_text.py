"""The form of text that models see: what is invisible changes nothing, and every place can be found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.text import INVISIBLE, normalize, places

UNSEEN = ["\x00", "\x08", "\x7f", "\x9f", "\u00ad", "\u200b", "\u200e", "\u200f", "\u202e", "\u2060", "\u2069", "\ufeff", "\ufffc"]  # fmt: skip
pieces = st.lists(
    st.sampled_from([*UNSEEN, "Nord", "e\u0301", "\u2011", "\u2212", "5", " ", "\t", "\n", "-\n", "ü", "👩‍👧"])
)


@pytest.mark.parametrize("mark", UNSEEN)
def test_what_is_invisible_changes_nothing(mark: str) -> None:
    text = "Er kam am 4. November."
    assert all(normalize(text[:place] + mark + text[place:]) == text for place in range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("E\u2011Mail", "E-Mail"),
        ("um \u22125 Grad", "um -5 Grad"),
        ("Nordrhein-\nWestfalen", "Nordrhein-Westfalen"),
        ("Vor-\nund Nachteile", "Vor- und Nachteile"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\u202f000\u00a0b", "a 000 b"),
    ],
)
def test_forms(text: str, form: str) -> None:
    assert normalize(text) == form


@given(pieces.map("".join))
def test_places_lie_in_the_text_and_ascend(text: str) -> None:
    form = normalize(text)
    found = places(text, form)
    assert normalize(form) == form
    assert len(found) == len(form)
    assert found == sorted(found)
    assert all(INVISIBLE.match(text[place]) is None and not (text[place].isspace() and not form[index].isspace())
               for index, place in enumerate(found))  # fmt: skip
