"""Finds times of day that became others: 14 Uhr / 2 a.m., 0.30 Uhr / 0:30 p.m., 9 pm / 9 Uhr.

An hour that is another altogether is found among the numbers. Zones aren't converted: a time that the target has
besides the source's ("14 Uhr (8 a.m. EST)") passes.
"""

from __future__ import annotations

from collections.abc import Iterable

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.clock import HALF, Time, clock


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
        lost, gained = _missing(before, after), _missing(after, before)
        # Of a time that is nowhere on the other side, half a day later is there; or one became another.
        turned = [(one, other) for one in lost for other in after if _half_a_day_apart(one, other)]
        turned += [(one, other) for other in gained for one in before if _half_a_day_apart(one, other)]
        if not turned:
            turned = [(one, other) for one in lost for other in gained]
        if not turned:
            return []
        return [
            Finding(
                Flag.TIME_CHANGED,
                Severity.CRITICAL,
                _places(one for one, _ in turned),
                _places(other for _, other in turned),
            )
        ]

    return find


def _missing(these: list[Time], those: list[Time]) -> list[Time]:
    there = frozenset().union(*(time.minutes for time in those))
    return [time for time in these if time.certain and time.minutes.isdisjoint(there)]


def _half_a_day_apart(one: Time, other: Time) -> bool:
    return any((minute + HALF) % (2 * HALF) in other.minutes for minute in one.minutes)


def _places(times: Iterable[Time]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in sorted({(time.start, time.end) for time in times}))
