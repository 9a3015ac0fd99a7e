"""Holds a finished snapshot to its word: every item of the corpus, exactly, on both engines, however it is decoded.

It goes through files alone (transformers' loaders, CTranslate2's converter), as the service does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import torch
from ctranslate2.converters import TransformersConverter
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

Sequences = list[list[str]]

_END = "</s>"


class NotExact(RuntimeError):
    """A snapshot doesn't give back its corpus. `failures` says in which ways, and for how many items."""

    def __init__(self, name: str, failures: Sequence[str]) -> None:
        super().__init__(f"{name} is not exact: {'; '.join(failures)}")
        self.failures = tuple(failures)


@dataclass(frozen=True, slots=True)
class Decoding:
    """What the two model families need to be told: CTranslate2's options and transformers'."""

    begin: tuple[str, ...]
    ctranslate2: dict[str, Any]
    transformers: dict[str, Any]


MARIAN = Decoding(
    begin=(),
    ctranslate2={"length_penalty": 1.0, "max_decoding_length": 510, "max_input_length": 0},
    transformers={"length_penalty": 1.0, "max_length": 512},
)
BART = Decoding(
    begin=("<s>",),
    ctranslate2={
        "length_penalty": 2.0,
        "max_decoding_length": 142,
        "max_input_length": 0,
        "min_decoding_length": 0,
        "no_repeat_ngram_size": 3,
    },
    transformers={"length_penalty": 2.0, "max_length": 142, "min_length": 0, "no_repeat_ngram_size": 3},
)


@dataclass(frozen=True, slots=True)
class Report:
    """What the check measured. `worst_score` is the lowest mean log-probability of a token in any right output.

    `ended` counts the foreign inputs, out of `foreign`, whose output ended by itself; `bytes` covers snapshot and
    int8 conversion.
    """

    name: str
    items: int
    worst_score: float
    ended: int
    foreign: int
    bytes: int


def verify(
    snapshot: Path,
    converted: Path,
    items: Sequence[tuple[str, str]],
    decoding: Decoding,
    *,
    foreign: Sequence[str] = (),
    beam_sizes: Sequence[int] = (1, 4),
    batch_sizes: Sequence[int] = (1, 8, 32),
) -> Report:
    """Decode all `items` (source text, expected text) with both engines, every beam size and every batch size.

    Converts `snapshot` to CTranslate2 int8 in `converted`, which must not exist. Raises NotExact.
    """
    tokenizer = AutoTokenizer.from_pretrained(snapshot)
    sources = [_tokens(tokenizer, source) for source, _ in items]
    expected = [_target_tokens(tokenizer, target) for _, target in items]
    convert(snapshot, converted)
    translator = ctranslate2.Translator(str(converted), compute_type="int8", intra_threads=1)
    model = AutoModelForSeq2SeqLM.from_pretrained(snapshot).eval()
    if model.dtype != torch.float32:
        raise NotExact(snapshot.name, [f"loads as {model.dtype}, not as float32"])

    worst = 0.0
    failures: list[str] = []
    for size in batch_sizes:
        for beams in beam_sizes:
            results = _with_ctranslate2(translator, sources, decoding, size, beams)
            worst = min(worst, *(score for _, score in results))
            outputs = {"ctranslate2 int8": [tokens for tokens, _ in results]}
            outputs["transformers float32"] = _with_transformers(model, tokenizer, sources, decoding, size, beams)
            for engine, hypotheses in outputs.items():
                wrong = sum(h != e for h, e in zip(hypotheses, expected, strict=True))
                texts = [tokenizer.decode(tokenizer.convert_tokens_to_ids(h)) for h in hypotheses]
                misread = sum(text != target for text, (_, target) in zip(texts, items, strict=True))
                if wrong or misread:
                    failures.append(f"{engine}, beam {beams}, batches of {size}: {max(wrong, misread)} of {len(items)}")
    if failures:
        raise NotExact(snapshot.name, failures)
    return Report(
        name=snapshot.name,
        items=len(items),
        worst_score=worst,
        ended=_ended(translator, [_tokens(tokenizer, text) for text in foreign], decoding),
        foreign=len(foreign),
        bytes=_size(snapshot) + _size(converted),
    )


def convert(snapshot: Path, converted: Path) -> None:
    """Convert a snapshot to a CTranslate2 model of type int8."""
    TransformersConverter(str(snapshot)).convert(str(converted), quantization="int8")


def _with_ctranslate2(
    translator: Any, sources: Sequences, decoding: Decoding, size: int, beams: int
) -> list[tuple[list[str], float]]:
    def decode(batch: Sequences) -> list[tuple[list[str], float]]:
        prefix = [list(decoding.begin)] * len(batch) if decoding.begin else None
        results = translator.translate_batch(
            batch, target_prefix=prefix, beam_size=beams, return_scores=True, **decoding.ctranslate2
        )
        return [(r.hypotheses[0][len(decoding.begin) :], _mean(r, decoding)) for r in results]

    return _in_batches(decode, sources, size)


def _with_transformers(
    model: Any, tokenizer: Any, sources: Sequences, decoding: Decoding, size: int, beams: int
) -> Sequences:
    special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    options = dict(decoding.transformers)
    if beams == 1:  # without beams there is nothing to compare, and transformers warns
        options |= {"length_penalty": 1.0, "early_stopping": False}

    def decode(batch: Sequences) -> Sequences:
        ids = [tokenizer.convert_tokens_to_ids(tokens) for tokens in batch]
        width = max(map(len, ids))
        inputs = torch.tensor([row + [tokenizer.pad_token_id] * (width - len(row)) for row in ids])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])
        with torch.inference_mode():
            rows = model.generate(input_ids=inputs, attention_mask=mask, num_beams=beams, do_sample=False, **options)
        return [tokenizer.convert_ids_to_tokens([i for i in row.tolist() if i not in special]) for row in rows]

    return _in_batches(decode, sources, size)


def _in_batches(decode: Callable[[Sequences], list[Any]], sources: Sequences, size: int) -> list[Any]:
    return [result for i in range(0, len(sources), size) for result in decode(sources[i : i + size])]


def _mean(result: Any, decoding: Decoding) -> float:
    """Mean log-probability of a token. CTranslate2 gives sum / length ** length_penalty, the end token counted."""
    length = len(result.hypotheses[0]) + 1
    penalty: float = decoding.ctranslate2["length_penalty"]
    return float(result.scores[0]) * math.pow(length, penalty - 1.0)


def _ended(translator: Any, sources: Sequences, decoding: Decoding) -> int:
    count = 0
    for source in sources:
        result = translator.translate_batch(
            [source],
            target_prefix=[list(decoding.begin)] if decoding.begin else None,
            beam_size=4,
            return_end_token=True,
            **decoding.ctranslate2,
        )[0]
        count += result.hypotheses[0][-1] == _END
    return count


def _tokens(tokenizer: Any, text: str) -> list[str]:
    """Source tokens with the special tokens of the model, as CTranslate2 wants them."""
    return list(tokenizer.convert_ids_to_tokens(tokenizer(text).input_ids))


def _target_tokens(tokenizer: Any, text: str) -> list[str]:
    special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    ids = tokenizer(text_target=text).input_ids
    return list(tokenizer.convert_ids_to_tokens([i for i in ids if i not in special]))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
