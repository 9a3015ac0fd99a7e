"""The reader of numbers: what each language writes, and what any does."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.language.numbers import canonical, find_numbers, may_hold_amounts, read_numbers
from tests import hostile


def readings(text: str, language: str) -> list[str]:
    """Each number as its surface and its readings: "6.30: 6 30 | 18 30"."""
    return [
        f"{number.surface}: {' | '.join(' '.join(map(canonical, reading)) for reading in number.readings)}"
        for number in find_numbers(text, language)
        if not number.article
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,56 Euro", ["1.234,56: 1234.56"]),
        ("11.000 und 11 000 und 11\u202f000", ["11.000: 11000", "11 000: 11000", "11\u202f000: 11000"]),
        ("auf 10 188,13 Punkte", ["10 188,13: 10188.13"]),
        ("0.125 Gramm, 0,125 Gramm", ["0.125: 0.125", "0,125: 0.125"]),
        ("1,500", ["1,500: 1.5 | 1500"]),
        ("CHF 1'200'000", ["1'200'000: 1200000"]),
        ("zweihundertfünfzig", ["zweihundertfünfzig: 250"]),
        ("Einundzwanzigtausenddreihundert", ["Einundzwanzigtausenddreihundert: 21300"]),
        ("zweitausend", ["zweitausend: 2000"]),
        ("neunzehnhundertachtundneunzig", ["neunzehnhundertachtundneunzig: 1998"]),
        ("zweieinhalb", ["zweieinhalb: 2.5"]),
        ("ein fünfjähriger Junge, zehnmal", ["fünfjähriger: 5", "zehnmal: 10"]),
        ("im vierten und zwanzigsten", ["vierten: 4", "zwanzigsten: 20"]),
        ("Dreieck, Vierung, zuerst, erste, zweite", []),
        ("Achtung, Einfahrt, einige Wälder", []),
        ("1,2 Mio. Euro", ["1,2 Mio: 1200000"]),
        ("3 Billionen, 5 Mrd, 2 Tsd", ["3 Billionen: 3000000000000", "5 Mrd: 5000000000", "2 Tsd: 2000"]),
        ("eine halbe Million", ["halbe Million: 500000"]),
        ("anderthalb Millionen", ["anderthalb Millionen: 1500000"]),
        ("eine Milliarde", ["eine Milliarde: 1000000000"]),
        ("zwei Dutzend", ["zwei Dutzend: 24"]),
        ("2 bis 3 Millionen", ["2: 2 | 2000000", "3 Millionen: 3000000"]),
        ("5 bis 7 Prozent", ["5: 5", "7 Prozent: 7"]),
        ("3,5 %", ["3,5 %: 3.5"]),
        ("2 1/2 Stunden, 2½ Stunden", ["2 1/2: 2.5", "2½: 2.5"]),
        ("am 4.11.2024", ["4.11.2024: 4 11 2024"]),
        ("um 18.30 Uhr", ["18.30: 18 30"]),
        ("um 18.00 Uhr", ["18.00: 18 0 | 18"]),
        ("80er-Jahre", ["80: 80 | 1980 | 2080 | 1880"]),
        ("Saison 2014/15", ["2014: 2014", "15: 15 | 2015"]),
        ("im 19. Jahrhundert", ["19: 19 | 1800"]),
        ("60 m2 und CO2", ["60: 60"]),
        ("100-m-Lauf", ["100: 100"]),
    ],
)
def test_german(text: str, expected: list[str]) -> None:
    assert readings(text, "de") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.56 euros", ["1,234.56: 1234.56"]),
        ("1.234 seconds", ["1.234: 1.234"]),
        ("two hundred and fifty thousand", ["two hundred and fifty thousand: 250000"]),
        ("Twenty-one", ["Twenty-one: 21"]),
        ("the twenty-first", ["twenty-first: 21"]),
        ("between five and twenty", ["five: 5", "twenty: 20"]),
        ("the third, the 4th", ["third: 3", "4: 4"]),
        ("first, second, sevens, twenties, tenants", []),
        ("a hundred and ten thousand", ["hundred and ten thousand: 110000"]),
        ("a hundred, one hundred", ["hundred: 100", "one hundred: 100"]),
        ("$5bn, €1.2m, 200k", ["5bn: 5000000000", "1.2m: 1200000 | 1.2", "200k: 200000 | 200"]),
        ("half a million, half-a-billion", ["half a million: 500000", "half-a-billion: 500000000"]),
        ("two and a half million", ["two and a half million: 2500000"]),
        ("one and a half", ["one and a half: 1.5"]),
        ("a dozen, two dozen", ["a dozen: 12", "two dozen: 24"]),
        ("a billion", ["a billion: 1000000000"]),
        ("5 hundred million", ["5 hundred million: 500000000"]),
        ("at 6.30 pm, 6:30 p.m., 6 a.m.", ["6.30: 6 30 | 18 30", "6: 6 | 18", "30: 30", "6: 6"]),
        ("the 1980s, the '80s", ["1980: 1980 | 80", "80: 80 | 1980 | 2080 | 1880"]),
        ("the 19th century", ["19: 19 | 1800"]),
        ("5 per cent, seven percent", ["5 per cent: 5", "seven percent: 7"]),
    ],
)
def test_english(text: str, expected: list[str]) -> None:
    assert readings(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234", ["1.234: 1234 | 1.234"]),
        ("1,5 et 1.5", ["1,5: 1.5", "1.5: 1.5 | 1 5"]),
        ("1.234,5 et 1,234.5", ["1.234,5: 1234.5", "1,234.5: 1234.5"]),
        ("11 000 et 11\u00a0000", ["11 000: 11000", "11\u00a0000: 11000"]),
        ("3,5 %", ["3,5 %: 3.5"]),
        ("٣٤ و ١٬٢٣٤ و ٣٫٥", ["٣٤: 34", "١٬٢٣٤: 1234 | 1.234", "٣٫٥: 3.5"]),
        ("seven, sieben, sept", []),
    ],
)
def test_any_language(text: str, expected: list[str]) -> None:
    assert readings(text, "fr") == expected


def test_a_region_has_its_language() -> None:
    assert readings("zwölf", "de-AT") == readings("zwölf", "de") == ["zwölf: 12"]


def test_words_that_are_no_numerals_are_hints() -> None:
    hints = read_numbers("Die Top Ten im Achtelfinale am Mittag des ersten Dezember", "de").hints
    assert {Decimal(value) for value in (10, 16, 12, 1)} <= hints
    assert {Decimal(90), Decimal("1.5")} <= read_numbers("an hour and a half", "en").hints


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(["de", "en", "fr"]))
def test_numbers_stand_in_order_where_they_say(text: str, language: str) -> None:
    numbers = find_numbers(text, language)
    assert all(text[number.start : number.end] == number.surface for number in numbers)
    assert all(one.end <= other.start for one, other in itertools.pairwise(numbers))
    if any(not number.spelled for number in numbers):
        assert may_hold_amounts(text, language)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**15), st.integers(0, 99))
def test_each_convention_reads_what_it_writes(whole: int, cents: int) -> None:
    value = Decimal(whole) + Decimal(cents) / 100
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert value in find_numbers(english, "en")[0].values
    assert value in find_numbers(german, "de")[0].values
    assert value in find_numbers(english, "und")[0].values
    assert value in find_numbers(german, "und")[0].values


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_work_is_linear_in_hostile_texts(language: str) -> None:
    assert hostile.explosive(lambda text: read_numbers(text, language)) == {}


@pytest.mark.parametrize("piece", hostile.PIECES)
def test_no_piece_makes_the_reader_stumble(piece: str) -> None:
    for language in ("de", "en", "fr"):
        read_numbers(piece * 5000, language)
