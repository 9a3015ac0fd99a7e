"""Finds the times of day of a text, each as the minutes of the day that it may mean. Knows no time zones."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from service.language.codes import primary
from service.language.wordlist import has_any, words

DAY = 24 * 60
HALF = DAY // 2


class Time(NamedTuple):
    """A time of day at `text[start:end]`: the `minutes` after midnight that it may stand for.

    `certain` is False for what may be no time at all (a score, "16.30" without a word).
    """

    minutes: frozenset[int]
    start: int
    end: int
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWords:
    """How one language tells the time, as regular expressions that ignore case.

    `stems`: one of these stands, as spelled, in every text that says of a time that it is one, unless digits stand
        before the word that says so.
    `oclock`: follows the digits of a time on a clock of 24 hours, "Uhr"; `half`: one of 12, that may be either half.
    `before_noon`, `after_noon`: follow the digits of a time on a clock of 12 hours; their first letters differ.
    `parts`: words for a part of the day and the hours that it lasts; beside a time up to 12 they say which half is
        meant ("8 Uhr abends"), from midnight on counted further ("nachts" ends at 30).
    `between`: stands between the two times of a span, of which the last has the word.
    `hours`: number words of hours; `half_to`, `half_past`: before one, half an hour less or more.
    `fixed`: words that are times, in minutes.
    """

    stems: tuple[str, ...]
    oclock: str = "(?!)"
    half: str = "(?!)"
    before_noon: str = "(?!)"
    after_noon: str = "(?!)"
    parts: tuple[tuple[str, int, int], ...] = ()
    between: str = "-|–"
    hours: Mapping[str, int] = field(default_factory=dict)
    half_to: str = "(?!)"
    half_past: str = "(?!)"
    fixed: Mapping[str, int] = field(default_factory=dict)


_HOURS_DE = words("ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
_HOURS_EN = words("one two three four five six seven eight nine ten eleven twelve")
_WORDS = {
    "de": ClockWords(
        stems=("Uhr", "UHR", "uhr", "halb ", "itternacht"),
        oclock=r"uhr(?![^\W\d_])",
        parts=(
            ("abends?", 16, 26),
            ("nachmittags?", 12, 20),
            ("mittags?", 11, 16),
            ("nachts?", 18, 30),
            ("vormittags?|morgens?|früh", 0, 13),
        ),
        between="-|–|bis|und|oder|bis um|und um|bis gegen",
        hours={word: hour for hour, word in enumerate(_HOURS_DE, start=1)},
        half_to="halb",
        fixed={"mitternacht": 0},
    ),
    "en": ClockWords(
        stems=(
            "m.",
            "pm",
            "am",
            "PM",
            "AM",
            "P.M",
            "A.M",
            "m,",
            "clock",
            "noon",
            "idnight",
            "idday",
            "half past",
            " in the ",
            "at night",
        ),
        half=r"o['’]clock|in the (?=morning|afternoon|evening)|at night",
        before_noon=r"a(?:\.\s?|)m(?![^\W\d_])",
        after_noon=r"p(?:\.\s?|)m(?![^\W\d_])",
        parts=(
            ("evening|tonight", 16, 26),
            ("afternoon", 12, 20),
            ("night|midnight", 18, 30),
            ("mornings?", 0, 13),
        ),
        between="-|–|to|and|or|until|till",
        hours={word: hour for hour, word in enumerate(_HOURS_EN, start=1)},
        half_past="half past",
        fixed={"noon": HALF, "midday": HALF, "midnight": 0},
    ),
}
_NEVER = "(?!)"
_TIME = r"[0-9]{1,2}(?:[.:][0-9]{2})?"
_ONE = re.compile(r"([0-9]{1,2})(?:[.:]([0-9]{2}))?")
_NEAR = 25
"""Code points from a time to the word for the part of the day that belongs to it."""
# "14.30", "2:30": a time only where the other side says so.
_BARE = re.compile(r"(?<![\w.,:/])([0-9]{1,2})[.:]([0-9]{2})(?![\w:%]|[.,][0-9])")


class Clock:
    """Reads the times of day of one language."""

    def __init__(self, known: ClockWords) -> None:
        self._known = known
        kinds = (
            f"(?P<oclock>{known.oclock})|(?P<half>{known.half})|(?P<am>{known.before_noon})|(?P<pm>{known.after_noon})"
        )
        self._hint = re.compile(
            rf"[0-9][.\s]?[\s-]?(?:{known.half}|{known.before_noon}|{known.after_noon})", re.IGNORECASE
        )
        self._told = re.compile(
            rf"(?<![\w.,:/])(?P<before>(?:{_TIME} ?(?:{known.between}|,) ?){{0,3}})"
            rf"(?P<last>{_TIME})\.?[\s-]?(?:{kinds})"
            r"(?: (?P<minute>[0-5][0-9])(?![\w.,:%]))?",
            re.IGNORECASE,
        )
        hours = "|".join(sorted(known.hours, key=len, reverse=True))
        self._spelled = re.compile(
            rf"(?<![^\W_])(?:(?P<to>{known.half_to}) ({hours})|(?P<past>{known.half_past}) ({hours})"
            rf"|({hours}) (?:(?P<oclock>{known.oclock})|{known.half}))(?![^\W_])",
            re.IGNORECASE,
        )
        self._fixed = re.compile(rf"(?<![^\W_])(?:{'|'.join(known.fixed)})(?![^\W_])", re.IGNORECASE)
        parts = "|".join(f"({words})" for words, _, _ in known.parts)
        self._part = re.compile(rf"(?:{parts})(?![^\W_])", re.IGNORECASE)

    def tells_time(self, text: str) -> bool:
        """Whether `text` may tell a time in words. Cheap; never wrongly False for those that are certain."""
        return has_any(text, self._known.stems) or self._hint.search(text) is not None

    def times(self, text: str) -> list[Time]:
        """The times of `text`: those that it says to be times, then pairs of numbers that may be some."""
        found = [*self._in_digits(text), *self._in_words(text)]
        for match in self._fixed.finditer(text):
            found.append(Time(frozenset((self._known.fixed[match[0].lower()],)), *match.span()))
        starts = {time.start for time in found}
        half = self._known.oclock == _NEVER  # where one says "Uhr", hours are counted to 24
        for match in _BARE.finditer(text):
            if match.start() not in starts:
                minutes = self._meant(text, match.span(), _minutes(match[1], match[2]), either=half)
                found.append(Time(minutes, *match.span(), certain=False))
        return [time for time in found if time.minutes]

    def _in_digits(self, text: str) -> Iterator[Time]:
        for match in self._told.finditer(text):
            kind, begin = match.lastgroup, match.start()
            if match["minute"] is not None:
                kind = "oclock"
            for one in _ONE.finditer(match["before"]):  # 9 to 5 p.m., 11, 13 und 15 Uhr
                span = (begin + one.start(), begin + one.end())
                minutes = self._meant(text, span, _minutes(one[1], one[2]), either=kind != "oclock")
                yield Time(minutes, *span)
            [(hour, minute)] = _ONE.findall(match["last"])
            span = (match.start("last"), match.end())
            if kind in ("am", "pm") and int(hour) <= 12:
                told = _minutes(hour, minute)
                yield Time(frozenset(value % HALF + HALF * (kind == "pm") for value in told), *span)
                continue
            minutes = self._meant(text, span, _minutes(hour, minute), either=kind == "half")
            if match["minute"] is not None and not minute:  # 14 Uhr 30, or 14 Uhr and 30 people
                minutes |= {value + int(match["minute"]) for value in minutes}
            yield Time(minutes, *span)

    def _in_words(self, text: str) -> Iterator[Time]:
        for match in self._spelled.finditer(text):
            word = match[2] or match[4] or match[5]
            shift = 30 if match["past"] else -30 if match["to"] else 0
            told = frozenset(((self._known.hours[word.lower()] * 60 + shift) % DAY,))
            yield Time(self._meant(text, match.span(), told, either=match["oclock"] is None), *match.span())

    def _meant(self, text: str, span: tuple[int, int], told: frozenset[int], *, either: bool) -> frozenset[int]:
        """What a time of an hour up to 12 means; `either`: by itself it may be in either half of the day."""
        if not told or max(told) >= HALF + 60:
            return told
        both = told | {(minute + HALF) % DAY for minute in told}
        near = self._part.search(text, span[1], span[1] + _NEAR)  # "6.30 that night", "8 Uhr abends"
        before = [*self._part.finditer(text, max(0, span[0] - _NEAR), span[0])]
        for part in (*before[-1:], *([near] if near else [])):
            _, first, end = self._known.parts[(part.lastindex or 1) - 1]
            if fitting := {minute for minute in both if first * 60 <= minute < end * 60 or minute + DAY < end * 60}:
                return frozenset(fitting)
        return both if either else told


def _minutes(hour: str, minute: str | None) -> frozenset[int]:
    """The minutes since midnight; none where it is no time of day."""
    if int(hour) > 24 or int(minute or 0) >= 60:
        return frozenset()
    return frozenset(((int(hour) * 60 + int(minute or 0)) % DAY,))


@functools.cache
def clock(language: str) -> Clock | None:
    """The clock of a BCP 47 code; None where its words aren't known."""
    known = _WORDS.get(primary(language))
    return None if known is None else Clock(known)
