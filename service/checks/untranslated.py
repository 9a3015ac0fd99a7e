"""Finds parts of the source that stand in the output as they were. The whole source again is `copied`'s business."""

from __future__ import annotations

import re

from service.checks.copied import copies
from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.lexicons import lexicon

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_QUOTES = frozenset("\"'„“”«»‚‘’()*›‹")
_LEAST_MARKS, _LEAST_WORDS = 2, 3
_SHOWN = 8
"""Parts whose places in the source are shown."""


def untranslated(source_lang: str, target_lang: str) -> Finder | None:
    """The check of a pair whose function words are both known; its places are the part in both texts."""
    own, other = lexicon(source_lang), lexicon(target_lang)
    marks = own.stop_words - other.stop_words
    if not own.stop_words or not other.stop_words:
        return None
    nouns_capitalized = own.nouns_capitalized

    def find(source: str, target: str) -> list[Finding]:
        words = _WORD.findall(target)
        if len(marks.intersection(words)) < _LEAST_MARKS:  # as in nearly all sentences
            return []
        known = set(_WORD.findall(source))
        found, places = [], list(_WORD.finditer(target))
        start = 0
        for end in range(len(words) + 1):
            if end < len(words) and words[end] in known:
                continue
            run = words[start:end]
            if _is_left(run, marks, nouns_capitalized):
                span = Span(places[start].start(), places[end - 1].end())
                if not _is_title(target, span):
                    found.append(span)
            start = end + 1
        if not found or copies(source, target):
            return []
        there = []
        for span in found[:_SHOWN]:  # each is looked for in the whole source
            part = target[span.start : span.end]
            if (at := source.find(part)) >= 0:
                there.append(Span(at, at + len(part)))
        there = sorted(set(there), key=lambda span: span.start)
        return [Finding(Flag.UNTRANSLATED, Severity.MAJOR, tuple(there), tuple(found))]

    return find


def _is_left(run: list[str], marks: frozenset[str], nouns_capitalized: bool) -> bool:
    """Whether copied words are prose of the source's language: not "News of the World", where capitals prevail."""
    if len(run) < _LEAST_WORDS or sum(word in marks for word in run) < _LEAST_MARKS:
        return False
    lower = sum(word[0].islower() for word in run)
    return nouns_capitalized or 2 * lower > len(run) + 1


def _is_title(text: str, span: Span) -> bool:
    """Whether quotation marks or brackets stand at one of its ends: „Weilen unter den Rinnen“."""
    return text[max(0, span.start - 1) : span.start] in _QUOTES or text[span.end : span.end + 1] in _QUOTES
