"""Faults that readers find in the words of a translation, put into human translations."""

from __future__ import annotations

import random
import re

from bench.damage import Damage
from service.core.enums import Flag


def part_copied(source: str, target: str, dice: random.Random) -> str | None:
    """A third to a half of the source's words, in place of as much of the target at the same height."""
    before, after = source.split(), target.split()
    size = int(len(before) * dice.uniform(0.33, 0.5))
    if size < 4:
        return None
    at = dice.randrange(len(before) - size + 1)
    left, right = (round(place / len(before) * len(after)) for place in (at, at + size))
    return " ".join([*after[:left], *before[at : at + size], *after[right:]])


def copied_with_stop(source: str, target: str, dice: random.Random) -> str | None:
    """A short text that came back with a full stop, where the translation is another text."""
    del dice
    words = re.findall(r"\w+", source)
    if len(words) > 6 or not any(word.islower() and len(word) > 2 for word in words) or source[-1] in ".!?":
        return None
    return None if words == re.findall(r"\w+", target) else f"{source}."


def faults(target_lang: str) -> tuple[tuple[str, Flag, Damage], ...]:
    """(name, the flag that it should raise, damage) for targets in a language."""
    del target_lang
    return (
        ("a part copied", Flag.UNTRANSLATED, part_copied),
        ("a short text copied", Flag.COPIED_SOURCE, copied_with_stop),
    )
