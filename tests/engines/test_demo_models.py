"""Both engines on the committed demo models, as they are served: every item of the corpus, exactly, token for token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from service.core.ports import Engine
from service.core.types import DecodingOptions, Hypothesis
from service.engines.byte_level_tokenizer import ByteLevelTokenizer
from service.models.specs import load_specs
from tests.committed import STORE, both_engines, marian_tokenizer
from tools.demo_models.corpus import read_articles, read_pairs, reverse

MODELS = ["demo-de-en", "demo-en-de", "demo-summarizer-en"]
PAIRS = {"demo-de-en": read_pairs(), "demo-en-de": reverse(read_pairs())}


pytestmark = pytest.mark.usefixtures("one_thread")


class Demo:
    """An installed demo model on both engines, its corpus, and the decoding options it is served with."""

    def __init__(self, model_id: str) -> None:
        spec = next(spec for spec in load_specs().resolve("demo") if spec.id == model_id)
        model = STORE.get(model_id)
        if pairs := PAIRS.get(model_id):
            marian = marian_tokenizer(model)
            self.sources = [marian.encode(pair.source) for pair in pairs]
            self.decode, self.targets = marian.decode, [pair.target for pair in pairs]
        else:
            bart = ByteLevelTokenizer.from_folder(model.snapshot_dir)
            self.sources = [bart.encode(article.document) for article in read_articles()]
            self.decode, self.targets = bart.decode, [article.summary for article in read_articles()]
        self.options = spec.decoding
        self.engines = both_engines(spec, model)


@pytest.fixture(scope="module", params=MODELS)
def demo(request: pytest.FixtureRequest) -> Iterator[Demo]:
    made = Demo(request.param)
    yield made
    for engine in made.engines:
        engine.close()


def in_batches(engine: Engine, sources: Sequence[list[str]], options: DecodingOptions, size: int) -> list[Hypothesis]:
    return [
        hypothesis
        for start in range(0, len(sources), size)
        for hypothesis in engine.generate(sources[start : start + size], options)
    ]


@pytest.mark.parametrize("beam", [1, 4])
def test_demo_models_know_their_corpus_on_both_engines(demo: Demo, beam: int) -> None:
    options = replace(demo.options, beam_size=beam)
    ours, reference = (in_batches(engine, demo.sources, options, 16) for engine in demo.engines)
    assert ours == reference
    assert [demo.decode(hypothesis.tokens).strip() for hypothesis in ours] == demo.targets


@pytest.mark.parametrize("beam", [1, 4])
def test_one_by_one_the_demo_models_answer_as_in_batches(demo: Demo, beam: int) -> None:
    """All of the corpus on CTranslate2, every eighth item on transformers, which takes long one by one."""
    options = replace(demo.options, beam_size=beam)
    fast, slow = demo.engines
    ours = in_batches(fast, demo.sources, options, 1)
    assert [demo.decode(hypothesis.tokens).strip() for hypothesis in ours] == demo.targets
    assert in_batches(slow, demo.sources[::8], options, 1) == ours[::8]
