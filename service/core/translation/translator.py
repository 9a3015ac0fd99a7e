"""The translate use case: text in, the same text in another language out, with nothing lost between its sentences.

Every sentence goes the way of its own language: an English one inside a German article stays as it is when English is
wanted, and what no model reads stays as it is, too.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.core.enums import WarningCode
from service.core.findings import joined, moved, serious, traced
from service.core.generation.keys import Input
from service.core.generation.outputs import Output, searched
from service.core.ports import Segmenter
from service.core.router import Leg, Route, Router
from service.core.text import has_letters, normalize, places
from service.core.translation.languages import AUTO, UNDETERMINED, LanguageChooser
from service.core.translation.review import overall
from service.core.types import (
    ModelInfo,
    RequestContext,
    Span,
    TranslatedSegment,
    Translation,
    TranslationResult,
    Usage,
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One text before it is translated: its language, its segments, and the language of each of them."""

    text: str
    language: str
    warnings: tuple[WarningCode, ...]
    spans: Sequence[Span]
    languages: Sequence[str]

    @property
    def segments(self) -> list[str]:
        return [self.text[span.start : span.end] for span in self.spans]


class Translator:
    """Translates texts sentence by sentence, each by the route from its language to the target."""

    def __init__(self, *, segmenter: Segmenter, chooser: LanguageChooser, router: Router) -> None:
        self._segmenter = segmenter
        self._chooser = chooser
        self._router = router

    def translate(
        self, texts: Sequence[str], source_lang: str, target_lang: str, context: RequestContext
    ) -> TranslationResult:
        """Translate every text, or raise and translate none. Languages are primary codes; the source may be "auto".

        Raises UnsupportedLanguage, NotReady, QueueFull, DeadlineUnreachable, DeadlineExceeded, Cancelled,
        InferenceFailed, ModelError.
        """
        sources = self._router.sources_of(target_lang)
        if source_lang not in (AUTO, target_lang, *sources) or not sources:
            raise self._router.unsupported(source_lang, target_lang)
        chosen = self._chooser.choose(texts, source_lang, sources, target_lang)
        began = time.perf_counter()
        plans = [
            self._plan(text, language, warnings, source_lang, sources, target_lang)
            for text, (language, warnings) in zip(texts, chosen, strict=True)
        ]
        context.timings.segment += time.perf_counter() - began
        outputs: dict[tuple[str, str], Output] = {}
        for language in dict.fromkeys(language for plan in plans for language in plan.languages):
            route = self._router.find(language, target_lang)
            if route is not None:
                segments = [
                    segment
                    for plan in plans
                    for segment, its in zip(plan.segments, plan.languages, strict=True)
                    if its == language
                ]
                found = self.sentences(segments, route, context)
                outputs |= {(segment, language): output for segment, output in found.items()}
        translations = tuple(self._assemble(plan, outputs, target_lang) for plan in plans)
        segments_done = [segment for translation in translations for segment in translation.segments]
        usage = Usage(sum(map(len, texts)), len(segments_done), sum(segment.cached for segment in segments_done))
        return TranslationResult(translations, self._took_part(outputs, target_lang), usage)

    def sentences(self, sentences: Sequence[str], route: Route, context: RequestContext) -> dict[str, Output]:
        """The output for each sentence that has letters, by the sentence as given."""
        language = route.legs[0].source_lang
        contents = {sentence: self._segmenter.content(sentence, language) for sentence in sentences}
        forms = {
            sentence: normalize(part)
            for sentence, span in contents.items()
            if has_letters(part := sentence[span.start : span.end])
        }
        outputs = _generate(list(forms.values()), route.legs[0], context)
        for leg in route.legs[1:]:
            # What the first model made of a segment stays one segment, whatever sentences it holds.
            between = {form: normalize(output.text) for form, output in outputs.items()}
            second = _generate([text for text in between.values() if has_letters(text)], leg, context)
            outputs = {
                form: _of_both(output, second[text]) if (text := between[form]) in second else output
                for form, output in outputs.items()
            }
        return {
            sentence: _as_given(outputs[form], sentence, form, contents[sentence]) for sentence, form in forms.items()
        }

    def _plan(
        self,
        text: str,
        language: str,
        warnings: tuple[WarningCode, ...],
        asked: str,
        sources: Sequence[str],
        target: str,
    ) -> _Plan:
        if language not in (target, *sources):
            if language != UNDETERMINED:
                warnings = (*warnings, WarningCode.UNSUPPORTED_LANGUAGE)
            return _Plan(text, language, warnings, (), ())
        if language == target and asked != AUTO:
            return _Plan(text, language, warnings, (), ())
        plan = _Plan(text, language, warnings, self._segmenter.sentences(text, language), ())
        languages = self._chooser.segments(plan.segments, language, asked, sources, target)
        # What is in the target language sentence by sentence is so as a whole.
        return replace(plan, languages=languages, language=target if set(languages) == {target} else language)

    def _assemble(self, plan: _Plan, outputs: Mapping[tuple[str, str], Output], target: str) -> Translation:
        """Put the translated sentences where their sources stood, with the white space between them as it was."""
        found = [
            outputs.get((segment, language)) for segment, language in zip(plan.segments, plan.languages, strict=True)
        ]
        same = (WarningCode.ALREADY_TARGET_LANGUAGE,) if plan.language == target else ()
        if not plan.spans or (same and not any(found)):
            segments = whole(plan.text, plan.language)
            return Translation(plan.text, plan.language, target, (*plan.warnings, *same), segments)
        parts: list[str] = []
        segments_done: list[TranslatedSegment] = []
        position = 0  # in the target
        done = 0  # in the source
        for span, language, output in zip(plan.spans, plan.languages, found, strict=True):
            gap, source = plan.text[done : span.start], plan.text[span.start : span.end]
            text = output.text if output is not None else source
            start = position + len(gap)
            position = start + len(text)
            done = span.end
            parts += (gap, text)
            segments_done.append(
                TranslatedSegment(
                    source,
                    text,
                    span.start,
                    span.end,
                    start,
                    position,
                    language,
                    cached=output is not None and output.cached,
                    flags=output.flags if output is not None else (),
                    findings=moved(output.findings, span.start, start) if output is not None else (),
                    certainty=output.certainty if output is not None else None,
                    model=self._writer(language, target) if output is not None else None,
                )
            )
        parts.append(plan.text[done:])
        warnings = (*plan.warnings, *self._warnings(plan, segments_done, target))
        writers = Counter(segment.model for segment in segments_done if segment.model is not None)
        model = writers.most_common(1)[0][0] if writers else None
        certainty = overall(segments_done)
        return Translation("".join(parts), plan.language, target, warnings, tuple(segments_done), model, certainty)

    def _warnings(self, plan: _Plan, segments: Sequence[TranslatedSegment], target: str) -> list[WarningCode]:
        """What the segments give to say about the whole text."""
        warnings = []
        languages = {segment.source_lang for segment in segments}
        if len(languages) > 1:
            warnings.append(WarningCode.MIXED_LANGUAGES)
        routes = {language: self._router.find(language, target) for language in languages - {target}}
        if any(route is None for route in routes.values()):
            warnings.append(WarningCode.UNSUPPORTED_LANGUAGE)
        if any(route is not None and route.pivot for route in routes.values()):
            warnings.append(WarningCode.PIVOT)
        if any(serious(segment.findings) for segment in segments):
            warnings.append(WarningCode.SEGMENTS_FLAGGED)
        return warnings

    def _writer(self, source: str, target: str) -> str | None:
        route = self._router.find(source, target)
        return route.writer.id if route is not None else None

    def _took_part(self, outputs: Mapping[tuple[str, str], Output], target: str) -> tuple[ModelInfo, ...]:
        languages = dict.fromkeys(language for _, language in outputs)
        routes = [route for language in languages if (route := self._router.find(language, target)) is not None]
        return models_of(routes)


def models_of(routes: Sequence[Route]) -> tuple[ModelInfo, ...]:
    """The models of all legs, each once."""
    return tuple({leg.model.id: leg.model.info for route in routes for leg in route.legs}.values())


def whole(text: str, language: str) -> tuple[TranslatedSegment, ...]:
    """One segment that says that `text` came through unchanged; none for a blank text."""
    stripped = text.strip()
    if not stripped:
        return ()
    start = text.index(stripped)
    end = start + len(stripped)
    return (TranslatedSegment(stripped, stripped, start, end, start, end, language),)


def _generate(texts: Sequence[str], leg: Leg, context: RequestContext) -> dict[str, Output]:
    """The output of one model for each text, by the text."""
    if not texts:
        return {}
    with leg.model.use(context) as loaded:
        options = searched(loaded.generator.options, context.quality)
        inputs = [Input(text, leg.source_lang, leg.target_lang, options) for text in dict.fromkeys(texts)]
        return {item.text: output for item, output in loaded.generator.generate(inputs, context).items()}


def _of_both(first: Output, second: Output) -> Output:
    """What came out at the end, with what was found in the outputs of both models."""
    notes = tuple(dict.fromkeys((*first.notes, *second.notes)))
    findings = joined(first.findings, second.findings)
    known = [each.certainty for each in (first, second) if each.certainty is not None]
    certainty = min(known) if len(known) == 2 else None  # the weaker link
    return Output(second.text, findings, notes, certainty=certainty, cached=first.cached and second.cached)


def _as_given(output: Output, sentence: str, form: str, content: Span) -> Output:
    """The output for a sentence as it was given, of which the model saw `form`, made from its `content`."""
    if form == sentence:
        return output
    before, after = sentence[: content.start], sentence[content.end :]
    findings = output.findings
    if findings:
        findings = traced(findings, places(sentence[content.start : content.end], form))
        findings = moved(findings, content.start, content.start)
    return replace(output, text=before + output.text + after, findings=findings)
