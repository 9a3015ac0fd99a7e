"""Scores come from sacrebleu with signatures; test sets that don't fit together are refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from service.core.types import DecodingOptions, Hypothesis
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from tests.training.conftest import World
from training import evaluate


class Echo:
    """An engine whose outputs are its sources."""

    name = "echo"
    compute_type = "none"
    replicas = 1

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        return [Hypothesis(tuple(source), finished=True) for source in sources]

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[float]:
        return [-1.0] * len(sources)

    def close(self) -> None: ...


def test_outputs_keep_the_order_of_the_texts(world: World) -> None:
    files = (world.inputs / name for name in ("source.spm", "target.spm", "vocab.json"))
    texts = ["Ein langer Satz mit vielen Wörtern.", "Ja.", "", "Am 3. Mai."] * 10
    made = evaluate.translate(Echo(), MarianSubwordTokenizer(*files), texts, DecodingOptions(), batch=7)
    assert made == texts


def test_perfect_outputs_score_a_hundred_and_changed_numbers_are_counted() -> None:
    references = ("There were 30 people in the hall.", "Nobody was hurt in the fire.")
    test_set = evaluate.TestSet("own", ("Es waren 30 Menschen im Saal.", "Niemand wurde verletzt."), references)
    perfect = evaluate.score(test_set, "echo", references, seconds=2.0)
    assert (perfect.bleu, perfect.chrf2, perfect.numbers_changed) == (100.0, 100.0, 0.0)
    assert perfect.sentences_per_second == 1.0
    assert "version:" in perfect.bleu_signature
    wrong = evaluate.score(test_set, "echo", ["There were 50 people in the hall.", references[1]], seconds=1.0)
    assert wrong.numbers_changed == 0.5
    assert wrong.bleu < 100


def test_agreement_is_a_share() -> None:
    assert evaluate.agreement(["a", "b", "c", "d"], ["a", "b", "c", "x"]) == 0.75


def test_sides_of_different_length_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Eins.\nZwei.\n", encoding="utf-8")
    (tmp_path / "b").write_text("One.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="2 sentences, 1 references"):
        evaluate.TestSet.read("own", tmp_path / "a", tmp_path / "b")


def test_lines_are_ended_by_line_feeds_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Eins\u2028und\u0085noch eins.\nZwei.\n", encoding="utf-8")
    assert len(evaluate.TestSet.read("own", tmp_path / "a", tmp_path / "a").sources) == 2
