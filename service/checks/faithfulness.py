"""Checks a generated summary against its source: numbers and quotations that don't stand there. Judges nothing else.

Quotations are compared word for word, so claim and source must be in one language for those.
"""

from __future__ import annotations

import re
from decimal import Decimal

from service.language.numbers import find_numbers

_QUOTED = re.compile(
    r"""„([^„“”"]{1,2000})[“”"] | “([^“”]{1,2000})” | »([^»«]{1,2000})« | «([^«»]{1,2000})» | "([^"]{1,2000})"
      | ‚([^‚‘’]{1,2000})[‘’] | ›([^›‹]{1,2000})‹ | ‹([^‹›]{1,2000})›
      | (?<!\w)‘([^‘]{1,2000}?)’(?!\w) | (?<!\w)'([^']{1,2000})'(?!\w)""",
    re.VERBOSE,
)
# What an editor may leave out of a quotation, or put in: "…", "[...]", "[the minister]".
_OMISSION = re.compile(r"\[[^\[\]]{0,200}\]|\((?:…|\.{3})\)|…|\.{3}")
_BRACKETED = re.compile(r"\[[^\[\]]{0,200}\]")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_WORD = re.compile(r"\w+")


def unsupported_numbers(claim: str, source: str, language: str, source_language: str | None = None) -> list[str]:
    """The numbers of `claim`, as written there, that no number of `source` equals; each once, in order.

    Compares values, so "1.2 million", "1,200,000" and "1,2 Mio." are one number; a percentage needs a percentage.
    Rounding isn't forgiven, and "one", "ein" and the like are never reported, being mostly no numbers. `language` is
    the BCP 47 code of both texts, or of the claim where `source_language` is given.
    """
    plain: set[Decimal] = set()
    percentages: set[Decimal] = set()
    for number in find_numbers(source, source_language or language):
        plain.update(number.values)
        if number.percent:
            percentages.update(number.values)
    missing: dict[str, None] = {}
    for number in find_numbers(claim, language):
        known = percentages if number.percent else plain
        if not number.article and not any(known.issuperset(reading) for reading in number.readings):
            missing[number.surface] = None
    return list(missing)


def unsupported_quotes(claim: str, source: str) -> list[str]:
    """The quoted passages of `claim`, without their marks, whose words don't stand in `source`; each once, in order.

    Case, punctuation and kinds of quotation marks don't matter; nor do omissions ("…", "[...]") and insertions in
    brackets, as long as the parts around them follow one another in the source. Up to 2,000 characters per passage.
    """
    sources = (_words(source), _words(_BRACKETED.sub(" ", source)))
    missing: dict[str, None] = {}
    for match in _QUOTED.finditer(claim):
        passage = next(group for group in match.groups() if group is not None)
        parts = [part for part in map(_words, _OMISSION.split(passage)) if part.strip()]
        if parts and not any(_in_order(parts, text) for text in sources):
            missing[passage.strip()] = None
    return list(missing)


def _words(text: str) -> str:
    """The words of `text`, case-folded, with a blank before and after each."""
    return f" {' '.join(_WORD.findall(_APOSTROPHE.sub('', text.casefold())))} "


def _in_order(parts: list[str], text: str) -> bool:
    position = 0
    for part in parts:
        found = text.find(part, position)
        if found < 0:
            return False
        position = found + len(part) - 1  # the blank between may serve both neighbours
    return True
