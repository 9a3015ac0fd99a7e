"""Finds symbols that were lost or invented: emoji, arrows, dingbats, letters of another script, undecodable bytes.

A model without a piece for a character spells it in bytes, and may spell another one: "👍" became "� dips". What
translators write in words, such as degrees and trade marks, isn't looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span

_LATIN = frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt"})
# Latin letters, general punctuation, currency signs, letter-like signs and number forms, the minus sign.
_UNUSUAL = re.compile(
    "[^\u0000-\u036f\u1e00-\u1eff\u2000-\u2069\u2070-\u218f\u2212\ufb00-\ufb06\ufeff]|[\u200d\u00a4\u00a6\u00ac\u00b6]"
)
_JOINS = frozenset("\u200d\ufe0e\ufe0f")  # parts of one emoji; the same one may be written with and without
_REPLACEMENT = "\ufffd"


def characters(source_lang: str, target_lang: str) -> Finder:
    """The check of any pair. Letters and marks of other scripts count only between languages written in Latin."""
    latin = source_lang in _LATIN and target_lang in _LATIN

    def find(source: str, target: str) -> list[Finding]:
        if _UNUSUAL.search(source) is None and _UNUSUAL.search(target) is None:
            return []
        before, after = _unusual(source, latin), _unusual(target, latin)
        # A name in another script is transliterated rightly, so what is lost of it is no fault.
        lost = [place for character, place in _without(before, after) if not character.isalpha()]
        invented = [place for _, place in _without(after, before)]
        if not lost and not invented:
            return []
        broken = _REPLACEMENT in target and _REPLACEMENT not in source
        severity = Severity.CRITICAL if broken else Severity.MAJOR
        return [Finding(Flag.CHARACTERS_CHANGED, severity, tuple(lost), tuple(invented))]

    return find


def _unusual(text: str, latin: bool) -> list[tuple[str, Span]]:
    return [
        (match.group(), Span(match.start(), match.end()))
        for match in _UNUSUAL.finditer(text)
        if match.group() not in _JOINS and (latin or unicodedata.category(match.group())[0] in "SC")
    ]


def _without(these: list[tuple[str, Span]], those: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    left = Counter(character for character, _ in those)
    missing = []
    for character, place in these:
        if left[character]:
            left[character] -= 1
        else:
            missing.append((character, place))
    return missing
