"""Checks on a model's output. Each says what a reader should look at; none can say that a translation is right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.checks.numbers import numbers_changed
from service.core.enums import Flag

# (source code points from, least and most target/source). Human translations of news differ by less: over the WMT
# newstest2014-2017 pairs 99.9 % of the ratios lie within 0.46-1.73, 0.47-1.71, 0.51-1.50 and 0.61-1.46 from 40, 60,
# 100 and 150 code points on; the bounds leave room beyond that (`python -m bench.checks`).
_LENGTH_RATIOS = ((150, 0.58, 1.7), (100, 0.48, 1.8), (60, 0.45, 2.0), (40, 0.42, 2.1))
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def longest_loop(words: Sequence[str], longest_phrase: int = 8) -> int:
    """How many words the longest immediate repetition of a phrase covers beyond its first occurrence.

    "a b a b a b" -> 4. Linear in the number of words for each phrase length.
    """
    longest = 0
    for size in range(1, min(longest_phrase, len(words) // 2) + 1):
        run = 0
        for index in range(size, len(words)):
            run = run + 1 if words[index] == words[index - size] else 0
            if run >= size:
                longest = max(longest, run)
    return longest


def _longest_character_run(text: str) -> int:
    longest = run = 0
    previous = ""
    for character in text:
        run = run + 1 if character == previous and not character.isspace() else 1
        previous = character
        longest = max(longest, run)
    return longest


def _loops(source: Sequence[str], target: Sequence[str]) -> bool:
    loop = longest_loop(target)
    return loop >= 4 and loop >= longest_loop(source) + 3


def repeats(source: str, target: str) -> bool:
    """Whether the target loops where the source doesn't."""
    target_words = [word.lower() for word in _WORD.findall(target)]
    source_words = [word.lower() for word in _WORD.findall(source)]
    if _loops(source_words, target_words) or _loops(source.lower().split(), target.lower().split()):  # and "- - - -"
        return True
    if _longest_character_run(target) >= _longest_character_run(source) + 12:
        return True
    trigrams = Counter(zip(target_words, target_words[1:], target_words[2:], strict=False))
    total = sum(trigrams.values())
    if total < 18 or len(trigrams) > 0.6 * total:
        return False
    source_trigrams = Counter(zip(source_words, source_words[1:], source_words[2:], strict=False))
    return len(source_trigrams) > 0.75 * max(1, sum(source_trigrams.values()))


def length_is_odd(source: str, target: str) -> bool:
    """Whether the target is far shorter or longer than a translation can be."""
    if not target.strip():
        return True
    for size, least, most in _LENGTH_RATIOS:
        if len(source) >= size:
            return not least <= len(target) / len(source) <= most
    # A short source may grow by a fixed amount ("Nein." / "No, he said.") and shrink to a word ("Vielen Dank!").
    return len(target) > 1.5 * len(source) + 40 or (len(source) >= 20 and len(target) < 0.25 * len(source))


def copies(source: str, target: str) -> bool:
    """Whether the target is the source again. Names stay as they are, so only lower-case words count."""
    source_words = Counter(word for word in _WORD.findall(source) if word[0].islower() and len(word) > 2)
    total = sum(source_words.values())
    if total < 3:
        return total > 0 and source.strip() == target.strip()
    shared = source_words & Counter(_WORD.findall(target))
    return sum(shared.values()) >= 0.8 * total


def check_translation(source: str, target: str, finished: bool) -> tuple[Flag, ...]:
    """The flags of one translated segment, in the order of `Flag`."""
    found = []
    if not finished:
        found.append(Flag.TRUNCATED)
    if repeats(source, target):
        found.append(Flag.REPETITION)
    if length_is_odd(source, target):
        found.append(Flag.LENGTH_RATIO)
    if copies(source, target):
        found.append(Flag.COPIED_SOURCE)
    if numbers_changed(source, target):
        found.append(Flag.NUMBERS_CHANGED)
    return tuple(found)


def check_summary(source: str, target: str, finished: bool) -> tuple[Flag, ...]:
    """The flags of a generated summary. A missing end isn't one: its unfinished sentence is dropped later."""
    del finished
    if not target.strip():
        return (Flag.LENGTH_RATIO,)
    return (Flag.REPETITION,) if repeats(source, target) else ()
