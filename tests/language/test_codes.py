"""Language codes in every spelling that callers send."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.language.codes import canonical


@pytest.mark.parametrize("code", ["de", "DE", "De", "de-DE", "de_DE", "de-AT", "DE_ch", "deu", "ger", "GER", " de "])
def test_german_in_every_spelling(code: str) -> None:
    assert canonical(code) == "de"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("EN-US", "en"),
        ("en_GB", "en"),
        ("eng", "en"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("nld", "nl"),
        ("dut", "nl"),
        ("pt-BR", "pt"),
        ("zh-Hans-CN", "zh"),
        ("iw", "he"),
        ("ukr", "uk"),
        ("ces", "cs"),
        ("cze", "cs"),
        ("gsw", "gsw"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("sr-Latn", "sr"),
    ],
)
def test_codes_of_other_languages(code: str, expected: str) -> None:
    assert canonical(code) == expected


@pytest.mark.parametrize("code", ["auto", "AUTO", "und", "UND", "und-Latn", ""])
def test_undetermined_is_to_be_found_out(code: str) -> None:
    assert canonical(code) == "auto"


@pytest.mark.parametrize("code", ["klingonisch", "x", "xx", "123", "de-", "d e", "deutsch", "ü", "\ud800", "a" * 1000])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError):
        canonical(code)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_anything_is_a_code_or_a_value_error_and_the_answer_is_a_fixed_point(code: str) -> None:
    try:
        found = canonical(code)
    except ValueError:
        return
    assert canonical(found) == found
