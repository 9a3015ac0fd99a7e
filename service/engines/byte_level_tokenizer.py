"""Byte-level BPE, as BART-family models use it, by the `tokenizers` library, without transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import decoders, models, pre_tokenizers

from service.engines.control_symbols import CONTROL_SYMBOLS, defuse, is_control, without_surrogates


class ByteLevelTokenizer:
    """Implements the `Tokenizer` port. Thread-safe: nothing changes after construction.

    It is built from vocabulary and merges alone, without added tokens and templates, so a special token in a text is
    plain text, and nothing is added around it. Make one with `from_folder`.
    """

    def __init__(self, vocabulary: dict[str, int], merges: Sequence[tuple[str, str]], *, prefix_space: bool) -> None:
        model = models.BPE(vocab=vocabulary, merges=list(merges), fuse_unk=False)
        self._tokenizer = tokenizers.Tokenizer(model)
        self._tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
        self._decoder = decoders.ByteLevel()
        self._vocabulary = frozenset(token for token in vocabulary if not is_control(token))

    @classmethod
    def from_folder(cls, folder: Path) -> ByteLevelTokenizer:
        """Read a snapshot's tokenizer.json, or its vocab.json and merges.txt.

        Raises FileNotFoundError if neither is there, ValueError if tokenizer.json isn't byte-level BPE.
        """
        whole = folder / "tokenizer.json"
        if whole.exists():
            return cls(*_from_tokenizer_json(whole), prefix_space=_prefix_space(folder))
        vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        lines = (folder / "merges.txt").read_text(encoding="utf-8").split("\n")
        merges = [_pair(line) for line in lines if line and not line.startswith("#version")]
        return cls(vocabulary, merges, prefix_space=_prefix_space(folder))

    def encode(self, text: str) -> list[str]:
        """Tokens of `text`; decoding them gives it back."""
        return defuse(self._tokenizer.encode(without_surrogates(text), add_special_tokens=False).tokens)

    def encode_target(self, text: str) -> list[str]:
        """The same: both sides share one vocabulary."""
        return self.encode(text)

    def decode(self, tokens: Sequence[str]) -> str:
        """Text of `tokens`, in which control symbols stand for nothing."""
        text: str = self._decoder.decode([token for token in tokens if token not in CONTROL_SYMBOLS])
        return text

    def knows(self, tokens: Sequence[str]) -> bool:
        """Whether the model has an embedding for each of `tokens`: all of `encode`'s, if the vocabulary is whole."""
        return self._vocabulary.issuperset(tokens)


def _from_tokenizer_json(path: Path) -> tuple[dict[str, int], list[tuple[str, str]]]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    model = content["model"]
    if model.get("type", "BPE") != "BPE" or '"ByteLevel"' not in json.dumps(content.get("pre_tokenizer")):
        raise ValueError("tokenizer.json is not byte-level BPE")
    merges = [_pair(merge) if isinstance(merge, str) else (merge[0], merge[1]) for merge in model["merges"]]
    return model["vocab"], merges


def _prefix_space(folder: Path) -> bool:
    config = folder / "tokenizer_config.json"
    return config.exists() and bool(json.loads(config.read_text(encoding="utf-8")).get("add_prefix_space", False))


def _pair(line: str) -> tuple[str, str]:
    left, _, right = line.rstrip("\r").partition(" ")
    return left, right
