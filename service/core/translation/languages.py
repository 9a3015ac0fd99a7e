"""Language codes as requests give them, and which language a text is taken to be."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.generation.keys import has_letters
from service.core.ports import LanguageDetector

AUTO = "auto"
UNDETERMINED = "und"
LANGUAGE_UNCERTAIN = "language_uncertain"


def primary(code: str) -> str:
    """The primary language of a BCP 47 code, lower case: "DE-at" -> "de"."""
    return code.strip().lower().replace("_", "-").split("-", 1)[0]


@dataclass(frozen=True, slots=True)
class LanguageChooser:
    """Decides the source language: what the caller says, else what the detector says when it is sure enough.

    A text detected with less than `min_confidence` is taken as `default`, with the warning "language_uncertain":
    these are single words and names, which detectors call English more often than not.
    """

    detector: LanguageDetector
    default: str
    min_confidence: float

    def choose(self, text: str, asked: str) -> tuple[str, tuple[str, ...]]:
        """The source language of `text` and the warnings about it. A text without letters is "und"."""
        code = primary(asked)
        if code != AUTO:
            return code, ()
        if not has_letters(text):
            return UNDETERMINED, ()
        detection = self.detector.detect(text)
        if detection.confidence >= self.min_confidence:
            return detection.language, ()
        return self.default, () if detection.language == self.default else (LANGUAGE_UNCERTAIN,)
