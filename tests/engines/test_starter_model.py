"""The committed starter model, as it is served: how good it is on German that it wasn't trained on, on both engines."""

from __future__ import annotations

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from service.checks.numbers import numbers_changed
from service.models.specs import load_specs
from tests.committed import STORE, both_engines, marian_tokenizer
from tools.demo_models.corpus import read_pairs
from training.evaluate import translate

SPEC = load_specs().model("starter-de-en")
PAIRS = read_pairs()
SHIPPED_BYTES = 70_000_000


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[str]]:
    """What each engine makes of the corpus that was written for the demo model: small news articles."""
    model = STORE.get(SPEC.id)
    made = {}
    for engine in both_engines(SPEC, model):
        sources = [pair.source for pair in PAIRS]
        made[engine.name] = translate(engine, marian_tokenizer(model), sources, SPEC.decoding)
        engine.close()
    return made


def test_it_is_whole_small_and_has_a_card() -> None:
    model = STORE.verify(SPEC.id)
    assert model.manifest.origin.name == SPEC.id
    assert sum(file.size for file in model.manifest.files.values()) <= SHIPPED_BYTES
    card = (model.snapshot_dir / "README.md").read_text(encoding="utf-8")
    for expected in ("not for publication", "newstest2016", "CC-BY-SA-4.0", "research use", "updates"):
        assert expected in card


def test_it_translates_real_german(outputs: dict[str, list[str]]) -> None:
    references = [[pair.target for pair in PAIRS]]
    for made in outputs.values():
        assert BLEU().corpus_score(made, references).score >= 26
        assert CHRF().corpus_score(made, references).score >= 52


def test_most_numbers_survive(outputs: dict[str, list[str]]) -> None:
    numbered = [index for index, pair in enumerate(PAIRS) if any(map(str.isdigit, pair.source))]
    for made in outputs.values():
        changed = [index for index in numbered if numbers_changed(PAIRS[index].source, made[index], "de", "en")]
        assert len(changed) <= 0.15 * len(numbered)


def test_the_engines_say_the_same(outputs: dict[str, list[str]]) -> None:
    """CTranslate2 computes in int8 and transformers in float32, so not word for word everywhere, yet as good as."""
    ours, reference = outputs["ctranslate2"], outputs["transformers"]
    assert CHRF().corpus_score(ours, [reference]).score >= 85
