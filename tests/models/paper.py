"""Snapshots that have the right shape and no sense, made without torch, and a converter that only pretends."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from service.core.enums import Task, Tier
from service.core.types import DecodingOptions
from service.models import ModelSpec, Window

MARIAN = ModelSpec(
    id="paper-de-en",
    task=Task.TRANSLATION,
    source_languages=("de",),
    target_languages=("en",),
    tier=Tier.EVALUATION,
    tokenizer="marian",
    licence="CC0-1.0",
    attribution="nobody",
    max_source_tokens=31,
    max_target_tokens=30,
    repository="press/paper-de-en",
    revision="0123456789abcdef0123456789abcdef01234567",
    decoding=DecodingOptions(beam_size=1, max_length=30),
    source_suffix=("</s>",),
)


def like(spec: ModelSpec, **changes: Any) -> ModelSpec:
    """The spec with some fields changed, checked as a new one is."""
    return ModelSpec(**{**dict(spec), **changes})


BART = like(
    MARIAN,
    id="paper-en",
    task=Task.SUMMARIZATION,
    source_languages=("en",),
    tokenizer="byte_level_bpe",
    repository="press/paper-en",
    source_prefix=("<s>",),
    max_source_tokens=30,
    window=Window(source_tokens=30, min_source_tokens=5),
)


def write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data), encoding="utf-8")


def write_weights(path: Path, rows: int, fill: int = 0) -> None:
    """A safetensors file with one embedding of `rows` x 2 bytes."""
    tensor = {"dtype": "U8", "shape": [rows, 2], "data_offsets": [0, rows * 2]}
    header = json.dumps({"__metadata__": {"format": "pt"}, "model.shared.weight": tensor}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes([fill]) * (rows * 2))


def marian_snapshot(folder: Path, fill: int = 0) -> Path:
    """Files of a Marian model; another `fill` makes other weights."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["</s>", "<unk>", "▁Zug", "▁train", "<pad>"]
    write_json(folder / "config.json", {"model_type": "marian", "vocab_size": 5, "max_position_embeddings": 32})
    write_json(folder / "vocab.json", {token: number for number, token in enumerate(vocabulary)})
    write_json(folder / "tokenizer_config.json", {"source_lang": "de", "target_lang": "en"})
    (folder / "source.spm").write_bytes(b"source")
    (folder / "target.spm").write_bytes(b"target")
    write_weights(folder / "model.safetensors", 5, fill)
    return folder


def bart_snapshot(folder: Path) -> Path:
    """Files of a BART model whose <mask> lies past its embeddings, as in models tuned on CNN and Daily Mail."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", "a", "<mask>"]
    write_json(folder / "config.json", {"model_type": "bart", "vocab_size": 5, "max_position_embeddings": 32})
    write_json(folder / "vocab.json", {token: number for number, token in enumerate(vocabulary)})
    (folder / "merges.txt").write_text("#version: 0.2\n")
    write_weights(folder / "model.safetensors", 5)
    return folder


def pretend(snapshot: Path, output: Path) -> dict[str, str]:
    """A converter that copies the weights."""
    (output / "model.bin").write_bytes((snapshot / "model.safetensors").read_bytes())
    return {"pretend": "1"}


class Lines:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.transfers: list[tuple[str, int, int | None]] = []

    def step(self, message: str) -> None:
        self.steps.append(message)

    def transferred(self, name: str, done: int, total: int | None) -> None:
        self.transfers.append((name, done, total))

    def counted(self, name: str, done: int, total: int) -> None: ...
