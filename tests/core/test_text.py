"""The form of text that models see: what is invisible changes nothing, and every place can be found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.text import INVISIBLE, normalize, places

UNSEEN = list("\x00\x08\x7f\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202e\u2060\u2069\ufeff\ufffc")
PIECES = ["Nord", "e\u0301", "\u2011", "\u2212", "5", " ", "\t", "\n", "-\n", "ü", "👩\u200d👧"]
any_text = st.lists(st.sampled_from([*UNSEEN, *PIECES])).map("".join)


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


@given(any_text)
def test_places_ascend_and_point_at_what_is_seen(text: str) -> None:
    form = normalize(text)
    found = places(text, form)
    assert normalize(form) == form
    assert len(found) == len(form)
    assert found == sorted(found)
    assert not any(INVISIBLE.match(text[place]) for place in found)
    assert all(text[place] == character for place, character in zip(found, form, strict=True) if character == "5")
