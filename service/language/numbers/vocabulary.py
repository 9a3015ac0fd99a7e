"""Makes the data of the language files ready for the reader of numbers: compiled patterns and indices."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from service.language.codes import primary
from service.language.numbers import de, en
from service.language.numbers.words import NumberWords

LANGUAGES = {"de": de.WORDS, "en": en.WORDS}
"""Data by primary subtag."""

STEM = 3
"""Letters of a word by which the reader decides whether it can mean anything."""

Value = TypeVar("Value")


class Vocabulary:
    """`NumberWords` made ready for the reader: compiled patterns, and indices by the first letters of a word."""

    def __init__(self, words: NumberWords, *, complete: bool) -> None:
        self.words = words
        self.complete = complete
        self.numeral = _any_of([*words.numerals, *([words.one_half] if words.one_half else [])])
        self.joiner = words.joiner if words.compounds else ""
        self.endings = _ignoring_case(words.endings)
        self.loose_endings = _ignoring_case(words.loose_endings)
        self.and_a_half = _ignoring_case(words.and_a_half)
        self.half_joint = _ignoring_case(rf"[\s-]{{1,3}}{words.half_joint}")
        self.decades = _ignoring_case(rf"-?(?:{words.decades})\b")
        self.centuries = _ignoring_case(rf"(?:st|nd|rd|th|\.)?[\s-]{{0,3}}(?:{words.centuries})")
        self.percent = _ignoring_case(rf"[\s-]{{0,3}}(?:{words.percent})")
        self.clock = _ignoring_case(rf"\s?(?:{words.clock})")
        self.afternoon = _ignoring_case(rf"(?::[0-9]{{2}})?\s?(?:{words.afternoon})")
        self.clock_signs = _ignoring_case(words.clock_signs)
        self.between = _ignoring_case(rf"\s{{0,2}}(?:{words.between})\s{{0,2}}")
        self.hints = _by_stem({beginning: _decimals(values) for beginning, values in words.hints.items()})
        self.months = {
            short[:STEM]: (short, name, Decimal(index)) for index, (short, name) in enumerate(words.months, start=1)
        }
        self.multiples = _by_stem(words.multiples)
        self.halves = _by_stem({beginning: Decimal(value) for beginning, value in words.halves.items()})
        self.fractions = _by_stem(dict.fromkeys((*words.halves, *words.quarters), True))
        self.phrases = {phrase: _decimals(values) for phrase, values in words.phrases.items()}
        self.numeral_stems = frozenset(
            word[:STEM] for word in (*words.numerals, words.one_half, *words.articles, *words.indefinite) if word
        )
        self.stems = (
            self.numeral_stems
            | self.hints.keys()
            | self.months.keys()
            | self.multiples.keys()
            | self.fractions.keys()
            | {word[:STEM] for word in (*words.scales, *words.hours)}
        )


def _ignoring_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)")


def _decimals(values: tuple[int | str, ...]) -> frozenset[Decimal]:
    return frozenset(map(Decimal, values))


def _by_stem(words: Mapping[str, Value]) -> dict[str, tuple[tuple[str, Value], ...]]:
    found: dict[str, tuple[tuple[str, Value], ...]] = {}
    for word, value in words.items():
        found[word[:STEM]] = (*found.get(word[:STEM], ()), (word, value))
    return found


@functools.lru_cache(maxsize=64)
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a BCP 47 code ("de-AT" has that of "de"); the one that holds for any where none is kept."""
    words = LANGUAGES.get(primary(language))
    return _ANY if words is None else Vocabulary(words, complete=True)


_ANY = Vocabulary(NumberWords(), complete=False)
