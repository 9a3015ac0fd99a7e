"""The summarize use case: which method, what is read, what each sentence rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from service.checks.translation import check_summary
from service.core.errors import UnsupportedLanguage, UnsupportedMethod
from service.core.generation.generator import CachedGenerator
from service.core.summaries.abstractive import Abstractive, FactChecks
from service.core.summaries.assembly import Article
from service.core.summaries.extractive import Extractive
from service.core.summaries.summarizer import Summarizer
from service.core.translation.languages import LanguageChooser
from service.core.types import Hypothesis, Job, ModelInfo, RequestContext, Summary, SummaryResult
from tests.core.fakes import DictCache, FakeBatcher, PlainSegmenter, RecordingObserver, WordListDetector, WordTokenizer
from tests.core.test_generation import KEYS
from tests.core.test_translate import make_translator

GERMAN = "Der erste Satz nennt die Lage. Der zweite Satz ist egal. Der dritte Satz ist WICHTIG und lang. Ende gut."
ENGLISH = " ".join(f"The sentence number {index} of the article says something." for index in range(1, 9))


class FakeRanker:
    """Longer is better; a claim rests on the sentences that share its last word."""

    info_id = "fake-ranker"
    revision = "1"

    def knows(self, language: str) -> bool:
        return True

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
    write: FakeBatcher | None = None, tier: str = "production", window: int = 100, max_chunks: int = 2
) -> Summarizer:
    translator = make_translator()
    segmenter = PlainSegmenter()
    ranker = FakeRanker()
    extractive = Extractive(ranker=ranker, translator=translator)
    abstractive = Abstractive(
        model=ModelInfo("writer", "r2", "fake", "none", tier),
        generator=CachedGenerator(
            task="summarize",
            tokenizer=WordTokenizer(),
            batcher=write or FakeBatcher(write_summary),
            cache=DictCache(),
            doubtful=DictCache(),
            keys=KEYS,
            check=check_summary,
            pieces=lambda text: [text],
            observer=RecordingObserver(),
        ),
        count_tokens=lambda text: len(text.split()),
        window_tokens=window,
        min_tokens=20,
        max_chunks=max_chunks,
        segmenter=segmenter,
        ranker=ranker,
        translator=translator,
        extractive=extractive,
        facts=FactChecks(
            numbers=lambda claim, source: [n for n in re.findall(r"\d+", claim) if n not in source],
            quotes=lambda claim, source: [],
        ),
    )
    return Summarizer(
        segmenter=segmenter,
        chooser=LanguageChooser(WordListDetector(), "de", 0.5),
        extractive=extractive,
        abstractive=abstractive,
        translator=translator,
    )


def run(
    text: str, summarizer: Summarizer | None = None, target: str | None = None, method: str = "auto", count: int = 2
) -> tuple[Summary, SummaryResult]:
    result = (summarizer or make_summarizer())([text], "auto", target, method, count, RequestContext.within(10))
    [summary] = result.summaries
    for sentence in summary.sentences:
        assert summary.text[sentence.start : sentence.end] == sentence.text
        for evidence in sentence.evidence:
            assert text[evidence.start : evidence.end] == evidence.text
    return summary, result


def test_a_german_summary_is_extracted_in_the_order_of_the_article() -> None:
    summary, result = run(GERMAN)
    assert summary.text == "Der erste Satz nennt die Lage. Der dritte Satz ist WICHTIG und lang."
    assert (summary.method, summary.target_lang, result.model.id) == ("extractive", "de", "fake-ranker")
    assert [s.evidence[0].text for s in summary.sentences] == [s.text for s in summary.sentences]
    assert result.translation_model is None


def test_an_english_extract_of_a_german_article_translates_only_what_was_picked() -> None:
    summary, result = run(GERMAN, target="en", method="extractive")
    assert summary.text == "en: Der erste Satz nennt die Lage. en: Der dritte Satz ist WICHTIG und lang."
    assert summary.sentences[1].evidence[0].text == "Der dritte Satz ist WICHTIG und lang."
    assert result.translation_model is not None


def test_auto_prefers_the_abstractive_model_for_english() -> None:
    summary, result = run(ENGLISH)
    assert (summary.method, result.model.id) == ("abstractive", "writer")
    assert summary.text == "All is said in 8."
    assert summary.sentences[0].evidence[0].text.startswith("The sentence number 8")


def test_auto_does_not_trust_a_demo_model() -> None:
    assert run(ENGLISH, make_summarizer(tier="demo"))[0].method == "extractive"


def test_a_german_article_is_summarized_abstractively_through_its_translation() -> None:
    german = " ".join(f"Der Satz Nummer {index} und nicht mehr steht hier." for index in range(1, 9))
    summary, result = run(german, target="en", method="abstractive")
    assert summary.text == "All is said in 8."
    assert summary.sentences[0].evidence[0].text == "Der Satz Nummer 8 und nicht mehr steht hier."
    assert result.translation_model is not None


@pytest.mark.parametrize("method", ["auto", "extractive", "abstractive"])
def test_a_short_text_comes_back_unchanged_with_a_warning(method: str) -> None:
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
        run(GERMAN, method="abstractive")


@pytest.mark.parametrize(("text", "target"), [(ENGLISH, "de"), (GERMAN, "fr"), ("le chat et le chien", None)])
def test_unsupported_directions_are_refused(text: str, target: str | None) -> None:
    with pytest.raises(UnsupportedLanguage):
        run(text, target=target)


@pytest.mark.parametrize("method", ["auto", "abstractive"])
def test_the_model_named_is_one_that_wrote_something(method: str) -> None:
    """A text that is too short to summarize is no work of the abstractive model's."""
    short = "The cat and the dog.\n\nNothing else. "
    assert run(short, method=method)[1].model.id == "fake-ranker"
    both = make_summarizer()([short, ENGLISH], "auto", None, method, 2, RequestContext.within(10))
    assert [summary.method for summary in both.summaries] == ["none", "abstractive"]
    assert both.model.id == "writer"


def test_lists_may_mix_languages_and_methods() -> None:
    result = make_summarizer()([GERMAN, ENGLISH, ""], "auto", None, "auto", 2, RequestContext.within(10))
    assert [(s.source_lang, s.method) for s in result.summaries] == [
        ("de", "extractive"),
        ("en", "abstractive"),
        ("und", "none"),
    ]
    assert result.translation_model is None


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
    extractive = Extractive(ranker=Picky(), translator=make_translator())
    spans = tuple(PlainSegmenter().sentences(text, "de"))
    summary, _, _ = extractive(Article(text, "de", spans), "de", 2, RequestContext.within(5))
    assert (summary.text, summary.method, summary.warnings) == (text, "none", ("too_short",))


def test_an_article_of_too_few_tokens_is_not_given_to_the_model() -> None:
    """Four sentences, but fewer than twenty tokens: a model that must write fifty would invent."""
    batcher = FakeBatcher(write_summary)
    summary, _ = run(
        "The cat sat. And so on. It was not. The end of it.", make_summarizer(batcher), method="abstractive"
    )
    assert (summary.method, batcher.jobs) == ("none", [])
