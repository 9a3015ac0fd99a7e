"""Cache keys and normalization."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.enums import Task
from service.core.text import has_letters, normalize, places
from service.core.types import DecodingOptions
from tests import hostile
from tests.core.test_generation import KEYS, asked, key_of


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text())
def test_different_texts_have_different_keys(first: str, second: str) -> None:
    assert (key_of(first) == key_of(second)) == (first == second)


@pytest.mark.parametrize(
    "change",
    [
        {"task": Task.SUMMARIZATION},
        {"model_id": "other"},
        {"model_digest": "other"},
        {"engine": "transformers"},
        {"compute_type": "float32"},
        {"checks_revision": 2},  # a stricter check must not be hidden by flags that an older one stored
        {"model_id": "toydigest", "model_digest": ""},  # a joined string would collide here
    ],
)
def test_everything_about_the_model_is_in_the_key(change: dict[str, object]) -> None:
    assert replace(KEYS, **change).key(asked("Text")) != key_of("Text")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"source_lang": "nl"},
        {"target_lang": "fr"},
        {"options": DecodingOptions(beam_size=1)},
        {"options": replace(asked("").options, max_length=101)},
        {"beginning": ("The",)},
    ],
)
def test_everything_about_the_input_is_in_the_key(change: dict[str, object]) -> None:
    assert KEYS.key(replace(asked("Text"), **change)) != key_of("Text")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Über  uns\n sagt er",
        " Über uns sagt er ",
        "U\u0308ber uns sagt er",
        "Über uns\u00a0sagt er",
        "Über\u00ad uns sagt er",
    ],
)
def test_layout_and_encoding_do_not_make_another_sentence(text: str) -> None:
    assert normalize(text) == "Über uns sagt er"


def test_case_and_punctuation_make_another_sentence() -> None:
    assert normalize("Nein.") != normalize("nein.") != normalize("Nein!")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", False), ("12,5 %", False), ("—", False), ("_", False), ("ä", True), ("№ 5b", True), ("日", True)],
)
def test_letters(text: str, expected: bool) -> None:
    assert has_letters(text) is expected


AWKWARD = st.text(
    alphabet=st.sampled_from("aeU\u0308\u0301 \n\t\u00ad\u200bÄ가\u1100\u1161\u11a8\u0958\u2126\u00a0.x"), max_size=30
)


@settings(max_examples=300, deadline=None)
@given(st.text() | AWKWARD)
def test_every_place_of_a_form_is_one_of_its_text_in_order(text: str) -> None:
    form = normalize(text)
    found = places(text, form)
    assert len(found) == len(form)
    assert found == sorted(found)
    assert all(0 <= place < len(text) for place in found)


def test_finding_places_is_linear_in_hostile_texts() -> None:
    assert hostile.explosive(lambda text: places(text, normalize(text))) == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Über  uns\n sagt er", "sagt"),
        ("  U\u0308ber uns sagt er", "uns"),
        ("U\u0308ber Ko\u0308ln sagt er", "sagt"),
        ("Über\u00ad uns\u00a0sagt er", "sagt"),
        ("\u1100\u1161\u11a8 und \u0958 und \u2126 sagt er", "sagt"),
    ],
)
def test_a_word_of_a_form_is_found_in_its_text(text: str, word: str) -> None:
    form = normalize(text)
    found = places(text, form)
    start = form.index(word)
    assert text[found[start] : found[start + len(word) - 1] + 1] == word
