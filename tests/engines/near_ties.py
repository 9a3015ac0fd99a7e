"""Tells near ties, which rounding decides and no rule, from real differences between two engines. Makes no models.

A beam search keeps some hypotheses and drops others whose scores may be closer than float32 can tell. Seen with random
weights, beam 4, no bigram twice: fourth and fifth of a step at -12.3361044 and -12.3361046, 2e-7 apart where float32
knows steps of 9.5e-7. transformers itself kept one of them in a batch and the other alone, and another translation won.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from service.core.ports import Engine
from service.core.types import DecodingOptions, Hypothesis

from .tiny_models import shake

_SHAKEN = 16  # a tie falls either way at every second one, so one in 65,536 stays unrecognized


class NearTies:
    """Asks a reference engine what else it would say had its weights been rounded otherwise.

    `make` loads an engine from a folder that holds `snapshot`. `folder` has the model, `scratch` gets the shaken ones,
    which are made when they are needed: engines that agree cost nothing.
    """

    def __init__(self, make: Callable[[Path], Engine], folder: Path, scratch: Path) -> None:
        self._make = make
        self._folder = folder
        self._scratch = scratch
        self._engines: list[Engine] = []

    def unexplained(
        self, sources: Sequence[Sequence[str]], outputs: Sequence[Hypothesis], options: DecodingOptions
    ) -> list[int]:
        """Indices of outputs that the reference never gives, alternatives included, however its weights are shaken."""
        left = list(range(len(sources)))
        for seed in range(_SHAKEN):
            if not left:
                break
            given = self._engine(seed).generate([sources[index] for index in left], options)
            left = [index for index, output in zip(left, given, strict=True) if output != outputs[index]]
        return left

    def close(self) -> None:
        """Close the engines that were made."""
        for engine in self._engines:
            engine.close()

    def _engine(self, seed: int) -> Engine:
        if seed == len(self._engines):
            folder = self._scratch / str(seed)
            shake(self._folder / "snapshot", folder / "snapshot", seed=seed)
            self._engines.append(self._make(folder))
        return self._engines[seed]
