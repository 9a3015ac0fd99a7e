"""Finds quotations that were dropped, invented or left open, and brackets that were left open.

Who said what is a fact: a quotation without its marks is a claim of the newsroom's own, and marks that nobody set make
up a quote. A mark that is lost leaves open where the quotation ends.
"""

from __future__ import annotations

import re

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span

_HINT = re.compile("[\"„“”«»‚‘’'‹›()\\[\\]]")
_DOUBLE = re.compile("[\"„“”«»]|''|``")
# Single marks that are no apostrophes: at the edge of a word that has another one at its other edge.
_SINGLE = re.compile(r"(?<!\w)[‚‘'‹›][^\W_]|[^\W_.,!?][.,!?]?[‘’'‹›](?!\w)")
_BRACKET = re.compile(r"[()\[\]]")
_LEAST_QUOTATION = 4  # words
_LIST_MARK = re.compile(r"\s*(?:\d{1,3}|[A-Za-z])\)")


def quotes(source_lang: str, target_lang: str) -> Finder:
    """The check of any pair; its places are the marks that have no counterpart."""
    del source_lang, target_lang

    def find(source: str, target: str) -> list[Finding]:
        if _HINT.search(source) is None and _HINT.search(target) is None:
            return []
        before, after = _places(_DOUBLE, source), _places(_DOUBLE, target)
        found = []
        if len(before) >= 2 and not after and _SINGLE.search(target) is None:
            found.append(Finding(Flag.QUOTES_CHANGED, _weight(source, before), before))
        elif len(after) >= 2 and not before and _SINGLE.search(source) is None:
            found.append(Finding(Flag.QUOTES_CHANGED, _weight(target, after), (), after))
        elif len(after) % 2 and not len(before) % 2:
            found.append(Finding(Flag.QUOTES_CHANGED, Severity.MINOR, before, after))
        if _is_open(target) and not _is_open(source):
            found.append(
                Finding(Flag.QUOTES_CHANGED, Severity.MINOR, _places(_BRACKET, source), _places(_BRACKET, target))
            )
        return found

    return find


def _weight(text: str, marks: tuple[Span, ...]) -> Severity:
    """A few words in quotation marks are a name or a wink, which translators leave out; more are what somebody said."""
    words = text[marks[0].end : marks[-1].start].split()
    return Severity.MAJOR if len(words) >= _LEAST_QUOTATION else Severity.MINOR


def _places(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(match.start(), match.end()) for match in pattern.finditer(text))


def _is_open(text: str) -> bool:
    """Whether brackets don't close what they open; a list mark ("b)") opens nothing."""
    begin = match.end() if (match := _LIST_MARK.match(text)) else 0
    return text.count("(", begin) != text.count(")", begin) or text.count("[", begin) != text.count("]", begin)
