"""The summarize use case: which method, what is read, what each sentence rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from service.checks.translation import check_summary
from service.core.enums import Flag, Method, Severity, Tier, WarningCode
from service.core.errors import UnsupportedLanguage, UnsupportedMethod
from service.core.router import Router
from service.core.summaries.abstractive import Abstractive, FactChecks
from service.core.summaries.extractive import Extractive
from service.core.summaries.summarizer import Summarizer
from service.core.translation.languages import LanguageChooser
from service.core.translation.translator import Translator
from service.core.types import Finding, Hypothesis, Job, RequestContext, Span, Summary, SummaryResult
from tests.core.fakes import (
    FakeBatcher,
    FakeChecks,
    PlainSegmenter,
    WordListIdentifier,
    make_generator,
    served,
)
from tests.core.test_translate import model, prefix

GERMAN = "Der erste Satz nennt die Lage. Der zweite Satz ist egal. Der dritte Satz ist WICHTIG und lang. Ende gut."
ENGLISH = " ".join(f"The sentence number {index} of the article says something." for index in range(1, 9))


class FakeRanker:
    """Longer is better; a claim rests on the sentences that share its last word."""

    info_id = "fake-ranker"
    revision = "1"

    def knows(self, language: str) -> bool:
        return language in ("de", "en")

    def rank(self, sentences: Sequence[str], language: str) -> list[float]:
        return [float(len(sentence)) for sentence in sentences]

    def pick(self, sentences: Sequence[str], language: str, count: int) -> list[int]:
        scores = self.rank(sentences, language)
        return sorted(sorted(range(len(sentences)), key=lambda index: -scores[index])[:count])

    def support(self, claim: str, sentences: Sequence[str], language: str) -> list[int]:
        words = set(re.findall(r"\d+", claim))
        return [index for index, sentence in enumerate(sentences) if words & set(re.findall(r"\d+", sentence))][:3]


def write_summary(job: Job) -> Hypothesis:
    """A summarizer that writes one sentence per chunk, naming the chunk's last number."""
    last = [token for token in job.tokens if token.isdigit()][-1]
    return Hypothesis(("All", "is", "said", "in", last, "."), finished=True)


def make_summarizer(
    write: FakeBatcher | None = None,
    tier: Tier = Tier.PRODUCTION,
    window: int = 100,
    max_chunks: int = 2,
    router: Router | None = None,
    ranker: FakeRanker | None = None,
) -> Summarizer:
    router = router or Router([served(make_generator(batcher=FakeBatcher(prefix)))])
    segmenter, ranker = PlainSegmenter(), ranker or FakeRanker()
    chooser = LanguageChooser(WordListIdentifier(), "de")
    translator = Translator(segmenter=segmenter, chooser=chooser, router=router)
    extractive = Extractive(ranker=ranker, translator=translator, router=router)
    writer = make_generator(
        batcher=write or FakeBatcher(write_summary), checks=FakeChecks(check_summary), max_tokens=1000, name="writer"
    )
    abstractive = Abstractive(
        model=served(writer, name="writer", sources=["en"], targets=["en"], tier=tier),
        window_tokens=window,
        min_tokens=20,
        max_chunks=max_chunks,
        segmenter=segmenter,
        ranker=ranker,
        translator=translator,
        router=router,
        extractive=extractive,
        facts=FactChecks(
            numbers=lambda claim, source: [n for n in re.findall(r"\d+", claim) if n not in source],
            quotes=lambda claim, source: [],
        ),
    )
    return Summarizer(
        segmenter=segmenter, chooser=chooser, router=router, extractive=extractive, abstractive=abstractive
    )


def run(
    text: str,
    summarizer: Summarizer | None = None,
    target: str | None = None,
    method: Method | None = None,
    count: int = 2,
    source: str = "auto",
) -> tuple[Summary, SummaryResult]:
    chosen = summarizer or make_summarizer()
    result = chosen.summarize([text], source, target, method, count, RequestContext.within(10))
    [summary] = result.summaries
    for sentence in summary.sentences:
        assert summary.text[sentence.start : sentence.end] == sentence.text
        for evidence in sentence.evidence:
            assert text[evidence.start : evidence.end] == evidence.text
    return summary, result


def test_a_german_summary_is_extracted_in_the_order_of_the_article() -> None:
    summary, result = run(GERMAN)
    assert summary.text == "Der erste Satz nennt die Lage. Der dritte Satz ist WICHTIG und lang."
    assert (summary.method, summary.target_lang, summary.model) == ("extractive", "de", "fake-ranker")
    assert [s.evidence[0].text for s in summary.sentences] == [s.text for s in summary.sentences]
    assert summary.translation_model is None
    assert [info.id for info in result.models] == ["fake-ranker"]


def test_what_was_found_in_a_translated_sentence_is_shown_in_the_article_and_in_the_summary() -> None:
    capitals = Finding(Flag.NUMBERS_CHANGED, Severity.CRITICAL, (Span(20, 27),), (Span(24, 31),))
    checks = FakeChecks(lambda source, target, finished: (capitals,) if "WICHTIG" in source else ())
    router = Router([served(make_generator(batcher=FakeBatcher(prefix), checks=checks))])
    summary, _ = run(GERMAN, make_summarizer(router=router), target="en", method=Method.EXTRACTIVE)
    assert [sentence.flags for sentence in summary.sentences] == [(), (Flag.NUMBERS_CHANGED,)]
    [finding] = summary.sentences[1].findings
    [source], [target] = finding.source, finding.target
    assert GERMAN[source.start : source.end] == summary.text[target.start : target.end] == "WICHTIG"
    assert WarningCode.SEGMENTS_FLAGGED in summary.warnings


def test_an_english_extract_of_a_german_article_translates_only_what_was_picked() -> None:
    summary, result = run(GERMAN, target="en", method=Method.EXTRACTIVE)
    assert summary.text == "en: Der erste Satz nennt die Lage. en: Der dritte Satz ist WICHTIG und lang."
    assert summary.sentences[1].evidence[0].text == "Der dritte Satz ist WICHTIG und lang."
    assert summary.translation_model == "toy"
    assert [info.id for info in result.models] == ["fake-ranker", "toy"]


def test_auto_prefers_the_abstractive_model_for_english() -> None:
    summary, result = run(ENGLISH)
    assert (summary.method, summary.model) == ("abstractive", "writer")
    assert [info.id for info in result.models] == ["writer"]
    assert summary.text == "All is said in 8."
    assert summary.sentences[0].evidence[0].text.startswith("The sentence number 8")


def test_auto_does_not_trust_a_demo_model() -> None:
    assert run(ENGLISH, make_summarizer(tier=Tier.DEMO))[0].method == "extractive"


def test_a_german_article_is_summarized_abstractively_through_its_translation() -> None:
    german = " ".join(f"Der Satz Nummer {index} und nicht mehr steht hier." for index in range(1, 9))
    summary, result = run(german, target="en", method=Method.ABSTRACTIVE)
    assert summary.text == "All is said in 8."
    assert summary.sentences[0].evidence[0].text == "Der Satz Nummer 8 und nicht mehr steht hier."
    assert summary.translation_model == "toy"
    assert [info.id for info in result.models] == ["writer", "toy"]


@pytest.mark.parametrize("method", [None, Method.EXTRACTIVE, Method.ABSTRACTIVE])
def test_a_short_text_comes_back_unchanged_with_a_warning(method: Method | None) -> None:
    text = "The cat and the dog.\n\nNothing else. "
    summary, _ = run(text, method=method)
    assert (summary.text, summary.method, summary.warnings) == (text, "none", ("too_short",))


def test_a_short_german_text_is_translated_with_its_paragraphs_when_english_is_asked_for() -> None:
    assert run("Der Satz.", target="en")[0].text == "en: Der Satz."
    assert run(" Der Titel\n\nDer Satz.\n", target="en")[0].text == " en: Der Titel\n\nen: Der Satz.\n"


@pytest.mark.parametrize("text", ["", "  \n", "12.000"])
def test_texts_without_letters_come_back_unchanged(text: str) -> None:
    assert run(text)[0].text == text


def test_a_long_article_is_read_in_chunks_and_fully_covered() -> None:
    """72 words and 8 sentences in windows of 45: two chunks, nothing left out."""
    batcher = FakeBatcher(write_summary)
    summary, _ = run(ENGLISH, make_summarizer(batcher, window=45))
    assert len(batcher.jobs) == 2
    assert summary.coverage.complete
    assert "input_selected" not in summary.warnings
    assert summary.text == "All is said in 4. All is said in 8."


def test_what_exceeds_all_windows_is_selected_and_said() -> None:
    summary, _ = run(ENGLISH, make_summarizer(window=20, max_chunks=2))
    assert "input_selected" in summary.warnings
    assert not summary.coverage.complete
    assert 0 < summary.coverage.characters_used < summary.coverage.characters == len(ENGLISH)


def test_an_unfinished_sentence_is_dropped() -> None:
    write = FakeBatcher(lambda job: Hypothesis(("All", "is", "said.", "But", "then"), finished=False))
    summary, _ = run(ENGLISH, make_summarizer(write))
    assert summary.text == "All is said."
    assert "sentence_dropped" in summary.warnings


def test_where_no_sentence_was_finished_the_article_speaks_for_itself() -> None:
    write = FakeBatcher(lambda job: Hypothesis(("All", "is"), finished=False))
    summary, _ = run(ENGLISH, make_summarizer(write))
    assert summary.text in ENGLISH


def test_an_invented_number_is_reported() -> None:
    write = FakeBatcher(lambda job: Hypothesis(("It", "cost", "4711", "euros."), finished=True))
    assert "unsupported_number" in run(ENGLISH, make_summarizer(write))[0].warnings


def test_abstractive_german_is_refused() -> None:
    with pytest.raises(UnsupportedMethod):
        run(GERMAN, method=Method.ABSTRACTIVE)


@pytest.mark.parametrize(("source", "target"), [("en", "de"), ("de", "fr"), ("fr", None), ("auto", "fr")])
def test_unsupported_directions_that_are_asked_for_are_refused(source: str, target: str | None) -> None:
    with pytest.raises(UnsupportedLanguage):
        run(GERMAN, target=target, source=source)


@pytest.mark.parametrize(("text", "target"), [(ENGLISH, "de"), ("Le chat et le chien. " * 4, None)])
def test_what_no_model_reads_is_summarized_in_its_own_language_and_fails_no_neighbour(
    text: str, target: str | None
) -> None:
    other, german = (
        make_summarizer().summarize([text, GERMAN], "auto", target, None, 2, RequestContext.within(10)).summaries
    )
    assert (other.method, other.source_lang) == ("extractive", other.target_lang)
    assert WarningCode.UNSUPPORTED_LANGUAGE in other.warnings
    assert WarningCode.UNSUPPORTED_LANGUAGE not in german.warnings


def test_every_served_language_can_be_summarized_in_and_out() -> None:
    """A language without a lexicon is ranked by what holds in any language, and says so; a pivot says so, too."""
    router = Router([model("fr-en", "fr", "en"), model("en-nl", "en", "nl")])
    french = "Le chat et le chien. " * 3 + "Pas de chat, et le chien est long. Et pas toi."
    own, _ = run(french, make_summarizer(router=router))
    assert (own.source_lang, own.target_lang, own.method) == ("fr", "fr", "extractive")
    assert own.warnings == (WarningCode.NEUTRAL_RANKING,)
    dutch, result = run(french, make_summarizer(router=router), target="nl", source="fr")
    assert dutch.text.startswith("nl: en: ")
    assert set(dutch.warnings) == {WarningCode.NEUTRAL_RANKING, WarningCode.PIVOT}
    assert [info.id for info in result.models] == ["fake-ranker", "fr-en", "en-nl"]
    pairs = {(pair.source_lang, pair.target_lang) for pair in make_summarizer(router=router).pairs}
    assert pairs == {("fr", "fr"), ("en", "en"), ("nl", "nl"), ("fr", "en"), ("en", "nl"), ("fr", "nl")}


def test_the_articles_of_a_request_are_summarized_together() -> None:
    """Eight articles are one batch for the model, not eight batches of one."""
    batcher = FakeBatcher(write_summary)
    submitted: list[int] = []
    submit = batcher.submit

    def count(jobs: Sequence[Job], **terms: Any) -> None:
        submitted.append(len(jobs))
        submit(jobs, **terms)

    batcher.submit = count  # type: ignore[method-assign]
    articles = [ENGLISH.replace("article", f"story {index}") for index in range(10, 18)]
    result = make_summarizer(batcher).summarize(articles, "en", None, None, 2, RequestContext.within(10))
    assert submitted == [8]
    assert [summary.method for summary in result.summaries] == ["abstractive"] * 8


@pytest.mark.parametrize("method", [None, Method.ABSTRACTIVE])
def test_the_model_named_is_one_that_wrote_something(method: Method | None) -> None:
    """A text that is too short to summarize is no work of the abstractive model's."""
    short = "The cat and the dog.\n\nNothing else. "
    assert run(short, method=method)[0].model == "fake-ranker"
    both = make_summarizer().summarize([short, ENGLISH], "auto", None, method, 2, RequestContext.within(10))
    assert [summary.method for summary in both.summaries] == ["none", "abstractive"]
    assert both.summaries[1].model == "writer"


def test_lists_may_mix_languages_and_methods() -> None:
    result = make_summarizer().summarize([GERMAN, ENGLISH, ""], "auto", None, None, 2, RequestContext.within(10))
    assert [(s.source_lang, s.method) for s in result.summaries] == [
        ("de", "extractive"),
        ("en", "abstractive"),
        ("und", "none"),
    ]
    assert all(summary.translation_model is None for summary in result.summaries)


def test_repeated_sentences_keep_their_own_evidence() -> None:
    """Evidence is found by position: the second of two equal sentences is another passage."""
    text = ENGLISH + " The sentence number 3 of the article says something."
    write = FakeBatcher(lambda job: Hypothesis(("All", "is", "said", "in", "3", "."), finished=True))
    summary, _ = run(text, make_summarizer(write))
    starts = [evidence.start for evidence in summary.sentences[0].evidence]
    assert starts == [text.index("The sentence number 3"), text.rindex("The sentence number 3")]


def test_a_text_of_nothing_but_dashes_comes_back_unchanged() -> None:
    """Where the ranker finds nothing worth picking, an empty summary would be no answer."""

    class Picky(FakeRanker):
        def pick(self, sentences: Sequence[str], language: str, count: int) -> list[int]:
            return []

    text = "- .\n\n- .\n\n- .\n\n- ."
    summary, _ = run(text + " der", make_summarizer(ranker=Picky()), source="de")
    assert (summary.text, summary.method, summary.warnings) == (text + " der", "none", ("too_short",))


def test_an_article_of_too_few_tokens_is_not_given_to_the_model() -> None:
    """Four sentences, but fewer than twenty tokens: a model that must write fifty would invent."""
    batcher = FakeBatcher(write_summary)
    summary, _ = run(
        "The cat sat. And so on. It was not. The end of it.", make_summarizer(batcher), method=Method.ABSTRACTIVE
    )
    assert (summary.method, batcher.jobs) == ("none", [])
