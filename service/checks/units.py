"""Finds currencies, units and signs that became others beside the same number: 5 € / $5, 10 km / 10 miles, -5 / 5.

Quantities that were converted with their unit have another number, which is found among the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from service.checks.finder import Finder
from service.checks.numbers import sides
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.units import Measured, UnitWords, unit_words

_DIGIT = re.compile("[0-9]")
_MOST = 100
"""Numbers: each is compared with each of the other side. A sentence with more is a table."""


def units(source_lang: str, target_lang: str) -> Finder | None:
    """The check of a pair whose words for units are both known. Its places are the numbers, or the currencies."""
    ours, theirs = unit_words(source_lang), unit_words(target_lang)
    if ours is None or theirs is None:
        return None

    def find(source: str, target: str) -> list[Finding]:
        found: list[Finding] = []
        if _DIGIT.search(source) or _DIGIT.search(target):
            one, other = sides(source, target, source_lang, target_lang)
            if max(len(one.reading.numbers), len(other.reading.numbers)) > _MOST:
                return []
            before = ours.measured(source, one.reading.numbers)
            after = theirs.measured(target, other.reading.numbers)
            found += _units_differ(before, after)
            # A sign may be a word on the other side: "5 degrees below zero".
            if (lost := _unsigned(before, after)) and not theirs.says_less(target):
                found += [_finding([([one], other)]) for one, other in lost]
            if (gained := _unsigned(after, before)) and not ours.says_less(source):
                found += [_finding([([one], other)]) for other, one in gained]
        if not found and theirs.names_currency(target) and ours.names_currency(source):
            found += _currencies_differ(source, target, ours, theirs)
        return found

    return find


def _units_differ(before: Sequence[Measured], after: Sequence[Measured]) -> list[Finding]:
    pairs = [
        (others, measured) for measured in after if measured.units and (others := _disagreeing(measured, before, after))
    ]
    # Words for what is counted are many, and one may stand for another: people, spectators, visitors.
    same = [(others, measured) for others, measured in pairs if not measured.counts and not others[0].counts]
    return [_finding(same)] if same else []


def _disagreeing(measured: Measured, before: Sequence[Measured], after: Sequence[Measured]) -> list[Measured]:
    """The same number on the other side, if it is there with other units only."""
    same = _same(measured, before)
    if any(other.units & measured.units for other in same):
        return []
    # "11 percent ... June 11" / "11 Grad ... 11. Juni": of those without a unit each stands for one without a unit.
    plain = sum(not other.units for other in same) - sum(not other.units for other in _same(measured, after))
    return [] if plain > 0 else [other for other in same if other.units]


def _same(measured: Measured, others: Sequence[Measured]) -> list[Measured]:
    """Those with the same number, in any reading; "einen Tunnel" isn't one that counts something."""
    values = set(measured.number.values)
    return [other for other in others if not other.number.article and not values.isdisjoint(other.number.values)]


def _unsigned(these: Sequence[Measured], those: Sequence[Measured]) -> list[tuple[Measured, Measured]]:
    """Numbers with a minus sign that are on the other side, and nowhere there with one."""
    pairs = ((measured, _same(measured, those)) for measured in these if measured.negative)
    return [(measured, same[0]) for measured, same in pairs if same and not any(other.negative for other in same)]


def _currencies_differ(source: str, target: str, ours: UnitWords, theirs: UnitWords) -> list[Finding]:
    before, after = list(ours.currencies(source)), list(theirs.currencies(target))
    known, named = ({currency for each, *_ in side for currency in each} for side in (before, after))
    strange = [Span(start, end) for each, start, end in after if each.isdisjoint(known)]
    missing = [Span(start, end) for each, start, end in before if each.isdisjoint(named)]
    if not strange or not missing:
        return []
    return [Finding(Flag.UNIT_CHANGED, Severity.CRITICAL, tuple(missing), tuple(strange))]


def _finding(pairs: Sequence[tuple[Sequence[Measured], Measured]]) -> Finding:
    before = dict.fromkeys(Span(other.number.start, other.number.end) for others, _ in pairs for other in others)
    after = dict.fromkeys(Span(measured.number.start, measured.number.end) for _, measured in pairs)
    return Finding(Flag.UNIT_CHANGED, Severity.CRITICAL, _ascending(before), _ascending(after))


def _ascending(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: span.start))
