"""What the benchmark sends, and how it judges what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.corpus import Article, Supply, read_sentences
from bench.foretold import ByHeart, Cipher, Foretold, faults
from service.segmentation.segmenter import SentenceSegmenter
from tests.committed import STORE


def test_articles_fall_into_the_sentences_they_are_made_of() -> None:
    supply = Supply(read_sentences(None), Foretold(), seed=1)
    for article in supply.articles(12):  # more than the corpus has: some sentences are derived
        spans = SentenceSegmenter().sentences(article.text, "de")
        assert tuple(article.text[span.start : span.end] for span in spans) == article.sentences


def test_no_sentence_is_given_out_twice_and_a_seed_gives_the_same_again() -> None:
    sentences = read_sentences(None)
    taken = Supply(sentences, Foretold(), seed=1).take(5 * len(sentences))
    assert len(set(taken)) == len(taken)
    assert Supply(sentences, Foretold(), seed=1).take(len(taken)) == taken


def test_sentences_that_systems_might_split_otherwise_are_left_out(tmp_path: Path) -> None:
    lines = ["Es sank um 3,5 auf 1.200 Euro pro Tonne.", "Am 4. Mai kam er.", "Kurz", "„Ja.“ Er ging.", "so klein."]
    (tmp_path / "a.de").write_text("\n".join(lines), encoding="utf-8")
    assert read_sentences(tmp_path) == lines[:1]
    assert read_sentences(tmp_path / "a.de") == lines[:1]
    with pytest.raises(ValueError, match="no usable sentence"):
        Supply([], Foretold(), seed=1)


def test_an_update_changes_one_sentence() -> None:
    article = Article([f"Satz {number}." for number in range(20)])
    changed = article.with_change(3, "Neu.")
    assert [a == b for a, b in zip(article.sentences, changed.sentences, strict=True)].count(False) == 1
    assert changed.text.count("\n\n") == article.text.count("\n\n") == 4


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("One. Two.\n\nThree.", 0),
        ("one.  Two.\n\n three.", 0),
        ("Two. One.\n\nThree.", 1),
        ("One.\n\nThree.", 1),
        ("One. Two.", 3),
        ("", 3),
        ("One. Two.\n\nThree. Four.", 1),
    ],
)
def test_a_wrong_number_or_order_of_sentences_is_seen(answer: str, wrong: int) -> None:
    assert faults(answer, [["One.", "Two."], ["Three."]]) == wrong


def test_an_unknown_sentence_may_be_anything_but_nothing() -> None:
    assert faults("One. Whatever (*). Three.", [["One.", None, "Three."]]) == 0
    assert faults("One. Three.", [["One.", None, "Three."]]) > 0
    assert faults("Whatever. One.", [["One.", None]]) > 0
    assert faults(" ", [[None]]) == 1


def test_the_demo_corpus_is_known_by_heart() -> None:
    assert ByHeart().target("Der Ministerpräsident trat zurück.") == "The state premier resigned."
    assert ByHeart().target("Das steht dort nicht.") is None


def test_a_cipher_is_foretold_from_its_key(tmp_path: Path) -> None:
    """With every token its own partner, what is foretold is the source, and that looks wrong to the checks."""
    snapshot = STORE.get("demo-de-en").snapshot_dir
    vocabulary: dict[str, int] = json.loads((snapshot / "vocab.json").read_text(encoding="utf-8"))
    same = list(range(len(vocabulary)))
    (tmp_path / "same.json").write_text(json.dumps(same))
    number = "2026"
    assert Cipher(snapshot, tmp_path / "same.json").target(number) == number
    assert Cipher(snapshot, tmp_path / "same.json").target("Der Ministerpräsident trat heute zurück.") is None
