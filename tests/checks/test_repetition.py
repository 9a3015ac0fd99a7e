"""Loops in the output: what must be flagged, and what must not."""

from __future__ import annotations

import pytest

from service.checks.repetition import longest_loop, repeats

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
        (LONG, "The minister said - - - - - - -", True),
        ("Kapitel 1 . . . . . . . . 7", "Chapter 1 . . . . . . . . 7", False),
    ],
)
def test_repetition_counts_only_where_the_source_does_not_repeat(source: str, target: str, expected: bool) -> None:
    assert repeats(source, target) is expected
