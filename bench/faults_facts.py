"""Faults in the facts of a translation, to be put into human translations: swapped numbers, scores, dates, the clock,
currencies, units, signs, number words. Judges nothing; `bench.checks` does.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bench.damage import Damage, edit
from service.core.enums import Flag

_NUMBER = re.compile(r"(?<![\w.,:])[0-9]+(?:[.,:][0-9]+)*(?![\w])")
_SCORE = re.compile(r"(?<![\w.,:–-])([0-9]{1,2})([:–-])([0-9]{1,2})(?![\w:–-]|[.,][0-9])")
_MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_WEEKDAYS = {
    "de": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_CURRENCIES = {
    "de": ("Euro", "Dollar", "Pfund", "Yen", "Rubel"),
    "en": ("euro", "dollar", "pound", "yen", "rouble"),
}
_CODES = ("€", "$", "£")
_UNITS = {
    "de": (
        ("Kilometer", "Meilen"), ("Meter", "Fuß"), ("Zentimeter", "Zoll"), ("Kilogramm", "Pfund"), ("Kilo", "Pfund"),
        ("Tonnen", "Kilo"), ("Liter", "Gallonen"), ("Hektar", "Quadratmeter"), ("km", "m"), ("kg", "g"), ("cm", "mm"),
        ("Meilen", "Kilometer"), ("Stunden", "Minuten"), ("Minuten", "Sekunden"), ("Jahre", "Monate"),
        ("Wochen", "Tage"), ("Prozent", "Grad"), ("Grad", "Prozent"),
    ),
    "en": (
        ("kilometers", "miles"), ("kilometres", "miles"), ("meters", "feet"), ("metres", "feet"),
        ("centimeters", "inches"), ("kilograms", "pounds"), ("kilos", "pounds"), ("tons", "kilos"), ("tonnes", "kilos"),
        ("litres", "gallons"), ("liters", "gallons"), ("hectares", "acres"), ("km", "miles"), ("kg", "lb"),
        ("cm", "mm"), ("miles", "kilometres"), ("hours", "minutes"), ("minutes", "seconds"), ("years", "months"),
        ("weeks", "days"), ("percent", "degrees"), ("degrees", "percent"),
    ),
}  # fmt: skip
_WORDS = {
    "de": [
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "zwanzig",
        "dreißig",
        "hundert",
    ],
    "en": [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "twenty",
        "thirty",
        "hundred",
    ],
}


def _other(word: str, words: list[str] | tuple[str, ...], dice: random.Random) -> str:
    """Another one of `words`, with a capital where `word` has one."""
    chosen = dice.choice([each for each in words if each.lower() != word.lower()])
    return chosen.capitalize() if word[0].isupper() else chosen


def _one_word(words: list[str] | tuple[str, ...], change: Callable[[str, random.Random], str], end: str = "") -> Damage:
    """Changes one of `words`, wherever it stands as a word."""
    return edit(re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(words, key=len, reverse=True))})(?={end}(?!\w))"), change)


def _swapped(source: str, target: str, dice: random.Random) -> str | None:
    """Two different numbers in each other's place."""
    del source
    found = list(_NUMBER.finditer(target))
    pairs = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :] if a.group() != b.group()]
    if not pairs:
        return None
    a, b = dice.choice(pairs)
    return target[: a.start()] + b.group() + target[a.end() : b.start()] + a.group() + target[b.end() :]


def _score_turned(source: str, target: str, dice: random.Random) -> str | None:
    """3:2 -> 2:3, where both have a score."""
    found = [match for match in _SCORE.finditer(target) if match[1] != match[3]]
    if not found or _SCORE.search(source) is None:
        return None
    match = dice.choice(found)
    return target[: match.start()] + match[3] + match[2] + match[1] + target[match.end() :]


def _day_for_month(language: str) -> Damage:
    """4 November -> 11 April, 4.11. -> 11.4."""
    names = "|".join(_MONTHS[language])
    pattern = re.compile(
        rf"(?<![\w.])(?P<day>[0-9]{{1,2}})\.? (?P<month>{names})\b"
        rf"|\b(?P<first>{names}) (?P<then>[0-9]{{1,2}})(?![\w:]|[.,][0-9])"
        r"|(?<![\w.])(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?![0-9]{3}\.)"
    )

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        options = []
        for match in pattern.finditer(target):
            text = match.group()
            day = int(match["day"] or match["then"] or match["d"])
            name = match["month"] or match["first"]
            month = _MONTHS[language].index(name) + 1 if name else int(match["m"])
            if not (1 <= day <= 12 and 1 <= month <= 12) or day == month:
                continue
            if name:
                changed = re.sub(r"[0-9]+", str(month), text).replace(name, _MONTHS[language][day - 1])
            else:
                changed = f"{month}.{day}."
            options.append((match, changed))
        if not options:
            return None
        match, changed = dice.choice(options)
        return target[: match.start()] + changed + target[match.end() :]

    return damage


def _clock(language: str) -> Damage:
    """2 p.m. -> 2 a.m.; 14 Uhr -> 2 Uhr and back."""
    pattern = re.compile(r"(?<=[0-9] )([ap])(?=\.? ?m\b)|(?<=[0-9])([ap])(?=\.? ?m\b)", re.IGNORECASE)
    if language == "de":
        pattern = re.compile(r"(?<![\w.:])[0-9]{1,2}(?=(?:[.:][0-9]{2})? Uhr)")

    def change(text: str, dice: random.Random) -> str:
        del dice
        return str((int(text) + 12) % 24) if text.isdecimal() else {"a": "p", "p": "a", "A": "P", "P": "A"}[text]

    return edit(pattern, change)


def _currency(language: str) -> Damage:
    words = _CURRENCIES[language]
    word = _one_word(words, lambda found, dice: _other(found, words, dice), end="s?")
    sign = edit(re.compile("[€$£]"), lambda found, dice: _other(found, _CODES, dice))
    return lambda source, target, dice: sign(source, target, dice) or word(source, target, dice)


def _unit(language: str) -> Damage:
    """Another unit after a number in digits or a scale word."""
    changes = dict(_UNITS[language])
    return edit(re.compile(rf"(?<=[0-9] )(?:{'|'.join(changes)})\b"), lambda unit, dice: changes[unit])


_SIGN = re.compile(r"(?:(?<=[\s(])|^)(?:[−–-](?=[0-9])|minus (?=[\w]))", re.IGNORECASE)
"""-5, minus 5."""


def _dropped(language: str) -> Damage:
    return edit(re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS[language])}) (?=\w)", re.IGNORECASE), lambda word, dice: "")


def _number_word(language: str) -> Damage:
    words = _WORDS[language]
    both = [*words, *(word.capitalize() for word in words)]
    return _one_word(both, lambda word, dice: _other(word, words, dice))


def faults(target_lang: str) -> tuple[tuple[str, Flag, Damage], ...]:
    """(name, the flag that it should raise, damage) for targets in a language."""
    months, weekdays = _MONTHS[target_lang], _WEEKDAYS[target_lang]
    return (
        ("numbers swapped", Flag.NUMBERS_SWAPPED, _swapped),
        ("a score turned", Flag.NUMBERS_SWAPPED, _score_turned),
        ("day and month mixed", Flag.DATE_CHANGED, _day_for_month(target_lang)),
        ("the clock", Flag.TIME_CHANGED, _clock(target_lang)),
        ("a weekday", Flag.DATE_CHANGED, _one_word(weekdays, lambda word, dice: _other(word, weekdays, dice))),
        ("a month", Flag.DATE_CHANGED, _one_word(months, lambda word, dice: _other(word, months, dice))),
        ("a currency", Flag.UNIT_CHANGED, _currency(target_lang)),
        ("a unit", Flag.UNIT_CHANGED, _unit(target_lang)),
        ("a sign", Flag.UNIT_CHANGED, edit(_SIGN, lambda sign, dice: "")),
        ("a number word dropped", Flag.NUMBERS_CHANGED, _dropped(target_lang)),
        ("a number word changed", Flag.NUMBERS_CHANGED, _number_word(target_lang)),
    )
