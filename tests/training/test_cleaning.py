"""Which pairs are fit for training, and the normalization before that."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.cleaning import Cleaner
from training.text import matching_key, normalize, straighten

GOOD = ("Der Bürgermeister hat am Montag drei neue Schulen eröffnet.", "The mayor opened three new schools on Monday.")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        GOOD,
        ("Die Kosten stiegen auf 11.000 Euro.", "Costs rose to 11,000 euros."),
        ("Um 18.30 Uhr war alles vorbei.", "It was all over at 6:30 p.m."),
        ("Ja.", "Yes, it is."),
        ("Angela Merkel", "Angela Merkel"),
    ],
)
def test_keeps_good_pairs(source: str, target: str) -> None:
    assert Cleaner().reason(source, target) is None


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("", "The mayor opened a school.", "empty"),
        ("Der Text\x07 piept und endet.", "The text beeps and ends.", "control characters"),
        ("<b>Der</b> Text ist fett.", "The text is bold.", "markup"),
        ("--- 123 ---", "--- 123 ---", "no words"),
        ("Nein, das geht auf gar keinen Fall so weiter, sagte er.", "No.", "length ratio"),
        (GOOD[0], GOOD[0], "copied"),
        ("The trains are late and nobody told us.", "Nobody said that all of it would be slow.", "wrong language"),
        ("Sie kamen nach Hause.", "Das ist nicht der Weg und sie kamen.", "wrong language"),
        ("Es kamen 300 Menschen.", "Some 500 people came.", "numbers differ"),
        ("wort " * 170, "word " * 170, "too long"),
    ],
)
def test_drops_bad_pairs_and_says_why(source: str, target: str, reason: str) -> None:
    cleaner = Cleaner()
    assert not cleaner.accepts(source, target)
    assert cleaner.dropped == {reason: 1}


def test_a_detector_is_asked_about_longer_texts_only() -> None:
    cleaner = Cleaner(detect=lambda text: "nl")
    assert cleaner.reason("Guten Tag.", "Good day.") is None
    assert cleaner.reason(*GOOD) == "wrong language"


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


def test_normalization_composes_and_drops_what_cannot_be_seen() -> None:
    assert normalize(" u\u0308ber\u00ad\u00a0 11\u202f000 ") == "über 11 000"


def test_matching_key_sees_through_case_spaces_and_punctuation() -> None:
    assert matching_key("„Schön“, sagte er – 3 Mal!") == matching_key('"schön" sagte er 3 mal')
    assert matching_key("schön") != matching_key("schon")


def test_english_quotes_become_straight() -> None:
    assert straighten("“It’s «done»,” she said") == '"It\'s "done"," she said'
