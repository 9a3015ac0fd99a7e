"""A tiny world to train in: pairs of the generator and of the demo corpus, packed for training, once a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from training import prepare, tokenizer
from training.corpus import Pair, write_pairs
from training.synthetic import generate

DEMO_CORPUS = Path(__file__).parents[2] / "tools" / "demo_models" / "corpus" / "translation.tsv"
RECIPE = """
[model]
d_model = 32
heads = 2
ffn_dim = 64
encoder_layers = 2
decoder_layers = 1
dropout = 0.1

[training]
seed = 3
batch_tokens = 1500
learning_rate = 3e-3
warmup_steps = 10
average_decay = 0.9
"""


def run(command: click.Command, *arguments: object) -> str:
    """Run one of the commands; returns what it printed."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@dataclass(frozen=True, slots=True)
class World:
    """Folders: raw files of pairs, cleaned pairs, packed inputs. `held_out` is a sentence file."""

    raw: Path
    clean: Path
    inputs: Path
    held_out: Path
    mixture: Path
    recipe: Path
    statistics_table: str


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Everything up to `pack`, through the commands."""
    root = tmp_path_factory.mktemp("training")
    raw, clean, tokens, inputs = (root / name for name in ("raw", "clean", "tokenizer", "inputs"))
    raw.mkdir()
    demo = [line.split("\t")[:2] for line in DEMO_CORPUS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    write_pairs(raw / "news.tsv.xz", [Pair(german, english, "ref") for german, english in demo])
    write_pairs(raw / "made.tsv", [Pair(pair.source, pair.target, "own") for pair in generate(250, seed=11)])
    held_out = root / "held_out.de"
    held_out.write_text("\n".join(german for german, _ in demo[:10]) + "\n", encoding="utf-8")
    mixture, recipe = root / "mixture.toml", root / "recipe.toml"
    mixture.write_text(
        "[synthetic]\npairs = 100\nseed = 5\nweight = 0.5\n\n"
        '[[source]]\nname = "news:ref"\nweight = 2.0\norigin = "the demo corpus"\nlicence = "Apache-2.0"\n\n'
        '[[source]]\nname = "made"\nweight = 1.0\norigin = "the generator"\nlicence = "Apache-2.0"\n',
        encoding="utf-8",
    )
    recipe.write_text(RECIPE, encoding="utf-8")
    table = run(prepare.main, "clean", raw, "--out", clean, "--held-out", held_out, "--mixture", mixture)
    run(tokenizer.main, clean / prepare.PAIRS, "--out", tokens, "--size", 1200, "--sentences", 2000)
    dev = root / "dev.de", root / "dev.en"
    for path, side in zip(dev, zip(*demo[:20], strict=True), strict=True):
        path.write_text("\n".join(side) + "\n", encoding="utf-8")
    run(prepare.main, "pack", clean, "--tokenizer", tokens, "--out", inputs, "--mixture", mixture, "--dev", *dev)
    return World(raw, clean, inputs, held_out, mixture, recipe, table)
