"""Finds number words that were dropped, made up or changed: "zwei Tote" / "three dead". Digits are `numbers`' business.

A word counts as there when its value is there in any form that the reader of numbers knows: "beide" for two, "a dozen"
for twelve. "One" is never looked for: it is an article, or the same as nothing.
"""

from __future__ import annotations

import functools
import re

from service.checks.finder import Finder
from service.checks.numbers import Side, is_found, sides
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.numbers import number_words as words_of
from service.language.wordlist import has_any

_LARGE = 10**6  # from here on words are compared as digits are
_HALVES = re.compile("hal[bf]|anderthalb|dreiviertel", re.IGNORECASE)
_OF_HALVES = frozenset((6, 18))
"""Months, where the other side has half a year."""

_OTHERWISE = frozenset(("achten", "dreist", "dreiste", "dreister", "dreistes", "dreisten"))
"""Words that only look like numbers: "auf Wartezeit achten", "dreister Betrug"."""
_MARKS = dict.fromkeys(map(ord, "-–—/\"'„“”‚‘’«»›‹([{.,:;!?+&*·…\t\n\xa0\u202f"), " ")
_PARTY = re.compile(r"\s+part(?:y|ies)\b")
"""After "third": others, in German "Dritte" or "weitere Personen"."""


def number_words(source_lang: str, target_lang: str) -> Finder | None:
    """The check of a pair whose number words are both known; its places are the words that the other side lacks."""
    ours, theirs = _beginnings(source_lang), _beginnings(target_lang)
    if not ours or not theirs:
        return None

    def find(source: str, target: str) -> list[Finding]:
        if not (_says_number(source, ours) or _says_number(target, theirs)):
            return []
        one, other = sides(source, target, source_lang, target_lang)
        lost, gained = _missing(one, other, target), _missing(other, one, source)
        if not lost and not gained:
            return []
        # Some are left out or put in for style; one in the place of another is a mistake.
        severity = Severity.CRITICAL if lost and gained else Severity.MAJOR
        return [Finding(Flag.NUMBERS_CHANGED, severity, lost, gained)]

    return find


def _missing(own: Side, other: Side, text: str) -> tuple[Span, ...]:
    return tuple(
        Span(number.start, number.end)
        for number in own.reading.numbers
        if number.spelled
        and not number.article
        and number.scale < _LARGE
        and min(number.values) >= 2
        and number.surface.lower() not in _OTHERWISE
        and not is_found(number, own, other)
        and not _stands_in(number.surface, text)  # a name: "Nine's breakfast show"
        and not (_OF_HALVES.intersection(map(int, number.values)) and _HALVES.search(text))
        and not (number.surface.lower() == "third" and _PARTY.match(own.text, number.end))
    )


def _stands_in(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _says_number(text: str, beginnings: tuple[str, ...]) -> bool:
    """Whether any word may be a number: cheap, since most sentences have none, and never wrongly False."""
    return has_any(f" {text.lower().translate(_MARKS)}", beginnings)


@functools.cache
def _beginnings(language: str) -> tuple[str, ...]:
    """How words begin that may be numbers, with the space before them; none where they aren't known."""
    words = words_of(language)
    return tuple(f" {word}" for word in words if not any(word != other and word.startswith(other) for other in words))
