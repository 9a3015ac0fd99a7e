"""The form of text that models see and caches know, and whether there is anything in it to translate."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphen, zero-width space/joiner, BOM
_LETTER = re.compile(r"[^\W\d_]")


def normalize(text: str) -> str:
    """The form of a segment that is translated and keyed: NFC, no invisible characters, single spaces.

    A sentence that a layout wrapped over lines, or hyphenated softly, is the same sentence.
    """
    # Every sentence of every request comes by here, also the cached ones; most need nothing but the last line.
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def has_letters(text: str) -> bool:
    """Whether there is anything in `text` to translate: numbers, dashes and emoji mean the same in any language."""
    return _LETTER.search(text) is not None
