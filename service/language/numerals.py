"""Number words of German and English as values: "zweiundvierzig", "forty-two", "halb sieben", "nineties".

Reads generously: a word that only looks like a numeral ("Vierung") gives a value too, which at worst hides a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_GERMAN_SMALL = {
    "null": 0,
    "ein": 1,
    "erst": 1,
    "zwei": 2,
    "zwo": 2,
    "zweit": 2,
    "drei": 3,
    "dritt": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "siebt": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
}
_GERMAN_STEMS = {"zwan": 2, "drei": 3, "vier": 4, "fünf": 5, "sech": 6, "sieb": 7, "acht": 8, "neun": 9}
_GERMAN_STEM = "|".join(_GERMAN_STEMS)
_GERMAN_UNIT = "|".join(sorted(_GERMAN_SMALL, key=len, reverse=True))
_BELOW_HUNDRED = (
    rf"(?:(?:(?:{_GERMAN_UNIT})und)?(?:{_GERMAN_STEM})(?:zig|ßig|ssig)|(?:{_GERMAN_STEM})zehn|{_GERMAN_UNIT})"
)
_GERMAN = re.compile(
    rf"\b(?:(?P<thousands>(?:{_BELOW_HUNDRED})?(?:hundert(?:und)?(?:{_BELOW_HUNDRED})?)?)(?P<thousand>tausend)(?:und)?)?"
    rf"(?:(?P<hundreds>{_BELOW_HUNDRED})?(?P<hundred>hundert)(?:und)?)?(?P<rest>{_BELOW_HUNDRED})?(?P<half>einhalb)?"
)
_ENGLISH_FORMS = (
    "zero nil",
    "one first once single a an",
    "two second twice both couple pair double",
    "three third triple thrice trio",
    "four fourth",
    "five fifth",
    "six sixth",
    "seven seventh",
    "eight eighth",
    "nine ninth",
    "ten tenth decade",
    "eleven eleventh",
    "twelve twelfth dozen noon midday",
    "thirteen thirteenth",
    "fourteen fourteenth fortnight",
    "fifteen fifteenth",
    "sixteen sixteenth",
    "seventeen seventeenth",
    "eighteen eighteenth",
    "nineteen nineteenth",
)
_ENGLISH_SMALL = {word: value for value, words in enumerate(_ENGLISH_FORMS) for word in words.split()}
_ENGLISH_STEMS = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
_ENGLISH_TENS = {stem + end: tens for tens, stem in enumerate(_ENGLISH_STEMS, start=2) for end in ("y", "ies", "ieth")}
_ENGLISH_POWERS = {"hundred": 100, "hundreds": 100, "hundredth": 100, "century": 100, "thousand": 1000}
_WORD = re.compile(r"[^\W\d_]+")
_ARTICLES = ("a", "an")


def _german_below_hundred(text: str) -> int:
    if text in _GERMAN_SMALL:
        return _GERMAN_SMALL[text]
    unit, _, tens = text.rpartition("und")
    value = _GERMAN_SMALL[unit] if unit else 0
    for stem, factor in _GERMAN_STEMS.items():
        if tens.startswith(stem):
            return value + (10 + factor if tens.endswith("zehn") else 10 * factor)
    return value


def _german_below_thousand(text: str) -> int:
    hundreds, found, rest = text.partition("hundert")
    if not found:
        return _german_below_hundred(text) if text else 0
    rest = rest.removeprefix("und")
    head = _german_below_hundred(hundreds) if hundreds else 1
    return 100 * head + (_german_below_hundred(rest) if rest else 0)


def german_numerals(text: str) -> Iterator[tuple[Decimal, int]]:
    """(value, where the numeral ends) for the words of lower-case `text` that begin with a numeral."""
    for match in _GERMAN.finditer(text):
        if not match.group():
            continue
        value = Decimal(0)
        if match["thousand"]:
            value += 1000 * (_german_below_thousand(match["thousands"]) or 1)
        if match["hundred"]:
            value += 100 * (_german_below_hundred(match["hundreds"]) if match["hundreds"] else 1)
        if match["rest"]:
            value += _german_below_hundred(match["rest"])
        if match["half"]:
            value += Decimal("0.5")
        yield value, match.end()


def english_numerals(text: str) -> Iterator[tuple[Decimal, int]]:
    """(value, where the numeral ends) for the numerals of lower-case `text`, and for their parts ("five hundred")."""
    total = current = 0
    end = -1
    for match in _WORD.finditer(text):
        word = match.group()
        joined = end >= 0 and text[end : match.start()] in (" ", "-")
        if word == "and" and joined and current >= 100:
            end = match.end()
            continue
        if not joined:
            total = current = 0
        if word in _ENGLISH_SMALL:
            unit = _ENGLISH_SMALL[word]
            joins = joined and (current >= 100 or (current >= 20 and current % 10 == 0))
            current = current + unit if joins and word not in _ARTICLES else unit
            yield Decimal(unit), match.end()
        elif word in _ENGLISH_TENS:
            tens = 10 * _ENGLISH_TENS[word]
            current = current + tens if joined and current >= 100 and current % 100 == 0 else tens
        elif word in _ENGLISH_POWERS:
            power = _ENGLISH_POWERS[word]
            if power == 1000:
                total, current = 1000 * (current or 1), 0
            else:
                current = 100 * (current or 1)
            yield Decimal(power), match.end()
        else:
            total, current, end = 0, 0, -1
            continue
        end = match.end()
        yield Decimal(total + current), end
