from __future__ import annotations

import pytest

from service.checks.number_words import number_words
from service.core.enums import Flag, Severity

from .made import made

FIND, BACK = made(number_words, "de", "en"), made(number_words, "en", "de")


@pytest.mark.parametrize(
    ("source", "target", "severity"),
    [
        ("Zwei Menschen starben.", "Three people died.", Severity.CRITICAL),
        ("Zwei Menschen starben.", "People died.", Severity.MAJOR),
        ("Sie wartete vier Jahre.", "She waited for years.", Severity.MAJOR),
        ("Die Gorillas sind da.", "The two gorillas are there.", Severity.MAJOR),
        ("Zum dritten Mal", "For the fourth time", Severity.CRITICAL),
        ("Ein zehnjähriger Junge", "An eleven-year-old boy", Severity.CRITICAL),
    ],
)
def test_a_word_that_changed_is_found_in_both_directions(source: str, target: str, severity: Severity) -> None:
    for find, one, other in ((FIND, source, target), (BACK, target, source)):
        [finding] = find(one, other)
        assert (finding.flag, finding.severity) == (Flag.NUMBERS_CHANGED, severity)
        assert finding.source or finding.target


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Beide Männer waren da.", "The two men were there."),
        ("Ein Dutzend Leute kamen.", "Twelve people came."),
        ("Zwei Menschen starben.", "2 people died."),
        ("Ein Mensch starb.", "A man died."),
        ("Die Quoten von Nine fielen.", "Nine's ratings fell."),
        ("Auf die Wartezeit achten", "Observe the waiting time"),
        ("Ein dreister Betrug", "A brazen fraud"),
        ("Ein halbes Jahr später", "Six months later"),
        ("Werden E-Mails mitgelesen?", "Are e-mails read by third parties?"),
        ("Der Rat tagte.", "The council met."),
    ],
)
def test_the_same_said_otherwise_passes(source: str, target: str) -> None:
    assert FIND(source, target) == []
    assert BACK(target, source) == []


def test_its_places_are_the_words() -> None:
    source, target = "Am Abend starben zwei Menschen.", "In the evening three people died."
    [finding] = FIND(source, target)
    assert [source[span.start : span.end] for span in finding.source] == ["zwei"]
    assert [target[span.start : span.end] for span in finding.target] == ["three"]


def test_there_is_none_where_number_words_are_not_known() -> None:
    assert number_words("fr", "en") is None
