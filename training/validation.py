"""Scores a model on held-out pairs while it is trained: loss, and BLEU of greedy outputs. No beam, no quantization."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.batching import DeviceData, plan_epoch
from training.model import loss
from training.shards import pack
from training.tokenizer import Vocabulary


@dataclass(frozen=True, slots=True)
class Scores:
    """`loss` is cross-entropy per target token without smoothing; `bleu` is 0..100, NaN without sacrebleu."""

    loss: float
    bleu: float


class Validation:
    """Pairs to score on, made ready for the device. BLEU is taken of the first `sentences`."""

    def __init__(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        vocabulary: Vocabulary,
        device: torch.device,
        *,
        sentences: int = 400,
        batch_tokens: int = 32_000,
    ) -> None:
        self._vocabulary = vocabulary
        self._device = device
        self._references = list(targets[:sentences])
        encoded = vocabulary.encode_all(list(sources)), vocabulary.encode_all(list(targets))
        self._sources = encoded[0][:sentences]
        usable = [i for i in range(len(sources)) if encoded[0][i] and encoded[1][i]]
        shard = pack(
            [encoded[0][i] for i in usable], [encoded[1][i] for i in usable], ["dev"] * len(usable), {"dev": 1}
        )
        self._data = DeviceData(shard, end=vocabulary.end, pad=vocabulary.pad, device=device)
        longest = int(shard.source_lengths.max() + shard.target_lengths.max()) + 32
        budget = max(batch_tokens, longest)
        self._plans = plan_epoch(shard.source_lengths, shard.target_lengths, shard.weights, budget, 0)

    @classmethod
    def read(
        cls, source: Path, target: Path, vocabulary: Vocabulary, device: torch.device, *, sentences: int = 400
    ) -> Validation:
        """Sentences from two files, one a line. Raises ValueError when they differ in length."""
        sides = [path.read_text(encoding="utf-8").split("\n") for path in (source, target)]
        sides = [lines[:-1] if lines[-1] == "" else lines for lines in sides]
        if len(sides[0]) != len(sides[1]):
            raise ValueError(f"{source.name} has {len(sides[0])} lines, {target.name} {len(sides[1])}")
        return cls(sides[0], sides[1], vocabulary, device, sentences=sentences)

    def score(self, model: Any, precision: AbstractContextManager[Any]) -> Scores:
        """Score `model`, which is left in evaluation mode."""
        model.eval()
        with torch.no_grad(), precision:
            total = sum(float(loss(model, self._data.build(p), 0.0)) * p.target_tokens for p in self._plans)
            outputs = self._translate(model)
        return Scores(total / sum(p.target_tokens for p in self._plans), bleu(outputs, self._references))

    def _translate(self, model: Any) -> list[str]:
        from transformers import GenerationConfig  # noqa: PLC0415  (seconds to import)

        end, pad = self._vocabulary.end, self._vocabulary.pad
        order = sorted(range(len(self._sources)), key=lambda i: len(self._sources[i]))
        outputs = [""] * len(order)
        for start in range(0, len(order), 200):
            chosen = order[start : start + 200]
            rows = [[*self._sources[i], end] for i in chosen]
            width = max(map(len, rows))
            source = torch.tensor([row + [pad] * (width - len(row)) for row in rows], device=self._device)
            config = GenerationConfig(
                num_beams=1,
                do_sample=False,
                max_new_tokens=min(2 * width + 10, 200),
                suppress_tokens=[pad],
                pad_token_id=pad,
                eos_token_id=end,
                decoder_start_token_id=pad,
            )
            made = model.generate(input_ids=source, attention_mask=source.ne(pad).long(), generation_config=config)
            for index, row in zip(chosen, made[:, 1:].tolist(), strict=True):
                outputs[index] = self._vocabulary.decode(row)
        return outputs


def bleu(outputs: Sequence[str], references: Sequence[str]) -> float:
    """Corpus BLEU as sacrebleu has it by default; NaN where it isn't installed."""
    try:
        from sacrebleu import corpus_bleu  # noqa: PLC0415  (only in the extra `training`)
    except ImportError:
        return math.nan
    return float(corpus_bleu(list(outputs), [list(references)]).score)
