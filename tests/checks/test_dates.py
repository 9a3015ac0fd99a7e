"""Weekdays, months and dates of a translation against those of its source."""

from __future__ import annotations

import pytest

from service.checks.dates import dates
from service.core.enums import Flag, Severity
from service.core.types import Span

from .made import made


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Er kam am Montag.", "He came on Monday."),
        ("Er kam am Sonnabend.", "He came on Saturday."),
        ("Er kam gestern.", "He came on Monday."),
        ("In der Nacht zum Dienstag", "On Monday night"),
        ("Am 4.11.2024", "On November 4, 2024"),
        ("Am 4. Mai", "On 4 May"),
        ("Am 4. und 5. November", "On November 4 and 5"),
        ("Der Märzmonat", "The month of March"),
        ("Es kann im Mai sein.", "It may be in May."),
        ("Sie marschierten am Sonntag.", "They march on Sunday."),
        ("Die Mailänder kamen im Juni.", "The Milanese came in June."),
        ("Am 11. September", "On 9/11"),
        ("Ostermontag", "Easter Monday"),
    ],
)
def test_the_same_date_in_another_form_passes(german: str, english: str) -> None:
    to_english, to_german = made(dates, "de", "en"), made(dates, "en", "de")
    assert to_english(german, english) == []
    assert to_german(english, german) == []


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Er kam am Montag.", "He came on Tuesday."),
        ("Er kam am Montagabend.", "He came on Sunday evening."),
        ("Er kam am Montag und Dienstag.", "He came on Monday and Monday."),
        ("Er kam im März.", "He came in May."),
        ("Er kam im Mai.", "He came in March."),
        ("Er kam am 4.11.", "He came on 11 April."),
        ("Er kam am 4. November.", "He came on April 11."),
        ("Am 4. Mai und 6. Juni", "On 6 May and 4 June"),
        ("Von Januar bis Juni", "From January to July"),
    ],
)
def test_another_day_or_month_is_found(german: str, english: str) -> None:
    to_english, to_german = made(dates, "de", "en"), made(dates, "en", "de")
    assert [(each.flag, each.severity) for each in to_english(german, english)] == [
        (Flag.DATE_CHANGED, Severity.CRITICAL)
    ]
    assert [each.flag for each in to_german(english, german)] == [Flag.DATE_CHANGED]


def test_places_are_those_of_the_names() -> None:
    [finding] = made(dates, "de", "en")("Er kam am Montag.", "He came on Tuesday.")
    assert finding.source == (Span(10, 16),)
    assert finding.target == (Span(11, 18),)


def test_no_check_where_a_calendar_is_not_known() -> None:
    assert dates("de", "xx") is None
