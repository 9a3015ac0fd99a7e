"""Compares the numbers of a German source with those of its English translation. Finds what an editor must check.

Formats differ on purpose (11.000 / 11,000; 3,5 / 3.5; 18.30 Uhr / 6.30 pm; 4.11. / 4 November; zwölf / 12), so each
number is read as the values it may stand for in its language, and the values are compared. Where a form is ambiguous
every reading counts. Units are not converted: 15 Meter / 50 ft is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from service.language.numeral_tables import HALVED, HALVES, MONTHS, ROMAN, SCALE_AFTER, SCALES, SPACES, WORD_VALUES
from service.language.numerals import english_numerals, german_numerals

_NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*")
_SPACED_GROUPS = re.compile(rf"(?<![\d.,])(\d{{1,3}}(?:[ {SPACES}]\d{{3}})+)(?!\d|\.\d)")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_MIXED = re.compile(r"(\d+)?\s*([½¼¾])|\b(\d+)[ \u00a0]1/2(?!\d)")
_GROUPS = re.compile(r"\d{1,3}(?:(?P<mark>[.,'’])\d{3})(?:(?P=mark)\d{3})*")
_LONG = 7
"""Digits from which on a run is compared as a run, as in telephone numbers, however it is grouped."""
_RUN = re.compile(r"\d(?:[\d /()-]*\d)?")

_LETTER_SCALES = ("m", "b", "k")  # also metres, bytes, ...: both readings count
_DECADES = ("1900", "2000", "1800")


@dataclass(slots=True)
class _Number:
    """One number as it stands in a text: each reading is a set of values that must all be on the other side."""

    readings: list[frozenset[Decimal]]
    exponent: int = 0
    bare: Decimal | None = None  # the value before a scale word


@dataclass(slots=True)
class _Side:
    """The numbers of one text, every value that they or its words may stand for, and its scale words."""

    numbers: list[_Number] = field(default_factory=list)
    values: set[Decimal] = field(default_factory=set)
    unscaled: set[Decimal] = field(default_factory=set)  # values that stand before no scale word
    bare: dict[Decimal, set[int]] = field(default_factory=dict)  # values before scale words
    scales: set[int] = field(default_factory=set)
    runs: str = ""  # the digits of long runs


def _plain(value: str) -> Decimal:
    return Decimal(value).normalize() if value.strip("0.") else Decimal(0)


def _simple_readings(token: str, language: str) -> list[frozenset[Decimal]]:
    """What `token` may mean: an amount, or the parts of a date or a time."""
    decimal_mark = "," if language == "de" else "."
    parts = re.split(r"[.,'’]", token)
    if len(parts) == 1:
        return [frozenset((_plain(token),))]
    readings = []
    grouped = _GROUPS.fullmatch(token)
    whole = re.sub(r"[.,'’]", "", token)
    if grouped and grouped["mark"] != decimal_mark and not token.startswith("0"):
        return [frozenset((_plain(whole),))]
    mark = re.sub(r"\d", "", token)[-1]
    if len(parts) == 2:
        readings.append(frozenset((_plain(f"{parts[0]}.{parts[1]}"),)))
        if grouped and language == "de" and not token.startswith("0"):  # 1,500 as English text inside German writes it
            readings.append(frozenset((_plain(whole),)))
    elif len(parts[-1]) != 3 or mark == decimal_mark:  # 1.234,5
        readings.append(frozenset((_plain("".join(parts[:-1]) + "." + parts[-1]),)))
    if mark == "." and len(parts) <= 3 and all(len(part) <= 2 for part in parts[:2]):
        pair = tuple(map(int, parts[:2]))
        if (pair[0] <= 24 and pair[1] < 60 and len(parts[1]) == 2) or (1 <= pair[0] <= 31 and 1 <= pair[1] <= 12):
            readings.append(frozenset(_plain(part) for part in parts))
            if not int(parts[1]):  # 18.00 / 6 pm
                readings.append(frozenset((_plain(parts[0]),)))
    return readings or [frozenset(_plain(part) for part in parts)]


def _alternatives(value: Decimal, before: str, after: str, language: str, clock: bool) -> Iterator[Decimal]:
    """Other values that a whole number may stand for: hours, decades, short years, centuries."""
    if value != value.to_integral_value():
        return
    if clock and 13 <= value <= 24:
        yield value - 12
    if clock and value in (0, 12):  # 12.30 am, 0.30 Uhr
        yield 12 - value
    decade = re.match(r"-?(?:ern?|s)\b", after)
    if decade and value >= 1000:
        yield value % 100
    if value < 100 and (decade or before[-1:] in ("/", "-", "–", "'", "’")):
        yield from (value + Decimal(base) for base in _DECADES)
    if language == "de" and value <= 21 and re.match(r"\.?[\s-]*jahrhundert", after):
        yield (value - 1) * 100


def _read(text: str, language: str, numerals: Callable[[str], Iterator[tuple[Decimal, int]]]) -> _Side:
    text = _SPACED_GROUPS.sub(lambda match: re.sub(r"\D", "", match.group()), text)
    side = _Side()
    if language == "de":
        side.values |= {Decimal(ROMAN[word]) for word in re.findall(r"\b[IVX]+\b", text) if word in ROMAN}
    text = _MIXED.sub(lambda match: _mixed(match, language), text).lower().replace("co2", "co₂")
    text = HALVES[language].sub(lambda match: _halved(match, language), text)
    side.runs = " ".join(run for found in _RUN.findall(text) if len(run := re.sub(r"\D", "", found)) >= _LONG)
    clock = re.search(r"uhr|:\d\d|\d\.\d\d|\d ?[ap]\.?m\b|o'clock", text) is not None
    for match in _NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end() : match.end() + 24]
        number = _Number(_simple_readings(match.group(), language))
        if match.group() in ("00", "000") and before[-1:] in ".:":  # 18:00 / 6 pm
            number.readings.append(frozenset())
        for reading in list(number.readings):
            if len(reading) == 1:
                [value] = reading
                others = _alternatives(value, before, after, language, clock)
                number.readings += [frozenset((other,)) for other in others]
            elif clock:
                number.readings.append(frozenset(v - 12 if 13 <= v <= 24 else v for v in reading))
        _scale(number, after, language)
        _add(side, number)
        side.numbers.append(number)
    for value, end in numerals(text):
        number = _Number([frozenset((value,))])
        _scale(number, text[end : end + 24], language, word=True)
        _add(side, number)
        side.values.add(value)
        if clock:
            side.values.add(value - 12 if value > 12 else value)
        if language == "de" and text.startswith("er", end) and value < 100:  # die siebziger Jahre / the 1970s
            side.values |= {value + Decimal(base) for base in _DECADES}
        if language == "de" and re.search(r"(?:halb|vor) \w+$", text[:end][-20:]):  # halb sieben / 6:30
            side.values.add(value - 1)
        if number.exponent >= 6:
            side.numbers.append(number)
    _add_words(side, text, language)
    if re.search(r"halb|half|viertel|quarter", text):
        side.values |= {Decimal(value) for value in (("15", "30", "45") if clock or "halb " in text else ())}
    return side


def _mixed(match: re.Match[str], language: str) -> str:
    """2½ and 2 1/2 as a decimal fraction in the text's own notation."""
    whole = match[1] or match[3] or "0"
    part = _FRACTIONS[match[2]] if match[2] else ".5"
    return whole + (part.replace(".", ",") if language == "de" else part)


def _halved(match: re.Match[str], language: str) -> str:
    """Half a million and one and a half million as digits before the scale word."""
    if match["whole"] is None:
        whole = 0
    elif match["whole"] in HALVED:
        whole = HALVED[match["whole"]]
    else:
        return match.group()
    return f"{whole},5" if language == "de" else f"{whole}.5"


def _scale(number: _Number, after: str, language: str, *, word: bool = False) -> None:
    """Let a scale word that follows multiply the value: 2,5 Millionen, $5bn, 200k. After a word only a word counts."""
    match = SCALE_AFTER[language].match(after)
    if match is None or (word and len(match.group().strip()) < 3):
        return
    [value] = number.readings[0] if len(number.readings[0]) == 1 else [Decimal(0)]
    number.exponent, number.bare = int(str(match.lastgroup)[1:]), value
    scaled = frozenset(((value * 10**number.exponent).normalize(),))
    ambiguous = match.group().strip(f"- {SPACES}") in _LETTER_SCALES or number.exponent < 6
    number.readings = [scaled, *number.readings] if ambiguous else [scaled]


def _add(side: _Side, number: _Number) -> None:
    found = {value for reading in number.readings for value in reading}
    side.values |= found
    if number.exponent and number.bare is not None:
        side.bare.setdefault(number.bare, set()).add(number.exponent)
    else:
        side.unscaled |= found


def _add_words(side: _Side, text: str, language: str) -> None:
    """Values of words that aren't numerals, and scale words."""
    for word, values in WORD_VALUES[language].items():
        if word in text:
            side.values |= {Decimal(value) for value in values}
    if "halb" in text or "half" in text or "halv" in text:
        side.values |= {value + Decimal("0.5") for value in side.values if value < 100}
    if "dutzend" in text or "dozen" in text:
        side.values |= {value * 12 for value in side.values if value <= 12}
    prefixes = {word[:3] for word in re.findall(r"[a-zä]+", text)}
    side.values |= {Decimal(index) for index, month in enumerate(MONTHS[language], start=1) if month in prefixes}
    for word, exponent in SCALES[language]:
        if re.search(rf"{word}\b" if len(word) == 3 else word, text):
            side.scales.add(exponent)
            text = text.replace(word, "")
    side.scales |= {exponent for exponents in side.bare.values() for exponent in exponents}


def _found(number: _Number, own: _Side, other: _Side) -> bool:
    """Whether `other` has the number in any of its readings."""
    if any(reading <= other.values for reading in number.readings):
        return True
    if number.bare == 1 and number.exponent in other.scales:  # die Umsatz-Milliarde / a billion
        return True
    if number.bare is not None:  # 2 bis 3 Millionen / €2m to €3m
        return number.bare in other.unscaled and number.exponent in other.scales
    return any(
        other.bare.get(value, set()) & (own.scales | {2, 3})
        for reading in number.readings
        if len(reading) == 1
        for value in reading
    )


def _in_long_run(number: _Number, other: _Side) -> bool:
    """Whether the digits stand in a telephone number of the other side, however that is grouped."""
    digits = f"{max(number.readings[0], default=Decimal(0)).to_integral_value():f}"
    return len(digits) >= 2 and digits in other.runs


def numbers_changed(source: str, target: str) -> bool:
    """Whether a number of `source` is missing in `target`, or `target` has one that `source` doesn't.

    Numbers as digits are looked for as digits or words. Words are looked for only before "million" and beyond; a
    number that is a word on both sides isn't compared.
    """
    german = _read(source, "de", german_numerals)
    english = _read(target, "en", english_numerals)
    for own, other in ((german, english), (english, german)):
        if any(not _found(number, own, other) and not _in_long_run(number, other) for number in own.numbers):
            return True
    return bool(german.scales and english.scales and english.scales.isdisjoint(german.scales | {2, 3})) and not any(
        number.exponent >= 6 for number in english.numbers
    )
