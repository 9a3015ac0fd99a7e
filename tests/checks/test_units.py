from __future__ import annotations

import pytest

from service.checks.units import units
from service.core.enums import Flag, Severity

from .made import made

CHANGED = [
    ("Das kostet 5 Euro.", "That costs 5 dollars."),
    ("Das kostet 5 €.", "That costs $5."),
    ("Der Gewinn stieg auf 1 Million $ im Monat.", "Profits rose to £1m a month."),
    ("Der Euro fiel am Montag.", "The dollar fell on Monday."),
    ("Die Straße ist 10 Kilometer lang.", "The road is 10 miles long."),
    ("Der Tunnel hat einen Querschnitt von 1,20 Meter Höhe.", "The tunnel has a section of 1.20 feet."),
    ("Acht Prozent sind dagegen.", "8 degrees are against it."),
    ("Sie verlor 25 bis 30 Kilogramm.", "She lost 25 to 30 kilometres."),
    ("Es waren -5 Grad am Morgen.", "It was 5 degrees in the morning."),
    ("Am 11. Juni schlossen sie mit 11 Prozent Verlust.", "On June 11 they closed with a loss of 11 degrees."),
]
KEPT = [
    ("Das kostet 5 Euro.", "That costs €5."),
    ("2,5 Mio. US-Dollar wurden gezahlt.", "$2.5m was paid."),
    ("Der Raum misst 20 m².", "The room measures 20 square metres."),
    ("Ein 19-Jähriger fuhr 80 km/h.", "A 19-year-old drove 80 kilometres an hour."),
    ("Es waren -5 Grad.", "It was five degrees below zero."),
    ("Es fiel auf minus 5 Grad.", "It fell to -5 degrees."),
    ("Zwischen 10 und 20 Kilo Mehl", "Between 10 and 20 kilos of flour"),
    ("12 Teilnehmer kamen.", "12 people came."),
    ("Er legte 5 Prozentpunkte zu.", "He gained 5 percent."),
    ("Das Pfund wiegt schwer: 3 Pfund Mehl", "The pound is heavy: 3 pounds of flour"),
    ("Die Eurozone wächst.", "The euro zone is growing."),
]


@pytest.mark.parametrize(("source", "target"), CHANGED)
def test_another_unit_currency_or_sign_is_found_in_both_directions(source: str, target: str) -> None:
    for one, other, texts in (("de", "en", (source, target)), ("en", "de", (target, source))):
        [finding] = made(units, one, other)(*texts)
        assert (finding.flag, finding.severity) == (Flag.UNIT_CHANGED, Severity.CRITICAL)
        assert finding.source
        assert finding.target


@pytest.mark.parametrize(("source", "target"), KEPT)
def test_the_same_said_otherwise_passes(source: str, target: str) -> None:
    for one, other, texts in (("de", "en", (source, target)), ("en", "de", (target, source))):
        assert made(units, one, other)(*texts) == []


def test_its_places_are_the_numbers() -> None:
    source, target = "Am Montag waren es 10 km.", "On Monday it was 10 miles."
    [finding] = made(units, "de", "en-GB")(source, target)
    assert [source[span.start : span.end] for span in finding.source] == ["10"]
    assert [target[span.start : span.end] for span in finding.target] == ["10"]


def test_a_language_whose_units_are_not_known_has_no_check() -> None:
    assert units("fr", "en") is None
