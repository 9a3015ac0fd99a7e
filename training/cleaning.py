"""Decides which pairs are fit for training, and why not. Works pair by pair; duplicates are `training.prepare`'s."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from service.checks.numbers import numbers_changed


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MAX_WORDS = 160
_WORD = re.compile(r"[^\W\d_]+")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&[a-z]+;|https?://\S+\s+https?://|\{\{|\}\}")
# Frequent words that the other language doesn't have ("die", "war", "in", "man", "am", "so", "was" are both).
_GERMAN = _set(
    "der das und ist nicht ein eine einen einem einer dem den des mit für auf von zu im sich auch es sie wir ich wird "
    "werden wurde haben hat bei aus nach oder wenn dass wie kann sind aber nur noch über"
)
_ENGLISH = _set(
    "the and is of to that it with for as are you this be by have not or we has been his her they their which would "
    "from will can were your an if when but she what there"
)
DetectLanguage = Callable[[str], str]


@dataclass(slots=True)
class Cleaner:
    """Tells fit pairs from others and counts the reasons. Expects normalized texts.

    `detect` gives a BCP 47 code for a text; without it, frequent words tell the language. A pair is judged by the
    first rule it breaks, in the order of `reason`.
    """

    min_ratio: float = 0.4
    max_ratio: float = 2.2
    detect: DetectLanguage | None = None
    dropped: Counter[str] = field(default_factory=Counter)

    def accepts(self, source: str, target: str) -> bool:
        """Whether the pair is fit; if not, its reason is counted in `dropped`."""
        reason = self.reason(source, target)
        if reason is not None:
            self.dropped[reason] += 1
        return reason is None

    def reason(self, source: str, target: str) -> str | None:
        """The name of the first rule that the pair breaks, or None."""
        if not source or not target:
            return "empty"
        if _has_controls(source) or _has_controls(target):
            return "control characters"
        if _MARKUP.search(source) or _MARKUP.search(target):
            return "markup"
        source_words, target_words = _words(source), _words(target)
        if not source_words or not target_words:
            return "no words"
        if max(len(source_words), len(target_words)) > MAX_WORDS:
            return "too long"
        # Short texts differ in length for good reasons ("Ja." / "Yes, it is."): ten characters are free.
        if not self.min_ratio <= (len(target) + 10) / (len(source) + 10) <= self.max_ratio:
            return "length ratio"
        if _copied(source_words, target_words):
            return "copied"
        if self._wrong_language(source, target, source_words, target_words):
            return "wrong language"
        if numbers_changed(source, target, "de", "en"):
            return "numbers differ"
        return None

    def _wrong_language(self, source: str, target: str, source_words: list[str], target_words: list[str]) -> bool:
        if _leans(source_words, _ENGLISH, _GERMAN) or _leans(target_words, _GERMAN, _ENGLISH):
            return True
        if self.detect is None or min(len(source_words), len(target_words)) < 6:
            return False  # too little text for a detector to be trusted
        return self.detect(source) not in {"de", "und"} or self.detect(target) not in {"en", "und"}


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _has_controls(text: str) -> bool:
    if text.isprintable():  # most are, and this is quick
        return "\ufffd" in text
    return any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} for c in text) or "\ufffd" in text


def _copied(source: list[str], target: list[str]) -> bool:
    """Whether most words of a longer text stand unchanged on the other side. Names and titles may be copied."""
    if len(source) < 4:
        return source == target and len(source) > 2
    shared = Counter(source) & Counter(target)
    return shared.total() >= 0.7 * max(len(source), len(target))


def _leans(words: list[str], wrong: frozenset[str], right: frozenset[str]) -> bool:
    """Whether frequent words of the wrong language clearly outnumber those of the right one."""
    wrong_count = sum(word in wrong for word in words)
    return wrong_count >= 2 and wrong_count > 2 * sum(word in right for word in words)
