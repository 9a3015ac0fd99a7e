"""Phrases, numbers and parts of words that an output says twice though its source doesn't."""

from __future__ import annotations

import pytest

from service.checks.repeated_number import repeated_number
from service.checks.repetition import repetition
from service.core.enums import Flag, Severity

phrases = repetition("de", "en")
figures = repeated_number("de", "en")
assert phrases is not None
assert figures is not None


@pytest.mark.parametrize(
    ("source", "target", "again"),
    [
        ("Die Polizei kam am Montag.", "The police came the police came on Monday.", "the police came"),
        ("Er wohnt in der Stadt.", "He lives in the in the city.", "in the"),
        (
            "In der Stadt Ulm brannte am Abend ein Haus.",
            "In the city of Ulm a house burned in the city of Ulm in the evening.",
            "in the city of Ulm",
        ),
        ("Pjöngjang schweigt.", "Pjöjöjöngjang is silent.", "jöjöjö"),
    ],
)
def test_what_is_said_twice_is_found_with_its_place(source: str, target: str, again: str) -> None:
    [finding] = phrases(source, target)
    assert (finding.flag, finding.severity) == (Flag.REPETITION, Severity.MAJOR)
    [span] = finding.target
    assert target[span.start : span.end] == again


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Immer mehr und mehr.", "More and more and more."),
        ("Was es auch ist, es ist gut.", "Whatever it is, it is good."),
        ("Von Stockwerk zu Stockwerk zu gehen ist schwer, sagte sie.", "It is hard to go from floor to floor."),
        ("Die kürzlich erschienenen, schwereren Bände.", "The recently published, heavier volumes."),
        ("Hahaha, sagte er.", "Hahaha, he said."),
        ("Das Land, das Land, das wir lieben.", "The land, the land that we love."),
    ],
)
def test_what_the_source_says_twice_or_a_language_needs_passes(source: str, target: str) -> None:
    assert phrases(source, target) == []


def test_endings_are_no_stutter() -> None:
    into_german = repetition("en", "de")
    assert into_german is not None
    assert into_german("In the novel just out.", "Im gerade erschienenen Roman.") == []
    assert into_german("Heavier people.", "Schwererer Menschen.") == []


def test_a_number_said_again_is_found() -> None:
    source, target = "24 Menschen wurden verletzt.", "24 people were injured by 24 people."
    [finding] = figures(source, target)
    assert (finding.flag, finding.severity) == (Flag.NUMBER_REPEATED, Severity.CRITICAL)
    assert [target[span.start : span.end] for span in finding.target] == ["24", "24"]
    assert [source[span.start : span.end] for span in finding.source] == ["24"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("24 Menschen, davon 24 Kinder.", "24 people, 24 of them children."),
        ("Es sind 11.000 und 11,5.", "There are 11,000 and 11.5."),
        ("Zwei und 2.", "2 and 2."),
    ],
)
def test_a_number_that_the_source_says_as_often_passes(source: str, target: str) -> None:
    assert figures(source, target) == []
