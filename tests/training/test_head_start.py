"""Training as the recipe for CPUs has it: Muon, bfloat16, embeddings and a teacher from the lexicon."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.training.conftest import RECIPE, World, run
from training import train

HEAD_START = """optimizer = "muon"
schedule = "linear"
precision = "bfloat16"
pad_to = 2
lexical_start = true
guidance = 1.0
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "recipe.toml"
    path.write_text(RECIPE + HEAD_START, encoding="utf-8")
    return path


def slices(world: World, recipe: Path, folder: Path, *steps: int, keep: bool = True) -> dict[str, Any]:
    """Train 20 updates in slices of `steps`, with the complete state kept between them or not; returns the log."""
    out = folder / "out"
    for number, count in enumerate(steps):
        common = ("--inputs", world.inputs, "--recipe", recipe, "--device", "cpu", "--log-steps", 5)
        work = folder / ("work" if keep else f"work{number}")
        run(train.main, *common, "--work", work, "--out", out, "--budget-steps", 20, "--slice-steps", count)
    log: dict[str, Any] = json.loads((out / "log.json").read_text(encoding="utf-8"))
    return log


def losses(log: dict[str, Any]) -> list[float]:
    return [record["loss"] for record in log["history"] if "loss" in record]


def test_a_run_in_slices_is_the_same_as_one_in_a_piece(world: World, recipe: Path, tmp_path: Path) -> None:
    whole = slices(world, recipe, tmp_path / "whole", 20)
    assert losses(slices(world, recipe, tmp_path / "parts", 10, 10)) == losses(whole)
    parts = [sorted((tmp_path / name / "out").glob("weights.*")) for name in ("whole", "parts")]
    assert parts[0]
    assert [path.read_bytes() for path in parts[0]] == [path.read_bytes() for path in parts[1]]


def test_it_goes_on_from_the_compact_state_too(world: World, recipe: Path, tmp_path: Path) -> None:
    log = slices(world, recipe, tmp_path, 10, 10, keep=False)
    assert log["step"] == 20
    assert losses(log)[-1] < losses(log)[0]


def test_the_head_start_tells(world: World, recipe: Path, tmp_path: Path) -> None:
    """With the same optimizer and as many updates, the loss is lower than from random embeddings without a teacher."""
    plain = tmp_path / "plain.toml"
    text = recipe.read_text(encoding="utf-8")
    plain.write_text(text.replace("lexical_start = true", "").replace("guidance = 1.0", ""), encoding="utf-8")
    started, random = (slices(world, path, tmp_path / path.stem, 20) for path in (recipe, plain))
    assert losses(started)[-1] < losses(random)[-1]
