"""Compares the numbers of a German source with those of its English translation. Finds what an editor must check.

Formats differ on purpose (11.000 / 11,000; 3,5 / 3.5; 18.30 Uhr / 6.30 pm; 4.11. / 4 November), so numbers are
compared by their digits, and a small number may be a word on the other side. What is left over has changed.
"""

from __future__ import annotations

import re

_SEPARATOR = r"[.,:/'’\u00a0\u202f\u2009-]"
_NUMBER = re.compile(rf"\d+(?:{_SEPARATOR}\d+)*")
_GROUPED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")  # 11 000
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")
_NOT_DIGIT = re.compile(r"\D+")

_WORDS = (
    ("zero", "null"),
    ("one", "first", "once", "a", "an", "ein", "single"),
    ("two", "second", "twice", "zwei"),
    ("three", "third", "drei"),
    ("four", "fourth", "vier"),
    ("five", "fifth", "fünf"),
    ("six", "sixth", "sechs"),
    ("seven", "seventh", "sieben"),
    ("eight", "eighth", "acht"),
    ("nine", "ninth", "neun"),
    ("ten", "tenth", "zehn"),
    ("eleven", "eleventh", "elf"),
    ("twelve", "twelfth", "zwölf", "noon", "midday", "midnight"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GERMAN_NUMERAL = re.compile(
    r"(?:zehn|zig|ßig|hundert|tausend|million|milliarde|dutzend|mio\b|mrd\b|jahrhundert|halb|viertel|uhr)",
    re.IGNORECASE,
)
_ENGLISH_NUMERAL = re.compile(
    r"(?:teen|ty\b|hundred|thousand|million|billion|dozen|half|quarter|noon|midnight)", re.IGNORECASE
)


def _parts(token: str) -> list[str]:
    """The digit runs of a number, without leading zeros ("04.11.2024" -> 4, 11, 2024)."""
    return [run.lstrip("0") or "0" for run in _NOT_DIGIT.split(token) if run]


def _tokens(text: str) -> list[str]:
    return _NUMBER.findall(_GROUPED.sub("", text))


def _joined(token: str) -> str:
    """The digits alone; a decimal fraction loses its last zeros (1,80 m -> 1.8 m)."""
    if _DECIMAL.fullmatch(token):
        token = token.rstrip("0")
    return _NOT_DIGIT.sub("", token).lstrip("0") or "0"


def _small_numbers(text: str) -> set[str]:
    """Numbers up to twelve that stand as words, and the months as their numbers."""
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    found = {str(value) for value, forms in enumerate(_WORDS) if any(form in words for form in forms)}
    prefixes = {word[:3] for word in words}
    return found | {str(index) for index, month in enumerate(_MONTHS, start=1) if month in prefixes}


def _twelve_hour(part: str) -> str:
    """13..24 as a twelve-hour clock says it; other numbers unchanged."""
    return str(int(part) - 12) if part.isdecimal() and len(part) == 2 and 13 <= int(part) <= 24 else part


def numbers_changed(source: str, target: str) -> bool:
    """Whether a number of `source` is missing in `target`, or `target` has one that `source` doesn't.

    Errs on the quiet side: large numerals written as words on one side are taken to stand for digits on the other.
    """
    source_tokens, target_tokens = _tokens(source), _tokens(target)
    if not source_tokens and not target_tokens:
        return False
    target_joined = {_joined(token) for token in target_tokens}
    target_parts = {part for token in target_tokens for part in _parts(token)} | _small_numbers(target)
    may_be_words = _ENGLISH_NUMERAL.search(target) is not None
    for token in source_tokens:
        if _joined(token) in target_joined or _spelled_out(token, target_parts):
            continue
        if may_be_words and (len(_joined(token)) <= 2 or _joined(token) in {"100", "1000"}):
            continue
        return True
    if _GERMAN_NUMERAL.search(source):
        return False
    source_joined = {_joined(token) for token in source_tokens}
    source_parts = {part for token in source_tokens for part in _parts(token)} | _small_numbers(source)
    for token in target_tokens:
        if _joined(token) in source_joined:
            continue
        if any(len(part) > 1 and not _known(part, source_parts) for part in _parts(token)):
            return True
    return False


def _known(part: str, source_parts: set[str]) -> bool:
    """Whether a target's number of two or more digits stands in the source, or is 12 (Mittag) or a century."""
    return part in source_parts or part == "12" or (len(part) == 4 and part[:2] == "19" and part[2:] in source_parts)


def _spelled_out(token: str, target_parts: set[str]) -> bool:
    """Whether every part of a date or time stands somewhere in the target; a zero part ("18.00") may be dropped."""
    parts = _parts(token)
    # A thousands group or a decimal fraction isn't a date: its parts must not be looked for one by one.
    if re.fullmatch(r"\d{1,3}(?:[.,'’]\d{3})+", token) or ("," in token and len(parts) == 2):
        return False
    return all(
        part == "0"
        or part in target_parts
        or _twelve_hour(part) in target_parts
        or (len(part) == 2 and f"19{part}" in target_parts)  # die 80er / the 1980s
        for part in parts
    )
