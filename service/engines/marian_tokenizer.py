"""Subword tokenization for MarianMT models by their own sentencepiece models, without transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import sentencepiece

from service.engines.control_symbols import CONTROL_SYMBOLS, defuse, is_control, without_surrogates


class MarianSubwordTokenizer:
    """Implements the `Tokenizer` port. Thread-safe: nothing changes after construction.

    Splits like transformers' `MarianTokenizer` without sacremoses (which changes nothing for these models), with two
    differences: `>>xx<<` at the start of a text and control symbols anywhere in it are plain text, and decoding always
    uses the target side's model. `vocab` is the snapshot's vocab.json (token to id).
    """

    def __init__(self, source_spm: Path, target_spm: Path, vocab: Path) -> None:
        self._source = sentencepiece.SentencePieceProcessor(model_file=str(source_spm))
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(target_spm))
        tokens: dict[str, int] = json.loads(vocab.read_text(encoding="utf-8"))
        self._vocabulary = frozenset(token for token in tokens if not is_control(token))

    def encode(self, text: str) -> list[str]:
        """Source tokens of `text`; empty for white space only."""
        pieces: list[str] = self._source.encode(without_surrogates(text), out_type=str)
        return defuse(pieces)

    def encode_target(self, text: str) -> list[str]:
        """Target tokens of `text`; decoding them gives it back, but for white space."""
        pieces: list[str] = self._target.encode(without_surrogates(text), out_type=str)
        return defuse(pieces)

    def decode(self, tokens: Sequence[str]) -> str:
        """Text of target `tokens`, in which control symbols stand for nothing."""
        joined = "".join(tokens)
        if "<" in joined:  # perhaps control symbols, or bytes of a character that has no piece
            joined = self._target.decode_pieces([token for token in tokens if token not in CONTROL_SYMBOLS])
        return joined.replace("▁", " ").strip()

    def knows(self, tokens: Sequence[str]) -> bool:
        """Whether the model has an embedding for each of `tokens`; it would read one without as `<unk>`."""
        return self._vocabulary.issuperset(tokens)
