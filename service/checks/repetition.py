"""Finds output that loops, as decoders do when they lose the thread. Says nothing of repetition that the source has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import eq

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span

# Scripts without blanks between words (Thai, Lao, Khmer, kana, Han): there each character counts as a word.
_WORD = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+(?:[-'’][^\W_]+)*")
_LONGEST_PHRASE = 8
_LEAST_LOOP = 4
_LEAST_RUN = 12
_CHARACTER_RUN = re.compile(rf"(\S)\1{{{_LEAST_RUN - 1},}}")
_LEAST_TRIGRAMS = 18
_LEAST_DOUBLED = 2  # words of a phrase that may not stand there twice in a row: "that that" and "very very" are right
_DOUBLED_LETTERS = 5  # "it is, it is"
_JOINING = frozenset({"and", "or", "und", "oder"})  # "more and more and more"
_FAR_PHRASE = 4  # words of one that may not stand there twice at all
_LONG_WORD = 9  # letters
# But for endings: "erschienenen", "schwererer", "unbefristeteten".
_STUTTER = re.compile(r"(?!(?:enenen|ererer|tetete|eseses)\w?(?!\w))([^\W\d_]{2,4})\1{2,}", re.IGNORECASE)


def repetition(source_lang: str, target_lang: str) -> Finder:
    """The check of any pair; its places are what was said again, where that is a phrase or a part of a word."""
    del source_lang, target_lang
    loop = [Finding(Flag.REPETITION, Severity.MAJOR)]

    def find(source: str, target: str) -> list[Finding]:
        words = _WORD.findall(target.lower())
        span = _said_twice(source, target, words)
        # Of a part that is said three times, four letters at least are there before: most words needn't be looked at.
        if span is None and any(len(word) >= 6 and len(word) - len(set(word)) >= 4 for word in words):
            span = _stutter(source, target)
        if span is not None:
            return [Finding(Flag.REPETITION, Severity.MAJOR, (), (span,))]
        return loop if _repeats(source, target, words) else []

    return find


def _said_twice(source: str, target: str, words: Sequence[str]) -> Span | None:
    """Where a phrase is said again: at once, or anywhere if it is long, and the source says nothing twice.

    "The police said the police said on Monday"; "in the city of Ulm … in the city of Ulm".
    """
    if _repeated(words) < _LEAST_DOUBLED:
        return None
    found = _doubled(words)
    again = found is not None and _doubled(_WORD.findall(source.lower())) is None
    if not again:
        found = _again(words, _FAR_PHRASE)
        if found is None:
            return None
        source_words = _WORD.findall(source.lower())
        if _again(source_words, 2) is not None or _has_double(source_words):
            return None
    assert found is not None
    first, last = found
    places = list(_WORD.finditer(target))
    return Span(places[first].start(), places[last - 1].end()) if len(places) == len(words) else Span(0, len(target))


def _doubled(words: Sequence[str]) -> tuple[int, int] | None:
    """(first, last + 1) word of a phrase of two to eight words that stands there a second time, right after itself."""
    for size in range(_LEAST_DOUBLED, min(_LONGEST_PHRASE, len(words) // 2) + 1):
        if sum(map(eq, words[size:], words)) < size:  # as nearly always
            continue
        run = 0
        for index in range(size, len(words)):
            run = run + 1 if words[index] == words[index - size] else 0
            if run == size:
                phrase = words[index - size + 1 : index + 1]
                if sum(map(len, phrase)) >= _DOUBLED_LETTERS and _JOINING.isdisjoint(phrase):
                    return index - size + 1, index + 1
    return None


def _again(words: Sequence[str], size: int) -> tuple[int, int] | None:
    """(first, last + 1) word of the first phrase of `size` words that was said before, as far as it goes."""
    phrases = list(zip(*(words[start:] for start in range(size)), strict=False))
    if len(phrases) == len(set(phrases)):
        return None
    seen: dict[tuple[str, ...], int] = {}
    for index in range(len(words) - size + 1):
        phrase = tuple(words[index : index + size])
        before = seen.setdefault(phrase, index)
        if before + size <= index:
            end = index + size
            while end < len(words) and words[end] == words[before + end - index]:
                end += 1
            return index, end
    return None


def _has_double(words: Sequence[str]) -> bool:
    """Whether a long word stands there twice: what is about two Olympic Games says so twice in any language."""
    long = [word for word in words if len(word) >= _LONG_WORD]
    return len(set(long)) < len(long)


def _stutter(source: str, target: str) -> Span | None:
    """Where a part of a word is said three times and more, as in "Pjöjöjöngjang", and not in the source ("hahaha")."""
    match = _STUTTER.search(target)
    if match is None or _STUTTER.search(source) is not None:
        return None
    return Span(match.start(), match.end())


def repeats(source: str, target: str) -> bool:
    """Whether the target loops where the source doesn't."""
    return _repeats(source, target, _WORD.findall(target.lower()))


def _repeats(source: str, target: str, words: Sequence[str]) -> bool:
    pieces = target.lower().split()
    # A loop, or many trigrams twice, needs as many words that came before; most sentences have fewer.
    if _repeated(words) >= _LEAST_LOOP or _repeated(pieces) >= _LEAST_LOOP:
        looping = (_loop_of(words), _loop_of(pieces))  # pieces: "- - - -"
        often = _trigrams_repeat(words)
        if any(looping) or often:
            source_words = _WORD.findall(source.lower())
            of_source = (longest_loop(source_words), longest_loop(source.lower().split()))
            if any(loop and loop >= least + 3 for loop, least in zip(looping, of_source, strict=True)):
                return True
            if often and _trigrams_differ(source_words):
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
        if sum(map(eq, words[size:], words)) < size:  # as nearly always
            continue
        run = 0
        for index in range(size, len(words)):
            run = run + 1 if words[index] == words[index - size] else 0
            if run >= size:
                longest = max(longest, run)
    return longest


def _repeated(words: Sequence[str]) -> int:
    return len(words) - len(set(words))


def _loop_of(words: Sequence[str]) -> int:
    """How long the target's loop is; 0 where it is too short to be one."""
    if _repeated(words) < _LEAST_LOOP:
        return 0
    loop = longest_loop(words)
    return loop if loop >= _LEAST_LOOP else 0


def _trigrams_repeat(target: Sequence[str]) -> bool:
    """Whether over two fifths of the target's trigrams are repetitions."""
    trigrams = list(zip(target, target[1:], target[2:], strict=False))
    return len(trigrams) >= _LEAST_TRIGRAMS and len(set(trigrams)) <= 0.6 * len(trigrams)


def _trigrams_differ(source: Sequence[str]) -> bool:
    """Whether under a quarter of the source's are."""
    trigrams = list(zip(source, source[1:], source[2:], strict=False))
    return len(set(trigrams)) > 0.75 * max(1, len(trigrams))


def _longest_character_run(text: str) -> int:
    return max((len(list(run)) for character, run in groupby(text) if not character.isspace()), default=0)
