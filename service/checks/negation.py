"""Finds a negation that was lost on the way or came from nowhere: "kommt nicht" that became "is coming".

Languages say no in many ways ("failed to", "ungeklärt"), so a side that may hold a hidden negation is believed.
"""

from __future__ import annotations

import re

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span
from service.language.negation import NEGATIONS, Negation


def negation(source_lang: str, target_lang: str) -> Finder | None:
    """The check of a pair whose negations are both known; its places are the negations that have no counterpart."""
    before, after = NEGATIONS.get(source_lang), NEGATIONS.get(target_lang)
    if before is None or after is None:
        return None

    def find(source: str, target: str) -> list[Finding]:
        there, here = before.plain.search(source), after.plain.search(target)
        if (there is None) == (here is None):
            return []
        if here is None:
            if _is_open(source, before, target, after):
                return []
            return [Finding(Flag.NEGATION_CHANGED, Severity.MAJOR, _places(before.plain, source), ())]
        if _is_open(target, after, source, before):
            return []
        return [Finding(Flag.NEGATION_CHANGED, Severity.MAJOR, (), _places(after.plain, target))]

    return find


def _is_open(negated: str, its: Negation, other: str, others: Negation) -> bool:
    """Whether the other text may mean the same without a plain negation."""
    return others.implied.search(other) is not None or its.idle.search(negated) is not None


def _places(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(match.start(), match.end()) for match in pattern.finditer(text))
