"""Finds output that loops, as decoders do when they lose the thread. Says nothing of repetition that the source has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding

# Scripts without blanks between words (Thai, Lao, Khmer, kana, Han): there each character counts as a word.
_WORD = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+(?:[-'’][^\W_]+)*")
_LONGEST_PHRASE = 8
_LEAST_LOOP = 4
_LEAST_RUN = 12
_CHARACTER_RUN = re.compile(rf"(\S)\1{{{_LEAST_RUN - 1},}}")
_LEAST_TRIGRAMS = 18


def repetition(source_lang: str, target_lang: str) -> Finder:
    """The check of any pair."""
    del source_lang, target_lang
    loop = [Finding(Flag.REPETITION, Severity.MAJOR)]

    def find(source: str, target: str) -> list[Finding]:
        return loop if repeats(source, target) else []

    return find


def repeats(source: str, target: str) -> bool:
    """Whether the target loops where the source doesn't."""
    words, pieces = _WORD.findall(target.lower()), target.lower().split()
    # A loop, or many trigrams twice, needs as many words that came before; most sentences have fewer.
    if _repeated(words) >= _LEAST_LOOP or _repeated(pieces) >= _LEAST_LOOP:
        source_words = _WORD.findall(source.lower())
        if _loops(source_words, words) or _loops(source.lower().split(), pieces):  # pieces: "- - - -"
            return True
        if _trigrams_repeat(source_words, words):
            return True
    if _CHARACTER_RUN.search(target) is None:
        return False
    return _longest_character_run(target) >= _longest_character_run(source) + _LEAST_RUN


def longest_loop(words: Sequence[str], longest_phrase: int = _LONGEST_PHRASE) -> int:
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


def _repeated(words: Sequence[str]) -> int:
    return len(words) - len(set(words))


def _loops(source: Sequence[str], target: Sequence[str]) -> bool:
    if _repeated(target) < _LEAST_LOOP:
        return False
    loop = longest_loop(target)
    return loop >= _LEAST_LOOP and loop >= longest_loop(source) + 3


def _trigrams_repeat(source: Sequence[str], target: Sequence[str]) -> bool:
    """Whether over two fifths of the target's trigrams are repetitions, and under a quarter of the source's."""
    trigrams = Counter(zip(target, target[1:], target[2:], strict=False))
    total = sum(trigrams.values())
    if total < _LEAST_TRIGRAMS or len(trigrams) > 0.6 * total:
        return False
    source_trigrams = Counter(zip(source, source[1:], source[2:], strict=False))
    return len(source_trigrams) > 0.75 * max(1, sum(source_trigrams.values()))


def _longest_character_run(text: str) -> int:
    return max((len(list(run)) for character, run in groupby(text) if not character.isspace()), default=0)
