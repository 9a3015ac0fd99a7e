"""The form of text that models see and caches know, and whether there is anything in it to translate."""

from __future__ import annotations

import re
import unicodedata

# Control characters that aren't white space, soft hyphen, zero-width space and joiner, marks of direction, BOM, and
# what stands for an object or a note. The joiners of emoji and of Indic and Persian letters are none of these.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffc]+"
)
"""What a reader doesn't see, one or more; a text is the same with it and without."""
# Non-breaking and other hyphens, and the minus before a number, as everybody writes and models have read them.
_HYPHEN = re.compile("[\u2010\u2011]|\u2212(?=[0-9])")
# "Nordrhein-" at the end of a line and "Westfalen" on the next; but "Vor-" and "und Nachteile".
_WRAPPED_AT_HYPHEN = re.compile(
    r"(?<=[^\W\d_]-)[ \t]?(?:\r\n|\n|\r)[ \t]*(?=[^\W\d_])(?!(?:und|oder|bis|sowie|and|or|to)\b)"
)
_LETTER = re.compile(r"[^\W\d_]")


def normalize(text: str) -> str:
    """The form of a segment that is translated and keyed: NFC, no invisible characters, plain hyphens, single spaces.

    A sentence that a layout wrapped over lines, or hyphenated softly, is the same sentence.
    """
    # Every sentence of every request comes by here, also the cached ones; most need nothing but the last line.
    if not (text.isascii() and text.isprintable()):
        text = INVISIBLE.sub("", text)
        if "-\n" in text or "-\r" in text:
            text = _WRAPPED_AT_HYPHEN.sub("", text)
    if not text.isascii():
        text = _HYPHEN.sub("-", text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def has_letters(text: str) -> bool:
    """Whether there is anything in `text` to translate: numbers, dashes and emoji mean the same in any language."""
    return _LETTER.search(text) is not None


def places(text: str, form: str) -> list[int]:
    """Where each code point of `form`, which `normalize` made from `text`, stood in it; ascending.

    What a form lost was white space, invisible, or part of a character that is one code point now; whatever else
    differs was replaced one for one. Rests on that alone, not on which characters those are.
    """
    found: list[int] = []
    position, end = 0, len(text)
    for character in form:
        alone = position == end or not unicodedata.combining(text[position])
        if position and alone and unicodedata.combining(character):
            found.append(position - 1)  # of a character that NFC takes apart, as U+0958
            continue
        while position < end and text[position] != character and _is_lost(text[position], character):
            position += 1
        found.append(min(position, max(0, end - 1)))
        position += 1
    return found


def _is_lost(lost: str, kept: str) -> bool:
    """Whether `lost` is no counterpart of `kept`."""
    if lost.isspace():
        return not kept.isspace()
    if unicodedata.combining(lost):
        return not unicodedata.combining(kept)
    return INVISIBLE.match(lost) is not None or "\u1160" <= lost <= "\u11ff"
