"""How training texts are normalized, and when two texts count as the same. Filters are in `training.cleaning`."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens, zero-width spaces, direction marks
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "‚": "'"})


def normalize(text: str) -> str:
    """NFC, invisible format characters dropped, every run of white space (also no-break spaces) one space."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def straighten(text: str) -> str:
    """English with typewriter quotes. Agency copy and the WMT references use them: one form is easier to learn."""
    return text.translate(_STRAIGHT)


def matching_key(text: str) -> str:
    """What stays the same when a sentence is copied between data sets: its letters and digits, without case.

    Umlauts and accents are kept, since they tell words apart. A text without any letter or digit is its own key.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return _NOT_ALPHANUMERIC.sub("", folded) or folded


def fingerprint(*texts: str) -> int:
    """64 bits that stand for `texts` in a set, or that decide about them in the same way in every run."""
    digest = hashlib.blake2b("\x1f".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
