"""Finds times of day that became others: 14 Uhr / 2 a.m., 0.30 Uhr / 0:30 p.m., 9 pm / 9 Uhr.

An hour that is another altogether is found among the numbers. Zones aren't converted: a time that the target has
besides the source's ("14 Uhr (8 a.m. EST)") passes.
"""

from __future__ import annotations

from collections.abc import Iterable

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.clock import DAY, HALF, Time, clock


def times(source_lang: str, target_lang: str) -> Finder | None:
    """The check of a pair, where the clocks of both are known. Its places are the times that differ."""
    ours, theirs = clock(source_lang), clock(target_lang)
    if ours is None or theirs is None:
        return None

    def find(source: str, target: str) -> list[Finding]:
        if not (ours.tells_time(source) or theirs.tells_time(target)):
            return []
        before, after = ours.times(source), theirs.times(target)
        if not before or not after:
            return []
        there, here = _all_minutes(after), _all_minutes(before)
        lost = [time for time in before if time.certain and time.minutes.isdisjoint(there)]
        gained = [time for time in after if time.certain and time.minutes.isdisjoint(here)]
        # Of a time that is nowhere on the other side, the one half a day later is there; or one became another.
        turned = {minute for time in lost for minute in _turned(time) if minute in there}
        turned_back = {minute for time in gained for minute in _turned(time) if minute in here}
        if turned or turned_back:
            lost = [time for time in lost if not turned.isdisjoint(_turned(time))] + _with(turned_back, before)
            gained = [time for time in gained if not turned_back.isdisjoint(_turned(time))] + _with(turned, after)
        elif not lost or not gained:
            return []
        return [Finding(Flag.TIME_CHANGED, Severity.CRITICAL, _places(lost), _places(gained))]

    return find


def _all_minutes(times: Iterable[Time]) -> set[int]:
    return {minute for time in times for minute in time.minutes}


def _turned(time: Time) -> set[int]:
    """The same on the clock of 12 hours, in the other half of the day."""
    return {(minute + HALF) % DAY for minute in time.minutes}


def _with(minutes: set[int], times: Iterable[Time]) -> list[Time]:
    return [time for time in times if not minutes.isdisjoint(time.minutes)]


def _places(times: Iterable[Time]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in sorted({(time.start, time.end) for time in times}))
