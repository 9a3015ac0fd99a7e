"""Finds the numbers of a German or English text and normalises them, so that "1,2 Mio." equals "1,200,000".

Reads digits with either language's marks, number words, scale words and percentages. It doesn't read Roman numerals,
fractions ("two thirds"), signs (a minus is ignored), or vague amounts ("dozens", "Tausende").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from service.language.wordlist import words


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a text at `text[start:end]`.

    `values` holds every reading; more than one only where the notation is ambiguous ("5m", "4 pm", "1 Billion").
    `scale` holds the readings of a scale word such as "million", `article` marks "one", "eine" and the like, which are
    mostly no numbers.
    """

    surface: str
    start: int
    end: int
    values: tuple[Decimal, ...]
    percent: bool = False
    scale: tuple[int, ...] = ()
    article: bool = False


_ENGLISH_UNITS = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ENGLISH_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_GERMAN_UNITS = words(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_GERMAN_TENS = words("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_ARTICLES = dict.fromkeys(words("one ein eine einen einem einer eines"), 1)
# "first" and "second", "erste" and "zweite" are left out: they seldom count ("at first", "a second later").
_ENGLISH_ORDINALS = words("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
_GERMAN_ORDINALS = words("dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte")


def _ordinals() -> dict[str, int]:
    english = {word: value for value, word in enumerate(_ENGLISH_ORDINALS, start=3)}
    endings = ("", "n", "r", "s", "m")
    german = {word + ending: value for value, word in enumerate(_GERMAN_ORDINALS, start=3) for ending in endings}
    return english | german


def _cardinals() -> dict[str, int]:
    known = {word: value for units in (_ENGLISH_UNITS, _GERMAN_UNITS) for value, word in enumerate(units)}
    for tens, (english, german) in enumerate(zip(_ENGLISH_TENS, _GERMAN_TENS, strict=True), start=2):
        known[english] = known[german] = 10 * tens
        for unit in range(1, 10):
            known[f"{english}-{_ENGLISH_UNITS[unit]}"] = 10 * tens + unit
            prefix = "ein" if unit == 1 else _GERMAN_UNITS[unit]
            known[f"{prefix}und{german}"] = 10 * tens + unit
    small = {"ein": 1, **{word: known[word] for word in _GERMAN_UNITS[2:10]}}
    known |= {f"{word}hundert": 100 * value for word, value in small.items()}
    thousands = small | {word: known[word] for word in (*_GERMAN_UNITS[10:], *_GERMAN_TENS, "hundert") if word in known}
    known |= {f"{word}tausend": 1000 * value for word, value in thousands.items()}
    known |= {"hundert": 100, "tausend": 1000, "zwo": 2, "dreissig": 30}
    return known


_WORDS = {**_cardinals(), **_ordinals(), **_ARTICLES}

# Scale words by surface; "Billion" and "Trillion" with a capital may be German (long scale) or an English headline.
_SCALES: dict[str, tuple[int, ...]] = {
    "dozen": (12,), "dutzend": (12,), "hundred": (100,), "hundert": (100,),
    "thousand": (10**3,), "tausend": (10**3,), "tsd": (10**3,), "k": (10**3,),
    "million": (10**6,), "millionen": (10**6,), "mio": (10**6,), "mn": (10**6,), "mln": (10**6,), "m": (10**6, 1),
    "milliarde": (10**9,), "milliarden": (10**9,), "mrd": (10**9,), "bn": (10**9,),
    "billion": (10**9,), "Billion": (10**12, 10**9), "billionen": (10**12,), "tn": (10**12,),
    "trillion": (10**12,), "Trillion": (10**18, 10**12), "trillionen": (10**18,),
}  # fmt: skip
_SCALE = "(?:" + "|".join(sorted((name.lower() for name in _SCALES if len(name) > 1), key=len, reverse=True)) + ")"
_SCALE_AFTER = re.compile(rf"[\s-]{{0,3}}({_SCALE})\b\.?|([mk])\b", re.IGNORECASE)
_PERCENT_AFTER = re.compile(r"[\s-]{0,3}(?:%|prozent|per\s?cent)", re.IGNORECASE)
_CLOCK_AFTER = re.compile(r"\s?(?:uhr|[ap]\.?m)\b", re.IGNORECASE)
_AFTERNOON_AFTER = re.compile(r"(?::\d\d)?\s?p\.?m\b", re.IGNORECASE)
_RANGE_BETWEEN = re.compile(r"\s{0,2}(?:-|–|bis|und|oder|to|and|or)\s{0,2}", re.IGNORECASE)
_GROUP = "[.,'’\u00a0\u2009\u202f]"
# Lengths are bounded so that a megabyte of digits stays a row of ordinary numbers.
_DIGITS = re.compile(
    rf"\d{{1,3}}(?:{_GROUP}\d{{3}}){{1,6}}(?!\d)(?:[.,]\d{{1,2}}(?!\d))?|\d{{1,20}}(?:[.,]\d{{1,12}})?"
)
_CLOCK = re.compile(r"(\d{1,2})\.(\d{2})")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?(?!\d)")
_COMPOUND = r"(?:jährig|tägig|stündig|minütig|monatig|wöchig|köpfig|fach|mal|stellig|teilig)\w*"
_WORD = re.compile(
    rf"\b(half\s+a|(?:eine\s+|einer\s+)?halbe[nr]?)\s+({_SCALE})\b"
    rf"|\b(an?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?:\b|(?={_COMPOUND}))",
    re.IGNORECASE,
)


def _readings(digits: str, *, scaled: bool) -> list[Decimal]:
    """What a run of digits and marks can mean. Three digits after one mark are thousands, save after a leading 0."""
    groups = re.split(_GROUP, digits)
    if len(groups) == 1:
        return [Decimal(digits)]
    marks = [character for character in digits if not character.isdigit()]
    decimal = Decimal("".join(groups[:-1]) + "." + groups[-1])
    whole = Decimal("".join(groups))
    if len(groups[-1]) != 3 or (len(set(marks)) > 1 and marks[-1] in ".,"):
        return [decimal]
    if len(groups) == 2 and marks[0] in ".,":
        if groups[0].strip("0") == "":
            return [decimal]
        if scaled:  # "1.234 million" is a decimal in English, thousands in German
            return [whole, decimal]
    return [whole]


def _scale_at(text: str, position: int) -> tuple[tuple[int, ...], int]:
    """Factors of the scale word at `position`, if any, and where it ends."""
    match = _SCALE_AFTER.match(text, position)
    if match is None:
        return (), position
    surface = match[1] or match[2]
    factors = _SCALES.get(surface) or _SCALES[surface.lower()]
    return factors, match.end()


def _hours(values: list[Decimal], text: str, position: int) -> tuple[Decimal, ...]:
    """`values`, and the hours of a 24-hour clock beside them when "pm" follows at `position`."""
    if _AFTERNOON_AFTER.match(text, position) is None:
        return tuple(values)
    return (*values, *(value + 12 for value in values if value < 12))


def _digit_numbers(text: str) -> Iterator[Number]:
    position = 0
    while (match := _DIGITS.search(text, position)) is not None:
        start, position = match.span()
        date = _DATE.match(text, start)
        if date is not None:
            position = date.end()
            for group in (1, 2, 3):
                if date[group]:
                    yield Number(date[group], date.start(group), date.end(group), (Decimal(date[group]),))
            continue
        clock = _CLOCK.fullmatch(match[0])
        if clock is not None and _CLOCK_AFTER.match(text, position):
            hours = _hours([Decimal(clock[1])], text, position)
            yield Number(clock[1], start, start + len(clock[1]), hours)
            yield Number(clock[2], position - 2, position, (Decimal(clock[2]),))
            continue
        factors, end = _scale_at(text, position)
        values = [value * factor for value in _readings(match[0], scaled=end > position) for factor in factors or (1,)]
        hours = _hours(values, text, position)
        yield Number(text[start:end], start, end, hours, scale=factors)
        position = end


def _word_numbers(text: str) -> Iterator[Number]:
    for match in _WORD.finditer(text):
        if match[1]:
            factors = _SCALES.get(match[2]) or _SCALES[match[2].lower()]
            half = tuple(Decimal(factor) / 2 for factor in factors)
            yield Number(match[0], match.start(), match.end(), half, scale=factors)
            continue
        word = match[3].lower()
        factors, end = _scale_at(text, match.end())
        if word in {"a", "an"} and not factors:
            continue
        value = _WORDS.get(word, 1)
        values = tuple(Decimal(value * factor) for factor in factors or (1,))
        article = word in _ARTICLES and not factors
        yield Number(text[match.start() : end], match.start(), end, values, scale=factors, article=article)


def find_numbers(text: str) -> list[Number]:
    """All numbers of `text` in order; in a range ("5 bis 7 Prozent", "5 to 7 million") the unit is shared."""
    found = sorted([*_digit_numbers(text), *_word_numbers(text)], key=lambda number: (number.start, -number.end))
    numbers: list[Number] = []
    for number in found:
        if numbers and number.start < numbers[-1].end:
            continue
        after = _PERCENT_AFTER.match(text, number.end)
        if after is None:
            numbers.append(number)
            continue
        end = after.end()
        numbers.append(replace(number, surface=text[number.start : end], end=end, percent=True))
    for index in range(len(numbers) - 2, -1, -1):
        low, high = numbers[index], numbers[index + 1]
        if _RANGE_BETWEEN.fullmatch(text, low.end, high.start):
            values = (
                low.values if low.scale else (*low.values, *(v * factor for v in low.values for factor in high.scale))
            )
            numbers[index] = replace(low, percent=low.percent or high.percent, values=values)
    return numbers


def canonical(value: Decimal) -> str:
    """One spelling per value: "1200000", "3.5"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
