"""Compares the numbers of a source with those of its translation. Finds what an editor must check.

Formats differ on purpose (11.000 / 11,000; 3,5 / 3.5; 18.30 Uhr / 6.30 pm; 4.11. / 4 November; zwölf / 12), so each
number is read as the values it may stand for in its language, and the values are compared. Where a form is ambiguous
every reading counts. Units are not converted: 15 Meter / 50 ft is reported.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.numbers import Number, Reading, may_hold_amounts, read_numbers

_LARGE = 10**6
"""The scale from which on a spelled number must be on the other side; "a thousand" is often vague."""
_SMALL_SCALES = frozenset((100, 1000))
_RUN = re.compile(r"\d(?:[\d /()-]*\d)?")
_LONG = range(7, 21)
"""Digits in a run that is compared as a run, as in telephone numbers (15 digits at most by E.164), however grouped."""
_MOST_RUNS = 50
_SPELLED_ANYWHERE = 12
"""Whole numbers up to this are often spelled, in any language."""


class Side:
    """The numbers of one text, every value that they or its words may stand for, and how they stand to scale words."""

    def __init__(self, text: str, reading: Reading) -> None:
        self.reading = reading
        self.scales = reading.scales
        self.values = set(reading.hints)
        self.unscaled = set(reading.hints)  # values that stand before no scale word
        self.bare: dict[Decimal, set[int]] = {}  # values before scale words
        for number in reading.numbers:
            values = number.values
            self.values.update(values)
            if number.bare is None:
                self.unscaled.update(values)
                self.values.update(_other_hours(values, reading.clock))
            else:
                self.bare.setdefault(number.bare, set()).add(number.scale)
                if number.scale < _LARGE:
                    self.values.add(number.bare)
        self.text = text
        self._runs: list[str] | None = None
        self._significant: set[str] | None = None

    def must_be_found(self) -> Iterator[Number]:
        """Numbers in digits, and words from millions on. A number that is a word on both sides isn't compared."""
        return (number for number in self.reading.numbers if not number.spelled or number.scale >= _LARGE)

    @property
    def runs(self) -> list[str]:
        """The digits of long runs; the first few, since more are no telephone numbers but a table."""
        if self._runs is None:
            runs = (re.sub(r"\D", "", run) for run in _RUN.findall(self.text))
            self._runs = list(islice((run for run in runs if len(run) in _LONG), _MOST_RUNS))
        return self._runs

    @property
    def significant(self) -> set[str]:
        """The significant digits of all values, whatever their magnitude."""
        if self._significant is None:
            self._significant = set(map(_significant_digits, self.values))
        return self._significant


@functools.lru_cache(maxsize=4)  # the checks of a translation ask one after another
def sides(source: str, target: str, source_lang: str, target_lang: str) -> tuple[Side, Side]:
    """The numbers of both texts. Not to be changed."""
    return Side(source, read_numbers(source, source_lang)), Side(target, read_numbers(target, target_lang))


def numbers(source_lang: str, target_lang: str) -> Finder:
    """The check of a pair. Its places are the numbers that the other side doesn't have."""

    def find(source: str, target: str) -> list[Finding]:
        if not numbers_changed(source, target, source_lang, target_lang):
            return []
        one, other = sides(source, target, source_lang, target_lang)
        return [Finding(Flag.NUMBERS_CHANGED, Severity.CRITICAL, _missing(one, other), _missing(other, one))]

    return find


def _missing(own: Side, other: Side) -> tuple[Span, ...]:
    """Where the numbers of one side stand that the other side doesn't have."""
    return tuple(Span(number.start, number.end) for number in own.must_be_found() if not is_found(number, own, other))


def numbers_changed(source: str, target: str, source_lang: str, target_lang: str) -> bool:
    """Whether a number of `source` is missing in `target`, or `target` has one that `source` doesn't.

    Languages are BCP 47 codes. Where the number words of one aren't known, what may be a word there passes: small and
    round numbers, and any whose significant digits agree ("3.5 million" / "350万").
    """
    if not (may_hold_amounts(source, source_lang) or may_hold_amounts(target, target_lang)):
        return False
    one, other = sides(source, target, source_lang, target_lang)
    if any(not is_found(number, one, other) for number in one.must_be_found()):
        return True
    if any(not is_found(number, other, one) for number in other.must_be_found()):
        return True
    return _scales_differ(one, other)


def _scales_differ(one: Side, other: Side) -> bool:
    """Whether both texts speak of millions or more, of different ones, without a number that was compared above."""
    large, others = ({scale for scale in side.scales if scale >= _LARGE} for side in (one, other))
    return bool(large and others and large.isdisjoint(others)) and not any(
        number.scale >= _LARGE for side in (one, other) for number in side.reading.numbers
    )


def _other_hours(values: tuple[Decimal, ...], clock: bool) -> list[Decimal]:
    """The hours of a 12-hour clock for 13 to 24, 0.30 for 12.30 am, and back."""
    if not clock:
        return []
    return [value - 12 for value in values if 13 <= value <= 24] + [12 - value for value in values if value in (0, 12)]


def is_found(number: Number, own: Side, other: Side) -> bool:
    """Whether `other` has the number in any of its readings."""
    both_known = own.reading.complete and other.reading.complete
    clock = number.bare is None and (own.reading.clock or (other.reading.clock and not both_known))
    single = [reading for reading in number.readings if len(reading) == 1]
    for reading in number.readings:
        if other.values.issuperset(reading):
            return True
        if clock and all(not other.values.isdisjoint((value, *_other_hours((value,), True))) for value in reading):
            return True
    if number.bare is not None:
        if number.scale < _LARGE and number.bare in other.values:
            return True
        if number.bare == 1 and number.scale in other.scales:  # die Umsatz-Milliarde / a billion
            return True
        if number.bare in other.unscaled and number.scale in other.scales:  # 2 bis 3 Millionen / €2m to €3m
            return True
    elif any(other.bare.get(value, set()) & (own.scales | _SMALL_SCALES) for [value] in single):
        return True
    return _in_long_run(number, other) or (not both_known and _agrees_in_part(number, other))


def _in_long_run(number: Number, other: Side) -> bool:
    """Whether the digits stand in a telephone number of the other side, however that is grouped."""
    value = max(number.values, default=Decimal(0))
    if not 10 <= value < Decimal(10) ** _LONG.stop:
        return False
    digits = f"{value.to_integral_value():f}"
    return any(digits in run for run in other.runs)


def _agrees_in_part(number: Number, other: Side) -> bool:
    """Whether a number passes where not all number words are known.

    It may stand beside an unknown scale word on either side ("12,3 milliards"), or as an unknown word on the other.
    """
    for value in number.values:
        digits = _significant_digits(value)
        if digits in other.significant:
            return True
        if other.reading.complete or value != value.to_integral_value():
            continue
        if value <= _SPELLED_ANYWHERE or len(digits) == 1:
            return True
    return False


def _significant_digits(value: Decimal) -> str:
    return f"{value:f}".replace(".", "").strip("0")
