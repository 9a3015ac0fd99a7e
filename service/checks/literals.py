"""Finds what must come through letter by letter and didn't: links, addresses, handles, hashtags, placeholders, tags.

"Siehe https://example.org/politik" became "She https:/examp.org/…" without a word. Numbers, names and symbols are other
checks' business.
"""

from __future__ import annotations

import re
from collections import Counter

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span

# Where none of these stands there is nothing to look for; most sentences end here.
_MARK, _DOT = re.compile("[@#{}<>&%/]"), re.compile(r"\.[A-Za-z0-9]{2}")

_DOMAIN = (
    r"(?<![\w.@/-])[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)*"
    r"\.(?:de|com|org|net|eu|at|ch|info|gov|uk|fr|it|es|nl|pl|io)(?![\w.-]*[\w-])(?:/[^\s<>\"„“”»«]*)?"
)
# Each alternative begins at a place where no other begins, so that the scan is linear.
_LITERAL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"„“”»«]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@])@\w{2,}"
    r"|(?<![\w#&])#\w*[^\W\d]\w*"
    r"|\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{\w*\}"
    r"|%\(\w+\)[sd]|(?<!\d)(?<!\d )%[sd](?!\w)"
    r"|&(?:\w{2,10}|#\d{1,7});"
    r"|</?[A-Za-z][^<>]*>"
    rf"|{_DOMAIN}",
    re.IGNORECASE,
)
_AFTER = ".,;:!?)]}'’”“\"…"


def literals(source_lang: str, target_lang: str) -> Finder:
    """The check of any pair; its places are the literals that the other side lacks."""
    del source_lang, target_lang

    def find(source: str, target: str) -> list[Finding]:
        if not _may_have(source) and not _may_have(target):
            return []
        before, after = _literals(source), _literals(target)
        lost, invented = _without(before, after), _without(after, before)
        if not lost and not invented:
            return []
        return [Finding(Flag.LITERAL_CHANGED, Severity.CRITICAL, tuple(lost), tuple(invented))]

    return find


def _may_have(text: str) -> bool:
    return _MARK.search(text) is not None or _DOT.search(text) is not None


def _literals(text: str) -> list[tuple[str, Span]]:
    found = []
    for match in _LITERAL.finditer(text):
        literal = match.group()
        if not literal.startswith(("{", "$", "&", "<", "%")):
            literal = literal.rstrip(_AFTER)  # what ends a sentence doesn't belong to a link
        found.append((literal.casefold(), Span(match.start(), match.start() + len(literal))))
    return found


def _without(these: list[tuple[str, Span]], those: list[tuple[str, Span]]) -> list[Span]:
    left = Counter(literal for literal, _ in those)
    missing = []
    for literal, span in these:
        if left[literal]:
            left[literal] -= 1
        else:
            missing.append(span)
    return missing
