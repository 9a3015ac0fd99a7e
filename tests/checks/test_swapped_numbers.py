from __future__ import annotations

import pytest

from service.checks.swapped_numbers import swapped_numbers
from service.core.enums import Flag, Severity

FIND = swapped_numbers("de", "en")


@pytest.mark.parametrize(
    ("source", "target", "severity"),
    [
        ("Der Anteil stieg von 31 auf 47 Prozent.", "The share rose from 47 to 31 percent.", Severity.MAJOR),
        ("24 Spieler schossen 53 Tore.", "53 players scored 24 goals.", Severity.CRITICAL),
        ("Bayern siegte 3:2 in Köln.", "Bayern won 2:3 in Cologne.", Severity.CRITICAL),
        ("Bayern siegte 3:2 in Köln.", "Bayern won 2-3 in Cologne.", Severity.CRITICAL),
    ],
)
def test_two_numbers_in_each_others_place_are_found(source: str, target: str, severity: Severity) -> None:
    [finding] = FIND(source, target)
    assert (finding.flag, finding.severity) == (Flag.NUMBERS_SWAPPED, severity)
    assert len(finding.source) == len(finding.target) > 0


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Der Anteil stieg von 31 auf 47 Prozent.", "The share rose from 31 to 47 percent."),
        ("In 14 Städten demonstrierten 3.000 Menschen.", "3,000 people demonstrated in 14 cities."),
        ("Bayern siegte 3:2 in Köln.", "Bayern won 3-2 in Cologne."),
        ("Nach dem 3:2 kam das 2:3.", "After the 2-3 came the 3-2."),
        ("Von 2014 bis 2016", "From 2014-2016"),
        ("Das sagte der Torwart nach dem 0:4.", "The goalkeeper said so after the 4-0 defeat."),
        ("Bis 2027 sollen rund 1.200 neue Stellen entstehen.", "Around 1,200 new jobs are to be created by 2027."),
        ("Köln unterlag 1:3.", "Cologne went down 3-1."),
    ],
)
def test_a_sentence_that_is_built_otherwise_passes(source: str, target: str) -> None:
    assert FIND(source, target) == []


def test_its_places_are_the_numbers_as_they_stand_in_each_text() -> None:
    source, target = "24 Spieler schossen 53 Tore.", "53 players scored 24 goals."
    [finding] = FIND(source, target)
    assert [source[span.start : span.end] for span in finding.source] == ["24", "53"]
    assert [target[span.start : span.end] for span in finding.target] == ["53", "24"]


def test_any_pair_has_it() -> None:
    [finding] = swapped_numbers("fr", "en")("La part est passée de 31 à 47.", "The share went from 47 to 31.")
    assert finding.severity is Severity.MAJOR
