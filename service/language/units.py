"""Says in what unit each number of a text is given, and which currencies a text names. Converts nothing."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.language.codes import primary
from service.language.numbers import Number
from service.language.unit_words import CURRENCIES, NEGATIVE, SIGNS, THINGS, UNITS
from service.language.wordlist import has_any

_NOTHING: frozenset[str] = frozenset()
# What a number is followed by: "5 Euro", "5-Euro-Schein", "5 Mio. US-Dollar", "5 square metres", "5°C", "19-year-old".
_AFTER = re.compile(
    r"\.?[\s\u00a0\u202f-]{0,2}(?:(?:US|britische|metric|amerikanische|new|weitere|more|other)[ -])?"
    r"(?:(square|cubic)[ -])?([€$£¥%‰₽₹]|°\s?[CF]?(?![^\W\d_])|km/h"
    r"|[^\W\d_]+(?:[23²³](?![0-9])|-(?:olds?|Dollars?|hours?))?)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:([€£¥₽₹$])|(?<![^\W_])(EUR|USD|GBP|CHF|JPY|RUB))[ \u00a0\u202f]?$")
_BETWEEN = re.compile(r"[\s\u00a0]{0,2}(?:-|–|,|/|to|and|or|bis zu|bis|und|oder)[\s\u00a0]{0,2}$", re.IGNORECASE)
_SIGN = re.compile(r"(?:(?:^|[\s(„\"])[-−–]|(?<![^\W_])minus\s)$", re.IGNORECASE)
_RANGE = re.compile(r"[0-9]\s[-−–]$")
_LONGEST_GAP = 12
_WIDEST_SIGN = 7


class Measured(NamedTuple):
    """A number with the units that it may be given in (none where none is known), and whether it has a minus sign.

    `counts`: what is given isn't a unit but what was counted, such as people.
    """

    number: Number
    units: frozenset[str]
    counts: bool = False
    negative: bool = False


class UnitWords:
    """Reads the units of one language."""

    def __init__(self, language: str) -> None:
        self._units = UNITS[language]
        self._things = THINGS[language]
        self._less = re.compile(rf"(?:{NEGATIVE[language]}|[−–-]\s?[0-9])", re.IGNORECASE)
        forms = sorted((form for form, units in self._units.items() if units & CURRENCIES), key=len, reverse=True)
        # Cheaper than the pattern, where a text has none: as nearly all.
        self._stems = tuple(form for form in forms if not any(other in form for other in forms if other != form))
        signs = "|".join(re.escape(form) for form in forms if not form.isalpha())
        words = "|".join(form for form in forms if form.isalpha())
        # "Eurozone" and "Dollarkurs" count; "Europa" doesn't.
        self._currency = re.compile(
            rf"{signs}|(?<![^\W_])(?:{words})(?![^\W_])|(?<![^\W_])(euro|dollar)(?!p)[^\W\d_]+", re.IGNORECASE
        )

    def meanings(self, word: str) -> frozenset[str]:
        """The units, and the things that are counted, that a word may stand for."""
        word = word.lower()
        return self._units.get(word, _NOTHING) | self._things.get(word, _NOTHING)

    def names_currency(self, text: str) -> bool:
        """Whether `currencies` gives any."""
        return has_any(text.lower(), self._stems) and self._currency.search(text) is not None

    def says_less(self, text: str) -> bool:
        """Whether a text says by any word that something is less, or has a minus sign."""
        return self._less.search(text) is not None

    def measured(self, text: str, numbers: Sequence[Number]) -> list[Measured]:
        """Each number with its unit; in a row of numbers the last has it for all."""
        found: list[Measured] = []
        units, counts = _NOTHING, False
        for index in range(len(numbers) - 1, -1, -1):
            number = numbers[index]
            own, own_counts = self._unit_of(text, number)
            if not own and units:
                gap = text[number.end : numbers[index + 1].start]
                if len(gap) <= _LONGEST_GAP and _BETWEEN.match(gap):
                    own, own_counts = units, counts
            units, counts = own, own_counts
            found.append(Measured(number, own, own_counts, _has_sign(text, number)))
        return found[::-1]

    def currencies(self, text: str) -> Iterator[tuple[frozenset[str], int, int]]:
        """Every mention of a currency and where it stands."""
        for match in self._currency.finditer(text):
            word = (match[1] or match[0]).lower()
            yield self._units[word], match.start(), match.end()

    def _unit_of(self, text: str, number: Number) -> tuple[frozenset[str], bool]:
        if number.percent:
            return frozenset((SIGNS["%"], "percentage point")), False
        before = _BEFORE.search(text, max(0, number.start - 5), number.start)
        if before is not None:
            return self._units[(before[1] or before[2]).lower()], False
        after = _AFTER.match(text, number.end)
        if after is None:
            return _NOTHING, False
        word = after[2].lower().replace(" ", "")
        if after[1]:
            word = f"{after[1].lower()}-{word}"
        if word in self._units:
            short = len(word) == 1 and word.isalpha()
            return (self._short(text, number, after) if short else self._units[word]), False
        return self._things.get(word, _NOTHING), True

    def _short(self, text: str, number: Number, after: re.Match[str]) -> frozenset[str]:
        """One letter is a unit where nothing else can be meant: "100 m", not "5m" (million) nor "5 c"."""
        letter = after[2]
        if letter in ("C", "F") and after.start(2) == number.end:
            return self._units[letter.lower()]
        if number.scale or text[after.end(2) : after.end(2) + 1] in (".", "'", "’"):
            return _NOTHING
        return self._units[letter] if letter in ("m", "g", "l", "t") else _NOTHING


def _has_sign(text: str, number: Number) -> bool:
    begin = max(0, number.start - _WIDEST_SIGN)
    return _SIGN.search(text, begin, number.start) is not None and _RANGE.search(text, begin, number.start) is None


@functools.cache
def unit_words(language: str) -> UnitWords | None:
    """The units of a BCP 47 code; None where they aren't known."""
    known = primary(language)
    return UnitWords(known) if known in UNITS else None
