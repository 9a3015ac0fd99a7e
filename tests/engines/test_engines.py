"""The engine contract, run on both engines and the fake, and the parity of the two. Models are tiny and random."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.core.ports import Engine
from service.core.types import DecodingOptions, Hypothesis
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.decoding import Framing
from service.engines.transformers_engine import TransformersEngine
from tests.batching.fakes import FakeEngine

from .near_ties import NearTies

GREEDY = DecodingOptions(beam_size=1, max_length=30)
BEAM = DecodingOptions(beam_size=4, max_length=30)
CAPPED = DecodingOptions(beam_size=4, max_length=40, max_length_factor=0.5, max_length_margin=2)
VARIANTS = {
    "greedy": GREEDY,
    "beam": BEAM,
    "capped": CAPPED,
    "long penalty": replace(BEAM, length_penalty=2.0),
    "no penalty": replace(BEAM, length_penalty=0.0),
    "negative penalty": replace(BEAM, length_penalty=-0.5),
    "minimum": replace(BEAM, min_length=6),
    "greedy minimum": replace(GREEDY, min_length=6),
    "no repeats": replace(BEAM, no_repeat_ngram_size=2),
    "greedy no repeats": replace(GREEDY, no_repeat_ngram_size=3),
    "repetition": replace(BEAM, repetition_penalty=1.3, max_length=12),
    "greedy repetition": replace(GREEDY, repetition_penalty=1.3, max_length=12),
    "all positions": replace(BEAM, max_length=512),
}


def on_ctranslate2(folder: Path, *around: str, replicas: int = 2) -> CTranslate2Engine:
    return CTranslate2Engine(
        folder / "ctranslate2",
        replicas=replicas,
        compute_type="float32",
        source_prefix=around,
        max_source_tokens=60,
        max_positions=64,
    )


def on_transformers(folder: Path, *around: str) -> TransformersEngine:
    return TransformersEngine(folder / "snapshot", device="cpu", replicas=2, source_prefix=around, max_source_tokens=60)


@pytest.fixture(scope="module")
def engines(marian: Path) -> Iterator[dict[str, Engine]]:
    made: dict[str, Engine] = {
        "ctranslate2": on_ctranslate2(marian),
        "transformers": on_transformers(marian),
        "fake": FakeEngine(replicas=2),
    }
    yield made
    for engine in made.values():
        engine.close()


@pytest.fixture(params=["ctranslate2", "transformers", "fake"])
def engine(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Engine:
    return engines[request.param]


def sources_of(folder: Path, count: int = 40, longest: int = 30) -> list[list[str]]:
    vocabulary = json.loads((folder / "snapshot" / "vocab.json").read_text(encoding="utf-8"))
    pieces = [piece for piece in vocabulary if not (piece.startswith("<") and piece.endswith(">"))]
    dice = random.Random(7)
    return [dice.choices(pieces, k=dice.randrange(1, longest)) for _ in range(count)]


def numbers(count: int) -> list[list[str]]:
    """Sources that every engine takes: digits mean something to the fake, and are read as any piece by the others."""
    return [[str(n % 10)] * (1 + n % 7) for n in range(count)]


def test_names_what_keys_are_made_of(engine: Engine) -> None:
    assert engine.name
    assert engine.compute_type
    assert engine.replicas == 2


@pytest.mark.parametrize("options", [GREEDY, BEAM], ids=["greedy", "beam"])
def test_gives_one_output_per_source_whatever_the_batch(engine: Engine, options: DecodingOptions) -> None:
    sources = numbers(20)
    together = engine.generate(sources, options)
    assert together == [engine.generate([source], options)[0] for source in sources]
    assert together[::-1] == engine.generate(sources[::-1], options)


def test_no_sources_give_no_outputs_and_an_empty_one_an_empty_one(engine: Engine) -> None:
    assert engine.generate([], BEAM) == []
    outputs = engine.generate([["1"], [], ["2"]], BEAM)
    assert outputs[1] == Hypothesis((), finished=True)
    assert [outputs[0], outputs[2]] == engine.generate([["1"], ["2"]], BEAM)


def test_runs_in_as_many_threads_as_it_has_replicas(engine: Engine) -> None:
    sources = numbers(10)
    expected = engine.generate(sources, GREEDY)
    with ThreadPoolExecutor(engine.replicas) as pool:
        assert list(pool.map(lambda _: engine.generate(sources, GREEDY), range(8))) == [expected] * 8


REAL = ["ctranslate2", "transformers"]


@pytest.mark.parametrize("name", REAL)
def test_neighbours_do_not_change_an_output_even_at_its_cap(
    name: str, engines: dict[str, Engine], marian: Path
) -> None:
    """Where a cap breaks a beam search off, the rest of the batch must not have moved that point."""
    sources = sources_of(marian)
    together = engines[name].generate(sources, CAPPED)
    assert together == [engines[name].generate([source], CAPPED)[0] for source in sources]
    assert {output.finished for output in together} == {True, False}


@pytest.mark.parametrize("name", REAL)
def test_outputs_keep_to_cap_and_minimum(name: str, engines: dict[str, Engine], marian: Path) -> None:
    sources = sources_of(marian)
    for source, output in zip(sources, engines[name].generate(sources, CAPPED), strict=True):
        assert len(output.tokens) <= CAPPED.cap(len(source))
        assert output.finished or len(output.tokens) == CAPPED.cap(len(source))
    assert all(len(o.tokens) >= 6 for o in engines[name].generate(sources, VARIANTS["minimum"]))


@pytest.mark.parametrize("name", REAL)
def test_a_source_that_is_too_long_is_refused_not_cut(name: str, engines: dict[str, Engine]) -> None:
    engines[name].generate([["1"] * 60], GREEDY)
    with pytest.raises(ValueError, match="61 tokens"):
        engines[name].generate([["1"], ["1"] * 61], GREEDY)


@pytest.mark.parametrize("make", [on_ctranslate2, on_transformers])
def test_a_closed_engine_refuses_work(make: type, marian: Path) -> None:
    engine: Engine = make(marian)
    engine.close()
    with pytest.raises(RuntimeError, match="closed"):
        engine.generate([["1"]], GREEDY)


def assert_agree(
    sources: list[list[str]], options: DecodingOptions, ours: Engine, reference: Engine, ties: NearTies
) -> None:
    """Token for token, alternatives included, but for near ties, of which one source in twenty may have one."""
    outputs, others = (engine.generate(sources, options) for engine in (ours, reference))
    different = [index for index, output in enumerate(outputs) if output != others[index]]
    assert not ties.unexplained([sources[i] for i in different], [outputs[i] for i in different], options)
    assert len(different) <= len(sources) // 20


@pytest.fixture(scope="module")
def ties(marian: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NearTies]:
    made = NearTies(on_transformers, marian, tmp_path_factory.mktemp("shaken"))
    yield made
    made.close()


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS.keys())
def test_marian_engines_agree_token_for_token(
    options: DecodingOptions, engines: dict[str, Engine], marian: Path, ties: NearTies
) -> None:
    assert_agree(sources_of(marian), options, engines["ctranslate2"], engines["transformers"], ties)


@pytest.mark.parametrize("rule", [{"no_repeat_ngram_size": 3}, {"length_penalty": 1.2}, {"min_length": 4}], ids=str)
def test_another_rule_is_not_taken_for_a_near_tie(
    rule: dict[str, Any], engines: dict[str, Engine], marian: Path, ties: NearTies
) -> None:
    """What CTranslate2 says under one rule, transformers never says under another, unless the rule changes nothing."""
    asked = replace(BEAM, no_repeat_ngram_size=2)
    sources = sources_of(marian)[:10]
    right = engines["ctranslate2"].generate(sources, asked)
    outputs = engines["ctranslate2"].generate(sources, replace(asked, **rule))
    changed = [index for index, output in enumerate(outputs) if output != right[index]]
    assert changed
    assert ties.unexplained(sources, outputs, asked) == changed


@pytest.fixture(scope="module")
def bart_engines(bart: Path) -> Iterator[tuple[Engine, Engine]]:
    made = on_ctranslate2(bart, "<s>"), on_transformers(bart, "<s>")
    yield made
    for engine in made:
        engine.close()


@pytest.fixture(scope="module")
def bart_ties(bart: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NearTies]:
    made = NearTies(lambda folder: on_transformers(folder, "<s>"), bart, tmp_path_factory.mktemp("shaken"))
    yield made
    made.close()


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS.keys())
def test_bart_engines_agree_token_for_token(
    options: DecodingOptions, bart_engines: tuple[Engine, Engine], bart: Path, bart_ties: NearTies
) -> None:
    """With a forced start, and against generation defaults of the snapshot that say otherwise."""
    sources = sources_of(bart)
    forced = replace(options, target_prefix=("<s>",))
    assert_agree(sources, forced, *bart_engines, bart_ties)
    ours = bart_engines[0].generate(sources, forced)
    assert not all(output.tokens[:1] == ("<s>",) for output in ours)  # the forced start is not part of them


def test_framing_refuses_sources_longer_than_the_positions() -> None:
    with pytest.raises(ValueError, match="positions"):
        Framing.of((), ("</s>",), 512, 512)
    assert Framing.of(("<s>",), ("</s>",), 510, None).max_positions == 512


NO_NETWORK = """
import socket, sys
def refuse(*_, **__): raise AssertionError("the network was touched")
socket.socket.connect = socket.getaddrinfo = refuse
from pathlib import Path
from service.core.types import DecodingOptions
"""


def run_alone(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_NETWORK + code], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_serving_with_ctranslate2_loads_neither_torch_nor_transformers(marian: Path) -> None:
    run_alone(f"""
from service.batching import pool
from service.engines import calibration, transformers_engine
from service.engines.byte_level_tokenizer import ByteLevelTokenizer
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.marian_tokenizer import MarianSubwordTokenizer
assert not {{"torch", "transformers", "ctranslate2"}} & set(sys.modules)
engine = CTranslate2Engine(Path({str(marian / "ctranslate2")!r}), replicas=1, max_source_tokens=60)
assert engine.generate([["a"]], DecodingOptions(max_length=9))
assert not {{"torch", "transformers"}} & set(sys.modules)
""")


@pytest.mark.slow
def test_loading_with_transformers_touches_no_network(marian: Path) -> None:
    run_alone(f"""
from service.engines.transformers_engine import TransformersEngine
engine = TransformersEngine(Path({str(marian / "snapshot")!r}), max_source_tokens=60, device="cpu")
assert engine.generate([["a"]], DecodingOptions(max_length=9))
""")


def test_weights_in_pickle_are_not_read(marian: Path, tmp_path: Path) -> None:
    for file in (marian / "snapshot").iterdir():
        name = "pytorch_model.bin" if file.suffix == ".safetensors" else file.name
        (tmp_path / name).write_bytes(file.read_bytes())
    with pytest.raises(OSError, match="safetensors"):
        TransformersEngine(tmp_path, max_source_tokens=60, device="cpu")


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("options", [GREEDY, BEAM, VARIANTS["long penalty"], VARIANTS["no penalty"]], ids=str)
def test_a_search_tells_the_score_that_its_output_has(
    name: str, options: DecodingOptions, engines: dict[str, Engine], marian: Path
) -> None:
    """Whatever the search divides by; an output that was broken off has no end to score."""
    sources = sources_of(marian, 20)
    ended = [(s, o) for s, o in zip(sources, engines[name].generate(sources, options), strict=True) if o.finished]
    assert ended
    scores = engines[name].score([source for source, _ in ended], [output.tokens for _, output in ended], options)
    assert [output.score for _, output in ended] == pytest.approx(scores, abs=1e-3)


PAD = 0.01
"""How far scores may lie apart: a random model gives `<pad>`, which engines treat otherwise, as much as any token."""


def test_engines_agree_on_scores_alone_or_in_company(engines: dict[str, Engine], marian: Path) -> None:
    sources = sources_of(marian, 12)
    targets = sources_of(marian, 24)[12:]
    ours, others = (engines[name].score(sources, targets, BEAM) for name in REAL)
    assert ours == pytest.approx(others, abs=PAD)
    alone = [engines["ctranslate2"].score([s], [t], BEAM)[0] for s, t in zip(sources, targets, strict=True)]
    assert ours == pytest.approx(alone, abs=1e-3)
    assert all(score < 0 for score in ours)


def test_a_forced_prefix_is_no_part_of_a_score(bart_engines: tuple[Engine, Engine], bart: Path) -> None:
    forced = replace(BEAM, target_prefix=("<s>",))
    sources, targets = sources_of(bart, 8), sources_of(bart, 16)[8:]
    ours, others = (engine.score(sources, targets, forced) for engine in bart_engines)
    assert ours == pytest.approx(others, abs=PAD)
    outputs = [output for output in bart_engines[0].generate(sources, forced) if output.finished]
    assert outputs
    for output in outputs:
        assert output.score is not None
        assert output.score < 0


def test_an_engine_scores_nothing_and_empty_targets(engine: Engine) -> None:
    assert engine.score([], [], BEAM) == []
    assert len(engine.score([["1"], []], [[], ["2"]], BEAM)) == 2


@pytest.mark.parametrize("name", REAL)
def test_a_target_that_is_too_long_is_refused_not_cut(name: str, engines: dict[str, Engine]) -> None:
    engines[name].score([["1"]], [["1"] * 63], GREEDY)
    with pytest.raises(ValueError, match="64 tokens"):
        engines[name].score([["1"]], [["1"] * 64], GREEDY)
    with pytest.raises(ValueError, match="61 tokens"):
        engines[name].score([["1"] * 61], [["1"]], GREEDY)
