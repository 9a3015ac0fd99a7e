"""Finds output that is the source again, untranslated."""

from __future__ import annotations

import re
from collections import Counter

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SHARE = 0.8
_LEAST_WORDS = 3


def copied(source_lang: str, target_lang: str) -> Finder:
    """The check of any pair; its places are both texts as a whole."""
    del source_lang, target_lang

    def find(source: str, target: str) -> list[Finding]:
        if not copies(source, target):
            return []
        return [
            Finding(Flag.COPIED_SOURCE, Severity.CRITICAL, (Span(0, len(source)),), (Span(0, len(target)),)),
        ]

    return find


def copies(source: str, target: str) -> bool:
    """Whether the target is the source again. Names stay as they are, so capitalized and short words don't count."""
    source_words = [w for w in _WORD.findall(source) if len(w) > 2 and w[0].isalpha() and not w[0].isupper()]
    total = len(source_words)
    if total < _LEAST_WORDS:
        # "guten Morgen" -> "guten Morgen."; a headline in capitals has no words in lower case.
        if total > 0:
            return _WORD.findall(source) == _WORD.findall(target)
        return _is_headline(source) and _WORD.findall(source.lower()) == _WORD.findall(target.lower())
    target_words = _WORD.findall(target)
    known = set(target_words)
    if sum(word in known for word in source_words) < _SHARE * total:  # most pairs end here, without counting
        return False
    shared = Counter(source_words) & Counter(target_words)
    return sum(shared.values()) >= _SHARE * total


def _is_headline(text: str) -> bool:
    """Whether it is all in capitals, of as many words of four letters and more as names rarely have."""
    return text.isupper() and sum(len(word) > 3 and word.isalpha() for word in _WORD.findall(text)) >= _LEAST_WORDS
