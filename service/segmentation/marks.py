"""What stands around the words of a segment and isn't for a model to read: list marks, tickers' pluses, credits.

One list for all: `lines` begins a segment where a mark stands, and `content` says what is left to translate.
"""

from __future__ import annotations

import re

from service.core.text import INVISIBLE
from service.core.types import Span
from service.language.lexicons import Lexicon
from service.language.lexicons.shared import AGENCIES

# Bullets that are nothing else, wherever a line begins with them.
_BULLETS = "•‣⁃●○◉■□▪▫▶▷►▻▸▹◦◆◇→➔➙➛➜➝➞➡➢➣➤⇒⇨✓✔✗✘☐☑☒✅❌"
# Dashes, quotation marks of mail, headings of Markdown, and any other sign, as "★ " or "👉 ".
_OTHERS = r"\-–—*·>|#+»" "\u2190-\u21ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f300-\U0001faff"
_SELECTORS = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
_SIGNS = rf"[{_BULLETS}{_OTHERS}][{_BULLETS}{_OTHERS}{_SELECTORS}]{{0,5}}"
_NUMBER = r"\d{1,3}(?:\.\)?|\))|\(\d{1,3}\)|\[\d{1,3}\]|\d{1,2}(?:\.\d{1,2}){1,3}[.)]"
_LETTER = r"\(?[a-zA-Z]\)|\(?(?:i{1,3}|i?v|vi{1,3}|i?x)\)|\[[ xX]?\]"

ITEM = re.compile(
    rf"(?:(?P<bullet>[{_BULLETS}])[{_SELECTORS}]?|(?P<number>{_NUMBER})|(?P<mark>{_SIGNS}|{_LETTER}))\s+(?P<first>\S)"
)
"""A list mark, at the beginning of a line, and the first character of its item."""

_MARKS = re.compile(rf"(?:(?:{_SIGNS}|{_LETTER})(?:\s+|$))+")
_NUMBERED = re.compile(rf"(?P<mark>{_NUMBER})(?:\s+|$)(?P<word>[^\W\d_]*)")
_MOST = 60
# "+++ Brücke gesperrt +++": the end mirrors the beginning.
_TAIL = re.compile(r"\s(?:\+{1,5}|\*{1,5}|#{1,5}|={1,5})$")
_HEAD = "+*#="

CREDIT = rf"\((?i:{'|'.join(sorted(AGENCIES))})(?:[/,-] ?\w{{1,12}}){{0,3}}\)"
"""The source of what stands before it or after it: "(dpa)", "(dpa/lno)", "(AFP, Reuters)"."""
_CREDIT = re.compile(CREDIT)


def content(sentence: str, lexicon: Lexicon) -> Span:
    """What is to be translated of a segment: all but list marks and the white space at them; empty for a credit.

    A number with a full stop stays where it is an ordinal: "3. Juni", "1. FC Köln", but not "3. Renten sichern".
    """
    first = sentence[:1]
    if first.isalpha() and ")" not in sentence[1:5]:  # nearly always
        return Span(0, len(sentence))
    if first == "(" and _CREDIT.fullmatch(sentence):
        return Span(0, 0)
    start, end = 0, len(sentence)
    if (unseen := INVISIBLE.match(sentence)) is not None:
        start = unseen.end()
        while start < end and sentence[start].isspace():
            start += 1
        first = sentence[start : start + 1]
    if (match := _MARKS.match(sentence, start, start + _MOST)) is not None and not _is_cut(match, sentence):
        start = match.end()
    number = _NUMBERED.match(sentence, start, start + _MOST)
    if number is not None and not _is_ordinal(number, lexicon):
        start = number.start("word")
    if start and first in _HEAD and (tail := _TAIL.search(sentence, max(start, end - 6))) is not None:
        end = tail.start()
    while end > start and sentence[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _is_cut(match: re.Match[str], sentence: str) -> bool:
    """Whether the window ended in a mark rather than the marks."""
    return match.end() == match.endpos < len(sentence)


def _is_ordinal(number: re.Match[str], lexicon: Lexicon) -> bool:
    if not lexicon.ordinals_have_full_stop or not number["mark"].endswith("."):
        return False
    word = number["word"].capitalize() if number["word"].islower() else number["word"]
    return word in lexicon.months or word in lexicon.ordinal_nouns
