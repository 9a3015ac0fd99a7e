"""The output checks: what must be flagged, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.checks import check_summary, check_translation, copies, length_is_odd, longest_loop, repeats
from service.core.numbers import numbers_changed

LONG = "Der Minister erklärte am Montag in Berlin, dass die Verhandlungen über den Haushalt weitergehen."


@pytest.mark.parametrize(
    ("words", "loop"), [("a b c", 0), ("a a a", 2), ("a b a b a b", 4), ("x a b c a b c y", 3), ("", 0), ("a", 0)]
)
def test_longest_loop(words: str, loop: int) -> None:
    assert longest_loop(words.split()) == loop


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (LONG, "The minister said that the the the the the the", True),
        (LONG, "He said, he said, he said, he said, he said so.", True),
        (LONG, "The minister declared on Monday in Berlin that talks continue.", False),
        ("Nein, nein, nein, nein, nein, nein!", "No, no, no, no, no, no!", False),
        ("Tor, Tor!", "Goal, goal!", False),
        (LONG, "Aaaaaaaaaaaaaaaaaaaaaaaa", True),
        ("Aaaaaaaaaaaaaaaaaaaaaaaa", "Aaaaaaaaaaaaaaaaaaaaaaaa", False),
    ],
)
def test_repetition_counts_only_where_the_source_does_not_repeat(source: str, target: str, expected: bool) -> None:
    assert repeats(source, target) is expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (LONG, "The minister.", True),
        (LONG, LONG * 3, True),
        (LONG, "", True),
        ("Nein.", "   ", True),
        ("Nein.", "No, he said.", False),
        ("Nein.", "No " * 30, True),
        (LONG, "The minister declared on Monday in Berlin that talks on the budget would continue.", False),
    ],
)
def test_length_ratio(source: str, target: str, expected: bool) -> None:
    assert length_is_odd(source, target) is expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (LONG, LONG, True),
        ("Guten Morgen zusammen", "Guten Morgen zusammen", True),
        ("Borussia Dortmund – FC Bayern München 2:1", "Borussia Dortmund – FC Bayern München 2:1", False),
        ("Berlin", "Berlin", False),
        (LONG, "The minister declared on Monday in Berlin that talks continue.", False),
    ],
)
def test_copied_source_leaves_names_alone(source: str, target: str, expected: bool) -> None:
    assert copies(source, target) is expected


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Es waren 11.000 Soldaten.", "There were 11,000 soldiers."),
        ("Es waren 11 000 Soldaten.", "There were 11,000 soldiers."),
        ("Die Inflation stieg auf 3,5 Prozent.", "Inflation rose to 3.5 percent."),
        ("Am 4. November 2024", "On 4 November 2024"),
        ("Am 04.11.2024", "On November 4, 2024"),
        ("Um 18.30 Uhr", "At 6:30 p.m."),
        ("Um 12 Uhr", "At noon"),
        ("Nach 3 Tagen", "After three days"),
        ("Nach drei Tagen", "After 3 days"),
        ("Im 21. Jahrhundert", "In the 21st century"),
        ("In den 80er-Jahren", "In the 1980s"),
        ("Der 1. Platz", "First place"),
        ("1,2 Milliarden Euro", "1.2 billion euros"),
        ("Er ist 1,80 Meter groß", "He is 1.8 metres tall"),
        ("Fünfzig Menschen", "50 people"),
        ("Der Mann kam.", "The man came."),
    ],
)
def test_numbers_in_another_format_have_not_changed(source: str, target: str) -> None:
    assert not numbers_changed(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Es waren 11.000 Soldaten.", "There were 1,100 soldiers."),
        ("Es waren 11.000 Soldaten.", "There were soldiers."),
        ("Die Inflation stieg auf 3,5 Prozent.", "Inflation rose to 35.1 percent."),
        ("Am 4. November 2024", "On 4 November 2023"),
        ("Der Mann kam.", "The man came in 1987."),
        ("3.000 Soldaten und 5.000 Zivilisten", "3,000 soldiers and 3,000 civilians"),
        ("Um 18.45 Uhr", "At 6:30 p.m."),
    ],
)
def test_changed_lost_and_invented_numbers_are_found(source: str, target: str) -> None:
    assert numbers_changed(source, target)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(), st.booleans())
def test_checks_survive_any_text(source: str, target: str, finished: bool) -> None:
    flags = check_translation(source, target, finished)
    assert len(set(flags)) == len(flags)
    check_summary(source, target, finished)


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"[0-9., ]{1,40}", fullmatch=True))
def test_a_number_never_differs_from_itself(text: str) -> None:
    assert not numbers_changed(text, text)
