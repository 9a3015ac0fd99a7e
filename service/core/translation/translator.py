"""The translate use case: text in, the same text in another language out, with nothing lost between its sentences."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.core.enums import SUSPICIOUS
from service.core.errors import UnsupportedLanguage
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import has_letters, normalize
from service.core.generation.outcomes import Outcome
from service.core.ports import Segmenter
from service.core.translation.languages import UNDETERMINED, LanguageChooser, primary
from service.core.types import (
    ModelInfo,
    RequestContext,
    Span,
    TranslatedSegment,
    Translation,
    TranslationResult,
    Usage,
)

_BULLET = re.compile(r"(?:[-–—•*·▪▸►◦‣#>|]+\s+)+")

ALREADY_TARGET_LANGUAGE = "already_target_language"
SEGMENTS_FLAGGED = "segments_flagged"


class Translator:
    """Translates texts sentence by sentence with one model, from any of `source_langs` into `target_lang`."""

    def __init__(
        self,
        *,
        segmenter: Segmenter,
        chooser: LanguageChooser,
        generator: CachedGenerator,
        model: ModelInfo,
        source_langs: Sequence[str],
        target_lang: str,
    ) -> None:
        self._segmenter = segmenter
        self._chooser = chooser
        self._generator = generator
        self.model = model
        self.pairs = tuple((source, target_lang) for source in source_langs)
        self._target_lang = target_lang

    def __call__(
        self, texts: Sequence[str], source_lang: str, target_lang: str, context: RequestContext
    ) -> TranslationResult:
        """Translate every text, or raise and translate none.

        Raises UnsupportedLanguage, QueueFull, DeadlineUnreachable, DeadlineExceeded, Cancelled, InferenceFailed.
        """
        target = primary(target_lang)
        chosen = [self._chooser.choose(text, source_lang) for text in texts]
        for index, (language, _) in enumerate(chosen):
            self.require(language, target, index)
        began = time.perf_counter()
        spans = [
            self._segmenter.sentences(text, language) if (language, target) in self.pairs else []
            for text, (language, _) in zip(texts, chosen, strict=True)
        ]
        context.timings.segment += time.perf_counter() - began
        sources = [[text[span.start : span.end] for span in found] for text, found in zip(texts, spans, strict=True)]
        outcomes = self.sentences([source for found in sources for source in found], context)
        translations = tuple(
            self._assemble(text, found, outcomes, language, target, warnings)
            for text, found, (language, warnings) in zip(texts, spans, chosen, strict=True)
        )
        segments = [segment for translation in translations for segment in translation.segments]
        usage = Usage(sum(map(len, texts)), len(segments), sum(segment.cached for segment in segments))
        return TranslationResult(translations, self.model, usage)

    def require(self, source: str, target: str, index: int) -> None:
        """Raise UnsupportedLanguage unless text `index`, in `source`, can be given in `target`."""
        if target != self._target_lang or (source not in (target, UNDETERMINED) and (source, target) not in self.pairs):
            raise UnsupportedLanguage(source, target, index, self.pairs)

    def sentences(self, sentences: Sequence[str], context: RequestContext) -> Mapping[str, Outcome]:
        """The outcome for each sentence that has letters, by the sentence as given."""
        marks = {sentence: _bullet(sentence) for sentence in sentences if has_letters(sentence)}
        forms = {sentence: normalize(sentence[len(mark) :]) for sentence, mark in marks.items()}
        outcomes = self._generator.generate(list(dict.fromkeys(forms.values())), context)
        return {
            sentence: replace(outcomes[form], text=marks[sentence] + outcomes[form].text)
            for sentence, form in forms.items()
        }

    def _assemble(
        self,
        text: str,
        spans: Sequence[Span],
        outcomes: Mapping[str, Outcome],
        language: str,
        target: str,
        warnings: tuple[str, ...],
    ) -> Translation:
        """Put the translated sentences where their sources stood, with the white space between them as it was."""
        if language == target:
            return Translation(text, language, target, (*warnings, ALREADY_TARGET_LANGUAGE), whole(text))
        if not spans:
            return Translation(text, language, target, warnings, whole(text))
        pieces: list[str] = []
        segments: list[TranslatedSegment] = []
        position = 0  # in the target
        done = 0  # in the source
        for span in spans:
            gap, source = text[done : span.start], text[span.start : span.end]
            outcome = outcomes.get(source) or Outcome(source, ())
            start = position + len(gap)
            position = start + len(outcome.text)
            done = span.end
            pieces += (gap, outcome.text)
            segments.append(
                TranslatedSegment(
                    source, outcome.text, span.start, span.end, start, position, outcome.cached, outcome.flags
                )
            )
        pieces.append(text[done:])
        if any(SUSPICIOUS.intersection(segment.flags) for segment in segments):
            warnings = (*warnings, SEGMENTS_FLAGGED)
        return Translation("".join(pieces), language, target, warnings, tuple(segments))


def _bullet(sentence: str) -> str:
    """The list mark at the start of a sentence, with its space; it is kept as it is and never shown to the model."""
    match = _BULLET.match(sentence)
    return match.group() if match else ""


def whole(text: str) -> tuple[TranslatedSegment, ...]:
    """One segment that says that `text` came through unchanged; none for a blank text."""
    stripped = text.strip()
    if not stripped:
        return ()
    start = text.index(stripped)
    end = start + len(stripped)
    return (TranslatedSegment(stripped, stripped, start, end, start, end, cached=False),)
