"""The whole way, through the commands: train in slices, export, evaluate, import into the model store, translate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from service.core.enums import Task, Tier
from service.core.types import DecodingOptions
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from service.models.install import import_path
from service.models.spec import ModelSpec
from service.models.store import ModelStore
from tests.training.conftest import World, run
from training import evaluate, export, prepare, tokenizer, train
from training.parts import MAX_FILES

SLICE = Path(__file__).parents[2] / "training" / "gpu_slice.sh"
SPEC = ModelSpec(
    id="starter-test",
    task=Task.TRANSLATION,
    source_languages=("de",),
    target_languages=("en",),
    tier=Tier.DEMO,
    tokenizer="marian",
    licence="Apache-2.0",
    attribution="a test",
    max_source_tokens=511,
    max_target_tokens=510,
    source_suffix=("</s>",),
)


@pytest.mark.parametrize("command", [prepare.main, tokenizer.main, train.main, evaluate.main, export.main])
def test_every_step_has_help(command: object) -> None:
    assert "Usage:" in run(command, "--help")  # type: ignore[arg-type]


def test_from_pairs_to_an_installed_model(world: World, tmp_path: Path) -> None:
    first, last = tmp_path / "first", tmp_path / "last"
    common = ("--inputs", world.inputs, "--recipe", world.recipe, "--budget-steps", 60, "--device", "cpu")
    said = run(train.main, *common, "--work", tmp_path / "lost", "--out", first, "--slice-steps", 30, "--log-steps", 10)
    assert "target tokens/s" in said
    assert "50.0% of the budget" in said
    assert len(list(first.iterdir())) <= MAX_FILES
    said = run(train.main, *common, "--work", tmp_path / "work", "--out", last, "--carried", first, "--log-steps", 10)
    assert "resumed at step 30 from the compact state" in said
    assert "finished" in said
    log = json.loads((last / "log.json").read_text(encoding="utf-8"))
    assert log["step"] == 60
    assert any("bleu" in record for record in log["history"])
    assert ET.fromstring((last / "curve.svg").read_text(encoding="utf-8")).tag.endswith("svg")

    snapshot, scores = tmp_path / "starter", tmp_path / "scores.json"
    run(export.main, last, "--inputs", world.inputs, "--out", snapshot, "--mixture", world.mixture)
    dev = world.inputs / "dev.de", world.inputs / "dev.en"
    said = run(evaluate.main, snapshot, "--test", "demo", *dev, "--limit", 8, "--out", scores)
    assert "nrefs:1|case:mixed" in said
    figures = json.loads(scores.read_text(encoding="utf-8"))
    assert {result["engine"] for result in figures["results"]} == set(evaluate.ENGINES)
    same = {tuple(entry["engines"]): entry["share"] for entry in figures["agreement"]}
    assert same["ctranslate2-float32", "transformers-float32"] == 1.0

    statistics = world.clean / prepare.STATISTICS
    extra = ("--statistics", statistics, "--scores", scores, "--mixture", world.mixture)
    run(export.main, last, "--inputs", world.inputs, "--out", snapshot, *extra)
    card = (snapshot / "README.md").read_text(encoding="utf-8")
    for expected in (
        "the demo corpus",
        "not for publication",
        "% of it from `news`",
        "60 updates",
        "ctranslate2-int8",
        "d_model 32",
        "chrF2",
    ):
        assert expected in card

    installed = import_path(SPEC, snapshot, ModelStore(tmp_path / "store"))
    files = (installed.snapshot_dir / name for name in ("source.spm", "target.spm", "vocab.json"))
    subwords = MarianSubwordTokenizer(*files)
    engine = CTranslate2Engine(installed.ctranslate2_dir, replicas=1, max_source_tokens=511, max_positions=512)
    (output,) = engine.generate([subwords.encode("Guten Tag.")], DecodingOptions(max_length=20))
    assert isinstance(subwords.decode(output.tokens), str)
    engine.close()


def test_weights_of_another_recipe_are_refused(world: World, tmp_path: Path) -> None:
    from click.testing import CliRunner

    arguments = ["--inputs", world.inputs, "--work", tmp_path / "w", "--out", tmp_path / "o", "--budget-steps", 1]
    run(train.main, *arguments, "--recipe", world.recipe, "--device", "cpu")
    log = json.loads((tmp_path / "o" / "log.json").read_text(encoding="utf-8"))
    log["recipe"]["model"]["encoder_layers"] = 3
    (tmp_path / "o" / "log.json").write_text(json.dumps(log), encoding="utf-8")
    words = [str(tmp_path / "o"), "--inputs", str(world.inputs), "--out", str(tmp_path / "s")]
    result = CliRunner().invoke(export.main, words)
    assert result.exit_code != 0
    assert "another recipe" in result.output


@pytest.mark.slow
def test_a_slice_that_is_killed_is_resumed_by_the_same_command(world: World, tmp_path: Path) -> None:
    work = tmp_path / "work"
    command = [str(SLICE), str(world.inputs), str(work), str(tmp_path / "out"), "--recipe", str(world.recipe)]
    command += ["--budget-steps", "100000", "--save-seconds", "0.5", "--device", "cpu"]
    environment = {**os.environ, "PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        give_up = time.monotonic() + 90
        while not (work / "full.pt").exists() and process.poll() is None and time.monotonic() < give_up:
            time.sleep(0.1)
        process.kill()
    assert (work / "full.pt").exists()
    command[1] = str(tmp_path / "not there any more")
    done = subprocess.run([*command, "--slice-steps", "2"], env=environment, capture_output=True, text=True, check=True)
    assert "from the complete state" in done.stdout
