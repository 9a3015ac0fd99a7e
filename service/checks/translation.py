"""Makes the check of a pair of languages out of the single checks. None of them can say that a translation is right."""

from __future__ import annotations

from service.checks.registry import finders
from service.checks.repetition import repeats
from service.core.enums import Flag, Severity
from service.core.ports import Check
from service.core.types import Finding
from service.language.codes import primary

REVISION = 11
"""Raise it whenever a check, of translations or summaries, can give another finding for the same texts.

It is part of the cache's keys: outputs that were kept or refused under other rules are then made and judged again.
"""

_TRUNCATED = Finding(Flag.TRUNCATED, Severity.CRITICAL)


def check_translation(source_lang: str, target_lang: str) -> Check:
    """The check of a pair of BCP 47 codes: (source, target, finished) -> findings, in the order of the registry.

    Length bounds and number words are kept for German and English; any other pair gets wide bounds, and numbers that
    may be words in a language without number words pass.
    """
    made = finders(primary(source_lang), primary(target_lang))

    def check(source: str, target: str, finished: bool) -> tuple[Finding, ...]:
        found = [] if finished else [_TRUNCATED]
        for find in made:
            found += find(source, target)
        return tuple(found)

    return check


def check_summary(source: str, target: str, finished: bool) -> tuple[Finding, ...]:
    """The findings of a generated summary. A missing end isn't one: its unfinished sentence is dropped later."""
    del finished
    if not target.strip():
        return (Finding(Flag.LENGTH_RATIO, Severity.CRITICAL),)
    return (Finding(Flag.REPETITION, Severity.MAJOR),) if repeats(source, target) else ()
