"""Plans the batches of an epoch from the lengths of its pairs, and builds them on the device. Holds no text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.shards import Shard

MULTIPLE = 8  # widths are padded to this by default, as the GPU's matrix units like them
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One batch before it is built: which pairs, how wide each side gets, how many target tokens it really has.

    Widths and `target_tokens` include the end token.
    """

    pairs: Indices
    source_width: int
    target_width: int
    target_tokens: int


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What the model reads, shapes (rows, width). `mask` is True at real source tokens, `labels` -100 at padding."""

    source: torch.Tensor
    mask: torch.Tensor
    decoder_input: torch.Tensor
    labels: torch.Tensor
    target_tokens: int


def draw(weights: NDArray[np.float64], rng: np.random.Generator) -> Indices:
    """The pairs of one epoch: each as often as its weight says; a fraction is drawn by lot."""
    whole = np.floor(weights)
    times = whole + (rng.random(len(weights)) < weights - whole)
    return np.repeat(np.arange(len(weights)), times.astype(np.int64))


def plan_epoch(
    source_lengths: NDArray[Any],
    target_lengths: NDArray[Any],
    weights: NDArray[np.float64],
    budget: int,
    seed: Any,
    multiple: int = MULTIPLE,
) -> list[Plan]:
    """Batches of pairs of like length, in random order; no batch has more than `budget` tokens, padding included.

    Lengths are without end tokens, widths multiples of `multiple`. The same `seed` (anything that numpy takes) gives
    the same plan. Raises ValueError when a pair alone is over the budget.
    """
    rng = np.random.default_rng(seed)
    chosen = draw(weights, rng)
    source, target = (lengths[chosen].astype(np.int64) + 1 for lengths in (source_lengths, target_lengths))
    wide = [-(-lengths // multiple) * multiple for lengths in (source, target)]
    order = np.lexsort((rng.random(len(chosen)), wide[1], wide[0], np.maximum(*wide)))
    chosen, target = chosen[order], target[order]
    widths = wide[0][order], wide[1][order]
    plans = [
        Plan(
            pairs=chosen[start:end],
            source_width=int(widths[0][start:end].max()),
            target_width=int(widths[1][start:end].max()),
            target_tokens=int(target[start:end].sum()),
        )
        for start, end in _cut(*widths, budget)
    ]
    return [plans[i] for i in rng.permutation(len(plans))]


def _cut(source: Indices, target: Indices, budget: int) -> Iterator[tuple[int, int]]:
    """Cut a sequence of pairs, whose greater widths increase, into stretches that fit the budget."""
    start = 0
    while start < len(source):
        window = slice(start, start + budget // int(max(source[start], target[start])))
        widths = np.maximum.accumulate(source[window]) + np.maximum.accumulate(target[window])
        fits = int(np.searchsorted(widths * np.arange(1, len(widths) + 1), budget, side="right"))
        if fits == 0:
            raise ValueError(f"a pair of {source[start]} and {target[start]} tokens is over the budget of {budget}")
        yield start, start + fits
        start += fits


class DeviceData:
    """All pairs of a shard on the device, from which batches are gathered there: no loader, no workers.

    `end` and `pad` are token ids.
    """

    def __init__(self, shard: Shard, *, end: int, pad: int, device: torch.device) -> None:
        self._end, self._pad, self._device = end, pad, device
        self._source = _Side.of(shard.source, shard.source_lengths, device)
        self._target = _Side.of(shard.target, shard.target_lengths, device)

    def build(self, plan: Plan) -> Batch:
        """The batch of a plan. Doesn't wait for the device."""
        pairs = torch.from_numpy(plan.pairs)
        if self._device.type == "cuda":
            pairs = pairs.pin_memory().to(self._device, non_blocking=True)
        source, mask = self._source.rows(pairs, plan.source_width, self._end, self._pad)
        target, real = self._target.rows(pairs, plan.target_width, self._end, self._pad)
        start = torch.full_like(target[:, :1], self._pad)
        return Batch(
            source=source,
            mask=mask,
            decoder_input=torch.cat([start, target[:, :-1]], dim=1),
            labels=target.masked_fill(~real, -100),
            target_tokens=plan.target_tokens,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    ids: torch.Tensor
    offsets: torch.Tensor
    lengths: torch.Tensor

    @classmethod
    def of(cls, ids: NDArray[Any], lengths: NDArray[Any], device: torch.device) -> _Side:
        wide = torch.from_numpy(lengths.astype(np.int64))
        return cls(
            torch.from_numpy(ids.astype(np.int32)).to(device),
            (torch.cumsum(wide, 0) - wide).to(device),
            wide.to(device),
        )

    def rows(self, pairs: torch.Tensor, width: int, end: int, pad: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids with end token, padded to `width`, and which of them are real."""
        place = torch.arange(width, device=self.ids.device)[None]
        lengths = self.lengths[pairs][:, None]
        at = (self.offsets[pairs][:, None] + place).clamp_(max=len(self.ids) - 1)
        ids = self.ids[at].long()
        ids = torch.where(place < lengths, ids, torch.where(place == lengths, end, pad))
        return ids, place <= lengths
