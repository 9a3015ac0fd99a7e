"""Times of day of a translation against those of its source: what must be flagged, and what must not."""

from __future__ import annotations

import pytest

from service.checks.times import times
from service.core.enums import Flag, Severity
from service.core.types import Span

from .made import made

GOOD = (
    ("Um 14 Uhr begann es.", "It began at 2 p.m."),
    ("Um 14 Uhr begann es.", "It began at 2pm."),
    ("Um 14.30 Uhr begann es.", "It began at 2:30 PM."),
    ("Um 14 Uhr begann es.", "It began at 14:00."),
    ("Um 0.30 Uhr", "At 12:30 a.m."),
    ("Um 8 Uhr abends", "At 8 p.m."),
    ("Um 8 Uhr morgens", "At 8 o'clock in the morning"),
    ("Um halb sieben", "At half past six"),
    ("Um 12 Uhr", "At noon"),
    ("Um 24 Uhr", "At midnight"),
    ("Von 9 bis 17 Uhr", "From 9 a.m. to 5 p.m."),
    ("Um 14 Uhr", "At 2 p.m. (8 a.m. EST)"),
    ("Es stand 2:30 am Ende.", "It was 2-30 at the end."),
    ("I am 14.", "Ich bin 14."),
    ("Er kam um 9 Uhr.", "He came in the morning."),
)


@pytest.mark.parametrize(("german", "english"), GOOD)
def test_the_same_time_on_another_clock_passes(german: str, english: str) -> None:
    to_english, to_german = made(times, "de", "en"), made(times, "en", "de")
    assert to_english(german, english) == []
    assert to_german(english, german) == []


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Um 14 Uhr begann es.", "It began at 2 a.m."),
        ("Um 0.30 Uhr begann es.", "It began at 0:30 p.m."),
        ("Um 9 Uhr begann es.", "It began at 9 p.m."),
        ("Um 21.15 Uhr begann es.", "It began at 9:15 am."),
        ("Um 21 Uhr begann es.", "It began at 9 o'clock in the morning."),
        ("Um 8 Uhr abends begann es.", "It began at 8 a.m."),
        ("Um 15 Uhr begann es.", "It began at 5 p.m."),
        ("Um 12 Uhr begann es.", "It began at midnight."),
    ],
)
def test_another_half_of_the_day_is_found(german: str, english: str) -> None:
    to_english, to_german = made(times, "de", "en"), made(times, "en", "de")
    assert [(each.flag, each.severity) for each in to_english(german, english)] == [
        (Flag.TIME_CHANGED, Severity.CRITICAL)
    ]
    assert [each.flag for each in to_german(english, german)] == [Flag.TIME_CHANGED]


def test_places_are_those_of_the_times() -> None:
    [finding] = made(times, "de", "en")("Am Montag um 14 Uhr.", "On Monday at 2 a.m.")
    assert finding.source == (Span(13, 19),)
    assert finding.target == (Span(13, 18),)


def test_no_check_where_the_words_of_a_clock_are_not_known() -> None:
    assert times("de", "pl") is None
