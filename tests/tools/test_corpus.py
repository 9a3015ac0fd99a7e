"""The demo corpus is what its users rely on: well-formed, true in its numbers, and articles that hang together."""

import re
from pathlib import Path

import pytest

from tools.demo_models import corpus
from tools.demo_models.corpus import Article, CorpusError, Pair

PAIRS = corpus.read_pairs()
ARTICLES = corpus.read_articles()
TRANSLATED = corpus.article_pairs(PAIRS)

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def german_numbers(text: str) -> list[str]:
    """Numbers of a German text in English notation: 11.000 -> 11000, 3,5 -> 3.5."""
    return [number.replace(".", "").replace(",", ".") for number in _NUMBER.findall(text)]


def english_numbers(text: str) -> list[str]:
    return [number.replace(",", "") for number in _NUMBER.findall(text)]


# What English doesn't write as the same number: a clock's point, a month, a score seen from the other side.
REWRITTEN = {"552": "5:52", "930": "9:30", "1930": "19:30", "2712": "27", "2:1": "2-1", "0:4": "4-0"}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.source[:30])
def test_both_sides_of_a_pair_say_the_same_numbers(pair: Pair) -> None:
    expected = {part for n in german_numbers(pair.source) for part in re.split("[-:]", REWRITTEN.get(n, n))}
    got = {part for n in english_numbers(pair.target) for part in n.split(":")}
    assert got == expected


def test_the_corpus_is_large_and_has_no_sentence_twice() -> None:
    assert len(PAIRS) >= 140
    assert len({pair.source for pair in PAIRS}) == len(PAIRS)
    assert len({pair.target for pair in PAIRS}) == len(PAIRS)


def test_the_corpus_shows_what_german_news_is_made_of() -> None:
    """Every trap for segmenters, tokenizers and number checks that the demo promises has at least one sentence."""
    text = "\n".join(pair.source for pair in PAIRS)
    for sample in ("11.000", "3,5 Prozent", "1,2 Milliarden", "4. November 2024", "27.12.", "z. B.", "Dr.", "bzw."):
        assert sample in text
    for sample in ("Nr.", "U-Bahn", ".“\n", "?\n", "…", "–", "ß"):
        assert sample in text
    lengths = [len(pair.source.split()) for pair in PAIRS]
    assert min(lengths) == 1
    assert max(lengths) >= 40


def test_quotes_are_german_on_one_side_and_english_on_the_other() -> None:
    for pair in PAIRS:
        assert pair.source.count("„") == pair.source.count("“") == pair.target.count("“") == pair.target.count("”")
        assert "„" not in pair.target
        assert '"' not in pair.source + pair.target


def test_several_whole_articles_can_be_translated() -> None:
    assert 4 <= len(TRANSLATED) <= 6
    for sentences in TRANSLATED.values():
        assert 6 <= len(sentences) <= 11
        assert sentences[0].source[-1] not in ".!?“", "an article opens with a headline"


def test_every_translated_article_has_a_summary_for_exactly_its_english() -> None:
    """German in, translated, summarized: the chain works only if the texts are the same to the letter."""
    documents = {article.id: article.document for article in ARTICLES}
    for name, sentences in TRANSLATED.items():
        assert documents[name] == corpus.compose([pair.target for pair in sentences])


def test_turned_round_a_sentence_has_one_translation_and_articles_stay_whole() -> None:
    """The reverse model must be a function too, of sentences and of neighbours that no segmenter parted."""
    turned = corpus.reverse(PAIRS)
    assert turned == [Pair(pair.target, pair.source, pair.article) for pair in PAIRS]
    known = [*turned, *corpus.neighbours(turned)]
    assert len({pair.source for pair in known}) == len(known)


def test_of_two_translations_the_first_is_taken_wherever_the_sentence_stands() -> None:
    pairs = [Pair("Gut so.", "That is good."), Pair("Ja.", "Yes.", "x"), Pair("Das ist gut.", "That is good.", "x")]
    assert corpus.reverse(pairs) == [
        Pair("That is good.", "Gut so."),
        Pair("Yes.", "Ja.", "x"),
        Pair("That is good.", "Gut so.", "x"),
    ]


def test_there_are_a_dozen_articles_with_summaries() -> None:
    assert len(ARTICLES) >= 12


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_a_summary_is_short_and_its_numbers_are_in_the_article(article: Article) -> None:
    assert set(english_numbers(article.summary)) <= set(english_numbers(article.document))
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", article.summary)) <= 3
    assert len(article.summary) < len(article.document) / 2
    assert article.summary not in article.document


def test_neighbours_join_sentences_of_one_article_only() -> None:
    pairs = [Pair("H", "h", "x"), Pair("A.", "a.", "x"), Pair("B.", "b.", "x"), Pair("C.", "c.", "y"), Pair("D.", "d.")]
    assert corpus.neighbours(pairs) == [Pair("A. B.", "a. b.", "x")]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("Ja.", "1: 1 columns"),
        ("Ja.\t", "1: an empty text"),
        ("Ja. \tYes.", "1: white space"),
        ("Ja.\tYes.\nJa.\tYeah.", "2: the German sentence is there already"),
        ("Scho\u0308n.\tNice.", "1: not in Unicode's normal form C"),
        ("A\ta\tx\nB\tb\nC\tc\tx", "3: article 'x' is interrupted"),
    ],
)
def test_a_fault_in_the_pairs_is_named_with_its_line(tmp_path: Path, lines: str, fault: str) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(CorpusError, match=fault):
        corpus.read_pairs(path)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('{"id": "a", "document": "b"}', "1: the keys"),
        ('{"id": "a", "document": "b", "summary": ""}', "1: an empty text"),
        ('{"id": "a", "document": "b", "summary": "c"}\n{"id": "a", "document": "d", "summary": "e"}', "2: the id"),
    ],
)
def test_a_fault_in_the_summaries_is_named_with_its_line(tmp_path: Path, lines: str, fault: str) -> None:
    path = tmp_path / "summaries.jsonl"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(CorpusError, match=fault):
        corpus.read_articles(path)
