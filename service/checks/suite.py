"""All checks as the core asks for them: made for a pair of languages, each pair once as a rule."""

from __future__ import annotations

import functools

from service.checks.translation import REVISION, check_summary, check_translation
from service.core.ports import Check

_PAIRS = 256
"""Pairs whose checks are kept: whoever asks for a check may name any two languages."""


class PairChecks:
    """Implements the `TextChecks` port. Thread-safe."""

    revision = REVISION

    def __init__(self) -> None:
        self._for_pair = functools.lru_cache(maxsize=_PAIRS)(check_translation)

    def for_translation(self, source_lang: str, target_lang: str) -> Check:
        """The checks of a translation between two languages."""
        return self._for_pair(source_lang, target_lang)

    def for_summary(self) -> Check:
        """The checks of a generated summary."""
        return check_summary
