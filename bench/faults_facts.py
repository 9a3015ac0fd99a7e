"""Faults in the facts of a translation, put into human translations: what the checks of facts catch and at what cost.

Prints alarms on the translations as they are and the share of faults caught, per kind, in both directions. Only the
checks of facts run; `bench.checks` has them all.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.checks import ANY, DATA_VARIABLE, DIRECTIONS, Damage, Pair, read_sets
from service.checks.dates import dates
from service.checks.finder import Finder
from service.checks.number_words import number_words
from service.checks.numbers import numbers
from service.checks.repeated_number import repeated_number
from service.checks.swapped_numbers import swapped_numbers
from service.checks.times import times
from service.checks.units import units
from service.core.enums import Flag, Severity

NEW = (repeated_number, swapped_numbers, times, dates, units, number_words)
"""The checks that come on top of that of numbers in digits."""

_NUMBER = re.compile(r"(?<![\w.,:])[0-9]+(?:[.,:][0-9]+)*(?![\w])")
_SCORE = re.compile(r"(?<![\w.,:–-])([0-9]{1,2})([:–-])([0-9]{1,2})(?![\w:–-]|[.,][0-9])")
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_WEEKDAYS = {
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
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
        ("kilometers", "miles"), ("kilometres", "miles"), ("meters", "feet"), ("metres", "feet"), ("centimeters", "inches"),
        ("kilograms", "pounds"), ("kilos", "pounds"), ("tons", "kilos"), ("tonnes", "kilos"), ("litres", "gallons"),
        ("liters", "gallons"), ("hectares", "acres"), ("km", "miles"), ("kg", "lb"), ("cm", "mm"),
        ("miles", "kilometres"), ("hours", "minutes"), ("minutes", "seconds"), ("years", "months"),
        ("weeks", "days"), ("percent", "degrees"), ("degrees", "percent"),
    ),
}  # fmt: skip
_WORDS = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert".split(),
    "en": "two three four five six seven eight nine ten eleven twelve twenty thirty hundred".split(),
}


def _other(word: str, words: list[str] | tuple[str, ...], dice: random.Random) -> str:
    """Another one of `words`, with a capital where `word` has one."""
    chosen = dice.choice([each for each in words if each.lower() != word.lower()])
    return chosen.capitalize() if word[0].isupper() else chosen


def _one_word(words: list[str] | tuple[str, ...], change: Callable[[str, random.Random], str], end: str = "") -> Damage:
    """Changes one of `words`, wherever it stands as a word."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(words, key=len, reverse=True))})(?={end}(?!\w))")

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        if not (found := list(pattern.finditer(target))):
            return None
        match = dice.choice(found)
        return target[: match.start()] + change(match.group(), dice) + target[match.end() :]

    return damage


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

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        if not (found := list(pattern.finditer(target))):
            return None
        match = dice.choice(found)
        text = match.group()
        if text.isdecimal():
            changed = str((int(text) + 12) % 24)
        else:
            changed = {"a": "p", "p": "a", "A": "P", "P": "A"}[text]
        return target[: match.start()] + changed + target[match.end() :]

    return damage


def _currency(language: str) -> Damage:
    words = _CURRENCIES[language]
    word = _one_word(words, lambda found, dice: _other(found, words, dice), end="s?")
    sign = re.compile("[€$£]")

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        signs = list(sign.finditer(target))
        if not signs:
            return word(source, target, dice)
        match = dice.choice(signs)
        return target[: match.start()] + _other(match.group(), _CODES, dice) + target[match.end() :]

    return damage


def _unit(language: str) -> Damage:
    """Another unit after a number in digits or a scale word."""
    changes = dict(_UNITS[language])
    pattern = re.compile(rf"(?<=[0-9] )(?:{'|'.join(changes)})\b")

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        if not (found := list(pattern.finditer(target))):
            return None
        match = dice.choice(found)
        return target[: match.start()] + changes[match.group()] + target[match.end() :]

    return damage


def _sign(source: str, target: str, dice: random.Random) -> str | None:
    """-5 -> 5, minus 5 -> 5."""
    del source
    found = list(re.finditer(r"(?:(?<=[\s(])|^)(?:[−–-](?=[0-9])|minus (?=[\w]))", target, re.IGNORECASE))
    if not found:
        return None
    match = dice.choice(found)
    return target[: match.start()] + target[match.end() :]


def _dropped(language: str) -> Damage:
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS[language])}) (?=\w)", re.IGNORECASE)

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        if not (found := list(pattern.finditer(target))):
            return None
        match = dice.choice(found)
        return target[: match.start()] + target[match.end() :]

    return damage


def _number_word(language: str) -> Damage:
    words = _WORDS[language]
    both = [*words, *(word.capitalize() for word in words)]
    return _one_word(both, lambda word, dice: _other(word, words, dice))


def faults(source_lang: str, target_lang: str) -> tuple[tuple[str, Flag, Damage], ...]:
    """(name, the flag that it should raise, damage) for targets in a language."""
    del source_lang
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
        ("a sign", Flag.UNIT_CHANGED, _sign),
        ("a number word dropped", Flag.NUMBERS_CHANGED, _dropped(target_lang)),
        ("a number word changed", Flag.NUMBERS_CHANGED, _number_word(target_lang)),
    )


def _made(source_lang: str, target_lang: str) -> dict[str, Finder]:
    made = {factory.__name__: factory(source_lang, target_lang) for factory in (numbers, *NEW)}
    return {name: finder for name, finder in made.items() if finder is not None}


def _report(sets: Mapping[str, list[Pair]], source_lang: str, target_lang: str, seed: int, examples: bool) -> None:
    finders = _made(source_lang, target_lang)
    corpus = [pair for pairs in sets.values() for pair in pairs]
    print(f"{source_lang} -> {target_lang}: {len(corpus):,} human translations\n\nalarms")
    new: Counter[str] = Counter()
    clean = set(range(len(corpus)))
    severities: dict[int, set[Severity]] = {}
    for name, finder in finders.items():
        started = time.process_time()
        found = [finder(*pair) for pair in corpus]
        microseconds = (time.process_time() - started) / len(corpus) * 1e6
        raised = [index for index, findings in enumerate(found) if findings]
        clean.difference_update(raised)
        critical = sum(any(finding.severity is Severity.CRITICAL for finding in findings) for findings in found)
        print(
            f"  {name:<24}{len(raised):>6} {len(raised) / len(corpus):7.2%}   critical {critical / len(corpus):7.2%}"
            f"{microseconds:>8.1f} us"
        )
        if name == numbers.__name__:
            continue
        for index in raised:
            severities.setdefault(index, set()).update(finding.severity for finding in found[index])
            if examples:
                print(f"      {_shown(corpus[index], found[index])}")
    new[ANY] = len(severities)
    new[Severity.CRITICAL] = sum(Severity.CRITICAL in each for each in severities.values())
    for name, count in new.items():
        print(f"  new, {name:<19}{count:>6} {count / len(corpus):7.2%}")
    print("\nfaults caught" + " " * 28 + "by its flag")
    for name, flag, damage in faults(source_lang, target_lang):
        dice = random.Random(seed)
        total = caught = named = 0
        missed = []
        for index in sorted(clean):
            source, target = corpus[index]
            damaged = damage(source, target, dice)
            if damaged is None or damaged == target:
                continue
            total += 1
            flags = {finding.flag for finder in finders.values() for finding in finder(source, damaged)}
            caught += bool(flags)
            named += flag in flags
            if not flags:
                missed.append(f"{source}\n      {damaged}")
        print(f"  {name:<24}{caught:>7} of {total:<7}{caught / max(1, total):7.2%}{named / max(1, total):9.2%}  ({flag})")
        for example in dice.sample(missed, min(12, len(missed))) if examples else ():
            print(f"    - {example}")


def _shown(pair: Pair, findings: list) -> str:  # type: ignore[type-arg]
    source, target = pair
    places = [
        f"{finding.flag}/{finding.severity} {[source[s.start : s.end] for s in finding.source]} "
        f"{[target[s.start : s.end] for s in finding.target]}"
        for finding in findings
    ]
    return f"{'; '.join(places)}\n        {source}\n        {target}"


def main() -> None:
    """Print the tables of both directions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get(DATA_VARIABLE), help=f"or {DATA_VARIABLE}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", action="store_true", help="show alarms and some faults that were missed")
    arguments = parser.parse_args()
    for source_lang, target_lang in DIRECTIONS:
        sets = {} if arguments.data is None else read_sets(Path(arguments.data), source_lang, target_lang)
        if not sets:
            parser.error("give a folder with newstest20??.de and .en")
        _report(sets, source_lang, target_lang, arguments.seed, arguments.examples)
        print()


if __name__ == "__main__":
    main()
