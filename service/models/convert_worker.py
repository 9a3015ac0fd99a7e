"""Converts one snapshot: `python -m service.models.convert_worker SNAPSHOT OUTPUT QUANTIZATION`. Nobody imports it.

Weights that come as pytorch_model.bin are read with `weights_only` and become model.safetensors first; nothing else is
ever unpickled.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import ctranslate2
import torch
from ctranslate2.converters import TransformersConverter
from safetensors.torch import save_file
from transformers import BartConfig

from service.models.snapshot import PICKLED, SAFETENSORS


def _main(snapshot: Path, output: Path, quantization: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if not (snapshot / SAFETENSORS).exists():
        _pickled_to_safetensors(snapshot)
    # CTranslate2's loader asks BART's config for this; transformers 5 has only post-norm BARTs and no such key.
    BartConfig.normalize_before = False
    TransformersConverter(str(snapshot), low_cpu_mem_usage=True).convert(
        str(output), quantization=quantization, force=True
    )
    # A model that doesn't load, or can't run, is better found here than by the first request.
    translator = ctranslate2.Translator(str(output), device="cpu", intra_threads=1)
    translator.translate_batch([["</s>"]], beam_size=1, max_decoding_length=2)


def _pickled_to_safetensors(snapshot: Path) -> None:
    state = torch.load(snapshot / PICKLED, map_location="cpu", weights_only=True)
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise SystemExit(f"{PICKLED} holds something else than a table of weights")
    save_file(_without_ties(state), snapshot / SAFETENSORS, metadata={"format": "pt"})
    (snapshot / PICKLED).unlink()


def _without_ties(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tied weights once, under the name from which transformers ties the others; safetensors refuses shared memory."""
    kept: dict[tuple[int, tuple[int, ...]], str] = {}
    for name in sorted(state, key=lambda name: ("shared" not in name, name)):
        tensor = state[name]
        kept.setdefault((tensor.data_ptr(), tuple(tensor.shape)), name)
    return {name: state[name].clone().contiguous() for name in kept.values()}


def _end_with_parent() -> None:
    """The pipe closes when the parent dies, however it dies; a conversion for nobody would fill a swept folder."""
    os.read(0, 1)  # not sys.stdin, whose lock this thread would hold when the interpreter shuts down
    os._exit(1)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
