"""Symbols that are lost or made up, and characters that translators may change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checks.characters import characters
from service.core.enums import Flag, Severity

check = characters("de", "en")
assert check is not None


@pytest.mark.parametrize(
    ("source", "target", "severity"),
    [
        ("Gut gemacht 👍", "Well done � dips", Severity.CRITICAL),
        ("Gut gemacht 👍", "Well done", Severity.MAJOR),
        ("Weiter → Seite 2", "Continue to page 2", Severity.MAJOR),
        ("☐ Ja", "□ Yes", Severity.MAJOR),
        ("Nichts.", "Nothing 🎉.", Severity.MAJOR),
        ("Das Wort.", "The слово.", Severity.MAJOR),
    ],
)
def test_a_symbol_that_changes_is_found(source: str, target: str, severity: Severity) -> None:
    [finding] = check(source, target)
    assert (finding.flag, finding.severity) == (Flag.CHARACTERS_CHANGED, severity)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Gut gemacht 👍", "👍 Well done"),
        ("Herz ❤️ heute", "Heart ❤ today"),
        ("Es sind 20 °C, 5 µg, ½ Liter, 10 € – gut.", "It is 20 degrees, 5 micrograms, half a litre, €10 - fine."),
        ("Владимир sagte nichts.", "Vladimir said nothing."),
        ("„Ja“, sagte Café-Besitzer Øystein Łukasz.", '"Yes," said café owner Øystein Łukasz.'),
        ("Ein weicher\u00adTrenn\u2011strich.", "A soft hyphen."),
    ],
)
def test_what_is_kept_or_written_otherwise_passes(source: str, target: str) -> None:
    assert check(source, target) == []


def test_letters_of_other_scripts_count_between_latin_languages_only() -> None:
    other = characters("ru", "en")
    assert other is not None
    assert other("Слово.", "Word слово.") == []
    assert other("Слово 👍.", "Word.") != []


@given(st.text(max_size=60))
def test_a_text_agrees_with_itself(text: str) -> None:
    assert check(text, text) == []
