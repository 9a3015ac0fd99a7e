"""Finds the weekdays, months and dates that a text names. Compares nothing, and resolves no "yesterday"."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from service.language.calendar_names import NAMES, CalendarNames
from service.language.codes import primary
from service.language.wordlist import has_any


class Named(NamedTuple):
    """A weekday (1: Monday to 7: Sunday) or a month (1 to 12) at `text[start:end]`.

    `certain` is False where the word may mean something else ("Mar", "Sat", "May I?").
    """

    value: int
    start: int
    end: int
    certain: bool = True


class Date(NamedTuple):
    """The days that stand with one mention of a month: "4. und 5. November".

    `months` are two where the order is open.
    """

    days: frozenset[int]
    months: frozenset[int]
    start: int
    end: int


@dataclass(slots=True)
class Months:
    """The months of a text, the dates among them, and values of numbers that may be months ("9/11")."""

    named: list[Named] = field(default_factory=list)
    dates: list[Date] = field(default_factory=list)
    possible: set[int] = field(default_factory=set)


# "4.11.", "4.11.2024", "04. 11. 2024"; a third group of three digits is a number: 1.200.000.
_POINTS = re.compile(
    r"(?<![\w.,:])([0-9]{1,2})\. ?([0-9]{1,2})\.(?: ?([0-9]{4}|[0-9]{2})(?![\w:]|[.,][0-9]))?(?![0-9])"
)
_SLASHES = re.compile(r"(?<![\w./-])([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?(?![\w/]|[.,][0-9])")
_ISO = re.compile(r"(?<![\w./-])[0-9]{4}-([0-9]{2})-([0-9]{2})(?![\w-])")
_DIGIT = re.compile("[0-9]")
_FIGURES = re.compile("[0-9](?:/[0-9]|-[01][0-9]-)")
_FIGURES_WITH_POINTS = re.compile(r"[0-9](?:/[0-9]|-[01][0-9]-|\. ?[0-9]{1,2}\.)")
_NUMBER_BEFORE = re.compile(r"[0-9](?:st|nd|rd|th)?\.? (?:of )?$")
# Days before or after the name of a month: "4. und 5. ", "4th-6th of ", " 4 and 5", " 4, 2024".
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?\.?"
_DAYS = rf"{_DAY}(?: ?(?:/|-|–|,|to|and|und|bis|or|oder|through|bis zum|and the|to the) ?{_DAY}){{0,6}}"
_BEFORE = re.compile(rf"(?<![\w.,:/]){_DAYS} ?(?:of |de |di )?$", re.IGNORECASE)
_AFTER = re.compile(rf" {_DAYS}(?![\w:%]|[.,][0-9])", re.IGNORECASE)
_ANY_DAY = re.compile("[0-9]{1,2}")
_LONGEST = 60
"""Code points before a month within which its days stand."""


class Calendar:
    """Reads the calendar of one language."""

    def __init__(self, names: CalendarNames) -> None:
        self._names = names
        boundary = "" if names.compounds else r"(?<![^\W_])"
        self._weekdays = re.compile(
            boundary + rf"(?:{_groups(names.weekdays)})(?:{names.weekday_endings})?(?P<more>[^\W_])?", re.IGNORECASE
        )
        self._night_before = re.compile(rf"(?:{names.night_before}) $", re.IGNORECASE)
        self._short_weekdays = re.compile(rf"(?<![^\W_])(?:{_groups(names.short_weekdays)})(?![^\W_])")
        self._months = re.compile(
            rf"(?<![^\W_])(?:{_groups(names.months)})(?:{names.month_endings})?(?P<more>[^\W_])?", re.IGNORECASE
        )
        self._short_months = re.compile(rf"(?<![^\W_])(?:{_groups(names.short_months)})\.?(?![^\W_])", re.IGNORECASE)
        self._in_figures = _FIGURES_WITH_POINTS if names.dates_with_points else _FIGURES
        self._before_ambiguous = re.compile(rf"(?:^|[^\w])(?:{names.before_ambiguous})[\s-]$", re.IGNORECASE)

    def names_weekday(self, text: str) -> bool:
        """Whether `text` may name a weekday. Cheap; never wrongly False for those that are certain."""
        return has_any(text, self._names.weekday_stems)

    def names_month(self, text: str) -> bool:
        """Whether `text` may name a month or have a date in digits. Cheap."""
        return has_any(text, self._names.month_stems) or self._in_figures.search(text) is not None

    def weekdays(self, text: str) -> list[Named]:
        """The weekdays of `text`, those spelled out and then the short ones."""
        names, found = self._names, []
        for match in self._weekdays.finditer(text):
            day, (start, end) = _value(match), match.span()
            if match["more"] is not None and not names.compounds:
                continue  # "Mondaynight" isn't English, "Sonntagszeitung" German
            if self._night_before.search(text, max(0, start - 30), start) is None:
                found.append(Named(day, start, end))
            else:
                found += [Named(day, start, end, certain=False), Named(day - 1 or 7, start, end, certain=False)]
        if self._names.short_weekdays:
            found += [
                Named(match.lastindex or 0, match.start(), match.end(), certain=False)
                for match in self._short_weekdays.finditer(text)
            ]
        return found

    def months(self, text: str) -> Months:
        """The months of `text`, in names and in dates."""
        names, found = self._names, Months()
        for match in self._months.finditer(text):
            value = _value(match)
            if match["more"] is not None and (not names.compounds or value in names.never_in_compounds):
                continue  # "Mayor", "Mailand", but not "Augustwochenende"
            if self._capital_fits(match[0]):
                certain = value not in names.ambiguous_months or self._is_month(text, match)
                found.named.append(Named(value, match.start(), match.end(), certain))
        for match in self._short_months.finditer(text):
            beside_number = _number_beside(text, match)
            if self._capital_fits(match[0]) and not any(
                named.start <= match.start() < named.end for named in found.named[-3:]
            ):
                found.named.append(Named(match.lastindex or 0, match.start(), match.end(), beside_number))
        if _DIGIT.search(text) is None:
            return found
        for named in found.named:
            self._days_of(named, text, found)
        self._in_digits(text, found)
        return found

    def _capital_fits(self, word: str) -> bool:
        return not self._names.capitalized or word[0].isupper()

    def _is_month(self, text: str, match: re.Match[str]) -> bool:
        """Whether an ambiguous word stands as a month does: "in May", "4 March", "May 2024"."""
        if _number_beside(text, match):
            return True
        return self._before_ambiguous.search(text, max(0, match.start() - 20), match.start()) is not None

    def _days_of(self, named: Named, text: str, found: Months) -> None:
        days: set[int] = set()
        start, end = named.start, named.end
        if (before := _BEFORE.search(text, max(0, named.start - _LONGEST), named.start)) is not None:
            days.update(int(day) for day in _ANY_DAY.findall(before[0]) if 1 <= int(day) <= 31)
            start = before.start()
        if self._names.day_after_month and (after := _AFTER.match(text, named.end)) is not None:
            days.update(int(day) for day in _ANY_DAY.findall(after[0]) if 1 <= int(day) <= 31)
            end = after.end()
        if days:
            found.dates.append(Date(frozenset(days), frozenset((named.value,)), start, end))

    def _in_digits(self, text: str, found: Months) -> None:
        for match in _POINTS.finditer(text) if self._names.dates_with_points else ():
            self._in_numbers(match, (int(match[1]), int(match[2])), False, found)
        for match in _SLASHES.finditer(text):
            certain = match[3] is not None and len(match[3]) == 4
            self._in_numbers(match, (int(match[1]), int(match[2])), True, found, certain=certain)
        for match in _ISO.finditer(text):
            self._in_numbers(match, (int(match[2]), int(match[1])), False, found)

    @staticmethod
    def _in_numbers(
        match: re.Match[str], parts: tuple[int, int], open_order: bool, found: Months, *, certain: bool = True
    ) -> None:
        day, month = parts
        orders = [(day, month), (month, day)] if open_order else [(day, month)]
        orders = [(d, m) for d, m in orders if 1 <= d <= 31 and 1 <= m <= 12]
        if not orders:
            return
        months = frozenset(m for _, m in orders)
        if len(months) == 1 and certain:
            found.named.append(Named(orders[0][1], match.start(), match.end()))
        else:
            found.possible.update(months)
        if certain:
            found.dates.append(Date(frozenset(d for d, _ in orders), months, match.start(), match.end()))


def _groups(patterns: tuple[str, ...]) -> str:
    return "|".join(f"({pattern})" for pattern in patterns) or "(?!)"


def _value(match: re.Match[str]) -> int:
    """The number of the group that matched."""
    return next(index for index, group in enumerate(match.groups(), start=1) if group is not None)


def _number_beside(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    after = text[end : end + 2].lstrip(" .'’")[:1]
    return after.isdecimal() or _NUMBER_BEFORE.search(text, max(0, start - 9), start) is not None


@functools.cache
def calendar(language: str) -> Calendar | None:
    """The calendar of a BCP 47 code; None where its names aren't known."""
    names = NAMES.get(primary(language))
    return None if names is None else Calendar(names)
