"""The translate use case: structure, offsets, languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.translation import check_translation
from service.core.enums import Flag, Severity, WarningCode
from service.core.errors import UnsupportedLanguage
from service.core.models import ServedModel
from service.core.ports import TextChecks
from service.core.router import Router
from service.core.text import has_letters
from service.core.translation.languages import LanguageChooser
from service.core.translation.translator import Translator
from service.core.types import Finding, Hypothesis, Job, RequestContext, Span, Translation
from service.segmentation.segmenter import SentenceSegmenter
from tests.core.fakes import (
    FakeBatcher,
    FakeChecks,
    PlainSegmenter,
    WordListIdentifier,
    make_generator,
    served,
)


def prefix(job: Job) -> Hypothesis:
    """A model whose output is longer than its input, so that source and target offsets differ."""
    return Hypothesis(("en:", *job.tokens), finished=True)


def model(name: str, source: str, target: str, batcher: FakeBatcher | None = None) -> ServedModel:
    """A model that puts the language it translates into before the text."""
    into = batcher or FakeBatcher(lambda job: Hypothesis((f"{target}:", *job.tokens), finished=True))
    return served(make_generator(batcher=into, name=name), name=name, sources=[source], targets=[target])


def translator_of(*models: ServedModel) -> Translator:
    chooser = LanguageChooser(WordListIdentifier(), "de")
    return Translator(segmenter=PlainSegmenter(), chooser=chooser, router=Router(models))


def make_translator(batcher: FakeBatcher | None = None, checks: TextChecks | None = None) -> Translator:
    generator = make_generator(batcher=batcher or FakeBatcher(prefix), checks=checks)
    return translator_of(served(generator))


def translate(text: str, source: str = "de", target: str = "en") -> Translation:
    return make_translator().translate([text], source, target, RequestContext.within(10)).translations[0]


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
    result = (
        make_translator(batcher).translate(["• Erster Punkt"], "de", "en", RequestContext.within(10)).translations[0]
    )
    assert result.text == "• en: Erster Punkt"
    assert batcher.jobs[0].tokens == ("Erster", "Punkt")


def test_text_in_the_target_language_comes_back_with_a_warning() -> None:
    result = translate("The cat and the dog.", "auto")
    assert (result.text, result.source_lang) == ("The cat and the dog.", "en")
    assert result.warnings == ("already_target_language",)


def test_a_language_that_no_model_reads_comes_back_unchanged_and_fails_no_neighbour() -> None:
    texts = ["Das ist gut", "le chat et le chien"]
    first, second = make_translator().translate(texts, "auto", "en", RequestContext.within(10)).translations
    assert (first.text, first.warnings) == ("en: Das ist gut", ())
    assert (second.text, second.source_lang, second.model) == (texts[1], "fr", None)
    assert second.warnings == (WarningCode.UNSUPPORTED_LANGUAGE,)


def test_a_source_language_that_is_asked_for_and_not_served_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        translate("le chat et le chien", "fr")
    assert (caught.value.source_lang, caught.value.supported) == ("fr", (("de", "en"),))


def test_an_unsupported_target_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage):
        translate("Das ist gut", "de", "fr")


def test_a_language_that_cannot_be_told_is_taken_as_the_default_and_says_so() -> None:
    assert translate("Hm", "auto").warnings == ("language_uncertain",)


def test_repeated_sentences_are_translated_once_and_reported_each_time() -> None:
    batcher = FakeBatcher(prefix)
    result = make_translator(batcher).translate(["Nein. Nein.", "Nein."], "de", "en", RequestContext.within(10))
    assert len(batcher.jobs) == 1
    assert result.usage.segments == 3
    assert result.usage.characters == 16


def test_a_flagged_segment_raises_a_warning_on_its_text() -> None:
    number = FakeBatcher(lambda job: Hypothesis(("17",), finished=True))
    translator = make_translator(number, FakeChecks(check_translation("de", "en")))
    [first, second] = translator.translate(
        ["Der Satz ist recht lang geraten.", "3"], "de", "en", RequestContext.within(10)
    ).translations
    assert first.warnings == ("segments_flagged",)
    assert second.warnings == ()


def test_every_sentence_goes_the_way_of_its_own_language() -> None:
    """An English quotation inside a German article stays as it is; the German around it is translated."""
    text = "Das ist der Anfang. And this is the middle.\n\nDas ist der Schluss."
    result = translate(text, "auto")
    assert result.text == "en: Das ist der Anfang. And this is the middle.\n\nen: Das ist der Schluss."
    assert [segment.source_lang for segment in result.segments] == ["de", "en", "de"]
    assert [segment.model for segment in result.segments] == ["toy", None, "toy"]
    assert result.warnings == (WarningCode.MIXED_LANGUAGES,)
    assert_offsets_hold(text, result)


def test_the_callers_word_holds_for_every_sentence() -> None:
    text = "Das ist der Anfang. And this is the middle."
    assert translate(text, "de").text == "en: Das ist der Anfang. en: And this is the middle."


def test_a_sentence_that_no_model_reads_stays_and_is_told() -> None:
    result = translate("Das ist der Anfang. Et le chat et pas toi. Das ist der Schluss.", "auto")
    assert result.text == "en: Das ist der Anfang. Et le chat et pas toi. en: Das ist der Schluss."
    assert set(result.warnings) == {WarningCode.MIXED_LANGUAGES, WarningCode.UNSUPPORTED_LANGUAGE}


def test_texts_of_several_languages_go_to_their_models_and_all_are_named() -> None:
    translator = translator_of(model("from-german", "de", "en"), model("from-french", "fr", "en"))
    texts = ["Das ist gut.", "Le chat et le chien.", "The cat and the dog."]
    result = translator.translate(texts, "auto", "en", RequestContext.within(10))
    assert [each.text for each in result.translations] == [
        "en: Das ist gut.",
        "en: Le chat et le chien.",
        "The cat and the dog.",
    ]
    assert [each.model for each in result.translations] == ["from-german", "from-french", None]
    assert [info.id for info in result.models] == ["from-german", "from-french"]


def test_without_a_direct_model_a_translation_goes_by_way_of_english() -> None:
    translator = translator_of(model("de-en", "de", "en"), model("en-fr", "en", "fr"))
    text = "Der Satz.\n\nUnd der zweite, 12 und 3."
    result = translator.translate([text], "de", "fr", RequestContext.within(10))
    [translation] = result.translations
    assert translation.text == "fr: en: Der Satz.\n\nfr: en: Und der zweite, 12 und 3."
    assert translation.warnings == (WarningCode.PIVOT,)
    assert translation.model == "en-fr"
    assert [info.id for info in result.models] == ["de-en", "en-fr"]
    assert_offsets_hold(text, translation)


def test_a_direct_model_is_taken_before_a_pivot_and_the_first_of_two() -> None:
    models = [model("de-en", "de", "en"), model("en-fr", "en", "fr"), model("de-fr", "de", "fr")]
    second = model("another-de-fr", "de", "fr")
    result = translator_of(*models, second).translate(["Der Satz."], "de", "fr", RequestContext.within(10))
    assert (result.translations[0].text, result.translations[0].warnings) == ("fr: Der Satz.", ())
    assert [info.id for info in result.models] == ["de-fr"]


def test_flags_of_both_legs_of_a_pivot_are_told() -> None:
    cut = FakeBatcher(lambda job: Hypothesis(("half",), finished=False))
    cut_off = (Finding(Flag.TRUNCATED, Severity.CRITICAL),)
    checks = FakeChecks(lambda source, target, finished: () if finished else cut_off)
    first = served(make_generator(batcher=cut, checks=checks, name="a"), name="a", sources=["de"], targets=["en"])
    translator = translator_of(first, model("b", "en", "fr"))
    [translation] = translator.translate(["Der Satz."], "de", "fr", RequestContext.within(10)).translations
    assert translation.segments[0].flags == (Flag.TRUNCATED,)
    assert set(translation.warnings) == {WarningCode.PIVOT, WarningCode.SEGMENTS_FLAGGED}


MARKED = Finding(Flag.NUMBERS_CHANGED, Severity.CRITICAL, (Span(4, 8),), (Span(5, 7),))


def test_places_of_findings_are_in_the_whole_texts() -> None:
    """Behind a sentence, a list mark, a soft hyphen, and white space that the model doesn't see."""
    text = "Der Anfang.\n\n– Der Sa\u00adtz\t  ist  aus."
    checks = FakeChecks(lambda source, target, finished: (MARKED,) if "aus" in source else ())
    [translation] = make_translator(checks=checks).translate([text], "de", "en", RequestContext.within(10)).translations
    assert [segment.flags for segment in translation.segments] == [(), (Flag.NUMBERS_CHANGED,)]
    [finding] = translation.segments[1].findings
    [source], [target] = finding.source, finding.target
    assert text[source.start : source.end] == "Sa\u00adtz"
    assert translation.text[target.start : target.end] == "er"  # "en: Der Satz ist aus."[5:7]


def test_places_of_findings_hold_in_an_input_that_was_cut_in_pieces() -> None:
    checks = FakeChecks(lambda source, target, finished: (MARKED,) if "drei" in source else ())
    generator = make_generator(checks=checks, max_tokens=2)
    translator = translator_of(served(generator))
    text = "Einer ist drei Mal drin."
    [translation] = translator.translate([text], "de", "en", RequestContext.within(10)).translations
    [finding] = translation.segments[0].findings
    assert text[finding.source[0].start : finding.source[0].end] == " Mal"
    assert translation.text == text.upper()
    assert translation.text[finding.target[0].start : finding.target[0].end] == "MA"


def test_in_a_pivot_no_place_is_shown_in_the_text_between() -> None:
    checks = FakeChecks(lambda source, target, finished: (MARKED,))
    first, second = (
        served(
            make_generator(checks=checks, name=f"{source}-{target}"), sources=[source], targets=[target], name=source
        )
        for source, target in (("de", "en"), ("en", "fr"))
    )
    translator = translator_of(first, second)
    [translation] = translator.translate(["Der Satz."], "de", "fr", RequestContext.within(10)).translations
    into, out_of = translation.segments[0].findings
    assert (into.source, into.target) == (MARKED.source, ())
    assert (out_of.source, out_of.target) == ((), MARKED.target)


def test_into_the_default_language_a_short_text_is_taken_for_another() -> None:
    """Whoever asks for German with "Hm" has something in another language, or needn't ask."""
    translator = translator_of(model("en-de", "en", "de"))
    [translation] = translator.translate(["Hm"], "auto", "de", RequestContext.within(10)).translations
    assert (translation.source_lang, translation.text) == ("en", "de: Hm")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_keeps_its_gaps_and_its_offsets(text: str) -> None:
    result = make_translator().translate([text], "de", "en", RequestContext.within(10)).translations[0]
    assert_offsets_hold(text, result)
    outside = text
    target = result.text
    for segment in reversed(result.segments):
        outside = outside[: segment.source_start] + outside[segment.source_end :]
        target = target[: segment.target_start] + target[segment.target_end :]
    assert target == outside
    assert not has_letters(outside)


TABLE = "Partei\tStimmen\tAnteil\nCDU\t12.345\t34,5 %\nDie Linke\t\t3,4 %\n"
COLUMNS = "Partei      Stimmen   Anteil\nCDU         12.345    34,5 %\nDie Linke   1.234     3,4 %"


@pytest.mark.parametrize("text", [TABLE, COLUMNS])
def test_a_table_comes_back_with_the_same_cells_and_the_white_space_between_them(text: str) -> None:
    models = [served(make_generator(batcher=FakeBatcher(prefix)))]
    chooser = LanguageChooser(WordListIdentifier(), "de")
    translator = Translator(segmenter=SentenceSegmenter(), chooser=chooser, router=Router(models))
    result = translator.translate([text], "de", "en", RequestContext.within(10)).translations[0].text
    assert re.findall(r"\s{2,}|[\t\n]", result) == re.findall(r"\s{2,}|[\t\n]", text)
    cells = [cell for cell in re.split(r"\s{2,}|[\t\n]", text) if cell]
    assert [cell.removeprefix("en: ") for cell in re.split(r"\s{2,}|[\t\n]", result) if cell] == cells
