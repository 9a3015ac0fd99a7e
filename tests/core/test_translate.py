"""The translate use case: structure, offsets, languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.translation import check_translation
from service.core.errors import UnsupportedLanguage
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import has_letters
from service.core.translation.languages import LanguageChooser
from service.core.translation.translator import Translator
from service.core.types import Hypothesis, Job, ModelInfo, RequestContext, Translation
from tests.core.fakes import DictCache, FakeBatcher, PlainSegmenter, RecordingObserver, WordListDetector, WordTokenizer
from tests.core.test_generation import KEYS


def prefix(job: Job) -> Hypothesis:
    """A model whose output is longer than its input, so that source and target offsets differ."""
    return Hypothesis(("en:", *job.tokens), finished=True)


def make_translator(batcher: FakeBatcher | None = None) -> Translator:
    generator = CachedGenerator(
        task="translate",
        tokenizer=WordTokenizer(),
        batcher=batcher or FakeBatcher(prefix),
        cache=DictCache(),
        doubtful=DictCache(),
        keys=KEYS,
        check=lambda source, target, finished: (),
        pieces=lambda text: [text],
        observer=RecordingObserver(),
    )
    return Translator(
        segmenter=PlainSegmenter(),
        chooser=LanguageChooser(WordListDetector(), "de", 0.5),
        generator=generator,
        model=ModelInfo("toy", "r1", "fake", "none", "demo"),
        source_langs=["de"],
        target_lang="en",
    )


def translate(text: str, source: str = "de", target: str = "en") -> Translation:
    return make_translator()([text], source, target, RequestContext.within(10)).translations[0]


def assert_offsets_hold(text: str, translation: Translation) -> None:
    for segment in translation.segments:
        assert text[segment.source_start : segment.source_end] == segment.source
        assert translation.text[segment.target_start : segment.target_end] == segment.target


def test_white_space_and_paragraphs_stand_where_they_stood() -> None:
    text = "  Erster Satz.  Zweiter Satz.\n\n\tDritter Absatz!\n"
    assert translate(text).text == "  en: Erster Satz.  en: Zweiter Satz.\n\n\ten: Dritter Absatz!\n"


def test_segments_and_offsets_are_exact() -> None:
    text = "Das 🙂 ist gut. Und neu.\n\nEnde."
    result = translate(text)
    assert [segment.source for segment in result.segments] == ["Das 🙂 ist gut.", "Und neu.", "Ende."]
    assert_offsets_hold(text, result)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "12.000", "– – –", "🙂🙂", "27.12.2024 / 18:30"])
@pytest.mark.parametrize("source", ["de", "auto"])
def test_text_without_letters_comes_through_unchanged(text: str, source: str) -> None:
    result = translate(text, source)
    assert (result.text, result.warnings) == (text, ())


def test_list_marks_stay_and_are_not_shown_to_the_model() -> None:
    batcher = FakeBatcher(prefix)
    result = make_translator(batcher)(["• Erster Punkt"], "de", "en", RequestContext.within(10)).translations[0]
    assert result.text == "• en: Erster Punkt"
    assert batcher.jobs[0].tokens == ("Erster", "Punkt")


def test_text_in_the_target_language_comes_back_with_a_warning() -> None:
    result = translate("The cat and the dog.", "auto")
    assert (result.text, result.source_lang) == ("The cat and the dog.", "en")
    assert result.warnings == ("already_target_language",)


def test_an_unsupported_language_names_the_text_and_what_is_supported() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        make_translator()(["Das ist gut", "le chat et le chien"], "auto", "en", RequestContext.within(10))
    assert (caught.value.source_lang, caught.value.index, caught.value.supported) == ("fr", 1, (("de", "en"),))


def test_an_unsupported_target_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage):
        translate("Das ist gut", "de", "fr")


@pytest.mark.parametrize("code", ["de", "DE", "de-AT", "de_CH"])
def test_regional_codes_are_understood(code: str) -> None:
    assert translate("Jause", code, "en-GB").source_lang == "de"


def test_a_language_that_cannot_be_told_is_taken_as_the_default_and_says_so() -> None:
    assert translate("Hm", "auto").warnings == ("language_uncertain",)


def test_repeated_sentences_are_translated_once_and_reported_each_time() -> None:
    batcher = FakeBatcher(prefix)
    result = make_translator(batcher)(["Nein. Nein.", "Nein."], "de", "en", RequestContext.within(10))
    assert len(batcher.jobs) == 1
    assert result.usage.segments == 3
    assert result.usage.characters == 16


def test_a_flagged_segment_raises_a_warning_on_its_text() -> None:
    translator = make_translator(FakeBatcher(lambda job: Hypothesis(("17",), finished=True)))
    translator._generator._check = check_translation("de", "en")
    [first, second] = translator(
        ["Der Satz ist recht lang geraten.", "3"], "de", "en", RequestContext.within(10)
    ).translations
    assert first.warnings == ("segments_flagged",)
    assert second.warnings == ()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_keeps_its_gaps_and_its_offsets(text: str) -> None:
    result = make_translator()([text], "de", "en", RequestContext.within(10)).translations[0]
    assert_offsets_hold(text, result)
    outside = text
    target = result.text
    for segment in reversed(result.segments):
        outside = outside[: segment.source_start] + outside[segment.source_end :]
        target = target[: segment.target_start] + target[segment.target_end :]
    assert target == outside
    assert not has_letters(outside)
