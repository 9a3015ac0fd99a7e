"""Real conversions of tiny models, in the process that really does them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service.models import ConversionFailed, InstalledModel, InvalidSnapshot, ModelStore, import_path
from tests.models.paper import BART, MARIAN, like
from tests.models.tiny import tiny_bart, tiny_marian

LOADED = """
import json, sys
import service.models
print(json.dumps([name for name in sys.argv[1:] if name in sys.modules]))
"""


@pytest.fixture(scope="module")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_marian(tmp_path_factory.mktemp("marian") / "tiny")


@pytest.fixture(scope="module")
def bart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bart(tmp_path_factory.mktemp("bart") / "tiny")


def pickled(snapshot: Path, folder: Path) -> dict[str, object]:
    """Copy `snapshot` with its weights as pytorch_model.bin, ties included as torch saves them."""
    import torch
    from transformers import AutoModelForSeq2SeqLM

    folder.mkdir()
    for path in snapshot.iterdir():
        if path.suffix != ".safetensors":
            (folder / path.name).write_bytes(path.read_bytes())
    state: dict[str, object] = AutoModelForSeq2SeqLM.from_pretrained(snapshot).state_dict()
    torch.save(state, folder / "pytorch_model.bin")
    return state


def translate(model: InstalledModel, tokens: list[str]) -> list[str]:
    import ctranslate2

    translator = ctranslate2.Translator(str(model.ctranslate2_dir), intra_threads=1)
    result: list[str] = translator.translate_batch([tokens], beam_size=1, max_decoding_length=8)[0].hypotheses[0]
    return result


def test_marian_is_converted_to_int8_and_runs(tmp_path: Path, marian: Path) -> None:
    store = ModelStore(tmp_path)
    model = import_path(MARIAN, marian, store)
    store.verify(model.id)
    assert set(model.manifest.converter) == {"ctranslate2", "transformers", "torch", "quantization"}
    vocabulary = json.loads((marian / "vocab.json").read_text())
    output = translate(model, ["▁Der", "▁Zug", "</s>"])
    assert output and set(output) <= set(vocabulary) - {"<pad>"}
    # int8 takes a quarter of the weights' float32, biases and scales aside
    assert (model.ctranslate2_dir / "model.bin").stat().st_size < (marian / "model.safetensors").stat().st_size


def test_bart_is_converted_and_runs(tmp_path: Path, bart: Path) -> None:
    model = import_path(BART, bart, ModelStore(tmp_path))
    output = translate(model, ["<s>", "a", "b", "</s>"])
    assert "<mask>" not in output
    assert sorted(path.name for path in model.snapshot_dir.iterdir()) == [
        "config.json", "generation_config.json", "merges.txt", "model.safetensors", "vocab.json",
    ]  # fmt: skip


def test_a_target_token_is_a_token_of_the_converted_model(tmp_path: Path) -> None:
    """Two targets: the token goes before the source tokens, and changes what comes out."""
    source = tiny_marian(tmp_path / "given", "en", "fr")
    tokens = {"en": ">>en<<", "fr": ">>fr<<"}
    spec = like(MARIAN, target_languages=("en", "fr"), target_tokens=tokens)
    model = import_path(spec, source, ModelStore(tmp_path / "models"))
    import ctranslate2

    translator = ctranslate2.Translator(str(model.ctranslate2_dir), intra_threads=1)
    scores = set()
    for target in spec.target_languages:
        token = spec.target_token(target)
        assert token is not None
        outcome = translator.translate_batch([[token, "▁Der", "</s>"]], max_decoding_length=4, return_scores=True)[0]
        assert not outcome.hypotheses[0] or set(outcome.hypotheses[0]).isdisjoint({"<pad>"})
        scores.add(outcome.scores[0])
    assert len(scores) == 2, "both tokens are known: unknown ones would be the same one"


def test_pickled_weights_become_the_same_safetensors(tmp_path: Path, marian: Path) -> None:
    import torch
    from safetensors import safe_open
    from transformers import AutoModelForSeq2SeqLM

    state = pickled(marian, tmp_path / "given")
    model = import_path(MARIAN, tmp_path / "given", ModelStore(tmp_path / "models"))
    assert not (model.snapshot_dir / "pytorch_model.bin").exists()
    assert (tmp_path / "given/pytorch_model.bin").exists()
    loaded = AutoModelForSeq2SeqLM.from_pretrained(model.snapshot_dir).state_dict()
    assert loaded.keys() == state.keys()
    for name, tensor in state.items():
        assert isinstance(tensor, torch.Tensor) and torch.equal(loaded[name], tensor), name
    with safe_open(model.snapshot_dir / "model.safetensors", framework="np") as stored:
        names = set(stored.keys())
    assert "model.shared.weight" in names
    assert names.isdisjoint({"lm_head.weight", "model.encoder.embed_tokens.weight"}), "tied weights are stored once"


class Trap:
    """Runs a command when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.mkdir, (str(self.path),)


def test_hostile_pickle_is_refused_unread(tmp_path: Path, marian: Path) -> None:
    import torch

    pickled(marian, tmp_path / "given")
    torch.save({"model.shared.weight": Trap(tmp_path / "sprung")}, tmp_path / "given/pytorch_model.bin")
    with pytest.raises(ConversionFailed):
        import_path(MARIAN, tmp_path / "given", ModelStore(tmp_path / "models"))
    assert not (tmp_path / "sprung").exists()
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_conversion_that_fails_says_why(tmp_path: Path, marian: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for path in marian.iterdir():
        (given / path.name).write_bytes(path.read_bytes())
    config = json.loads((given / "config.json").read_text())
    (given / "config.json").write_text(json.dumps({**config, "activation_function": "sine"}))
    with pytest.raises(ConversionFailed, match=r"exit code 1.*sine"):
        import_path(MARIAN, given, ModelStore(tmp_path / "models"))


def test_limits_of_the_spec_are_held_against_the_model(tmp_path: Path, marian: Path) -> None:
    with pytest.raises(InvalidSnapshot, match="64 positions"):
        import_path(like(MARIAN, max_source_tokens=64), marian, ModelStore(tmp_path))


def test_worker_ends_when_its_parent_is_gone(tmp_path: Path, marian: Path) -> None:
    """The parent holds the worker's standard input open as long as it lives."""
    (tmp_path / "out").mkdir()
    command = [sys.executable, "-m", "service.models.convert_worker", str(marian), str(tmp_path / "out"), "int8"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    assert done.returncode == 1
    assert not (tmp_path / "out/model.bin").exists()


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = ["torch", "transformers", "ctranslate2", "sentencepiece", "huggingface_hub", "numpy", "tqdm"]
    output = subprocess.run([sys.executable, "-c", LOADED, *heavy], capture_output=True, text=True, check=True).stdout
    assert json.loads(output) == []
