"""Which language each text of a request is in, and each of its segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.enums import WarningCode
from service.core.ports import LanguageIdentifier
from service.core.text import has_letters

AUTO = "auto"
UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class LanguageChooser:
    """What the caller says, else what the text says, leaning on `default` where that is little.

    The caller's word holds for every segment; without one, every segment may have its own language.
    """

    identifier: LanguageIdentifier
    default: str

    def choose(
        self, texts: Sequence[str], asked: str, sources: Sequence[str], target: str | None
    ) -> list[tuple[str, tuple[WarningCode, ...]]]:
        """The language of each text and the warnings about it. A text without letters is "und".

        `sources` are the languages that can be dealt with, `target` what is wanted in the end (None: whatever it is).
        """
        if asked != AUTO:
            return [(asked, ())] * len(texts)
        served = list(dict.fromkeys((*sources, *([target] if target else []))))
        found = self.identifier.identify(texts, served, self._prior(sources))
        return [
            (UNDETERMINED, ())
            if not has_letters(text)
            else (each.language, () if each.certain else (WarningCode.LANGUAGE_UNCERTAIN,))
            for text, each in zip(texts, found, strict=True)
        ]

    def segments(
        self, segments: Sequence[str], language: str, asked: str, sources: Sequence[str], target: str
    ) -> list[str]:
        """The language of each segment of a text that is in `language`."""
        if asked != AUTO or len(segments) < 2:  # a single segment is what the text was judged by
            return [language] * len(segments)
        return self.identifier.identify_segments(segments, language, (*sources, target))

    def _prior(self, sources: Sequence[str]) -> str:
        """The default, unless a text in it needs no translation: whoever asks for German has a text in another."""
        return self.default if self.default in sources or not sources else sources[0]
