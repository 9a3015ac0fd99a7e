"""Makes the check of a pair of languages out of the single checks. None of them can say that a translation is right."""

from __future__ import annotations

from service.checks.copied import copies
from service.checks.length import bounds_for, length_is_odd
from service.checks.numbers import numbers_changed
from service.checks.repetition import repeats
from service.core.enums import Flag
from service.core.ports import Check

REVISION = 3
"""Raise it whenever a check, of translations or summaries, can give another flag for the same texts.

It is part of the cache's keys: outputs that were kept or refused under other rules are then made and judged again.
"""


def check_translation(source_lang: str, target_lang: str) -> Check:
    """The check of a pair of BCP 47 codes: (source, target, finished) -> flags, in the order of `Flag`.

    Length bounds and number words are kept for German and English; any other pair gets wide bounds, and numbers that
    may be words in a language without number words pass.
    """
    bounds = bounds_for(_primary(source_lang), _primary(target_lang))

    def check(source: str, target: str, finished: bool) -> tuple[Flag, ...]:
        found = []
        if not finished:
            found.append(Flag.TRUNCATED)
        if repeats(source, target):
            found.append(Flag.REPETITION)
        if length_is_odd(source, target, bounds):
            found.append(Flag.LENGTH_RATIO)
        if copies(source, target):
            found.append(Flag.COPIED_SOURCE)
        if numbers_changed(source, target, source_lang, target_lang):
            found.append(Flag.NUMBERS_CHANGED)
        return tuple(found)

    return check


def check_summary(source: str, target: str, finished: bool) -> tuple[Flag, ...]:
    """The flags of a generated summary. A missing end isn't one: its unfinished sentence is dropped later."""
    del finished
    if not target.strip():
        return (Flag.LENGTH_RATIO,)
    return (Flag.REPETITION,) if repeats(source, target) else ()


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
