"""Finds weekdays, months and dates that became others: "am Montag" / "on Tuesday", 4.11. / 11 April.

A weekday that only one side names passes mostly: "gestern" and "on Monday" may be the same day. Years and the days of a
month are numbers, which are compared elsewhere, unless days were exchanged between months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.calendar import Date, Months, Named, calendar


def dates(source_lang: str, target_lang: str) -> Finder | None:
    """The check of a pair, where the calendars of both are known. Its places are the names and dates that differ."""
    ours, theirs = calendar(source_lang), calendar(target_lang)
    if ours is None or theirs is None:
        return None

    def find(source: str, target: str) -> list[Finding]:
        found = []
        if ours.names_weekday(source) and theirs.names_weekday(target):
            found += _exchanged(ours.weekdays(source), theirs.weekdays(target), set(), set())
        if ours.names_month(source) and theirs.names_month(target):
            before, after = ours.months(source), theirs.months(target)
            if before.named and after.named:
                found += _exchanged(before.named, after.named, before.possible, after.possible) or _days_differ(
                    before, after
                )
        return found

    return find


def _exchanged(before: list[Named], after: list[Named], may_be: set[int], may_become: set[int]) -> list[Finding]:
    """What the source names oftener than the target, where the target names something else oftener than the source."""
    lost, gained = _surplus(before, after, may_become), _surplus(after, before, may_be)
    if not lost or not gained:
        return []
    return [Finding(Flag.DATE_CHANGED, Severity.CRITICAL, lost, gained)]


def _surplus(these: list[Named], those: list[Named], possible: set[int]) -> tuple[Span, ...]:
    there = Counter(named.value for named in those)
    certain = Counter(named.value for named in these if named.certain)
    more = {value for value, count in certain.items() if count > there[value] and value not in possible}
    return tuple(Span(named.start, named.end) for named in these if named.certain and named.value in more)


def _days_differ(before: Months, after: Months) -> list[Finding]:
    """Days that stand with another month than in the source: "am 4. Mai und 6. Juni" / "on 6 May and 4 June"."""
    strange = [date for date in after.dates if not _has(date, before.dates) and _others(date, before.dates)]
    missing = [date for date in before.dates if not _has(date, after.dates) and _others(date, after.dates)]
    if not strange or not missing:
        return []
    return [Finding(Flag.DATE_CHANGED, Severity.CRITICAL, _places(missing), _places(strange))]


def _has(date: Date, dates: Iterable[Date]) -> bool:
    return any(date.days & other.days and date.months & other.months for other in dates)


def _others(date: Date, dates: Iterable[Date]) -> bool:
    """Whether the month stands with other days there."""
    return any(date.months & other.months for other in dates)


def _places(dates: Iterable[Date]) -> tuple[Span, ...]:
    return tuple(Span(date.start, date.end) for date in dates)
